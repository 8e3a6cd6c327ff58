// Mappings come into being, and the entries of the timeline happen. What a pause or a crash repeats
// and loses: checkpoint_test.cpp.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("a mapping that is created has a reader at every shard of its stream [ESM-PAR-17]") {
  const Told told = story().shards(3).records(30).another_mapping("audit").tell();
  CHECK(told.world().readers.size() == 6);
  CHECK(told.mapping(0).shards.size() == 3);
  CHECK(told.mapping(1).shards.size() == 3);
  CHECK(told.fates(1) == "processed 30");
}

TEST_CASE("polling begins create_delay after the creation [ESM-POL-12]") {
  CHECK(story().records(1).created(5_s, 7_s).tell().schedule() == "12s[0]");
}

TEST_CASE("a throttle that overlaps a longer one does not end it") {
  const Story base =
      story().records(1).throttle_backoff({.first = 1_s, .factor_thousandths = 1'000});
  const Told longer_first = Story(base).throttle(0_s, 10_s).throttle(2_s, 1_s).tell();
  CHECK(longer_first.schedule() == "10s[0]");
  const Told longer_last = Story(base).throttle(0_s, 3_s).throttle(2_s, 8_s).tell();
  CHECK(longer_last.schedule() == "10s[0]");
}

TEST_CASE("an outage and a refusing destination last as long as they say") {
  const Told outage = story().records(1).outage(0_s, 500_ms).retries(3).tell();
  CHECK(outage.schedule() == "0s[0] 0.3s[0] 0.8s[0]");
  const Story refused = story().records(1).poison("r0").retries(0).destination();
  CHECK(Story(refused).fail_destination(0_s, 50_ms).tell().lost() == "none");
  CHECK(Story(refused).fail_destination(0_s, 200_ms).tell().lost() == "destination_failed 1");
}

TEST_CASE("a crash strikes the poller of its shard, of its mapping, and no other") {
  const Told told =
      story().shards(2).records(20).another_mapping("audit").work(2_s).crash(1_s, 1).tell();
  CHECK(told.duplicates(0) == "none");
  CHECK(told.schedule(1, 0).find(' ') == std::string::npos);  // one call
  CHECK(told.schedule(1, 1).find(" 1s[") != std::string::npos);
  CHECK(told.duplicates(1).starts_with("poller_crash "));
}

TEST_CASE("a mapping that is switched before it is created begins as it was left [ESM-PAR-14]") {
  CHECK(story().records(1).disabled().created(10_s).enable(5_s).tell().schedule() == "10s[0]");
  const Story off = story().records(1).created(10_s).disable(5_s).lasts(1_m);
  CHECK(off.tell().fates() == "pending 1");
  CHECK(Story(off).enable(20_s).tell().schedule() == "20s[0]");
}

TEST_CASE("every update of an enabled mapping stops polling for its delay [ESM-CHK-07, CON-07]") {
  const Told told = story().records(1, 20_s).created(0_s, 0_s, 30_s).enable(10_s).tell();
  CHECK(told.schedule() == "40s[0]");
  const Told disabled =
      story().records(1, 20_s).created(0_s, 0_s, 30_s).disabled().disable(10_s).tell();
  CHECK(disabled.fates() == "pending 1");
}

TEST_CASE("an update that leaves a disabled mapping disabled does nothing") {
  const auto told = [](const Story& story) { return story.tell().world().last_event.value; };
  const Story off = story().records(1, 20_s).disabled();
  CHECK(told(Story(off).disable(10_s)) == told(off) + 1);  // that the entry happened
}
