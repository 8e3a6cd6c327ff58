#include "sim/history/life_collector.hpp"

#include "sim/base/format.hpp"
#include "sim/lambda/destination.hpp"
#include "sim/run/simulation.hpp"
#include "sim/world/first_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/once_at.hpp"
#include "tests/support/small_world.hpp"

namespace trimhorizon::testing {
namespace {

std::optional<RecordLife> life_of(Simulation& simulation, const std::string& id) {
  const std::optional<RecordId> record = simulation.plan().record_named(id);
  if (!record) return std::nullopt;
  LifeCollector collector(simulation.plan(), *record);
  simulation.watch(collector);
  simulation.run();
  return collector.life(simulation.history(), simulation.world(), simulation.ended());
}

RecordLife life_of(const SmallWorld& world, const std::string& id) {
  Simulation simulation(world.plan());
  const std::optional<RecordLife> life = life_of(simulation, id);
  REQUIRE(life.has_value());
  return *life;
}

RecordLife life_with(const SmallWorld& world, Site site, const std::string& id) {
  OnceAt choices(site);
  ModelledFunction function;
  Simulation simulation(world.plan(), choices, function);
  const std::optional<RecordLife> life = life_of(simulation, id);
  REQUIRE(life.has_value());
  return *life;
}

std::string kind_name(LifeKind kind) {
  constexpr const char* names[] = {
      "attempt",  "throttled",      "too large",       "split",
      "progress", "checkpoint",     "checkpoint lost", "filtered",
      "unread",   "discarded",      "dropped",         "destination failed",
      "expired",  "poller crashed", "stale",           "disabled",
      "enabled",  "waited",         "timeline"};
  return names[static_cast<std::size_t>(kind)];
}

// "0s #1 1/3 attempt 1 error failed", "0.1s split 3->1": an entry in a few words.
std::string text_of(const LifeEntry& entry, bool several_copies) {
  std::string text = duration_text(entry.at - Instant{0}) + " ";
  if (several_copies) text += "copy " + std::to_string(entry.copy) + " ";
  if (entry.kind == LifeKind::attempt) {
    text += "#" + std::to_string(entry.invocation) + " " + std::to_string(entry.place) + "/" +
            std::to_string(entry.batch_size) + " attempt " + std::to_string(entry.attempt) + " " +
            std::string(name(entry.end));
    if (entry.reason != DeliveryReason::first) text += " " + std::string(name(entry.reason));
    if (entry.effect) text += " effect";
    if (entry.failed_here) text += " failed";
    return text;
  }
  text += kind_name(entry.kind);
  if (entry.kind == LifeKind::waited) return text + " " + duration_text(entry.waited);
  if (entry.kind == LifeKind::timeline) return text + " " + entry.target;
  if (entry.kind == LifeKind::split || entry.kind == LifeKind::progress) {
    text += " " + std::to_string(entry.batch_size) + "->" + std::to_string(entry.new_batch_size);
  }
  if (entry.repeats > 1) text += " x" + std::to_string(entry.repeats);
  if (entry.why != LossCause::none) {
    text += " " + std::string(condition_of(entry.why)) + " " +
            std::to_string(entry.approximate_invoke_count);
  }
  if (!entry.destination.empty()) text += " " + entry.destination;
  return text;
}

using Texts = std::vector<std::string>;

Texts told(const RecordLife& life) {
  Texts texts;
  for (const LifeEntry& entry : life.mappings.at(0).entries) {
    texts.push_back(text_of(entry, life.copies.size() > 1));
  }
  return texts;
}

SmallWorld three_records() {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}, {}]}]\n";
  return world;
}

// What made the mapping start again, so that it never read r0: "poller_crash 2s".
std::string position_lost(const std::string& rest, Duration create_delay = {}) {
  SmallWorld world;
  world.producer = "put: [{at: 1500ms, record: {}}, {at: 4s, record: {}}]\n";
  world.rest = rest;
  Scenario scenario = world.scenario();
  scenario.mappings[0].settings.starting_position = StartingPosition::latest;
  scenario.mappings[0].settings.create_delay = create_delay;
  Simulation simulation(make_plan(scenario, {{}, true}));
  const std::optional<RecordLife> life = life_of(simulation, "r0");
  for (const LifeEntry& each : life->mappings[0].entries) {
    if (each.kind != LifeKind::unread) continue;
    std::string text = each.resolved_again ? "" : "first";
    for (const Restart& restart : each.restarts) {
      text += (text.empty() ? "" : " ") + std::string(name(restart.why)) +
              (restart.updated ? " updated " : " ") + duration_text(restart.at - Instant{0});
    }
    return text;
  }
  return "read";
}

}  // namespace

