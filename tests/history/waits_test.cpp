#include "sim/history/waits.hpp"

#include "sim/base/format.hpp"
#include "sim/history/life_collector.hpp"
#include "sim/run/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/drawn_scenario.hpp"
#include "tests/support/obstacles.hpp"
#include "tests/support/rapidcheck.hpp"
#include "tests/support/small_world.hpp"

namespace trimhorizon::testing {
namespace {

std::string wait_name(WaitFor wait) {
  constexpr const char* names[] = {
      "nothing",  "ahead",  "too large", "slot",    "throttle", "disabled", "creation", "start",
      "failover", "window", "walk",      "parents", "child",    "refused",  "blocked",  "empty"};
  return names[static_cast<std::size_t>(wait)];
}

// "from 0s 1.8s: ahead r0 error x4", "from 10s 20s: disabled since 1s": a wait in a few words.
std::string wait_text(const LifeEntry& entry) {
  std::string text = "from " + duration_text(entry.at - Instant{0}) + " " +
                     duration_text(entry.waited) + ": " + wait_name(entry.wait);
  if (!entry.behind.empty()) text += " " + entry.behind;
  if (entry.end != CallOutcome::running) text += " " + std::string(name(entry.end));
  if (entry.outage) text += " outage";
  if (entry.repeats > 0) text += " x" + std::to_string(entry.repeats);
  if (entry.in_all) text += " in all";
  if (entry.since != entry.at) text += " since " + duration_text(entry.since - Instant{0});
  CHECK(entry.ended >= entry.at + entry.waited);
  return text;
}

using Waits = std::vector<std::string>;

// What the record waited for in the mapping, in order.
Waits waits_of(const Scenario& scenario, const std::string& id, std::size_t mapping = 0) {
  Simulation simulation(make_plan(scenario, {{}, true}));
  LifeCollector collector(simulation.plan(), simulation.plan().record_named(id).value());
  simulation.watch(collector);
  simulation.run();
  const std::optional<RecordLife> life =
      collector.life(simulation.history(), simulation.world(), simulation.ended());
  REQUIRE(life.has_value());
  Waits waits;
  for (const LifeEntry& entry : life->mappings.at(mapping).entries) {
    if (entry.kind == LifeKind::waited) waits.push_back(wait_text(entry));
  }
  return waits;
}
Waits waits_of(const SmallWorld& world, const std::string& id) {
  return waits_of(world.scenario(), id);
}

// r0, r1, … at 0s, one in a batch.
SmallWorld one_by_one(int records) {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}";
  for (int i = 1; i < records; ++i) world.producer += ", {}";
  world.producer += "]}]\n";
  world.mapping = "BatchSize: 1\n";
  return world;
}

const std::string exact_waits = "assumptions: {throttle_backoff: {jitter: none}}\n";

}  // namespace

TEST_CASE("a record waits behind one that fails, with its tries") {
  // Attempts at r0 begin at 0, 0.3, 0.8 and 1.7s; the last ends at 1.8s.
  SmallWorld world = one_by_one(2);
  world.function = "fail: [{records: [r0]}]\n";
  world.mapping += "MaximumRetryAttempts: 3\n";
  CHECK(waits_of(world, "r1") == Waits{"from 0s 1.8s: ahead r0 error x4"});
  CHECK(waits_of(world, "r0").empty());
  // In one batch with it a record is handed over at once.
  world.mapping = "BatchSize: 2\nMaximumRetryAttempts: 3\n";
  CHECK(waits_of(world, "r1").empty());
}

TEST_CASE("a record that comes later counts the tries from then on, and knows since when") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 500ms, record: {}}]\n";
  world.function = "fail: [{records: [r0]}]\n";
  world.mapping = "BatchSize: 1\nMaximumRetryAttempts: 3\n";
  // The attempts at 0 and 0.3s were before it came.
  CHECK(waits_of(world, "r1") == Waits{"from 0.5s 1.3s: ahead r0 error x2 since 0s"});
}

