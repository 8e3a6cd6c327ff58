// Student's t: how wide an interval around a mean of few samples must be. Made of + - * / and
// square roots only, so that it has the same bits on every machine.
#pragma once

#include <cstdint>

namespace trimhorizon {

// The t such that 95 % of the distribution lies in [-t, t]. REQUIRES: degrees of freedom >= 1.
double student_t_95(std::uint64_t degrees);

// The part of the distribution in [-t, t]. REQUIRES: t >= 0, degrees >= 1.
double student_t_between(double t, std::uint64_t degrees);

}  // namespace trimhorizon
