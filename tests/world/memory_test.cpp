// Runs of more than a million records forget what is settled. What is said of it later must not
// need it.
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

Simulation forgetful_run(const Story& story) {
  auto plan = std::make_shared<Plan>(*make_plan(story.scenario()));
  plan->keep_log = false;
  Simulation simulation{std::shared_ptr<const Plan>(plan)};
  simulation.run();
  return simulation.fork();
}

}  // namespace

TEST_CASE("a log forgets whole chunks of settled records, an account all that went well") {
  const Simulation run = forgetful_run(story().steady(10'000, 50'000).batch(500).work(1_ms));
  const World& world = run.world();
  CHECK(world.shards[0].log.end() == 50'000);
  CHECK(world.shards[0].log.first() > 40'000);
  CHECK(run.history().ledger.account({0}).runs().empty());
  const Result result = build_result(run, {});
  CHECK(result.consumers[0].fates[Fate::processed] == 50'000);
  CHECK(result.consumers[0].shards[0].checkpoint == "g49999");
}

TEST_CASE("a message names records that are forgotten as if they were not") {
  FailRule first_second;
  first_second.until = Instant{1'500'000};
  const Story story = testing::story()
                          .steady(10'000, 30'000)
                          .batch(1'000)
                          .retries(0)
                          .destination()
                          .fail(first_second);
  const Told kept = story.tell();
  const Result forgot = build_result(forgetful_run(story), {});
  REQUIRE(forgot.destinations[0].messages.size() == kept.result.destinations[0].messages.size());
  REQUIRE(kept.messages() > 0);
  for (std::size_t i = 0; i < kept.messages(); ++i) {
    CHECK(forgot.destinations[0].messages[i].json.text() == kept.message_text(i));
  }
}

TEST_CASE("a call of a crashed poller may come home when its records are settled long since") {
  FailRule slow;
  slow.until = Instant{1'500'000};
  slow.as = FailAs::timeout;
  slow.after = FailAfter::all;
  const Story story = testing::story()
                          .steady(10'000, 30'000)
                          .batch(1'000)
                          .timeout(900)
                          .fail(slow)
                          .crash(2_s)
                          .assume("iterator_age", "at_finish");
  const Told kept = story.tell();
  const Simulation run = forgetful_run(story);
  CHECK(run.trace_digest() == kept.simulation->trace_digest());
  const Result forgot = build_result(run, {});
  CHECK(forgot.consumers[0].max_iterator_age == kept.mapping().max_iterator_age);
  CHECK(kept.age_max() > minutes(14));
  CHECK(kept.duplicates().starts_with("poller_crash "));
}
