// The modelled part of AWS::Lambda::Function: how long it works, when it fails, what it answers.
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

inline constexpr std::int64_t timeout_default_s = 3;  // seconds (LAM-CON-07)
inline constexpr std::int64_t timeout_max_s = 1800;   // seconds, since November 2026
// CloudFormation's text still says this; a longer Timeout gives a notice.
inline constexpr std::int64_t timeout_documented_max_s = 900;
// Only with CapacityProviderConfig: Lambda Managed Instances.
inline constexpr std::int64_t timeout_managed_max_s = 5400;

// How long an invocation works: `batch` + n * `record` for n records, or one draw for each
// invocation.
struct WorkDuration {
  Duration batch = milliseconds(100);  // of an invocation, however many records it has
  Duration record{0};                  // of each of its records, in addition
  std::optional<Lognormal> lognormal;  // when set, `batch` and `record` are not used

  friend bool operator==(const WorkDuration&, const WorkDuration&) = default;
};

enum class FailAs : std::uint8_t { error, timeout, crash };
enum class FailAfter : std::uint8_t { none, some, all };

// One entry of `fail:`. All conditions that are given must hold. With `records` or `keys` the entry
// is checked for each record, in the order of the batch; otherwise once for each invocation.
struct FailRule {
  std::vector<std::string> records;  // ids; empty: any record
  std::vector<std::string> keys;     // partition keys; empty: any key
  std::optional<Instant> from;       // included
  std::optional<Instant> until;      // excluded
  std::optional<Probability> probability;
  std::vector<std::uint32_t> attempts;  // attempts of the batch object, from 1; empty: any attempt
  // The n-th time that a record is handed to the function, whatever its batch; empty: any time.
  std::vector<std::uint32_t> deliveries;
  std::optional<std::uint64_t> over_records;  // the call has more records than this
  std::optional<std::int64_t> over_bytes;     // their data together have more bytes than this
  FailAs as = FailAs::error;                  // how it fails
  FailAfter after = FailAfter::none;          // how many effects there are before it fails

  bool asks_each_record() const { return !records.empty() || !keys.empty() || !deliveries.empty(); }
  friend bool operator==(const FailRule&, const FailRule&) = default;
};

enum class Respond : std::uint8_t {
  raise,                 // the first failed record ends the invocation with an error
  report_first_failure,  // stops at the first failed record and reports it
  report_failures,       // goes on after a failed record, and reports the failed ones
  swallow,               // goes on after a failed record, and reports none
  stop_silently,         // stops at the first failed record, and reports none
  fixed,                 // {return: <any JSON>}: always this answer
};

struct FunctionSettings {
  bool deaggregate = false;  // does its code unpack aggregates? (KDS-PRD-17)
  // And does it drop an aggregate as a whole if one of its user records does not fit the shard?
  bool filter_out_of_range_user_records = false;
  std::int64_t timeout_s = timeout_default_s;  // 1 .. timeout_max_s (LAM-CON-07)
  std::int64_t memory_mib = 128;               // changes nothing in a run
  std::optional<std::uint32_t>
      reserved_concurrency;  // unset: no limit; 0: all throttled (LAM-CON-03)
  WorkDuration duration;
  Duration cold_start{0};  // before the work of a new environment (LAM-CON-09)
  Respond respond = Respond::raise;
  std::string fixed_response;  // JSON text, for `fixed` only; `$sequence[i]` is replaced
  std::vector<FailRule> fail;

  Duration timeout() const { return seconds(timeout_s); }
  friend bool operator==(const FunctionSettings&, const FunctionSettings&) = default;
};

}  // namespace trimhorizon
