// Records of one shard that one invocation receives together, in order. A batch is every record of
// its `span`. Later, lanes and filters will leave some of them out.
//
// Always:
//  1. A record of a batch is named by its offset in the span. A function's report counts the same
//     way.
//  2. When a batch has no records, its span is empty too.
//  3. `count` is less than the span has positions where an aggregate is one record of the event
//     (KDS-PRD-18), or where one is left out (KDS-PRD-21). A part of such a batch has the count of
//     its positions, until it is counted again (world/event_records.hpp).
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/ids.hpp"

namespace trimhorizon {

struct Batch {
  ShardId shard;
  LaneId lane{0};
  Span span;                // positions in the log of the shard
  std::uint64_t count = 0;  // records of the event
  bool unpacked = false;    // are they user records, and left out what does not fit the shard?

  // All records of the span, in lane 0.
  static constexpr Batch whole(ShardId shard, Span span) {
    return {shard, LaneId{0}, span, span.count()};
  }
  constexpr bool empty() const { return count == 0; }
  // Are some of its records aggregates, handed over as they are?
  constexpr bool has_aggregates() const { return !unpacked && count < span.count(); }
  // The position of the record at this offset. REQUIRES: offset < span.count().
  constexpr Position at(std::uint64_t offset) const { return span.first + offset; }
  // REQUIRES: not empty.
  constexpr Position first() const { return span.first; }
  constexpr Position last() const { return span.end - 1; }

  // The first n positions, and those after the first n. REQUIRES: n <= span.count().
  constexpr Batch head(std::uint64_t n) const {
    return {shard, lane, {span.first, span.first + n}, n, unpacked};
  }
  constexpr Batch after(std::uint64_t n) const {
    return {shard, lane, {span.first + n, span.end}, span.count() - n, unpacked};
  }
  // The records at position p and after it.
  constexpr Batch from(Position p) const {
    return p <= span.first ? *this : after(std::min(p, span.end) - span.first);
  }

  friend constexpr auto operator<=>(const Batch&, const Batch&) = default;
};

}  // namespace trimhorizon
