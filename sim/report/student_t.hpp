// Student's t: how wide an interval around a mean of few samples must be. Made of + - * / and
// square roots only, so that it has the same bits on every machine.
#pragma once

#include <cstdint>

namespace trimhorizon {

// The t with which 95 % of the distribution lie in [-t, t]; degrees of freedom >= 1.
double student_t_95(std::uint64_t degrees);

// The part of the distribution in [-t, t], t >= 0.
double student_t_between(double t, std::uint64_t degrees);

}  // namespace trimhorizon
