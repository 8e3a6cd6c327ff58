// Typed identifiers: small indexes into the tables of the Plan and the World.
//
// Always:
//  1. An id is an index, never an address. Ids of different kinds cannot be compared.
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
using ShardId = Id<struct ShardTag>;  // over all streams; Shard::number is the one in `shardId-...`
using KeyId = Id<struct KeyTag>;
using ProducerId = Id<struct ProducerTag>;
using FunctionId = Id<struct FunctionTag>;
using MappingId = Id<struct MappingTag>;
using DestinationId = Id<struct DestinationTag>;
using InvocationSlot = Id<struct InvocationSlotTag>;
// A consumer: it reads a stream and keeps its own position.
using ConsumerId = Id<struct ConsumerTag>;
using ReaderId = Id<struct ReaderTag>;  // one consumer at one shard
using LaneId = Id<struct LaneTag>;      // of a reader, from 0

// A number that counts things of a run from 1; 0 means none.
template <class Tag>
struct Serial {
  std::uint64_t value = 0;

  constexpr bool valid() const { return value != 0; }
  friend constexpr auto operator<=>(const Serial&, const Serial&) = default;
};

using EventNumber = Serial<struct EventTag>;            // 0: the scenario itself
using InvocationNumber = Serial<struct InvocationTag>;  // 0: no invocation

// The place of a stored record in the log of its shard: 0, 1, 2, ... without gaps. Sequence numbers
// have gaps.
using Position = std::uint64_t;

// A business event: what a producer wants to store. It may have several stored copies.
struct RecordId {
  std::uint64_t value = UINT64_MAX;

  // REQUIRES: number < 2^48.
  static constexpr RecordId of(ProducerId producer, std::uint64_t number) {
    return {(static_cast<std::uint64_t>(producer.value) << 48) | number};
  }
  constexpr ProducerId producer() const { return {static_cast<std::uint32_t>(value >> 48)}; }
  constexpr std::uint64_t number() const { return value & ((std::uint64_t{1} << 48) - 1); }
  friend constexpr auto operator<=>(const RecordId&, const RecordId&) = default;
};

// A part of a log: the positions from `first` to `end`, `end` excluded.
struct Span {
  Position first = 0;
  Position end = 0;

  constexpr std::uint64_t count() const { return end - first; }
  constexpr bool empty() const { return first >= end; }
  constexpr bool contains(Position p) const { return first <= p && p < end; }
  friend constexpr auto operator<=>(const Span&, const Span&) = default;
};

}  // namespace trimhorizon
