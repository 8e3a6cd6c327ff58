// Site `reshard`: the explorer lets each reshard of `explore: {reshards: [...]}` happen at any
// point, once. KDS-RSH-01, KDS-RSH-06.
//
// Always:
//  1. A reshard that AWS would refuse at this moment is not offered, nor one that changes nothing.
//  2. It is asked only while more puts may come to the stream: later, the new shards stay empty.
//  3. The reshard is one step: its cuts happen at once. A shard that another reshard has announced
//  is
//     not cut before it opens.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/world/moment.hpp"

namespace trimhorizon {

inline constexpr std::size_t explored_reshards_max = 64;  // bits of reshards_done

// Entries of Plan::reshards that may happen to this stream now, ascending. Answer n of the site
// stands for offered_reshards()[n - 1].
std::vector<std::uint32_t> offered_reshards(const World& world, StreamId stream);

// Asks before a put to the stream. New readers may be opened: references to readers and shards are
// not valid any more.
void ask_reshard(const Moment& moment, StreamId stream);
// Asks before a poll that finds records.
void ask_reshard_before_poll(const Moment& moment, ReaderId reader);

}  // namespace trimhorizon
