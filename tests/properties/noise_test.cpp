// What is drawn depends on the seed, on who draws, on what for and on a count of its own. So what a
// mapping does in a run is the same whatever else is in the scenario and whoever watches.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/base/format.hpp"
#include "sim/history/picture_collector.hpp"
#include "sim/history/row_collector.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/drawn_scenario.hpp"
#include "tests/support/rapidcheck.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// The invocations and throttled attempts of these mappings, a line each.
class Attempts : public Observer {
 public:
  explicit Attempts(std::size_t mappings, std::size_t before = 0)
      : lines(mappings), before_(before) {}

  void on(const Happened& event, const World& world) override {
    if (const auto* call = std::get_if<Delivered>(&event.what)) {
      add("invoked", event.at, world.reader(call->reader), call->batch);
    } else if (const auto* refused = std::get_if<Throttled>(&event.what)) {
      add("throttled", event.at, world.reader(refused->reader), refused->batch);
    }
  }

  void add(const char* what, Instant at, const Reader& reader, const Batch& batch) {
    if (reader.consumer.value < before_) return;
    const std::size_t mapping = reader.consumer.value - before_;
    if (mapping >= lines.size()) return;
    lines[mapping] += fmt::format("{} shard {} {} [{}, {})\n", duration_text(at - Instant{0}),
                                  batch.shard.value, what, batch.span.first, batch.span.end);
  }

  std::vector<std::string> lines;  // by mapping

 private:
  std::size_t before_;  // so many mappings come first and are not looked at
};

// Everything that can be drawn is drawn.
Scenario noisy_scenario() {
  Scenario s = drawn_scenario();
  // All mappings share the reads of a shard, so others would be noticed (KDS-LIM-04).
  for (StreamEntry& stream : s.streams) stream.settings.limits = false;
  for (FunctionEntry& function : s.functions) {
    function.settings.duration.lognormal = Lognormal{milliseconds(300), 700'000};
    FailRule now_and_then;
    now_and_then.probability = Probability{200'000'000};
    now_and_then.after = FailAfter::some;
    function.settings.fail.push_back(now_and_then);
  }
  s.assumptions.retry_backoff.jitter = Backoff::Jitter::full;
  s.assumptions.throttle_backoff.jitter = Backoff::Jitter::full;
  return s;
}

// What nobody above has to do with: an entry of `fail` about a record that does not exist, a
// destination without messages, an outage of a function that another mapping calls, that mapping
// on every stream.
void add_others(Scenario& s) {
  for (FunctionEntry& function : s.functions) {
    FailRule about_nobody;
    about_nobody.records = {"nobody"};
    about_nobody.probability = Probability{500'000'000};
    function.settings.fail.insert(function.settings.fail.begin(), about_nobody);
  }
  const std::size_t streams = s.streams.size();
  s.destinations.push_back({"unused", DestinationType::sqs});
  s.functions.push_back({"another", s.functions.front().settings});
  const FunctionId another{static_cast<std::uint32_t>(s.functions.size() - 1)};
  for (std::uint32_t i = 0; i < streams; ++i) {
    s.mappings.push_back({fmt::format("another-{}", i), {i}, another, {}, {}});
  }
  for (int i = 0; i < 3; ++i) {
    TimelineAction action;
    action.at = Instant{0} + milliseconds(250 * i);
    action.lasts = milliseconds(1);
    action.kind = i == 0 ? ActionKind::outage : ActionKind::fail_destination;
    action.function = another;
    action.destination = {static_cast<std::uint32_t>(s.destinations.size() - 1)};
    s.timeline.push_back(action);
  }
}

// A disabled mapping that is written before all others.
void add_one_before(Scenario& s) {
  s.functions.push_back({"unused", {}});
  MappingEntry unused{
      "a-before-all", {0}, {static_cast<std::uint32_t>(s.functions.size() - 1)}, {}, {}};
  unused.settings.enabled = false;
  s.mappings.insert(s.mappings.begin(), unused);
  for (TimelineAction& each : s.timeline) each.mapping.value += 1;
}

std::vector<std::string> attempts_of(const Scenario& scenario, std::size_t mappings, bool watched,
                                     std::size_t before = 0) {
  Attempts attempts(mappings, before);
  PictureCollector pictures;
  RowCollector rows;
  Simulation simulation(make_plan(scenario));
  if (watched) simulation.watch(pictures);
  if (watched) simulation.watch(rows);
  simulation.watch(attempts);
  simulation.run();
  return attempts.lines;
}

}  // namespace

