// Typed identifiers: small dense indexes into the tables of the Plan and the World.
//
// Always:
//  1. An id is an index, never an address; ids of different things do not compare.
//  2. A RecordId names a business event (producer, number), not one of its stored copies.
#pragma once

#include <compare>
#include <cstdint>

namespace trimhorizon {

template <class Tag>
struct Id {
  std::uint32_t value = UINT32_MAX;

  constexpr bool valid() const { return value != UINT32_MAX; }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

using StreamId = Id<struct StreamTag>;
using ShardId = Id<struct ShardTag>;  // over all streams; `shardId-…` has Shard::number
using KeyId = Id<struct KeyTag>;
using ProducerId = Id<struct ProducerTag>;
using FunctionId = Id<struct FunctionTag>;
using MappingId = Id<struct MappingTag>;
using DestinationId = Id<struct DestinationTag>;
using InvocationSlot = Id<struct InvocationSlotTag>;
using ConsumerId = Id<struct ConsumerTag>;  // what reads a stream and keeps its own position
using ReaderId = Id<struct ReaderTag>;      // one consumer at one shard
using LaneId = Id<struct LaneTag>;          // of a reader, from 0

// A number that counts things of a run from 1; 0 is none.
template <class Tag>
struct Serial {
  std::uint64_t value = 0;

  constexpr bool valid() const { return value != 0; }
  friend constexpr auto operator<=>(const Serial&, const Serial&) = default;
};

using EventNumber = Serial<struct EventTag>;            // 0: what the scenario itself says
using InvocationNumber = Serial<struct InvocationTag>;  // 0: none ran

// Place of a stored record in its shard's log, from 0; dense, unlike sequence numbers.
using Position = std::uint64_t;

// A business event: what a producer wants stored, however many copies come of it.
struct RecordId {
  std::uint64_t value = UINT64_MAX;

  static constexpr RecordId of(ProducerId producer, std::uint64_t number) {
    return {(static_cast<std::uint64_t>(producer.value) << 48) | number};
  }
  constexpr ProducerId producer() const { return {static_cast<std::uint32_t>(value >> 48)}; }
  constexpr std::uint64_t number() const { return value & ((std::uint64_t{1} << 48) - 1); }
  friend constexpr auto operator<=>(const RecordId&, const RecordId&) = default;
};

// A half-open stretch of one shard's log: [first, end).
struct Span {
  Position first = 0;
  Position end = 0;

  constexpr std::uint64_t count() const { return end - first; }
  constexpr bool empty() const { return first >= end; }
  constexpr bool contains(Position p) const { return first <= p && p < end; }
  friend constexpr auto operator<=>(const Span&, const Span&) = default;
};

}  // namespace trimhorizon