TEST_CASE("a record that LATEST passed over says why LATEST was resolved again [ESM-CHK-07]") {
  const std::string off = "{at: 1200ms, UpdateEventSourceMapping: {name: billing-orders, Enabled: ";
  CHECK(position_lost("") == "read");
  CHECK(position_lost("timeline: [{at: 2s, crash_poller: {mapping: billing-orders, shard: "
                      "shardId-000000000000}}]\n") == "poller_crash 2s");
  CHECK(position_lost("timeline: [" + off +
                      "false}}, {at: 2s, UpdateEventSourceMapping: {name: "
                      "billing-orders, Enabled: true}}]\n") == "re_enabled 1.2s");
  // All that came before it was resolved again: the last crash alone decides, or both.
  CHECK(position_lost("assumptions: {poller_failover: 1s}\ntimeline: [{at: 300ms, crash_poller: "
                      "{mapping: billing-orders, shard: shardId-000000000000}}, {at: 600ms, "
                      "crash_poller: {mapping: billing-orders, shard: shardId-000000000000}}]\n") ==
        "poller_crash 0.3s poller_crash 0.6s");
  // An update of the enabled mapping.
  CHECK(position_lost("timeline: [{at: 1600ms, UpdateEventSourceMapping: {name: billing-orders, "
                      "Enabled: true}}]\n") == "re_enabled updated 1.6s");
}

TEST_CASE("what moved no start is no reason that LATEST began so late") {
  const std::string crash =
      "{at: 1s, crash_poller: {mapping: billing-orders, shard: shardId-000000000000}}";
  const auto enabled = [](const std::string& at, const std::string& value) {
    return "{at: " + at + ", UpdateEventSourceMapping: {name: billing-orders, Enabled: " + value +
           "}}";
  };
  // It begins at 2s, as planned.
  CHECK(position_lost("timeline: [" + crash + "]\n", seconds(2)) == "first");
  CHECK(position_lost("timeline: [" + enabled("1s", "true") + "]\n", seconds(2)) == "first");
  CHECK(position_lost(
            "timeline: [" + enabled("500ms", "false") + ", " + enabled("1s", "true") + "]\n",
            seconds(2)) == "first");
  // Only the disable matters: it begins at 3s.
  CHECK(position_lost("timeline: [" + crash + ", " + enabled("1200ms", "false") + ", " +
                          enabled("3s", "true") + "]\n",
                      seconds(2)) == "first re_enabled 1.2s");
  CHECK(position_lost("assumptions: {poller_failover: 3s}\ntimeline: [" + crash + "]\n",
                      seconds(2)) == "first poller_crash 1s");
}

TEST_CASE("a mapping that polls on for disable_delay is disabled once, and then polls no more") {
  SmallWorld world;
  world.producer = "put: [{at: 1s, record: {}}]\n";
  world.mapping = "disable_delay: 2s\ncreate_delay: 10s\n";
  world.rest =
      "duration: 1m\ntimeline: [{at: 2s, UpdateEventSourceMapping: {name: billing-orders, Enabled: "
      "false}}]\n";
  const RecordLife life = life_of(world, "r0");
  std::string told_offs;
  for (const LifeEntry& each : life.mappings[0].entries) {
    if (each.kind != LifeKind::disabled) continue;
    told_offs += duration_text(each.at - Instant{0}) + (each.polls_on ? " polls on, " : " off, ");
  }
  CHECK(told_offs == "2s polls on, 4s off, ");
}

