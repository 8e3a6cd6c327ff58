// Records that are too old to be sent to the function: MaximumRecordAgeInSeconds. ESM-AGE-01..08;
// CON-02.
//
// Always:
//  1. Ages are checked before each attempt, the first one and every retry, and at no other time
//     (ESM-AGE-03, ESM-AGE-04, ESM-AGE-07).
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/kinesis/record_times.hpp"
#include "sim/lambda/failure.hpp"
#include "sim/lambda/mapping.hpp"

namespace trimhorizon {

// Is a record of this age over the limit? (ESM-AGE-01, ESM-AGE-06) False when the mapping has no
// limit.
bool too_old(const MappingSettings& settings, const Assumptions& assumptions, Duration age);

// How many records at the head of the range are too old (ESM-AGE-02). A half of a split batch is
// checked like any other batch (ESM-BIS-11, CON-02). REQUIRES: the range has a record, and the log
// holds its records.
std::uint64_t too_old_prefix(const MappingSettings& settings, const Assumptions& assumptions,
                             const StampedLog& log, Instant now, const Range& range);

// Adds to `met` the open questions about age that this batch meets, whatever the switches say.
// `old` is the result of too_old_prefix for it.
void note_age_met(const MappingSettings& settings, const Assumptions& assumptions,
                  const StampedLog& log, Instant now, const Range& range, std::uint64_t old,
                  AssumptionsMet& met);

}  // namespace trimhorizon
