// The state of a producer: the position in its load, the calls that it will make again, and the
// times in which its acknowledgements are lost. KDS-PRD-05, KDS-PRD-07, KDS-PRD-09.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/draws.hpp"
#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/producer/arrivals.hpp"
#include "sim/producer/producer.hpp"

namespace trimhorizon {

// A call that will be made again because its acknowledgement was lost.
struct PendingPut {
  Span numbers;                    // state: record numbers of the producer
  std::uint32_t retries_left = 0;  // state
  std::uint32_t tries = 1;         // told: with the pending one
  bool used = false;               // state: false: this slot is free

  friend bool operator==(const PendingPut&, const PendingPut&) = default;
};

// One entry of the timeline: acknowledgements of a producer are lost until then.
struct LostAnswers {
  Instant until;       // time: excluded
  Probability weight;  // state: of each acknowledgement

  friend bool operator==(const LostAnswers&, const LostAnswers&) = default;
};

struct ProducerState {
  std::uint64_t next_number = 0;    // state: number of the next record
  std::uint32_t next_call = 0;      // state: index of the next explicit call
  ArrivalCursor cursor;             // state: in the generated load, after the scheduled call
  std::uint32_t planned = 0;        // state: records of the scheduled call
  std::uint64_t calls = 0;          // number: calls made so far; questions depend on it
  std::vector<LostAnswers> losing;  // state: by the order in which the entries began
  std::vector<PendingPut> pending;  // state: calls that wait for their retry
  std::vector<std::uint64_t> late;  // state: records whose copies follow this instant's other puts

  friend bool operator==(const ProducerState&, const ProducerState&) = default;
};

// The probability that an acknowledgement is lost at `now`. When entries overlap, the highest one
// counts.
Probability loss_of_answers(const ProducerState& producer, Instant now);

// Does the producer make this call again when its acknowledgement was lost?
bool puts_again(const ProducerRetry& retry, const PendingPut& call);

// The index of a free slot in `pending`; adds a slot when all are used.
std::uint32_t pending_slot(ProducerState& producer);

}  // namespace trimhorizon
