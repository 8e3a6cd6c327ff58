// The open points of the specification as named switches: what AWS does not document and nobody
// recorded. The first value of each is its default. A report lists the switches whose question a
// run met (`met`).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

// The one list: X(name, rule ids, default value, other values...). The order is that of reports.
// The back-offs and the durations have other kinds of values, so they follow below.
#define TH_ASSUMPTIONS(X)                                                                          \
  X(split, "CON-01", resets_retries, inherits_retries)                                             \
  X(split_when, "CON-01", first_error, after_retries)                                              \
  X(age_scope, "CON-02 ESM-BIS-11", record_prefix, whole_batch, restarts_on_split)                 \
  X(bisect_with_report, "CON-03 ESM-PBR-09", halve_on_no_progress, at_identifier, halve_remainder) \
  X(partial_progress, "CON-04 ESM-PBR-06", resets_retries, keeps_retries)                          \
  X(lanes, "CON-06", hash_lanes, key_lock, dependency)                                             \
  X(lane_blocks, "CON-06", lane, shard)                                                            \
  X(iterator_age, "CON-09", at_send, at_finish)                                                    \
  X(never_invoked_count, "CON-10 ESM-AGE-03", one, zero)                                           \
  X(final_window_failure, "CON-11", retry_policy, block)                                           \
  X(put_rounding, "CON-15 KDS-PRD-10", per_shard, per_call)                                        \
  X(child_shards, "CON-18 ESM-POL-15", after_parents, at_once)                                     \
  X(child_start, "ESM-POL-14", trim_horizon, starting_position)                                    \
  X(odd_split, "CON-20 ESM-BIS-09", floor, ceil)                                                   \
  X(oversized_record, "CON-20 ESM-POL-07", discard, block)                                         \
  X(in_flight_at_disable, "CON-20 ESM-CHK-05", checkpointed, forgotten)                            \
  X(lane_checkpoint, "CON-20 ESM-CHK-08", low_watermark, per_lane)                                 \
  X(read_record_limit, "CON-25", none, two_thousand)                                               \
  X(update_shard_count_plan, "CON-26", equal_ranges, split_then_merge)                             \
  X(latest_position, "CON-27 ESM-CHK-07", kept_once_read, kept_once_settled)                       \
  X(other_answers, "CON-28 ESM-PBR-14", success, failure)                                          \
  X(partial_remainder, "CON-30 ESM-POL-17", alone, topped_up)                                      \
  X(esm_read, "ESM-POL-19", ahead, per_batch)                                                      \
  X(on_demand_scale_down, "KDS-LIM-13", never, after_24h)                                          \
  X(age_boundary, "ESM-AGE-06", over, at_or_over)                                                  \
  X(malformed_report, "ESM-PBR-03", retries, bisects)                                              \
  X(mixed_identifiers, "ESM-PBR-10", whole_batch, lowest_valid)                                    \
  X(consolidate_failures, "ESM-BIS-10", never, until_next_success)                                 \
  X(read_throttle, "KDS-LIM-06", debt, fixed, credit)                                              \
  X(reshard_listing, "CON-31 KDS-RSH-15", early, at_cut)                                           \
  X(trimmed_position, "CON-29 KDS-ITR-08", start_at_horizon, error, walk_from_horizon)

namespace assume {
#define TH_DECLARE(name, rule, ...) enum class name : std::uint8_t { __VA_ARGS__ };
TH_ASSUMPTIONS(TH_DECLARE)
#undef TH_DECLARE
}  // namespace assume

// The waits between attempts: first, first * factor, ..., up to the cap. AWS does not document
// them. The first two waits after a failure were recorded; the rest is assumed (CON-19,
// ESM-RTY-06).
struct Backoff {
  enum class Jitter : std::uint8_t { none, full };

  bool on = true;  // false (`none` in a scenario): the next attempt comes at once
  Duration first = milliseconds(200);
  std::uint32_t factor_thousandths = 2'000;  // 2,000: each wait is twice the one before
  Duration cap = seconds(15);                // the longest wait
  Jitter jitter = Jitter::none;              // full: each wait is drawn, from above 0 to its length

  friend bool operator==(const Backoff&, const Backoff&) = default;
};

// The name of each switch, for sets of met questions and for sweeps.
#define TH_SWITCHES(X) \
  TH_ASSUMPTIONS(X)    \
  X(retry_backoff)     \
  X(throttle_backoff)  \
  X(on_demand_split_delay) X(poller_failover) X(child_start_delay) X(kpl_call_time)
TH_NAMED_ENUM(Assumption, TH_SWITCHES)

struct Assumptions {
#define TH_MEMBER(name, rule, ...) assume::name name{};
  TH_ASSUMPTIONS(TH_MEMBER)
#undef TH_MEMBER
  Backoff retry_backoff;
  Backoff throttle_backoff = {.first = milliseconds(500), .jitter = Backoff::Jitter::full};
  Duration on_demand_split_delay = minutes(10);  // until a busy shard is split (KDS-LIM-12)
  Duration poller_failover;                 // from a crash until the new poller reads (ESM-POL-17)
  Duration child_start_delay = seconds(8);  // from the parents' end to the first read (ESM-POL-20)
  Duration kpl_call_time = milliseconds(10);  // from a call of KPL to its answer (CON-14)

  friend bool operator==(const Assumptions&, const Assumptions&) = default;
};

struct AssumptionInfo {
  Assumption which;
  std::string_view name;
  std::string_view rule;  // ids of its rules
  // The first is the default; empty for the back-offs and the durations.
  std::vector<std::string_view> values;
};

// All switches, in the order of reports.
const std::vector<AssumptionInfo>& assumption_table();

// Does this switch belong to a part that is not built yet? Then its value is read, but changes
// nothing.
bool nothing_asks_for(Assumption which);

// Does this switch only say how something is measured? Then no event depends on it, and no count.
bool only_measures(Assumption which);

// Sets or gets a switch by the index of its value. REQUIRES for setting: the switch has a list of
// values, and the index is in it. Getting a switch without a list gives 0.
void set_assumption(Assumptions& assumptions, Assumption which, std::uint32_t value_index);
std::uint32_t get_assumption(const Assumptions& assumptions, Assumption which);

// The switches whose question a run met.
using AssumptionsMet = EnumSet<Assumption>;

}  // namespace trimhorizon
