#include "sim/lambda/age.hpp"

#include "sim/kinesis/record_log.hpp"
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

TEST_CASE("the age of a half counts from the arrivals, or from its split [ESM-BIS-11, CON-02]") {
  MappingSettings settings;
  settings.maximum_record_age_s = 60;
  RecordLog log;
  for (const Duration at : {seconds(0), seconds(10), seconds(50)}) {
    log.append({Instant{0} + at, {}, {}});
  }
  Range half{Batch::whole({0}, {0, 3}), 0, 0, DeliveryReason::bisect, {}, Instant{0} + seconds(40)};
  const auto old = [&](Duration now, assume::age_scope scope) {
    Assumptions assumptions;
    assumptions.age_scope = scope;
    return too_old_prefix(settings, assumptions, {log, {}}, Instant{0} + now, half);
  };
  using assume::age_scope;
  CHECK(old(seconds(71), age_scope::record_prefix) == 2);
  CHECK(old(seconds(71), age_scope::whole_batch) == 3);
  CHECK(old(seconds(100), age_scope::restarts_on_split) == 0);
  // The two older ones are both 61 s from the split; the third arrived after it.
  CHECK(old(seconds(101), age_scope::restarts_on_split) == 2);
  CHECK(old(seconds(111), age_scope::restarts_on_split) == 3);
  half.split_at = never_split;
  CHECK(old(seconds(71), age_scope::restarts_on_split) == 2);
}

TEST_CASE("without a limit nothing is too old [ESM-AGE-08]") {
  CHECK_FALSE(too_old(MappingSettings{}, Assumptions{}, hours(10'000)));
}
