// Which shard came from which: the parents and children of all shards of one stream. KDS-RSH-01,
// KDS-RSH-08, KDS-SHD-06, KDS-SHD-10.
//
// Always:
//  1. An edge goes from parent to child. A child has a higher number than all its ancestors.
//  2. A shard has at most 2 parents and at most 2 children.
//  3. A copy shares the graph until one of the two adds a shard. So a copy of the world only copies
//     a pointer, and a sole owner adds a shard in place.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace trimhorizon {

class Lineage {
 public:
  Lineage() = default;
  // This many shards without parents, with the numbers 0, 1, 2, ...
  explicit Lineage(std::uint32_t initial_shards);

  std::uint32_t shard_count() const;  // all shards ever created, open or closed
  // Adds a child of one parent (split) or of two parents (merge). Returns its number, which is the
  // next unused one. REQUIRES: 1 or 2 different parents, all known, each with fewer than 2
  // children.
  std::uint32_t add_child(const std::vector<std::uint32_t>& parents);
  // In the order in which add_child got them: ParentShardId, then AdjacentParentShardId. The span
  // is valid until a shard is added. REQUIRES for this and the next two: shard < shard_count().
  std::span<const std::uint32_t> parents_of(std::uint32_t shard) const;
  std::vector<std::uint32_t> children_of(std::uint32_t shard) const;  // ascending
  // Every ancestor once, the parents first.
  std::vector<std::uint32_t> ancestors_of(std::uint32_t shard) const;
  // All shards, each one after its parents.
  std::vector<std::uint32_t> reading_order() const;
  // The shards that can be read next when these are read to their end: all their parents are among
  // `finished`, and they are not. Ascending. Shards without parents can always be read, so they
  // are not told. REQUIRES: each < shard_count().
  std::vector<std::uint32_t> children_ready(std::vector<std::uint32_t> finished) const;

  friend bool operator==(const Lineage& a, const Lineage& b);

 private:
  struct Graph;
  // never changed while it is shared; null when there are no shards
  std::shared_ptr<Graph> graph_;
};

}  // namespace trimhorizon