TEST_CASE("a batch fails by timeout or crash, or in an outage") {
  SmallWorld world = one_by_one(2);
  world.mapping += "MaximumRetryAttempts: 1\n";
  world.function = "fail: [{attempts: [1, 2], as: timeout}]\n";
  CHECK(waits_of(world, "r1") == Waits{"from 0s 6.2s: ahead timeout x2"});
  world.function = "duration: 1s\nfail: [{records: [r0], as: crash}]\n";
  CHECK(waits_of(world, "r1") == Waits{"from 0s 2.2s: ahead r0 crash x2"});
  world.function = "duration: 1s\n";
  world.rest = "timeline:\n  - {at: 0s, for: 2s, outage: {function: billing}}\n";
  CHECK(waits_of(world, "r1") == Waits{"from 0s 2.2s: ahead error outage x2"});
  // The last attempt succeeds; how it failed before is what is told.
  world.mapping = "BatchSize: 1\n";
  world.rest = "timeline:\n  - {at: 0s, for: 10s, outage: {function: billing}}\n";
  // 0-1, 1.2-2.2, 2.6-3.6, 4.4-5.4, 7-8, 11.2-12.2s
  CHECK(waits_of(world, "r1") == Waits{"from 0s 12.2s: ahead error outage x6"});
}

TEST_CASE("batches that succeed one after the other are one wait") {
  SmallWorld world = one_by_one(4);
  world.function = "duration: 1s\n";
  CHECK(waits_of(world, "r3") == Waits{"from 0s 3s: ahead success x3"});
  CHECK(waits_of(world, "r1") == Waits{"from 0s 1s: ahead success x1"});
  world.function = "duration: 900ms\n";
  CHECK(waits_of(world, "r1").empty());  // less than a second is not worth a word
}

TEST_CASE("batches that succeed and one that fails are two waits") {
  SmallWorld world = one_by_one(4);
  world.function = "duration: 1s\nfail: [{records: [r2]}]\n";
  world.mapping += "MaximumRetryAttempts: 1\n";
  // r0 and r1 until 2s, r2 from 2 to 3 and from 3.2 to 4.2s.
  CHECK(waits_of(world, "r3") ==
        Waits{"from 0s 2s: ahead success x2", "from 2s 2.2s: ahead r2 error x2"});
  world.function = "duration: 1s\nfail: [{records: [r0]}]\n";
  CHECK(waits_of(world, "r3") ==
        Waits{"from 0s 2.2s: ahead r0 error x2", "from 2.2s 2s: ahead success x2"});
}

TEST_CASE("a record that comes during the first call that fails waits from then on") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}, {}]}, {at: 2500ms, record: {}}]\n";
  world.function = "duration: 1s\nfail: [{records: [r2]}]\n";
  world.mapping = "BatchSize: 1\nMaximumRetryAttempts: 1\n";
  // r0 and r1 until 2s; r2 from 2 to 3 and from 3.2 to 4.2s. Only the second try began meanwhile.
  CHECK(waits_of(world, "r3") == Waits{"from 2.5s 1.7s: ahead r2 error x1 since 2s"});
}

TEST_CASE("a record that comes to an idle shard waits for no batch") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 5s, records: [{}, {}]}]\n";
  world.function = "duration: 600ms\n";
  world.mapping = "BatchSize: 1\n";
  // r0 is done at 0.6s. The shard is read at 5.6s; r2 is next at 6.2s, behind 0.6s of work.
  CHECK(waits_of(world, "r1").empty());
  CHECK(waits_of(world, "r2").empty());
}

TEST_CASE("a split puts the second half behind the first") {
  SmallWorld world = one_by_one(4);
  world.function = "duration: 1s\nfail: [{records: [r0]}]\n";
  world.mapping = "BatchSize: 4\nMaximumRetryAttempts: 1\nBisectBatchOnFunctionError: true\n";
  // [0-3] fails at 1s, [0-1] at 2s, [0] from 2 to 3 and 3.2 to 4.2s, then [1], then [2-3] at 5.2s.
  CHECK(waits_of(world, "r0").empty());
  CHECK(waits_of(world, "r1") == Waits{"from 2s 2.2s: ahead r0 error x2 since 0s"});
  CHECK(waits_of(world, "r3") ==
        Waits{"from 1s 3.2s: ahead r0 error x3 since 0s", "from 4.2s 1s: ahead success x1"});
}

