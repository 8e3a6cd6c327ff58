// A producer: explicit puts or a generated load, and what it does when an acknowledgement is lost.
// KDS-PRD-01, KDS-PRD-03, KDS-PRD-07..09.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/producer/kpl_settings.hpp"

namespace trimhorizon {

inline constexpr std::uint32_t put_records_max = 500;            // records of a call (KDS-PRD-03)
inline constexpr std::int64_t put_request_bytes_max = 10 << 20;  // bytes of a call (KDS-PRD-03)

// The standard mode of the SDKs: 3 tries, with waits drawn up to base * 2^i (KDS-PRD-09).
inline constexpr std::uint32_t sdk_retries = 2;
inline constexpr Duration sdk_base = milliseconds(50);
inline constexpr Duration sdk_base_throttled = seconds(1);
inline constexpr Duration sdk_wait_max = seconds(20);

enum class RetryScope : std::uint8_t { failed_only, whole_request };
enum class RetryMode : std::uint8_t {
  retries,  // tries `attempts` more times, then gives up and knows it
  sdk,      // the standard mode of the SDKs (KDS-PRD-09): repeats a call that fails as a whole
  none,     // gives up at once and knows it
  ignore,   // does not look at the answer: believes that all is stored
};

struct ProducerRetry {
  RetryMode mode = RetryMode::retries;
  std::uint32_t attempts = 3;  // retries after the first try (KDS-PRD-09)
  RetryScope scope = RetryScope::failed_only;
  Duration backoff = milliseconds(100);  // before each retry; 0: at once

  // The most retries of one call.
  std::uint32_t retries() const { return mode == RetryMode::sdk ? sdk_retries : attempts; }
  friend bool operator==(const ProducerRetry&, const ProducerRetry&) = default;
};

// One record of an explicit put. The scenario reader fills in the defaults.
struct PutRecordSpec {
  std::string id;    // never empty: from the file, or `ids` + number
  std::string key;   // never empty: from the file, or k<n mod 10>
  std::string data;  // padded with blanks to its size
  std::optional<std::string> explicit_hash_key;

  friend bool operator==(const PutRecordSpec&, const PutRecordSpec&) = default;
};

struct PutCall {
  Instant at;
  bool put_records = false;  // true: PutRecords (1 to 500 records); false: PutRecord (1 record)
  std::vector<PutRecordSpec> records;

  friend bool operator==(const PutCall&, const PutCall&) = default;
};

enum class Arrivals : std::uint8_t { steady, poisson };
enum class KeyDistribution : std::uint8_t { round_robin, uniform, zipf };

struct KeySettings {
  KeyDistribution distribution = KeyDistribution::round_robin;
  std::uint32_t count = 10;                       // different keys
  std::uint32_t exponent_millionths = 1'000'000;  // of a zipf distribution; 1.0 is 1,000,000
  std::string prefix = "k";                       // key n is the prefix and n

  friend bool operator==(const KeySettings&, const KeySettings&) = default;
};

// A rate from an instant on: `events_millionths` millionths of an event in each `per`.
struct RateStep {
  Instant from;
  std::int64_t events_millionths = 0;  // 4000/s is 4000 * 10^6 per second
  Duration per = seconds(1);
  std::optional<std::int64_t> size_bytes = {};  // of these records; absent: that of the load

  friend bool operator==(const RateStep&, const RateStep&) = default;
};

struct GeneratedLoad {
  std::vector<RateStep> rate;            // at least one, by ascending `from`
  std::optional<std::uint64_t> records;  // how many; exactly one of `records` and `lasts` is set
  std::optional<Duration> lasts;         // how long (`for:`)
  Arrivals arrivals = Arrivals::steady;
  KeySettings keys;
  std::int64_t size_bytes = 100;  // data of a record, before base64
  std::uint32_t batch = 1;        // records of a PutRecords call

  friend bool operator==(const GeneratedLoad&, const GeneratedLoad&) = default;
};

struct ProducerSettings {
  std::string ids;                    // prefix of record ids: "r" or "<name>-"
  std::vector<PutCall> put;           // explicit puts, in the order of the file
  std::optional<GeneratedLoad> load;  // instead of explicit puts
  ProducerRetry retry;
  std::optional<KplSettings> kpl;  // present: instead of `retry`

  friend bool operator==(const ProducerSettings&, const ProducerSettings&) = default;
};

}  // namespace trimhorizon
