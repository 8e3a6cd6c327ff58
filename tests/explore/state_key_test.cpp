// The key is enough: a world that was decoded from its key does what the original does, under the
// same answers, to the end. Scenarios are drawn with everything in them that is built.
#include "sim/explore/state_key.hpp"

#include <fmt/format.h>

#include "sim/faults/decisions.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/world/first_world.hpp"
#include "sim/world/step.hpp"
#include "tests/explore/drawn_reshards.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/drawn_scenario.hpp"
#include "tests/support/rapidcheck.hpp"

namespace trimhorizon::testing {
namespace {

SiteSet every_site() {
  SiteSet sites = all_sites();
  sites.add(Site::poller_crash_anywhere);
  sites.add(Site::iterator_expired);
  sites.add(Site::overlapping_pollers);
  sites.add(Site::put_throttled);
  sites.add(Site::read_throttled);
  sites.add(Site::reshard);
  return sites;
}

// Answers that depend on how many questions were asked since it was made, and on nothing else.
class SameAnswers : public Choices {
 public:
  SameAnswers(std::uint64_t seed, SiteSet open) : Choices(open.bits), seed_(seed) {}

 protected:
  std::uint32_t answer(const Question& question) override {
    const std::uint64_t bits = mix64(seed_ ^ mix64(asked()));
    if (bits % 5 != 0) return 0;
    return static_cast<std::uint32_t>(mix64(bits) % question.arity);
  }

 private:
  std::uint64_t seed_;
};

// A run in the making: a world, its monitor, and what was asked of it.
struct Run {
  Run(World first, const OutcomeMonitor& monitor_, std::uint64_t seed, SiteSet open)
      : world(std::move(first)), monitor(monitor_), source(seed, open), log(source) {}
  void step() {
    Outside outside{log, function, &monitor};
    trimhorizon::step(world, outside);
  }

  World world;
  OutcomeMonitor monitor;
  SameAnswers source;
  LoggingChoices log;
  ModelledFunction function;
};

// Ordinals count invocations and records of the run so far: history.
std::vector<AskedQuestion> without_ordinals(std::vector<AskedQuestion> log) {
  for (AskedQuestion& each : log) each.question.ordinal = 0;
  return log;
}

constexpr int steps_before_max = 400;
constexpr int steps_after_max = 150;

struct Compared {
  std::shared_ptr<const Plan> plan;
  RecordIndex index;
  KeyLayout layout;
  std::uint64_t seed;

  // Decodes this moment and lets both worlds go on; the first difference, or nothing.
  std::string difference(const World& world, OutcomeMonitor& monitor) const {
    Key key;
    StateCodec codec(layout);
    codec.encode(world, monitor, key);
    // Into a world that was used for something else.
    Run other(world, monitor, mix64(seed), every_site());
    for (int i = 0; i < 30 && !other.world.events.empty(); ++i) other.step();
    World decoded = other.world;
    OutcomeMonitor decoded_monitor = other.monitor;
    codec.decode(key, decoded, decoded_monitor);
    Key again;
    codec.encode(decoded, decoded_monitor, again);
    if (again != key) return "decoding and encoding does not give the same key";

    Run original(world, monitor, seed, every_site());
    Run copy(std::move(decoded), decoded_monitor, seed, every_site());
    for (int i = 0; i < steps_after_max && !original.world.events.empty(); ++i) {
      if (copy.world.events.empty()) return fmt::format("the copy ends after {} steps", i);
      original.step();
      copy.step();
      const auto wanted = without_ordinals(original.log.log());
      const auto got = without_ordinals(copy.log.log());
      if (wanted != got)
        return "after " + std::to_string(i) + " steps, " + first_difference(wanted, got);
      codec.encode(original.world, original.monitor, key);
      codec.encode(copy.world, copy.monitor, again);
      if (key != again) return fmt::format("another key after {} steps", i + 1);
    }
    return "";
  }
};

}  // namespace

namespace {

// Draws a run and a moment of it, and compares from there.
void compare_some_moment(const Scenario& scenario) {
  const std::uint64_t seed = *rc::gen::arbitrary<std::uint64_t>();
  PlanOptions options;
  options.exploring = true;
  options.open_sites = *rc::gen::arbitrary<bool>() ? every_site() : SiteSet{};
  auto plan = std::make_shared<Plan>(*make_plan(scenario, options));
  if (seed % 3 == 0) plan->natural_retention = true;
  const RecordIndex index(*plan);
  const Compared compared{plan, index, KeyLayout(*plan, every_site()), mix64(seed + 1)};
  OutcomeMonitor monitor(compared.index, static_cast<std::uint32_t>(plan->mappings.size()), true);
  Run run(first_world(plan), monitor, seed, every_site());
  const auto stop = static_cast<int>(mix64(seed) % steps_before_max);
  for (int i = 0; i < stop && !run.world.events.empty(); ++i) run.step();
  const std::string difference = compared.difference(run.world, run.monitor);
  if (!difference.empty()) RC_LOG() << described(scenario) << difference << "\n";
  RC_ASSERT(difference.empty());
}

}  // namespace

TEST_CASE("a world decoded from its key steps as the original does") {
  check_property(
      "decode(encode(w)) steps as w", [] { compare_some_moment(drawn_scenario()); }, 2);
}

TEST_CASE("so does one whose shards are cut, by the timeline and at any moment") {
  check_property(
      "decode(encode(w)) steps as w, with reshards",
      [] {
        Scenario scenario = drawn_scenario(true);
        add_reshards(scenario);
        compare_some_moment(scenario);
      },
      2);
}

}  // namespace trimhorizon::testing