TEST_CASE("the sound half of a split does not count as a try of the bad record") {
  SmallWorld world = one_by_one(2);
  world.function = "duration: 1s\nfail: [{records: [r1]}]\n";
  world.mapping = "BatchSize: 2\nMaximumRetryAttempts: 0\nBisectBatchOnFunctionError: true\n";
  // [0-1] fails at 1s, [0] is done at 2s: r1 waits for r0, not for itself.
  CHECK(waits_of(world, "r1") == Waits{"from 1s 1s: ahead success x1"});
}

TEST_CASE("a batch that ran when the record came is one of those ahead of it") {
  SmallWorld world = one_by_one(3);
  world.producer = "put: [{at: 0s, records: [{}, {}, {}]}, {at: 500ms, record: {}}]\n";
  world.function = "duration: 1s\n";
  CHECK(waits_of(world, "r3") == Waits{"from 0.5s 2.5s: ahead success x3 since 0s"});
}

TEST_CASE("a record waits behind a throttled batch, and then behind its work") {
  SmallWorld world = one_by_one(2);
  world.function = "duration: 2s\n";
  world.rest = exact_waits + "timeline:\n  - {at: 0s, for: 2s, throttle: {function: billing}}\n";
  // Refused at 0, 0.5 and 1.5s, called at 3.5s.
  CHECK(waits_of(world, "r1") ==
        Waits{"from 0s 3.5s: throttle x3", "from 3.5s 2s: ahead success x1"});
  CHECK(waits_of(world, "r0").empty());  // its own refusals are entries of their own
}

TEST_CASE("a record waits for a slot while another shard has it [LAM-CON-13]") {
  SmallWorld world;
  world.stream = "ShardCount: 2\n";
  world.producer =
      "put: [{at: 0s, record: {key: k0}}, {at: 10ms, records: [{key: k1}, {key: k1}]}]\n";
  world.function = "ReservedConcurrentExecutions: 1\nduration: 10s\n";
  world.mapping = "BatchSize: 1\n";
  world.rest = exact_waits;
  Scenario scenario = world.scenario();
  scenario.functions[0].settings.timeout_s = 60;
  // The shard of r1 and r2 is read at 1s, its rhythm. It is refused at 1, 1.5, 2.5, 4.5 and 8.5s.
  // At 10s it gets the slot.
  CHECK(waits_of(scenario, "r1").empty());
  CHECK(waits_of(scenario, "r2") == Waits{"from 1s 9s: slot x5", "from 10s 10s: ahead success x1"});
}

TEST_CASE("a record waits for a mapping that is disabled, also one that was so at first") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 10s, record: {}}]\n";
  world.rest =
      "timeline:\n"
      "  - {at: 1s, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n"
      "  - {at: 30s, UpdateEventSourceMapping: {name: billing-orders, Enabled: true}}\n";
  CHECK(waits_of(world, "r1") == Waits{"from 10s 20s: disabled since 1s"});
  world.mapping = "update_delay: 5s\n";
  CHECK(waits_of(world, "r1") == Waits{"from 10s 20s: disabled since 1s", "from 30s 5s: start"});
  world.mapping = "Enabled: false\n";
  CHECK(waits_of(world, "r0") == Waits{"from 0s 30s: disabled"});
}

TEST_CASE("a mapping that is disabled while it works keeps its records waiting afterwards") {
  SmallWorld world = one_by_one(1);
  world.producer = "put: [{at: 0s, record: {}}, {at: 1500ms, record: {}}]\n";
  world.function = "duration: 2s\n";
  world.rest =
      "assumptions: {in_flight_at_disable: checkpointed}\n"
      "timeline:\n"
      "  - {at: 1s, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n"
      "  - {at: 12s, crash_poller: {mapping: billing-orders, shard: shardId-000000000000}}\n"
      "  - {at: 30s, UpdateEventSourceMapping: {name: billing-orders, Enabled: true}}\n";
  CHECK(waits_of(world, "r1") == Waits{"from 2s 28s: disabled"});
}

TEST_CASE("a record that was handed over before the mapping was disabled waits again") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}]\n";
  world.function = "fail: [{records: [r0], until: 20s}]\n";
  world.rest =
      "timeline:\n"
      "  - {at: 1s, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n"
      "  - {at: 30s, UpdateEventSourceMapping: {name: billing-orders, Enabled: true}}\n";
  CHECK(waits_of(world, "r0") == Waits{"from 1s 29s: disabled"});
}