TEST_CASE("the life of an ordinary record") {
  const RecordLife life = life_of(three_records(), "r1");
  CHECK(life.id == "r1");
  CHECK(life.producer == "shop");
  CHECK(life.key == "k1");
  CHECK(life.stream == "orders");
  CHECK(life.put_tries == 1);
  CHECK(life.run_ended == "drained");
  CHECK(life.ended == Instant{100'000});
  REQUIRE(life.copies.size() == 1);
  CHECK(life.copies[0].shard == "shardId-000000000000");
  CHECK(life.copies[0].sequence_number ==
        "49670424472731169861061894383152556831822157757798154242");
  CHECK(life.copies[0].acknowledged);
  CHECK(told(life) == Texts{"0s #1 1/3 attempt 1 success effect", "0.1s checkpoint"});
  const LifeInMapping& mapping = life.mappings[0];
  CHECK(mapping.mapping == "billing-orders");
  CHECK(mapping.function == "billing");
  CHECK(mapping.fates == std::vector<Fate>{Fate::processed});
  CHECK(mapping.deliveries == 1);
  CHECK(mapping.effects == 1);
  CHECK(mapping.retention == hours(24));
}

TEST_CASE("the life of a poison record, and of its neighbours") {
  SmallWorld world = three_records();
  world.function = "fail: [{records: [r1]}]\n";
  world.mapping = "MaximumRetryAttempts: 1\nDestinationConfig: {OnFailure: {Destination: dlq}}\n";
  world.rest = "destinations: {dlq: {type: sqs}}\n";
  const RecordLife poison = life_of(world, "r1");
  CHECK(told(poison) == Texts{"0s #1 1/3 attempt 1 error failed",
                              "0.3s #2 1/3 attempt 2 error retry_after_error failed",
                              "0.4s discarded RetryAttemptsExhausted 2 dlq"});
  CHECK(poison.mappings[0].has_destination);
  CHECK(poison.mappings[0].maximum_retry_attempts == 1);
  CHECK(told(life_of(world, "r0")) == Texts{"0s #1 0/3 attempt 1 error effect",
                                            "0.3s #2 0/3 attempt 2 error retry_after_error effect",
                                            "0.4s discarded RetryAttemptsExhausted 2 dlq"});
  CHECK(life_of(world, "r0").mappings[0].duplicates == 1);
  CHECK(told(life_of(world, "r2")) == Texts{"0s #1 2/3 attempt 1 error",
                                            "0.3s #2 2/3 attempt 2 error retry_after_error",
                                            "0.4s discarded RetryAttemptsExhausted 2 dlq"});

  world.rest += "timeline:\n  - {at: 0s, fail_destination: {destination: dlq}}\n";
  const RecordLife lost = life_of(world, "r1");
  CHECK(told(lost).back() == "0.4s destination failed RetryAttemptsExhausted 2 dlq");
  CHECK(lost.mappings[0].lost_cause == LossCause::destination_failed);

  world.mapping = "MaximumRetryAttempts: 1\n";
  const RecordLife dropped = life_of(world, "r1");
  CHECK(told(dropped).back() == "0.4s dropped RetryAttemptsExhausted 2");
  CHECK(dropped.mappings[0].fates == std::vector<Fate>{Fate::dropped});
  CHECK(dropped.mappings[0].lost_cause == LossCause::retries);
}

TEST_CASE("an invocation that fails as a whole blames no record") {
  SmallWorld world = three_records();
  world.function = "fail: [{attempts: [1]}]\n";
  CHECK(told(life_of(world, "r0")).front() == "0s #1 0/3 attempt 1 error");
  world.function = "fail: [{records: [r0]}]\n";
  world.mapping = "MaximumRetryAttempts: 0\n";
  world.rest = "timeline:\n  - {at: 0s, outage: {function: billing}}\n";
  CHECK(told(life_of(world, "r0")).front() == "0s #1 0/3 attempt 1 error");
}

TEST_CASE("the life of a record whose batch is split") {
  SmallWorld world = three_records();
  world.function = "fail: [{records: [r2]}]\n";
  world.mapping = "MaximumRetryAttempts: 0\nBisectBatchOnFunctionError: true\n";
  CHECK(told(life_of(world, "r2")) == Texts{"0s #1 2/3 attempt 1 error failed", "0.1s split 3->2",
                                            "0.2s #3 1/2 attempt 1 error bisect failed",
                                            "0.3s split 2->1",
                                            "0.4s #5 0/1 attempt 1 error bisect failed",
                                            "0.5s dropped RetryAttemptsExhausted 1"});
  CHECK(told(life_of(world, "r1")) ==
        Texts{"0s #1 1/3 attempt 1 error effect", "0.1s split 3->2",
              "0.2s #3 0/2 attempt 1 error bisect effect", "0.3s split 2->1",
              "0.3s #4 0/1 attempt 1 success bisect effect", "0.4s checkpoint"});
}

TEST_CASE("a partial response makes progress up to the record that failed") {
  SmallWorld world = three_records();
  world.function = "respond: report_failures\nfail: [{records: [r1], attempts: [1]}]\n";
  world.mapping = "FunctionResponseTypes: [ReportBatchItemFailures]\n";
  CHECK(told(life_of(world, "r1")) ==
        Texts{"0s #1 1/3 attempt 1 partial failed", "0.1s progress 3->2",
              "0.1s #2 0/2 attempt 1 partial retry_after_partial_response failed",
              "0.4s #3 0/2 attempt 2 success retry_after_partial_response effect",
              "0.5s checkpoint"});
  CHECK(told(life_of(world, "r0")) ==
        Texts{"0s #1 0/3 attempt 1 partial effect", "0.1s checkpoint"});
  CHECK(told(life_of(world, "r2")) ==
        Texts{"0s #1 2/3 attempt 1 partial effect", "0.1s progress 3->2",
              "0.1s #2 1/2 attempt 1 partial retry_after_partial_response effect",
              "0.4s #3 1/2 attempt 2 success retry_after_partial_response effect",
              "0.5s checkpoint"});
}

TEST_CASE("a swallowed failure is the record's own, and nobody else knows") {
  SmallWorld world = three_records();
  world.function = "respond: swallow\nfail: [{records: [r1]}]\n";
  const RecordLife life = life_of(world, "r1");
  CHECK(told(life) == Texts{"0s #1 1/3 attempt 1 success failed", "0.1s checkpoint"});
  CHECK(life.mappings[0].lost_cause == LossCause::swallowed);
}

TEST_CASE("a lost acknowledgement gives a record two lives in one") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}]\nretry: {attempts: 2, backoff: 100ms}\n";
  world.rest =
      "timeline:\n  - {at: 0s, for: 50ms, lose_acknowledgements: "
      "{producer: shop, probability: 100%}}\n";
  const RecordLife life = life_of(world, "r0");
  CHECK(life.put_tries == 2);
  REQUIRE(life.copies.size() == 2);
  CHECK(!life.copies[0].acknowledged);
  CHECK(life.copies[1].acknowledged);
  CHECK(life.copies[1].arrival == Instant{100'000});
  CHECK(life.copies[0].sequence_number != life.copies[1].sequence_number);
  CHECK(told(life) == Texts{"0s copy 0 #1 0/1 attempt 1 success effect", "0.1s copy 0 checkpoint",
                            "0.1s copy 1 #2 0/1 attempt 1 success producer_retry effect",
                            "0.2s copy 1 checkpoint"});
  CHECK(life.mappings[0].fates == std::vector<Fate>{Fate::processed, Fate::processed});
  CHECK(life.mappings[0].effects == 2);
  CHECK(life.mappings[0].duplicates == 1);
}

TEST_CASE("two copies in one batch are told apart, inside a call and late") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}]}]\n";
  const RecordLife adjacent = life_with(world, Site::ack_lost, "r0");
  REQUIRE(adjacent.copies.size() == 2);
  CHECK(!adjacent.copies[0].acknowledged);
  CHECK(adjacent.copies[1].acknowledged);
  CHECK(told(adjacent) == Texts{"0s copy 0 #1 0/3 attempt 1 success effect",
                                "0s copy 1 #1 1/3 attempt 1 success producer_retry effect",
                                "0.1s copy 0 checkpoint", "0.1s copy 1 checkpoint"});
  const RecordLife late = life_with(world, Site::ack_lost_late, "r0");
  REQUIRE(late.copies.size() == 2);
  CHECK(!late.copies[0].acknowledged);
  CHECK(told(late)[1] == "0s copy 1 #1 2/3 attempt 1 success producer_retry effect");
}

