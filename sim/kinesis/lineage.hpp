// Who came from whom: the DAG of shards of one stream behind plain questions. It holds unsplit
// shards until resharding is built. KDS-RSH-01, KDS-SHD-06, KDS-SHD-10.
//
// Always:
//  1. An edge goes from parent to child; a child's number is higher than any ancestor's.
//  2. Out-degree and in-degree are at most 2.
//  3. A copy shares the graph until one of the two adds a shard: forking a world copies a pointer.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace trimhorizon {

class Lineage {
 public:
  Lineage() = default;
  explicit Lineage(std::uint32_t initial_shards);

  std::uint32_t shard_count() const;  // ever created, open or closed
  // Adds a child of one (split) or two (merge) parents; returns its number, the next unused one.
  std::uint32_t add_child(const std::vector<std::uint32_t>& parents);
  // Ascending; valid until a shard is added.
  std::span<const std::uint32_t> parents_of(std::uint32_t shard) const;
  std::vector<std::uint32_t> children_of(std::uint32_t shard) const;  // ascending
  // Every ancestor, parents first seen first, without repeats.
  std::vector<std::uint32_t> ancestors_of(std::uint32_t shard) const;
  // Parents before children.
  std::vector<std::uint32_t> reading_order() const;

  friend bool operator==(const Lineage& a, const Lineage& b);

 private:
  struct Graph;
  std::shared_ptr<const Graph> graph_;  // never changed while shared; null: no shard at all
};

}  // namespace trimhorizon