TEST_CASE("a mapping that polls on for disable_delay is no reason to wait [ESM-CHK-05]") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 10s, record: {}}, {at: 40s, record: {}}]\n";
  world.mapping = "disable_delay: 30s\n";
  world.rest =
      "timeline:\n"
      "  - {at: 5s, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n"
      "  - {at: 60s, UpdateEventSourceMapping: {name: billing-orders, Enabled: true}}\n";
  CHECK(waits_of(world, "r1").empty());
  CHECK(waits_of(world, "r2") == Waits{"from 40s 20s: disabled since 35s"});
}

TEST_CASE("a record waits in the batching window [ESM-POL-04]") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 7s, record: {}}]\n";
  world.mapping = "MaximumBatchingWindowInSeconds: 5\n";
  // The first window begins at 0s, the second with the end of the invocation at 5.1s. The shard is
  // read once a second from then on, so r1 is seen at 7.1s.
  CHECK(waits_of(world, "r0") == Waits{"from 0s 5s: window"});
  CHECK(waits_of(world, "r1") == Waits{"from 7.1s 3s: window"});
}

TEST_CASE("a record waits for the creation of its mapping, and until polling starts") {
  SmallWorld world;
  world.producer = "put: [{at: 10s, record: {}}]\n";
  world.mapping = "create_delay: 1m\n";
  CHECK(waits_of(world, "r0") == Waits{"from 10s 50s: start since 0s"});
  world.mapping = "created: 1m\n";
  CHECK(waits_of(world, "r0") == Waits{"from 10s 50s: creation"});
  world.mapping = "created: 1m\ncreate_delay: 2m\n";
  CHECK(waits_of(world, "r0") == Waits{"from 10s 50s: creation", "from 60s 120s: start"});
}

TEST_CASE("a record before the starting position waited for nothing") {
  SmallWorld world;
  world.producer = "put: [{at: 10s, record: {}}]\n";
  world.mapping = "created: 1m\n";
  Scenario scenario = world.scenario();
  scenario.mappings[0].settings.starting_position = StartingPosition::latest;
  CHECK(waits_of(scenario, "r0").empty());
}

TEST_CASE("a record waits until another poller takes over [ESM-POL-17]") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 5s, record: {}}]\n";
  world.function = "duration: 2s\n";
  world.rest =
      "assumptions: {poller_failover: 30s}\n"
      "timeline:\n  - {at: 1s, crash_poller: "
      "{mapping: billing-orders, shard: shardId-000000000000}}\n";
  CHECK(waits_of(world, "r0") == Waits{"from 1s 30s: failover"});
  CHECK(waits_of(world, "r1") == Waits{"from 5s 26s: failover since 1s"});
}

TEST_CASE("a record waits behind one that fits into no event [ESM-POL-07]") {
  SmallWorld world;
  world.stream = "ShardCount: 1\nMaxRecordSizeInKiB: 10240\n";
  world.producer = "put: [{at: 0s, records: [{size: 5MiB}, {}]}]\n";
  world.mapping = "MaximumRetryAttempts: 3\n";
  // Attempts at 0, 0.2, 0.6 and 1.4s take no time.
  CHECK(waits_of(world, "r1") == Waits{"from 0s 1.4s: too large r0 x4"});
  world.rest = "assumptions: {oversized_record: block}\nduration: 25h\n";
  CHECK(waits_of(world, "r0") == Waits{"from 0s 86400.000001s: blocked"});
  CHECK(waits_of(world, "r1") == Waits{"from 0s 86400.000001s: blocked r0"});
}

TEST_CASE("a record waits while reads from a trimmed number are empty [KDS-ITR-08]") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 25h, record: {}}]\n";
  world.rest = "assumptions: {trimmed_position: walk_from_horizon}\nduration: 30h\n";
  // The last read was a day ago, so the iterator has expired, and r0 is gone.
  world.rest +=
      "timeline:\n"
      "  - {at: 1h, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n"
      "  - {at: 26h, UpdateEventSourceMapping: {name: billing-orders, Enabled: true}}\n";
  CHECK(waits_of(world, "r1") ==
        Waits{"from 90000s 3600s: disabled since 3600s", "from 93600s 900s: walk"});
}

