#include "sim/report/student_t.hpp"

#include <cmath>
#include <utility>

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("Student's t is that of the tables") {
  const std::vector<std::pair<std::uint64_t, double>> known = {
      {1, 12.706204736},  {2, 4.3026527297},   {3, 3.1824463053},   {4, 2.7764451052},
      {9, 2.2621571628},  {10, 2.2281388520},  {29, 2.0452296421},  {30, 2.0422724563},
      {99, 1.9842169515}, {120, 1.9799304051}, {1000, 1.9623390808}};
  for (const auto& [degrees, t] : known) {
    INFO(degrees);
    CHECK(std::fabs(student_t_95(degrees) - t) < 1e-9);
    CHECK(std::fabs(student_t_between(t, degrees) - 0.95) < 1e-10);
  }
  CHECK(std::fabs(student_t_95(999) - student_t_95(1000)) < 3e-6);
  CHECK(std::fabs(student_t_95(1'000'000) - 1.959963984540054) < 1e-5);
}

TEST_CASE("the part of the distribution between -t and t grows from none to all") {
  for (const std::uint64_t degrees : {1u, 2u, 3u, 8u}) {
    INFO(degrees);
    CHECK(student_t_between(0, degrees) == 0);
    CHECK(student_t_between(1, degrees) < student_t_between(2, degrees));
    CHECK(std::fabs(student_t_between(1e9, degrees) - 1) < 1e-8);
  }
  CHECK(std::fabs(student_t_between(1, 1) - 0.5) < 1e-12);  // Cauchy: a quarter on each side
}
