// What the mapping does when an invocation ends: move the checkpoint, retry, split, discard.
// ESM-CHK-01, ESM-CHK-03, ESM-RTY-*, ESM-BIS-*, ESM-PBR-*; CON-01, CON-03, CON-04.
//
// Always:
//  1. A Range is one batch object. Progress, a split or a new poller makes a new batch object,
//     whose counters start at 0, with a request id of its own. The counters and the request id stay
//     when the head of the batch expires or is trimmed (ESM-RTY-12).
//  2. The offsets in an Outcome count the records of the range's batch.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/base/ids.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/faults/cause.hpp"
#include "sim/kinesis/batch.hpp"
#include "sim/lambda/mapping.hpp"
#include "sim/lambda/outcome.hpp"

namespace trimhorizon {

// The time of a Range that is not a part of a split batch.
inline constexpr Instant never_split{INT64_MIN};

struct Range {
  Batch batch;
  std::uint32_t retries_used = 0;  // counts against MaximumRetryAttempts
  // Attempts of this batch object: invocations that really ran, and attempts at a record that is
  // too large to be sent (ESM-POL-07).
  std::uint32_t attempts = 0;
  DeliveryReason reason = DeliveryReason::first;  // why its records are delivered again
  InvocationNumber request;        // the first invocation of this batch object; 0: none yet
  Instant split_at = never_split;  // of the latest split that led to it (ESM-BIS-11)

  friend bool operator==(const Range&, const Range&) = default;
};

// How the mapping understands an outcome.
enum class Ruling : std::uint8_t {
  success,
  partial,         // a valid report: all records before `cut` are done
  malformed,       // an invalid report: the whole batch failed (ESM-PBR-03)
  function_error,  // exception, timeout, crash
};

struct Judged {
  Ruling ruling = Ruling::success;
  std::uint32_t cut = 0;   // partial: the offset of the first record that is tried again
  bool mixed = false;      // the report has valid and invalid identifiers (ESM-PBR-10)
  bool no_object = false;  // the answer is JSON, but no object (ESM-PBR-14)
  // partial: how many records of the event are tried again; absent: as many as there are positions
  std::optional<std::uint64_t> left = {};

  std::uint64_t left_of(const Batch& batch) const {
    return left.value_or(batch.span.count() - cut);
  }
};

// REQUIRES: the outcome belongs to a batch of this mapping. A function that returned but has no
// ReportBatchItemFailures is always a success (ESM-PBR-01).
Judged judge_outcome(const MappingSettings& settings, const Assumptions& assumptions,
                     const Outcome& outcome);

struct NextStep {
  enum class Then : std::uint8_t {
    proceed,  // the range is done
    retry,    // `rest` is tried again
    split,    // `rest` is sent next, `second` after it (ESM-BIS-08)
    discard,  // `rest` is given up (ESM-RTY-05)
  };

  Position processed_to = 0;  // records of the range before this position are processed
  Then then = Then::proceed;
  Range rest;
  Range second;
  bool wait = false;  // true: `rest` waits for the back-off; false: it is sent at once
};

// REQUIRES: `range.attempts` already counts the invocation that just ended, at `now`; `judged` is
// the result of judge_outcome for it.
NextStep after_invocation(const MappingSettings& settings, const Assumptions& assumptions,
                          const Range& range, const Outcome& outcome, const Judged& judged,
                          Instant now);

// What follows an attempt at a record that is too large for any event: it fails without a call,
// and counts like a failed invocation (ESM-POL-07). Never splits.
NextStep after_oversized(const MappingSettings& settings, const Range& range);

// Adds to `met` the switches that could have changed this result.
void note_met(const MappingSettings& settings, const Assumptions& assumptions, const Range& range,
              const Judged& judged, const NextStep& next, AssumptionsMet& met);

// The size of the first half: n/2 rounded down or up, at least 1 (ESM-BIS-09). REQUIRES: n > 1.
std::uint64_t first_half(std::uint64_t n, assume::odd_split rounding);

// Why a record had no effect although the mapping took it as done. For example, a report that names
// a later record skips the failed records before it (ESM-PBR-13). A record that an ignored report
// names has a cause of its own: `report_ignored` (ESM-PBR-01).
LossCause why_without_effect(const MappingSettings& settings, Ruling ruling);

}  // namespace trimhorizon