TEST_CASE("the life of a record that retention takes") {
  SmallWorld world = three_records();
  world.function = "fail: [{records: [r0]}]\n";
  world.rest = "duration: 30h\n";
  const RecordLife life = life_of(world, "r0");
  const Texts texts = told(life);
  REQUIRE(texts.size() == 5729);
  CHECK(texts[0] == "0s #1 0/3 attempt 1 error failed");
  CHECK(texts[5727] == "86398.1s #5728 0/3 attempt 5728 error retry_after_error failed");
  CHECK(texts[5728] == "86413.2s expired");
  CHECK(life.mappings[0].fates == std::vector<Fate>{Fate::expired});
  CHECK(life.mappings[0].lost_cause == LossCause::retention);
}

TEST_CASE("throttles in a row are one entry") {
  SmallWorld world = three_records();
  world.rest =
      "timeline:\n  - {at: 0s, for: 2s, throttle: {function: billing}}\n"
      "assumptions: {throttle_backoff: {jitter: none}}\n";
  CHECK(told(life_of(world, "r1")) ==
        Texts{"0s throttled x3", "3.5s #1 1/3 attempt 1 success effect", "3.6s checkpoint"});
}

TEST_CASE("a crashed poller's invocation comes home stale") {
  SmallWorld world = three_records();
  world.rest =
      "timeline:\n  - {at: 50ms, crash_poller: "
      "{mapping: billing-orders, shard: shardId-000000000000}}\n";
  CHECK(told(life_of(world, "r0")) == Texts{"0s #1 0/3 attempt 1 success effect",
                                            "0.05s poller crashed",
                                            "0.05s #2 0/3 attempt 1 success poller_crash effect",
                                            "0.1s stale", "0.15s checkpoint"});
  const auto stale_worked = [&] {
    const RecordLife life = life_of(world, "r0");
    for (const LifeEntry& each : life.mappings[0].entries) {
      if (each.kind == LifeKind::stale) return each.effect;
    }
    FAIL("no invocation ended stale");
    return false;
  };
  CHECK(stale_worked());
  world.function = "fail: [{until: 10ms}]\n";  // it fails, and did no work
  CHECK_FALSE(stale_worked());
}

