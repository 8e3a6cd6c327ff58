// Records that are too old to be handed over: MaximumRecordAgeInSeconds. ESM-AGE-01..08; CON-02.
//
// Always:
//  1. Ages are looked at before each attempt, the first and every retry, and at no other time
//     (ESM-AGE-03, ESM-AGE-04, ESM-AGE-07).
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/kinesis/record_log.hpp"
#include "sim/lambda/failure.hpp"
#include "sim/lambda/mapping.hpp"

namespace trimhorizon {

// Is a record of this age over the limit? (ESM-AGE-01, ESM-AGE-06)
bool too_old(const MappingSettings& settings, const Assumptions& assumptions, Duration age);

// How many records at the head of the range are over the limit (ESM-AGE-02); of a half of a split
// batch as of any other (ESM-BIS-11, CON-02).
std::uint64_t too_old_prefix(const MappingSettings& settings, const Assumptions& assumptions,
                             const RecordLog& log, Instant now, const Range& range);

// The questions that the ages raise, whatever the switches answer, when the first `old` records of
// the batch are over the limit.
void note_age_met(const MappingSettings& settings, const Assumptions& assumptions,
                  const RecordLog& log, Instant now, const Batch& batch, std::uint64_t old,
                  AssumptionsMet& met);

}  // namespace trimhorizon
