// Does independent pieces of work on several threads.
//
// Always:
//  1. Pieces start in order, each once. Any thread may do any piece, so no piece may depend on
//     another.
//  2. `watch` is called on the caller's thread only, about every 10 ms. When it throws, pieces
//     that run are stopped at their next `pulse`, and what it threw goes on to the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace trimhorizon {

// A piece must call its `pulse` now and then; it throws when the work must stop.
using Pulse = std::function<void()>;

// Calls work(i, pulse) for each i below `pieces`, and watch(number done). Throws what they throw.
// `threads` as in thread_count().
void do_in_parallel(std::size_t pieces, std::uint32_t threads,
                    const std::function<void(std::size_t, const Pulse&)>& work,
                    const std::function<void(std::size_t)>& watch);

// `wanted`, or the number of cores if it is 0.
std::uint32_t thread_count(std::uint32_t wanted);

}  // namespace trimhorizon