TEST_CASE("a checkpoint that is lost brings the batch again") {
  CHECK(told(life_with(three_records(), Site::checkpoint_lost, "r0")) ==
        Texts{"0s #1 0/3 attempt 1 success effect", "0.1s checkpoint lost",
              "0.1s #2 0/3 attempt 1 success checkpoint_lost effect", "0.2s checkpoint"});
}

TEST_CASE("a mapping that is switched off and on again") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 2s, record: {}}]\n";
  world.rest =
      "timeline:\n"
      "  - {at: 1s, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n"
      "  - {at: 3s, UpdateEventSourceMapping: {name: billing-orders, Enabled: true}}\n";
  CHECK(told(life_of(world, "r0")) ==
        Texts{"0s #1 0/1 attempt 1 success effect", "0.1s checkpoint"});
  CHECK(told(life_of(world, "r1")) == Texts{"2s waited 1s", "3s enabled",
                                            "3s #2 0/1 attempt 1 success effect",
                                            "3.1s checkpoint"});
}

TEST_CASE("entries of the timeline stand in the life of the records that they concern") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}]\n";
  world.function = "fail: [{attempts: [1, 2, 3]}]\n";
  world.mapping = "DestinationConfig: {OnFailure: {Destination: dlq}}\n";
  world.rest =
      "destinations: {dlq: {type: sqs}, other: {type: sqs}}\n"
      "timeline:\n"
      "  - {at: 1s, for: 1s, outage: {function: billing}}\n"
      "  - {at: 1200ms, for: 1s, fail_destination: {destination: dlq}}\n"
      "  - {at: 1300ms, for: 1s, fail_destination: {destination: other}}\n"
      "  - {at: 1400ms, for: 1s, throttle: {function: billing}}\n"
      "  - {at: 1h, for: 1s, throttle: {function: billing}}\n"
      "assumptions: {throttle_backoff: {jitter: none}}\nduration: 2h\n";
  const RecordLife life = life_of(world, "r0");
  Texts timeline;
  for (const std::string& text : told(life)) {
    if (text.find("timeline") != text.npos) timeline.push_back(text);
  }
  // The last comes when the record is settled, the third is not its destination.
  CHECK(timeline == Texts{"1s timeline billing", "1.2s timeline dlq", "1.4s timeline billing"});
  const auto outage =
      std::find_if(life.mappings[0].entries.begin(), life.mappings[0].entries.end(),
                   [](const LifeEntry& each) { return each.kind == LifeKind::timeline; });
  CHECK(outage->action == ActionKind::outage);
  CHECK(outage->lasts == seconds(1));
}

