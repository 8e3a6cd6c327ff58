// When generated records arrive, and how many make the next PutRecords call (format rule 3).
//
// Always:
//  1. Steady record k of a step that starts at `from` arrives at from + (k+1)/rate, rounded down
//     to a microsecond; an arrival exactly at the end of the step still belongs to it.
//  2. A call is made when its last record has arrived.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"
#include "sim/producer/producer.hpp"

namespace trimhorizon {

struct ArrivalCursor {
  std::uint32_t rate_step = 0;
  std::uint64_t in_step = 0;    // records that arrived in this step
  std::uint64_t gap_draws = 0;  // Poisson gaps drawn
  Instant last_arrival{0};
  std::uint64_t planned = 0;  // records planned so far, over all steps

  friend bool operator==(const ArrivalCursor&, const ArrivalCursor&) = default;
};

struct NextCall {
  std::uint32_t records = 0;  // 0: the load is over
  Instant at;                 // arrival of its last record
};

// Moves the cursor over the records of the next call.
NextCall next_call(const GeneratedLoad& load, ArrivalCursor& cursor, std::uint64_t seed,
                   std::uint32_t producer);

// A load from its start to its end, at nominal gaps.
struct WholeLoad {
  std::uint64_t records = 0;
  Instant last{0};  // arrival of the last of them
};
WholeLoad whole_load(GeneratedLoad load);

}  // namespace trimhorizon
