#include "sim/lambda/age.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("too old is older than the limit, or at it [ESM-AGE-06]") {
  MappingSettings settings;
  settings.maximum_record_age_s = 60;
  Assumptions assumptions;
  CHECK_FALSE(too_old(settings, assumptions, seconds(60)));
  CHECK(too_old(settings, assumptions, seconds(60) + microseconds(1)));
  assumptions.age_boundary = assume::age_boundary::at_or_over;
  CHECK(too_old(settings, assumptions, seconds(60)));
}

TEST_CASE("without a limit nothing is too old [ESM-AGE-08]") {
  CHECK_FALSE(too_old(MappingSettings{}, Assumptions{}, hours(10'000)));
}