TEST_CASE("a record waits until a read gives what is there [KDS-ITR-10]") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}]\n";
  world.stream += "empty_read_probability: 100%\n";
  world.rest = "duration: 10s\n";
  CHECK(waits_of(world, "r0") == Waits{"from 0s 10s: empty"});
}

TEST_CASE("a record that is still there at the end has waited until then") {
  SmallWorld world = one_by_one(2);
  world.function = "fail: [{records: [r0]}]\n";
  world.rest = "duration: 1h\n";
  // 200 ms doubling to 15 s, each after 0.1s of work: 0, .3, .8, 1.7, 3.4, 6.7, 13.2, 26.1, then
  // every 15.1s: 3573.9 / 15.1 = 236.68, so 8 + 236 attempts.
  CHECK(waits_of(world, "r1") == Waits{"from 0s 3600s: ahead r0 error x244"});
}

TEST_CASE("of many waits those for the same reason are added up, and said to be sums") {
  SmallWorld world = one_by_one(2);
  world.function = "duration: 1s\nfail: [{records: [r0], attempts: [1, 2, 3, 4, 5, 6]}]\n";
  world.rest = "timeline:\n";
  // Throttled after many attempts: 2 kinds of waits, several times each. Seven attempts of 1s, and
  // 0.2, 0.4, 0.8, 1.6, 3.2 and 6.4s between them, make 19.6s.
  world.rest += "  - {at: 1s, for: 1500ms, throttle: {function: billing}}\n";
  world.rest += "  - {at: 4s, for: 1500ms, throttle: {function: billing}}\n";
  world.rest += "  - {at: 8s, for: 1500ms, throttle: {function: billing}}\n";
  world.rest += "  - {at: 14s, for: 1500ms, throttle: {function: billing}}\n";
  world.rest += "  - {at: 18s, for: 5s, throttle: {function: billing}}\n";
  world.rest += "  - {at: 30s, for: 5s, throttle: {function: billing}}\n";
  world.rest += exact_waits;
  CHECK(waits_of(world, "r1") ==
        Waits{"from 0s 19.6s: ahead r0 error x7 in all", "from 1.2s 4.5s: throttle x6 in all"});
}

TEST_CASE("batches that fail one after the other are counted") {
  SmallWorld world = one_by_one(4);
  world.mapping += "MaximumRetryAttempts: 1\n";
  world.rest = "timeline:\n  - {at: 0s, for: 1h, outage: {function: billing}}\n";
  Simulation simulation(make_plan(world.scenario(), {{}, true}));
  LifeCollector collector(simulation.plan(), simulation.plan().record_named("r3").value());
  simulation.watch(collector);
  simulation.run();
  const auto life = collector.life(simulation.history(), simulation.world(), simulation.ended());
  REQUIRE(life.has_value());
  std::vector<LifeEntry> waits;
  for (const LifeEntry& entry : life->mappings[0].entries) {
    if (entry.kind == LifeKind::waited) waits.push_back(entry);
  }
  // r0, r1 and r2, two calls each.
  REQUIRE(waits.size() == 1);
  CHECK(waits[0].outage);
  CHECK(waits[0].batches == 3);
  CHECK(waits[0].repeats == 6);
}

TEST_CASE("each mapping has its own waits") {
  Scenario scenario = one_by_one(2).scenario();
  scenario.functions.push_back({"audit", {}});
  scenario.functions[1].settings.duration.batch = seconds(2);
  scenario.mappings.push_back(scenario.mappings[0]);
  scenario.mappings[1].name = "audit-orders";
  scenario.mappings[1].function = {1};
  CHECK(waits_of(scenario, "r1", 0).empty());
  CHECK(waits_of(scenario, "r1", 1) == Waits{"from 0s 2s: ahead success x1"});
}

