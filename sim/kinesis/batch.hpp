// Records of one shard that are handed over together, in order: those of `span` that a lane and a
// filter leave. With one lane and no filter that is the whole span.
//
// Always:
//  1. Records are counted by offset, 0 .. count-1, as reports of a function count them.
//  2. A batch without records has none of its span either.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/ids.hpp"

namespace trimhorizon {

struct Batch {
  ShardId shard;
  LaneId lane{0};
  Span span;
  std::uint64_t count = 0;

  static constexpr Batch whole(ShardId shard, Span span) {
    return {shard, LaneId{0}, span, span.count()};
  }
  constexpr bool empty() const { return count == 0; }
  // The record at an offset below `count`.
  constexpr Position at(std::uint64_t offset) const { return span.first + offset; }
  constexpr Position first() const { return span.first; }
  constexpr Position last() const { return span.end - 1; }

  // The first n records, n <= count; and what comes after them.
  constexpr Batch head(std::uint64_t n) const {
    return {shard, lane, {span.first, span.first + n}, n};
  }
  constexpr Batch after(std::uint64_t n) const {
    return {shard, lane, {span.first + n, span.end}, count - n};
  }
  // What lies at or behind a position.
  constexpr Batch from(Position p) const {
    return p <= span.first ? *this : after(std::min(p, span.end) - span.first);
  }

  friend constexpr auto operator<=>(const Batch&, const Batch&) = default;
};

}  // namespace trimhorizon
