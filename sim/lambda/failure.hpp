// What the mapping does when an invocation returns: checkpoint, retry, split, discard.
// ESM-CHK-01, ESM-CHK-03, ESM-RTY-*, ESM-BIS-*, ESM-PBR-*; CON-01, CON-03, CON-04.
//
// Always:
//  1. A range is a batch object: its counters start again when progress, a split or a new poller
//     makes a new one, and stay when its head expires or is trimmed (ESM-RTY-12).
//  2. What an outcome says by offset it says of the records of the range's batch.
#pragma once

#include <cstdint>

#include "sim/base/ids.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/faults/cause.hpp"
#include "sim/kinesis/batch.hpp"
#include "sim/lambda/mapping.hpp"
#include "sim/lambda/outcome.hpp"

namespace trimhorizon {

struct Range {
  Batch batch;
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

// Why a record of a batch that was taken as done had no effect. A report that names a later record
// skips those that failed before it (ESM-PBR-13).
LossCause why_without_effect(const MappingSettings& settings, const Outcome& outcome,
                             Ruling ruling);

}  // namespace trimhorizon