namespace {

// The reasons for a wait in the words of `Obstacles`; those of a batch ahead are one.
std::string reason_of(const LifeEntry& entry) {
  switch (entry.wait) {
    case WaitFor::slot: return "for a free slot of the function";
    case WaitFor::throttle: return "because the function is throttled";
    case WaitFor::disabled: return "because the mapping is disabled";
    case WaitFor::creation: return "because the mapping does not exist yet";
    case WaitFor::start: return "until polling starts";
    case WaitFor::failover: return "until another poller takes over";
    case WaitFor::window: return "in the batching window";
    case WaitFor::walk: return "because reads from a trimmed number come back empty";
    case WaitFor::parents: return "until the parents of its shard are read to their end";
    case WaitFor::child: return "because a new shard is not read the moment its parents are done";
    case WaitFor::refused: return "because AWS refuses reads of its shard";
    case WaitFor::blocked: return "because a record that fits into no event blocks the shard";
    default: return "ahead";
  }
}

// The same with "ahead" for every batch ahead.
Obstacles::Ways without_names(const Obstacles::Ways& ways) {
  Obstacles::Ways plain;
  for (const auto& [reason, way] : ways) {
    const bool ahead = reason == "ahead of it" || reason.starts_with("behind ");
    Obstacles::Way& sum = plain[ahead ? "ahead" : reason];
    sum.lasted = sum.lasted + way.lasted;
    sum.longest = std::max(sum.longest, way.longest);
  }
  return plain;
}

// Where the entries of a life before its first delivery differ from what the events say; empty
// where they agree.
std::string differences(const std::vector<LifeEntry>& entries, const Obstacles::Ways& ways,
                        Instant turn) {
  std::map<std::string, Duration> told;
  for (const LifeEntry& entry : entries) {
    if (entry.kind != LifeKind::waited || entry.at >= turn) continue;
    Duration& sum = told[reason_of(entry)];
    sum = sum + entry.waited;
  }
  std::string text;
  for (const auto& [reason, waited] : told) {
    const auto way = ways.find(reason);
    const Duration lasted = way != ways.end() ? way->second.lasted : Duration{0};
    if (waited > lasted) {
      text += "told " + duration_text(waited) + " " + reason + ", it was " + duration_text(lasted) +
              "\n";
    }
  }
  for (const auto& [reason, way] : ways) {
    if (reason == "its own" || reason == "nothing" || way.longest < seconds(1)) continue;
    if (told[reason] < way.longest) {
      text += "not told: " + duration_text(way.longest) + " " + reason + "\n";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("in drawn scenarios the waits of a record are those that the events show") {
  check_property(
      "waits of drawn scenarios",
      [] {
        const Scenario scenario = drawn_scenario(true);
        Simulation simulation(make_plan(scenario, {{}, true}));
        const ProducerPlan& producer = simulation.plan().producers[0];
        if (producer.records.size() == 0) return;
        const auto number = *rc::gen::inRange<std::uint64_t>(0, producer.records.size());
        LifeCollector collector(simulation.plan(), RecordId::of({0}, number));
        Obstacles obstacles;
        simulation.watch(collector);
        simulation.watch(obstacles);
        simulation.run();
        const World& world = simulation.world();
        const auto life = collector.life(simulation.history(), world, simulation.ended());
        if (!life || life->copies.size() != 1) return;
        for (std::uint32_t r = 0; r < world.readers.size(); ++r) {
          const RecordLog& log = world.shard(world.readers[r].shard).log;
          const std::vector<Instant> turns = obstacles.turns({r}, world);
          for (Position p = log.first(); p < log.end(); ++p) {
            if (log.record(p) != RecordId::of({0}, number)) continue;
            const std::string& name = world.plan->name(world.readers[r].consumer);
            const auto mapping =
                std::find_if(life->mappings.begin(), life->mappings.end(),
                             [&](const LifeInMapping& each) { return each.mapping == name; });
            RC_ASSERT(mapping != life->mappings.end());
            const bool unread = mapping->fates == std::vector<Fate>{Fate::unread};
            if (unread) continue;  // nobody waits for it
            const std::string text = differences(
                mapping->entries, without_names(obstacles.ways({r}, p, turns[p], world)), turns[p]);
            if (!text.empty()) RC_FAIL(text + life->id + " in " + name + described(scenario));
          }
        }
      },
      4);
}

}  // namespace trimhorizon::testing
