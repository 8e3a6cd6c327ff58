// AWS::Lambda::Function as it is modelled: how long it works, when it fails, what it answers.
// LAM-CON-03, LAM-CON-07, LAM-CON-09; the `fail`, `respond` and `duration` rules of the format.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/draws.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

inline constexpr std::int64_t timeout_default_s = 3;  // LAM-CON-07
inline constexpr std::int64_t timeout_max_s = 900;    // documented; above it a warning
inline constexpr std::int64_t timeout_schema_max_s = 5400;

// How long an invocation works: batch + n * record, or drawn once per invocation.
struct WorkDuration {
  Duration batch = milliseconds(100);
  Duration record{0};
  std::optional<Lognormal> lognormal;  // when set, the others are unused

  friend bool operator==(const WorkDuration&, const WorkDuration&) = default;
};

enum class FailAs : std::uint8_t { error, timeout, crash };
enum class FailAfter : std::uint8_t { none, some, all };

// One entry of `fail:`. Every condition that is given must hold. With `records` or `keys` it is
// asked for each record in batch order, else once per invocation.
struct FailRule {
  std::vector<std::string> records;  // ids
  std::vector<std::string> keys;     // partition keys
  std::optional<Instant> from;       // included
  std::optional<Instant> until;      // excluded
  std::optional<Probability> probability;
  std::vector<std::uint32_t> attempts;  // of the current batch, from 1
  FailAs as = FailAs::error;
  FailAfter after = FailAfter::none;

  bool asks_each_record() const { return !records.empty() || !keys.empty(); }
  friend bool operator==(const FailRule&, const FailRule&) = default;
};

enum class Respond : std::uint8_t {
  raise,
  report_first_failure,
  report_failures,
  swallow,
  fixed,  // {return: <any JSON>}
};

struct FunctionSettings {
  std::int64_t timeout_s = timeout_default_s;
  std::int64_t memory_mib = 128;
  std::optional<std::uint32_t> reserved_concurrency;
  WorkDuration duration;
  Duration cold_start{0};
  Respond respond = Respond::raise;
  std::string fixed_response;  // JSON text when respond == fixed; `$sequence[i]` is replaced
  std::vector<FailRule> fail;

  Duration timeout() const { return seconds(timeout_s); }
  friend bool operator==(const FunctionSettings&, const FunctionSettings&) = default;
};

}  // namespace trimhorizon
