// The records that a producer will put next: asks the processor early for the memory that they will
// touch. With thousands of shards that memory lies anywhere, and each record would wait for it.
//
// Always:
//  1. It changes no result: it reads, and a wrong guess costs only time.
#pragma once

#include <array>
#include <cstdint>

#include "sim/base/ids.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

class UpcomingPuts {
 public:
  // The producer puts this record now; those after it come soon. REQUIRES: the producer makes its
  // records from a rate.
  void come(const World& world, ProducerId producer, std::uint64_t number) {
    // The memory of a few shards is at hand anyway.
    if (world.shards.size() >= many_shards) look_ahead(world, producer, number);
  }

 private:
  static constexpr std::size_t many_shards = 256;
  // Records from a look at its key, at its shard, and at what that points to, to its put.
  static constexpr std::uint64_t key_ahead = 18;
  static constexpr std::uint64_t shard_ahead = 12;
  static constexpr std::uint64_t end_ahead = 6;

  void look_ahead(const World& world, ProducerId producer, std::uint64_t number);

  ProducerId producer_;
  std::uint64_t known_ = 0;          // the keys of the records before this one are known
  std::array<KeyId, 32> keys_ = {};  // by record number, modulo their number
};

}  // namespace trimhorizon
