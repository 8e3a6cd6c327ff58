// When generated records arrive, and how many of them form the next PutRecords call.
//
// Always:
//  1. In a step with a steady rate that starts at `from`, record k (from 0) arrives at from +
//     (k+1)/rate, rounded down to a microsecond. An arrival exactly at the end of the step still
//     belongs to it.
//  2. A call is made when its last record has arrived.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/producer/producer.hpp"

namespace trimhorizon {

struct ArrivalCursor {
  std::uint32_t rate_step = 0;  // index into GeneratedLoad::rate
  std::uint64_t in_step = 0;    // records that arrived in this step
  std::uint64_t gap_draws = 0;  // Poisson gaps drawn so far
  Instant last_arrival{0};      // of the last record so far
  std::uint64_t planned = 0;    // records planned so far, over all steps

  friend bool operator==(const ArrivalCursor&, const ArrivalCursor&) = default;
};

struct NextCall {
  std::uint32_t records = 0;  // 0: the load has no more records
  Instant at;                 // arrival of its last record
};

// Moves the cursor over the records of the next call. REQUIRES: load.rate is not empty.
NextCall next_call(const GeneratedLoad& load, ArrivalCursor& cursor, std::uint64_t seed,
                   std::uint32_t producer);

// How many records arrive in each step, as if all gaps had their nominal length. The sum is bounded
// by `records` of the load.
std::vector<std::uint64_t> records_by_step(const GeneratedLoad& load);

// All records of a load, as if all gaps had their nominal length.
struct WholeLoad {
  std::uint64_t records = 0;
  Instant last{0};  // arrival of the last of them
};
// REQUIRES: the load ends, by `records` or by `lasts`.
WholeLoad whole_load(GeneratedLoad load);

}  // namespace trimhorizon
