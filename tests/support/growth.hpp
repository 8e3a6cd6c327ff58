// How the cost of a run grows with its size: judged by a ratio, so that the speed of the machine
// does not matter.
#pragma once

#include <algorithm>
#include <cstdint>

#include "tests/bench/bench.hpp"

namespace trimhorizon::testing {

// How many times the CPU time of work(8 n) is that of work(n), at best of three. Three doublings:
// about 8 when the cost is linear, 64 when it is quadratic.
template <class Work>
double growth(std::uint64_t n, Work work) {
  const auto cost = [&](std::uint64_t size) {
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      const double before = cpu_seconds();
      work(size);
      best = std::min(best, cpu_seconds() - before);
    }
    return best;
  };
  const double small = cost(n);
  // A clock of 1 ms says nothing about less than that.
  return cost(8 * n) / std::max(small, 2e-3);
}
// Above this it is not linear, even on a busy machine.
inline constexpr double growth_max = 24;

}  // namespace trimhorizon::testing
