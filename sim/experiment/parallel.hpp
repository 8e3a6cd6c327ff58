// Independent pieces of work on some threads.
//
// Always:
//  1. Pieces are handed out in order, each once; which thread does which is left to chance, so no
//     piece may depend on another.
//  2. `watch` is called on the caller's thread only, about every 10 ms. When it throws, pieces
//     that run are stopped at their next `pulse`, and what it threw goes on to the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace trimhorizon {

// A piece calls `pulse` now and then; it throws when the work is to stop.
using Pulse = std::function<void()>;

void do_in_parallel(std::size_t pieces, std::uint32_t threads,
                    const std::function<void(std::size_t, const Pulse&)>& work,
                    const std::function<void(std::size_t)>& watch);

// 0: as many as there are cores.
std::uint32_t thread_count(std::uint32_t wanted);

}  // namespace trimhorizon
