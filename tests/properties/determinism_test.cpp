// The same scenario, seed and version: the same bytes. Run twice, replayed, forked, remembered
// wholly or not.
#include <array>
#include <memory>
#include <sstream>
#include <vector>

#include "sim/faults/decisions.hpp"
#include "sim/history/digest.hpp"
#include "sim/history/picture_collector.hpp"
#include "sim/history/result_builder.hpp"
#include "sim/history/trace_writer.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/world/first_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/drawn_scenario.hpp"
#include "tests/support/rapidcheck.hpp"
#include "tests/support/recording_choices.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

class DigestObserver : public Observer {
 public:
  void on(const Happened& event, const World&) override { digest.on(event); }
  TraceDigest digest;
};

// How many calls came in a run with others.
class RunCounter : public Observer {
 public:
  void on(const Happened&, const World&) override {}
  bool takes_runs() const override { return true; }
  void on_run(const PutRun& run, const World&) override { joined += run.calls.size() - 1; }
  std::uint64_t joined = 0;
};

std::string digest_of(const std::shared_ptr<const Plan>& plan, Choices& choices) {
  ModelledFunction function;
  Simulation simulation(plan, choices, function);
  simulation.run();
  return simulation.trace_digest();
}

// A run driven by hand, so that its world can be copied between two steps.
struct Run {
  World world;
  DigestObserver observer;
  SeededChoices choices;
  ModelledFunction function;

  explicit Run(const std::shared_ptr<const Plan>& plan)
      : world(first_world(plan)), choices(plan->seed, plan->seeded_sites.bits) {}

  bool step() {
    const Instant end = Instant{0} + world.plan->duration;
    if (world.events.empty() || world.events.earliest().at > end) return false;
    Outside outside{choices, function, &observer};
    trimhorizon::step(world, outside);
    return true;
  }
};

void check_equal(const World& a, const World& b, const Scenario& scenario) {
  if (!(a == b)) RC_FAIL("two worlds differ" + described(scenario));
}

}  // namespace

TEST_CASE("a run gives the same digest and the same world twice") {
  check_property("run twice", [] {
    const Scenario scenario = drawn_scenario(true);
    Simulation one(make_plan(scenario));
    Simulation two(make_plan(scenario));
    one.run();
    two.run();
    RC_ASSERT(one.trace_digest() == two.trace_digest());
    RC_ASSERT(one.ended() == two.ended());
    const Result a = build_result(one, {.rows = true, .watched = {}});
    const Result b = build_result(two, {.rows = true, .watched = {}});
    RC_ASSERT(a.lost == b.lost);
    RC_ASSERT(a.duplicates == b.duplicates);
    RC_ASSERT(a.rows.size() == b.rows.size());
  });
}

TEST_CASE("recorded decisions replay to the same digest") {
  check_property("record and replay", [] {
    const Scenario scenario = drawn_scenario(true);
    const auto plan = make_plan(scenario);
    DrawnFaults faults(scenario.seed, 20);
    RecordingChoices recording(faults);
    const std::string recorded = digest_of(plan, recording);
    ReplayChoices script({SiteSet{recording.open_sites()}, recording.decisions()});
    RC_ASSERT(digest_of(plan, script) == recorded);
    RC_ASSERT(script.used_up());
    RC_ASSERT(script.rolling() == faults.rolling());
  });
}

namespace {

// Thousands of calls of one record, of producers that meet at the same instants, among everything
// else that can be drawn.
Scenario scenario_of_single_puts() {
  Scenario scenario = drawn_scenario(true);
  const bool slow =
      *rc::gen::inRange(0, 3) == 0;  // then retention takes records while others are put
  for (ProducerEntry& producer : scenario.producers) {
    if (!producer.settings.load) continue;
    GeneratedLoad& load = *producer.settings.load;
    load.rate = {{load.rate[0].from, slow ? 20'000'000 : 500'000'000, seconds(1)},
                 {load.rate[0].from + seconds(2), 333'333'333, slow ? minutes(5) : seconds(1)}};
    load.records = 2'000;
    load.batch = *rc::gen::inRange(0, 4) == 0 ? 2 : 1;
    load.size_bytes = 100;
  }
  return scenario;
}

std::vector<std::array<std::uint64_t, 4>> points_of(const Simulation& simulation,
                                                    const PictureCollector& pictures) {
  Result result = build_result(simulation, {.watched = {}});
  pictures.fill(result, simulation.world());
  std::vector<std::array<std::uint64_t, 4>> points;
  for (const ConsumerResult& consumer : result.consumers) {
    for (const ShardPicture& picture : consumer.pictures) {
      for (const PicturePoint& p : picture.points) {
        points.push_back(
            {static_cast<std::uint64_t>(p.at.us), p.tip, p.trim_horizon, p.checkpoint});
      }
    }
  }
  return points;
}

}  // namespace

