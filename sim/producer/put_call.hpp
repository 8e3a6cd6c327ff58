// The state of a producer: the position in its load, the calls that it will make again, and the
// times in which its acknowledgements are lost. KDS-PRD-05, KDS-PRD-07, KDS-PRD-09.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sim/base/draws.hpp"
#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/producer/arrivals.hpp"
#include "sim/producer/kpl.hpp"
#include "sim/producer/producer.hpp"

namespace trimhorizon {

// A record of a call that will be made again.
struct PendingEntry {
  std::uint64_t number = 0;  // record number of the producer
  bool stored = false;       // an earlier try has stored it, so it becomes a copy

  friend bool operator==(const PendingEntry&, const PendingEntry&) = default;
};

// A call that will be made again, or is made now.
struct PendingPut {
  Span numbers;                     // state: record numbers of its first try
  std::vector<PendingEntry> again;  // state: what is put again; empty: all, for the first time
  std::uint32_t retries_left = 0;   // state
  std::uint32_t tries = 1;          // told: with the pending one
  bool put_records = true;          // told: false: a PutRecord
  bool used = false;                // state: false: this slot is free

  std::size_t records() const { return again.empty() ? numbers.count() : again.size(); }
  std::uint64_t number(std::size_t i) const {
    return again.empty() ? numbers.first + i : again[i].number;
  }
  bool stored_before(std::size_t i) const { return !again.empty() && again[i].stored; }
  friend bool operator==(const PendingPut&, const PendingPut&) = default;
};

// One entry of the timeline: acknowledgements of a producer are lost until then.
struct LostAnswers {
  Instant until;       // time: excluded
  Probability weight;  // state: of each acknowledgement

  friend bool operator==(const LostAnswers&, const LostAnswers&) = default;
};

// A producer that uses KPL.
struct KplProducer {
  KplState library;                // state
  std::set<std::uint64_t> stored;  // state: records that are stored, and that KPL still has
  std::map<std::uint64_t, KplRetry> again;  // shown: records that it puts again, and why
  // state: the answers on their way, by the number of their call
  std::map<std::uint64_t, std::vector<KplAnswer>> answers;
  Instant due = end_of_time;  // time: of the pending KplDue; end_of_time: there is none

  friend bool operator==(const KplProducer&, const KplProducer&) = default;
};

struct ProducerState {
  std::uint64_t next_number = 0;    // state: number of the next record
  std::uint32_t next_call = 0;      // state: index of the next explicit call
  ArrivalCursor cursor;             // state: in the generated load, after the scheduled call
  std::uint32_t planned = 0;        // state: records of the scheduled call
  std::uint64_t calls = 0;          // number: calls made so far; questions depend on it
  std::vector<LostAnswers> losing;  // state: by the order in which the entries began
  std::vector<PendingPut> pending;  // state: calls that wait for their retry
  std::vector<std::uint32_t> free;  // state: the places of `pending` that are not used, as a heap
  std::vector<std::uint64_t> late;  // state: records whose copies follow this instant's other puts
  std::optional<KplProducer> kpl;   // state: absent: it calls the service by itself

  friend bool operator==(const ProducerState&, const ProducerState&) = default;
};

// The probability that an acknowledgement is lost at `now`. When entries overlap, the highest one
// counts.
Probability loss_of_answers(const ProducerState& producer, Instant now);

// How a try of a call failed.
enum class PutFailure : std::uint8_t {
  none,
  unanswered,  // its acknowledgement was lost
  throttled,   // a PutRecord was throttled, or an entry of a PutRecords
  internal,    // the same, with an internal failure (KDS-PRD-11)
  whole,       // the call failed, and none of its entries was tried (KDS-PRD-20)
};

// Does the producer make this call again after such a failure?
bool puts_again(const ProducerRetry& retry, const PendingPut& call, PutFailure failure);

// How long the producer waits before the next try, `tries` tries after the first. The standard mode
// of the SDK draws its waits (KDS-PRD-09); `bits` are for that.
Duration wait_before_put(const ProducerRetry& retry, const PendingPut& call, PutFailure failure,
                         std::uint64_t bits);

// The call waits for its retry, at the first free place of `pending`: this returns its index.
std::uint32_t put_aside(ProducerState& producer, PendingPut call);
// Its retry is due. The place is free again.
PendingPut take_up(ProducerState& producer, std::uint32_t slot);
// The list of free places, from the places alone.
void find_free(ProducerState& producer);

}  // namespace trimhorizon
