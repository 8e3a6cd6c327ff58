// The same property, exhaustive at small sizes: three records, every schedule of few faults.
#include "sim/history/result_builder.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/drawn_scenario.hpp"
#include "tests/support/few_faults.hpp"
#include "tests/support/naive_ledger.hpp"
#include "tests/support/rule_watch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

struct Sweep {
  std::uint64_t runs = 0;
  std::uint64_t lost_most = 0;
  std::uint64_t effects_most = 0;  // of all records together
};

Sweep sweep(const Story& story, std::uint32_t budget, SiteSet sites = all_sites()) {
  Sweep all;
  const auto plan = make_plan(story.scenario());
  FewFaults faults(sites, budget);
  ModelledFunction function;
  do {
    NaiveLedger naive;
    RuleWatch rules;
    Simulation simulation(plan, faults, function);
    simulation.watch(naive);
    simulation.watch(rules);
    simulation.run();
    const Result result = build_result(simulation, {});
    const std::string differences =
        rules.text() + naive.differences(simulation.world(), simulation.history(), result);
    if (!differences.empty()) {
      CHECK(differences == "");
      break;
    }
    all.runs += 1;
    all.lost_most = std::max(all.lost_most, result.lost);
    all.effects_most = std::max(all.effects_most, result.consumers[0].effects);
  } while (faults.next());
  return all;
}

SiteSet only(Site site) {
  SiteSet sites;
  sites.add(site);
  return sites;
}

Story three_records() {
  Story story;
  story.record("r0", "a").record("r1", "b").record("r2", "a").created(1_s).batch(2).retries(1);
  return story;
}

}  // namespace

TEST_CASE("three records and every schedule of two faults under settings in turn") {
  const Sweep plain = sweep(three_records(), 2);
  CHECK(plain.runs > 1'000);
  CHECK(plain.lost_most > 0);
  CHECK(sweep(three_records().destination(), 2).runs > 1'000);
  CHECK(sweep(three_records().bisect(), 2).runs > 1'000);
  CHECK(sweep(three_records().report(), 2).runs > 1'000);
  CHECK(sweep(three_records().report().respond(Respond::report_failures).bisect(), 2).runs > 1'000);
}

TEST_CASE("three records with a poison one and every schedule of two faults") {
  CHECK(sweep(three_records().poison("r1").destination(), 2).runs > 500);
  CHECK(sweep(three_records().poison("r1").report().bisect(), 2).runs > 500);
  CHECK(sweep(three_records().poison("r2").respond(Respond::swallow), 2).runs > 500);
}

TEST_CASE("poller crashes alone never lose a record; each repeats at most a batch") {
  for (const std::uint32_t budget : {1u, 2u, 3u}) {
    const Sweep crashes = sweep(three_records(), budget, only(Site::poller_crash));
    CHECK(crashes.lost_most == 0);
    CHECK(crashes.effects_most == 3 + 2 * budget);
  }
}

TEST_CASE("lost checkpoints and lost acknowledgements never lose a record") {
  CHECK(sweep(three_records(), 3, only(Site::checkpoint_lost)).lost_most == 0);
  CHECK(sweep(three_records(), 3, only(Site::ack_lost)).lost_most == 0);
  CHECK(sweep(three_records(), 3, only(Site::ack_lost_late)).lost_most == 0);
  CHECK(sweep(three_records(), 3, only(Site::throttle)).lost_most == 0);
  CHECK(sweep(three_records(), 3, only(Site::ack_lost)).effects_most == 6);
  CHECK(sweep(three_records(), 3, only(Site::overlapping_pollers)).lost_most == 0);
  CHECK(sweep(three_records(), 3, only(Site::poller_crash_anywhere)).lost_most == 0);
  CHECK(sweep(three_records(), 3, only(Site::iterator_expired)).runs == 1);  // asked nowhere
}

TEST_CASE("one trim loses one record, and no more than are trimmed") {
  for (const std::uint32_t budget : {1u, 2u, 3u}) {
    CHECK(sweep(three_records(), budget, only(Site::trim)).lost_most == budget);
  }
}

TEST_CASE("a batch fails whole: one error more than the retries loses a batch") {
  CHECK(sweep(three_records(), 1, only(Site::function_error)).lost_most == 0);
  CHECK(sweep(three_records(), 2, only(Site::function_error)).lost_most == 2);
  CHECK(sweep(three_records().retries(-1), 3, only(Site::function_error)).lost_most == 0);
}