TEST_CASE("puts that are told as one run change nothing") {
  std::uint64_t joined = 0;
  check_property(
      "together and one by one",
      [&] {
        const Scenario scenario = scenario_of_single_puts();
        const auto plan = make_plan(scenario);
        Simulation together(plan);
        Simulation one_by_one(plan);
        DigestObserver takes_no_runs;
        PictureCollector pictures;
        PictureCollector same_pictures;
        RunCounter runs;
        together.watch(pictures);
        together.watch(runs);
        one_by_one.watch(takes_no_runs);
        one_by_one.watch(same_pictures);
        for (int cut = 0; cut < 3; ++cut) {
          const Instant at = Instant{0} + milliseconds(*rc::gen::inRange(0, 10'000));
          if (at < together.world().now) continue;
          together.run_until(at);
          one_by_one.run_until(at);
          check_equal(together.world(), one_by_one.world(), scenario);
          RC_ASSERT(together.history() == one_by_one.history());
        }
        together.run();
        while (one_by_one.step()) {
        }
        check_equal(together.world(), one_by_one.world(), scenario);
        RC_ASSERT(together.world().steps == one_by_one.world().steps);
        RC_ASSERT(together.history() == one_by_one.history());
        RC_ASSERT(together.trace_digest() == takes_no_runs.digest.hex());
        RC_ASSERT(points_of(together, pictures) == points_of(one_by_one, same_pictures));
        joined += runs.joined;
      },
      10);
  CHECK(joined > 1'000);
}

TEST_CASE("a copied world goes on as its original does") {
  check_property("fork anywhere", [] {
    const Scenario scenario = drawn_scenario(true);
    Run original(make_plan(scenario));
    const int fork_after = *rc::gen::inRange(0, 300);
    for (int i = 0; i < fork_after && original.step(); ++i) {
    }
    const World before = original.world;
    Run copy(original);
    check_equal(copy.world, original.world, scenario);
    while (original.step()) {
    }
    check_equal(before, copy.world, scenario);  // the original's steps did not reach the copy
    while (copy.step()) {
    }
    check_equal(copy.world, original.world, scenario);
    RC_ASSERT(copy.observer.digest.hex() == original.observer.digest.hex());
  });
}

namespace {

// Thousands of records, so that whole chunks of the logs can be forgotten.
Scenario long_scenario() {
  Scenario scenario = drawn_scenario(true);
  for (ProducerEntry& producer : scenario.producers) {
    if (!producer.settings.load) continue;
    producer.settings.load->rate[0].events_millionths = 4'000'000'000;
    producer.settings.load->records = 20'000;
    producer.settings.load->size_bytes = 100;
    producer.settings.load->batch = 100;
  }
  for (MappingEntry& mapping : scenario.mappings) mapping.settings.batch_size *= 100;
  // A copy in S3 needs the whole log, so make_plan would keep it.
  for (DestinationEntry& entry : scenario.destinations) entry.type = DestinationType::sqs;
  return scenario;
}

}  // namespace

TEST_CASE("what is forgotten changes neither the digest, the trace nor a sum") {
  check_property(
      "keep_log on and off",
      [] {
        const Scenario scenario = long_scenario();
        const auto keeps = make_plan(scenario);
        auto forgets = std::make_shared<Plan>(*keeps);
        forgets->keep_log = false;
        Simulation one(keeps);
        Simulation two(forgets);
        std::ostringstream trace_of_one;
        std::ostringstream trace_of_two;
        TraceWriter writes_one(trace_of_one);
        TraceWriter writes_two(trace_of_two);
        one.watch(writes_one);
        two.watch(writes_two);
        one.run();
        two.run();
        RC_ASSERT(trace_of_one.str() == trace_of_two.str());
        RC_ASSERT(one.trace_digest() == two.trace_digest());
        const Result a = build_result(one, {});
        const Result b = build_result(two, {});
        RC_ASSERT(a.stored == b.stored);
        for (std::size_t m = 0; m < a.consumers.size(); ++m) {
          RC_ASSERT(a.consumers[m].fates == b.consumers[m].fates);
          RC_ASSERT(a.consumers[m].effects == b.consumers[m].effects);
          RC_ASSERT(a.consumers[m].duplicates_by_cause == b.consumers[m].duplicates_by_cause);
          RC_ASSERT(a.consumers[m].lost_by_cause == b.consumers[m].lost_by_cause);
          RC_ASSERT(a.consumers[m].max_iterator_age == b.consumers[m].max_iterator_age);
        }
      },
      20);
}
