// A producer at work: where its load stands, which calls it will make again, and which of its
// acknowledgements are lost. KDS-PRD-05, KDS-PRD-07, KDS-PRD-09.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/draws.hpp"
#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/producer/arrivals.hpp"
#include "sim/producer/producer.hpp"

namespace trimhorizon {

// A call whose acknowledgement was lost and that will be made again.
struct PendingPut {
  Span numbers;                    // state: record numbers of the producer
  std::uint32_t retries_left = 0;  // state
  std::uint32_t tries = 1;         // told
  bool used = false;               // state

  friend bool operator==(const PendingPut&, const PendingPut&) = default;
};

// While acknowledgements of a producer are lost.
struct LostAnswers {
  Instant until;       // time
  Probability weight;  // state

  friend bool operator==(const LostAnswers&, const LostAnswers&) = default;
};

struct ProducerState {
  std::uint64_t next_number = 0;    // state: number of the next record
  std::uint32_t next_call = 0;      // state: next explicit call
  ArrivalCursor cursor;             // state: generated load, up to the scheduled call
  std::uint32_t planned = 0;        // state: records of the scheduled call
  std::uint64_t calls = 0;          // number: PutRecord(s) calls made; questions count by it
  std::vector<LostAnswers> losing;  // state: by entry of the timeline, as they began
  std::vector<PendingPut> pending;  // state
  std::vector<std::uint64_t> late;  // state: copies that follow this instant's other puts

  friend bool operator==(const ProducerState&, const ProducerState&) = default;
};

// How likely an acknowledgement is lost at `now`: of entries that overlap, the highest.
Probability loss_of_answers(const ProducerState& producer, Instant now);

// Does the producer make the call again, when its acknowledgement was lost?
bool puts_again(const ProducerRetry& retry, const PendingPut& call);

// A free place for a call that waits.
std::uint32_t pending_slot(ProducerState& producer);

}  // namespace trimhorizon