TEST_CASE("records before the starting position are unread") {
  SmallWorld world = three_records();
  world.mapping = "created: 1s\n";
  Scenario scenario = world.scenario();
  scenario.mappings[0].settings.starting_position = StartingPosition::latest;
  Simulation simulation(make_plan(scenario));
  const std::optional<RecordLife> life = life_of(simulation, "r0");
  REQUIRE(life.has_value());
  CHECK(told(*life) == Texts{"1s unread"});
  CHECK(life->mappings[0].lost_cause == LossCause::none);  // nobody promised it
}

TEST_CASE("a record too old to be handed to the function was invoked once, says AWS") {
  SmallWorld world = three_records();
  world.mapping = "MaximumRecordAgeInSeconds: 60\n";
  world.rest =
      "timeline:\n  - {at: 0s, for: 2m, throttle: {function: billing}}\n"
      "assumptions: {throttle_backoff: {jitter: none}}\n";
  const RecordLife life = life_of(world, "r0");
  CHECK(told(life).back() == "60.5s dropped RecordAgeExceeded 1");
  CHECK(life.mappings[0].lost_cause == LossCause::age);
  CHECK(life.mappings[0].maximum_record_age_s == 60);
}

TEST_CASE("attempts at a record that fits into no event are one entry [ESM-POL-07]") {
  SmallWorld world;
  world.stream = "MaxRecordSizeInKiB: 10240\n";
  world.producer = "put: [{at: 0s, record: {size: 5MiB}}]\n";
  world.mapping = "MaximumRetryAttempts: 2\n";
  const RecordLife life = life_of(world, "r0");
  CHECK(told(life) == Texts{"0s too large x3", "0.6s dropped RetryAttemptsExhausted 3"});
  CHECK(life.mappings[0].deliveries == 0);
  CHECK(life.mappings[0].lost_cause == LossCause::oversized);
}

TEST_CASE("records that are not there") {
  SmallWorld world = three_records();
  Simulation simulation(world.plan());
  CHECK(!life_of(simulation, "r3").has_value());
  CHECK(!life_of(simulation, "").has_value());

  SmallWorld generated;
  generated.producer = "rate: 10/s\nrecords: 5\n";
  for (const char* id : {"r5", "r99999999999999", "r999999999999999", "r", "r01", "r1x", "x1"}) {
    Simulation run(generated.plan());
    CHECK(!life_of(run, id).has_value());
  }
  CHECK(told(life_of(generated, "r4")).size() == 2);
}

TEST_CASE("a record that was to be put after the run has no copies and no tries") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 2s, record: {}}]\n";
  world.rest = "duration: 1s\n";
  const RecordLife life = life_of(world, "r1");
  CHECK(life.copies.empty());
  CHECK(life.put_tries == 0);
  CHECK(!life.never_accepted);
  CHECK(life.mappings[0].fates.empty());
  CHECK(life.run_ended == "duration");
}

TEST_CASE("a stored record is found by its place") {
  SmallWorld world;
  world.stream = "ShardCount: 2\n";
  world.producer = "put: [{at: 0s, records: [{}, {}, {}, {}]}]\n";
  Simulation simulation(world.plan());
  simulation.run();
  const World& end = simulation.world();
  const std::optional<RecordId> r2 = simulation.plan().record_named("r2");
  const RecordLife life = life_of(world, "r2");
  const std::string place = life.copies[0].shard + ":" + life.copies[0].sequence_number;
  CHECK(record_stored_as(end, place) == r2);
  CHECK(!record_stored_as(first_world(simulation.world().plan), place).has_value());
  CHECK(!record_stored_as(end, place + "0").has_value());
  CHECK(!record_stored_as(end, life.copies[0].shard).has_value());
  CHECK(!record_stored_as(end, life.copies[0].shard + ":").has_value());
  const std::string other = life.copies[0].shard == "shardId-000000000000" ? "shardId-000000000001"
                                                                           : "shardId-000000000000";
  CHECK(!record_stored_as(end, other + ":" + life.copies[0].sequence_number).has_value());
}

}  // namespace trimhorizon::testing
