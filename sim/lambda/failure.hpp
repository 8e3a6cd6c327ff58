// What the mapping does when an invocation returns: checkpoint, retry, split, discard.
// ESM-CHK-01, ESM-CHK-03, ESM-RTY-*, ESM-BIS-*, ESM-PBR-*; CON-01, CON-03, CON-04.
//
// Always:
//  1. A range is a batch object: its counters start again when progress, a split or a new poller
//     makes a new one, and stay when its head expires or is trimmed (ESM-RTY-12).
//  2. The ranges of a lane are adjacent; the top one starts at the checkpoint.
#pragma once

#include <cstdint>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/faults/cause.hpp"
#include "sim/lambda/mapping.hpp"
#include "sim/lambda/outcome.hpp"

namespace trimhorizon {

struct Range {
  Span span;
  std::uint32_t retries_used = 0;                 // counts against MaximumRetryAttempts
  std::uint32_t invocations = 0;                  // that really ran, of this batch object
  DeliveryReason reason = DeliveryReason::first;  // of records that were handed over before

  friend bool operator==(const Range&, const Range&) = default;
};

// How the mapping reads an outcome.
enum class Ruling : std::uint8_t {
  success,
  partial,         // a valid report: everything before `cut` is done
  malformed,       // a report that names nothing of the batch: the whole batch failed, quietly
  function_error,  // exception, timeout, crash
};

struct Judged {
  Ruling ruling = Ruling::success;
  std::uint32_t cut = 0;  // offset of the first record to be tried again (partial)
  bool mixed = false;     // identifiers of the batch and others: a switch decided
};

Judged judge_outcome(const MappingSettings& settings, const Assumptions& assumptions,
                     const Outcome& outcome);

struct NextStep {
  enum class Then : std::uint8_t {
    proceed,  // the range is done
    retry,    // `rest` is tried again
    split,    // `rest` then `second`
    discard,  // `rest` is given up (ESM-RTY-05)
  };

  Position processed_to = 0;  // records of the range before this one are processed
  Then then = Then::proceed;
  Range rest;
  Range second;
  bool wait = false;  // back off before `rest` is handed over
};

// `range` counts the invocation that just ended.
NextStep after_invocation(const MappingSettings& settings, const Assumptions& assumptions,
                          const Range& range, const Outcome& outcome, const Judged& judged);

// Which switches' question this outcome raises.
void note_met(const MappingSettings& settings, const Assumptions& assumptions, const Range& range,
              const Judged& judged, const NextStep& next, AssumptionsMet& met);

// First half: floor or ceil of n/2, at least 1 (ESM-BIS-09).
std::uint64_t first_half(std::uint64_t n, assume::odd_split rounding);

// How long to wait before attempt `step` + 1, without jitter (ESM-RTY-06); step counts from 0.
Duration backoff_delay(const Backoff& backoff, std::uint32_t step);

// Between two attempts of which the first took no time at all, a throttled one for instance: with
// `none` as back-off time would stand still for ever.
inline constexpr Duration shortest_wait = milliseconds(1);

// Is a record of this age over the limit? (ESM-AGE-01, ESM-AGE-06)
bool too_old(const MappingSettings& settings, const Assumptions& assumptions, Duration age);

}  // namespace trimhorizon
