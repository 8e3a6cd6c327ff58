// A producer: explicit puts, or generated load, and what it does when an acknowledgement is lost.
// KDS-PRD-01, KDS-PRD-03, KDS-PRD-07..09.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/time.hpp"

namespace trimhorizon {

inline constexpr std::uint32_t put_records_max = 500;            // KDS-PRD-03
inline constexpr std::int64_t put_request_bytes_max = 10 << 20;  // KDS-PRD-03

enum class RetryScope : std::uint8_t { failed_only, whole_request };
enum class RetryMode : std::uint8_t {
  retries,  // `attempts` more tries, then the producer gives up and knows it
  none,     // gives up at once and knows it
  ignore,   // never looks at the answer: believes everything stored
};

struct ProducerRetry {
  RetryMode mode = RetryMode::retries;
  std::uint32_t attempts = 3;  // retries, not tries (KDS-PRD-09)
  RetryScope scope = RetryScope::failed_only;
  Duration backoff = milliseconds(100);

  friend bool operator==(const ProducerRetry&, const ProducerRetry&) = default;
};

// One record of an explicit put. Absent members take the format's defaults.
struct PutRecordSpec {
  std::string id;    // always set by the reader (given, or `ids` + number)
  std::string key;   // always set by the reader (given, or k<n mod 10>)
  std::string data;  // always set by the reader, padded to its size
  std::optional<std::string> explicit_hash_key;

  friend bool operator==(const PutRecordSpec&, const PutRecordSpec&) = default;
};

struct PutCall {
  Instant at;
  bool put_records = false;  // PutRecords (1 to 500) or PutRecord
  std::vector<PutRecordSpec> records;

  friend bool operator==(const PutCall&, const PutCall&) = default;
};

enum class Arrivals : std::uint8_t { steady, poisson };
enum class KeyDistribution : std::uint8_t { round_robin, uniform, zipf };

struct KeySettings {
  KeyDistribution distribution = KeyDistribution::round_robin;
  std::uint32_t count = 10;
  std::uint32_t exponent_millionths = 1'000'000;  // of zipf
  std::string prefix = "k";

  friend bool operator==(const KeySettings&, const KeySettings&) = default;
};

// A rate that holds from an instant on: `events` per `per`.
struct RateStep {
  Instant from;
  std::int64_t events_millionths = 0;  // 4000/s is 4000 * 10^6 per second
  Duration per = seconds(1);

  friend bool operator==(const RateStep&, const RateStep&) = default;
};

struct GeneratedLoad {
  std::vector<RateStep> rate;            // ascending `from`, at least one
  std::optional<std::uint64_t> records;  // exactly one of these two
  std::optional<Duration> lasts;         // `for:`
  Arrivals arrivals = Arrivals::steady;
  KeySettings keys;
  std::int64_t size_bytes = 100;
  std::uint32_t batch = 1;  // records per PutRecords call

  friend bool operator==(const GeneratedLoad&, const GeneratedLoad&) = default;
};

struct ProducerSettings {
  std::string ids;  // prefix of record ids: `r`, or "<name>-"
  std::vector<PutCall> put;
  std::optional<GeneratedLoad> load;
  ProducerRetry retry;

  friend bool operator==(const ProducerSettings&, const ProducerSettings&) = default;
};

}  // namespace trimhorizon