TEST_CASE("noise does not move with what is watched or added") {
  check_property(
      "the same attempts",
      [] {
        const Scenario scenario = noisy_scenario();
        const std::size_t mappings = scenario.mappings.size();
        Scenario more = scenario;
        add_others(more);
        const std::vector<std::string> alone = attempts_of(scenario, mappings, false);
        if (attempts_of(scenario, mappings, true) != alone) {
          RC_FAIL("watching changes the run" + described(scenario));
        }
        if (attempts_of(more, mappings, false) != alone) {
          RC_FAIL("others change the run" + described(scenario));
        }
        Scenario later = scenario;
        add_one_before(later);
        if (attempts_of(later, mappings, false, 1) != alone) {
          RC_FAIL("a mapping that is written first changes the run" + described(scenario));
        }
      },
      4);
}

TEST_CASE("two mappings of one function do not fail alike by chance") {
  Story s;
  FailRule half;
  half.probability = Probability{500'000'000};
  s.records(400).batch(1).retries(0).fail(half).another_mapping("audit").batch(1).retries(0);
  s.same_function();
  const Told told = s.tell();
  int alike = 0;
  for (Position p = 0; p < 400; ++p) {
    const auto lost = [&](std::uint32_t m) {
      return told.simulation->history().ledger.find({m}, {0})->at(p).effects == 0;
    };
    alike += lost(0) == lost(1);
  }
  CHECK(alike > 140);
  CHECK(alike < 260);
}

TEST_CASE("a crash in one shard does not move the noise of another") {
  Story s;
  FailRule half;
  half.probability = Probability{500'000'000};
  s.shards(2).records(60).batch(1).retries(3).fail(half);
  const Told alone = s.tell();
  s.crash(2_s, 1);
  const Told crashed = s.tell();
  CHECK(alone.schedule(0, 0) == crashed.schedule(0, 0));
  CHECK(alone.schedule(0, 1) != crashed.schedule(0, 1));
}

TEST_CASE("an entry of `fail` draws alike whatever its conditions and whatever never holds") {
  const auto effects = [](const std::vector<FailRule>& fail) {
    Story s;
    s.records(200).batch(1).retries(0);
    for (const FailRule& each : fail) s.fail(each);
    const Told told = s.tell();
    std::string line;
    for (Position p = 0; p < 200; ++p) {
      const std::uint64_t n = told.simulation->history().ledger.find({0}, {0})->at(p).effects;
      line += n > 0 ? '.' : 'x';
    }
    return line;
  };
  FailRule half;
  half.probability = Probability{500'000'000};
  const std::string alone = effects({half});
  CHECK(std::count(alone.begin(), alone.end(), 'x') > 50);

  FailRule about_nobody = half, never = half, impossible = half, too_late = half;
  about_nobody.records = {"nobody"};
  never.until = Instant{0};
  impossible.probability = Probability{0};
  too_late.from = Instant{0} + hours(10'000);
  CHECK(effects({about_nobody, never, impossible, too_late, half}) == alone);

  // Until 50 records have come, both are the same run.
  FailRule early = half, late = half;
  early.until = Instant{0} + seconds(10);
  late.until = Instant{0} + seconds(11);
  const std::string a = effects({early}), b = effects({late});
  CHECK(a != b);
  const std::size_t same = std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin();
  CHECK(a.substr(same).find('x') == std::string::npos);

  FailRule some = half, swapped = half;
  some.records = {"r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"};
  swapped.records = {"r8", "r2", "r3", "r4", "r5", "r6", "r7", "r1"};
  CHECK(effects({some}) == effects({swapped}));
  CHECK(effects({half, half}) != alone);  // two entries do not draw alike
}
