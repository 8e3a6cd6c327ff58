// Computes Student's t without the functions of <cmath> that may differ between machines in their
// last bit: the JSON of a sweep must have the same bytes everywhere.
#include "sim/report/student_t.hpp"

#include <cmath>
#include <numbers>

#include "sim/base/check.hpp"

namespace trimhorizon {
namespace {

constexpr double wanted = 0.95;
// From here on the expansion about the normal quantile is exact to twelve digits.
constexpr std::uint64_t expansion_from = 1000;

// arctan for x >= 0: halved until the series converges fast. std::atan may differ in its last bit.
double arc_tangent(double x) {
  int halvings = 0;
  for (; x > 0.05; ++halvings) x = x / (1 + std::sqrt(1 + x * x));
  const double square = x * x;
  double power = x;
  double sum = 0;
  for (int n = 0; n < 12; ++n) {
    sum += (n % 2 == 0 ? power : -power) / (2 * n + 1);
    power *= square;
  }
  for (; halvings > 0; --halvings) sum *= 2;
  return sum;
}

// Cornish and Fisher's expansion: the quantile of the normal distribution, corrected by 1/degrees.
double expanded(double degrees) {
  constexpr double z = 1.959963984540054;
  constexpr double z2 = z * z;
  const double a = z * (z2 + 1) / 4;
  const double b = z * ((5 * z2 + 16) * z2 + 3) / 96;
  const double c = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  return z + (a + (b + c / degrees) / degrees) / degrees;
}

}  // namespace

// The finite sums for whole degrees of freedom: Abramowitz and Stegun 26.7.3 and 26.7.4.
double student_t_between(double t, std::uint64_t degrees) {
  TH_CHECK(degrees >= 1 && t >= 0);
  const double n = static_cast<double>(degrees);
  const double cosine2 = n / (n + t * t);
  const double sine = t / std::sqrt(n + t * t);
  const bool odd = degrees % 2 == 1;
  double term = odd ? std::sqrt(cosine2) : 1;
  double sum = degrees == 1 ? 0 : term;
  for (std::uint64_t k = odd ? 3 : 2; k + 2 <= degrees; k += 2) {
    term *= static_cast<double>(k - 1) / static_cast<double>(k) * cosine2;
    sum += term;
  }
  if (!odd) return sine * sum;
  return 2 / std::numbers::pi * (arc_tangent(t / std::sqrt(n)) + sine * sum);
}

double student_t_95(std::uint64_t degrees) {
  TH_CHECK(degrees >= 1);
  if (degrees >= expansion_from) return expanded(static_cast<double>(degrees));
  double low = 1.9;
  double high = 13;
  for (;;) {  // until no double lies between the two
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    (student_t_between(middle, degrees) < wanted ? low : high) = middle;
  }
}

}  // namespace trimhorizon
