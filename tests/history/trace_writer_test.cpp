#include "sim/history/trace_writer.hpp"

#include <sstream>

#include "sim/base/json.hpp"
#include "sim/run/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/once_at.hpp"
#include "tests/support/small_world.hpp"

namespace trimhorizon::testing {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> trace_of(Simulation& simulation) {
  std::ostringstream out;
  TraceWriter writer(out);
  simulation.watch(writer);
  simulation.run();
  return lines_of(out.str());
}

std::vector<std::string> trace_of(const SmallWorld& world) {
  Simulation simulation(world.plan());
  return trace_of(simulation);
}

// The lines of one event, from its name on.
std::vector<std::string> told(const std::vector<std::string>& lines, const std::string& event) {
  std::vector<std::string> found;
  const std::string name = "\"event\":\"" + event + "\"";
  for (const std::string& line : lines) {
    const std::size_t at = line.find(name);
    if (at != line.npos) found.push_back(line.substr(at + 8));
  }
  return found;
}

std::string sequence_numbers(const std::string& put) {
  return put.substr(put.find("\"sequence_numbers\""));
}

std::vector<std::string> trace_with(const SmallWorld& world, Site site) {
  OnceAt choices(site);
  ModelledFunction function;
  Simulation simulation(world.plan(), choices, function);
  return trace_of(simulation);
}

constexpr const char* on_shard = R"("mapping":"billing-orders","shard":"shardId-000000000000")";

}  // namespace

TEST_CASE("the trace of a small run, whole") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}]}]\n";
  world.function = "respond: report_failures\nfail: [{records: [r1]}]\n";
  world.mapping =
      "MaximumRetryAttempts: 0\nFunctionResponseTypes: [ReportBatchItemFailures]\n"
      "DestinationConfig: {OnFailure: {Destination: dlq}}\n";
  world.rest = "destinations: {dlq: {type: sqs}}\n";
  const std::string s0 = "49670424472731169861061894383144094351084855353575211010";
  const std::string s1 = "49670424472731169861061894383152556831822157757798154242";
  const std::string id0 = "70d9f876-2370-46c6-97fd-145db37070f8";
  const std::string id1 = "70d9f876-2370-46c6-8f32-a521afea45ea";
  const std::string shard = on_shard;
  CHECK(
      trace_of(world) ==
      std::vector<std::string>{
          R"({"t":0,"n":1,"cause":0,"event":"mapping_state","mapping":"billing-orders",)"
          R"("enabled":true})",
          R"({"t":0,"n":2,"cause":1,"event":"started",)" + shard + R"(,"from":0})",
          R"({"t":0,"n":3,"cause":0,"event":"put","producer":"shop","stream":"orders","try":1,)"
          R"("retry":false,"records":["r0","r1"],)"
          R"("shards":["shardId-000000000000","shardId-000000000000"],)"
          R"("sequence_numbers":[")" +
              s0 + R"(",")" + s1 + R"("]})",
          R"({"t":0,"n":4,"cause":3,"event":"put_result","producer":"shop","records":["r0","r1"],)"
          R"("acknowledged":true})",
          R"({"t":0,"n":5,"cause":1,"event":"poll",)" + shard + R"(,"records":["r0","r1"]})",
          R"({"t":0,"n":6,"cause":5,"event":"invoke",)" + shard +
              R"(,"invocation":1,"request_id":")" + id0 +
              R"(","records":["r0","r1"],"attempt":1,"reason":"first","cold":true})",
          R"({"t":100000,"n":7,"cause":6,"event":"invoke_result",)" + shard +
              R"(,"invocation":1,"outcome":"partial","effects":["r0"],"stale":false})",
          R"({"t":100000,"n":8,"cause":7,"event":"checkpoint",)" + shard +
              R"(,"record":"r0","sequence_number":")" + s0 +
              R"(","from":0,"to":1,"records":["r0"],"fate":"processed"})",
          R"({"t":100000,"n":9,"cause":8,"event":"invoke",)" + shard +
              R"(,"invocation":2,"request_id":")" + id1 +
              R"(","records":["r1"],"attempt":1,)"
              R"("reason":"retry_after_partial_response","cold":false})",
          R"({"t":200000,"n":10,"cause":9,"event":"invoke_result",)" + shard +
              R"(,"invocation":2,"outcome":"partial","effects":[],"stale":false})",
          R"({"t":200000,"n":11,"cause":10,"event":"discard",)" + shard +
              R"(,"records":["r1"],"why":"retries","invocations":1,"attempts":1,)"
              R"("destination":"dlq"})",
          R"({"t":200000,"n":12,"cause":11,"event":"destination",)" + shard +
              R"(,"destination":"dlq","delivered":true,"records":["r1"]})",
          R"({"t":200000,"n":13,"cause":12,"event":"checkpoint",)" + shard +
              R"(,"record":"r1","sequence_number":")" + s1 +
              R"(","from":1,"to":2,"records":["r1"],"fate":"discarded"})",
      });
}

TEST_CASE("a batch that splits is traced with the size of its first half") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}, {}]}]\n";
  world.function = "fail: [{records: [r2]}]\n";
  world.mapping = "MaximumRetryAttempts: 0\nBisectBatchOnFunctionError: true\n";
  const std::vector<std::string> lines = trace_of(world);
  CHECK(told(lines, "split_batch") ==
        std::vector<std::string>{std::string(R"("split_batch",)") + on_shard +
                                     R"(,"records":["r0","r1","r2"],"first_half":1})",
                                 std::string(R"("split_batch",)") + on_shard +
                                     R"(,"records":["r1","r2"],"first_half":1})"});
  CHECK(
      told(lines, "discard") ==
      std::vector<std::string>{std::string(R"("discard",)") + on_shard +
                               R"(,"records":["r2"],"why":"retries","invocations":1,"attempts":1,)"
                               R"("destination":null})"});
}

TEST_CASE("a copy after a lost acknowledgement is a put of its own, with its own numbers") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}]}]\nretry: {attempts: 3, backoff: 0s}\n";
  world.rest =
      "timeline:\n  - {at: 0s, for: 1us, lose_acknowledgements: "
      "{producer: shop, probability: 100%}}\n";
  const std::vector<std::string> lines = trace_of(world);
  const std::vector<std::string> puts = told(lines, "put");
  REQUIRE(puts.size() == 4);
  CHECK(puts[0].find(R"("try":1,"retry":false,"records":["r0","r1"])") != std::string::npos);
  for (std::size_t i = 1; i < puts.size(); ++i) {
    CHECK(puts[i].find("\"try\":" + std::to_string(i + 1) +
                       ",\"retry\":true,"
                       "\"records\":[\"r0\",\"r1\"]") != std::string::npos);
    CHECK(sequence_numbers(puts[i]) != sequence_numbers(puts[i - 1]));
  }
  CHECK(told(lines, "put_result") ==
        std::vector<std::string>(
            4, R"("put_result","producer":"shop","records":["r0","r1"],"acknowledged":false})"));
}

TEST_CASE("a copy that follows inside the call stands beside its original") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}]}]\n";
  const std::vector<std::string> puts = told(trace_with(world, Site::ack_lost), "put");
  REQUIRE(puts.size() == 1);
  CHECK(puts[0].find(R"("records":["r0","r0","r1"])") != std::string::npos);
}

TEST_CASE("a late copy is a put after the others of its instant") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}]}, {at: 0s, records: [{}]}]\n";
  const std::vector<std::string> puts = told(trace_with(world, Site::ack_lost_late), "put");
  REQUIRE(puts.size() == 3);
  CHECK(puts[0].find(R"("retry":false,"records":["r0","r1"])") != std::string::npos);
  CHECK(puts[1].find(R"("retry":false,"records":["r2"])") != std::string::npos);
  CHECK(puts[2].find(R"("try":2,"retry":true,"records":["r0"])") != std::string::npos);
}

TEST_CASE("the timeline is traced in the words of the file") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}]\n";
  world.mapping = "DestinationConfig: {OnFailure: {Destination: dlq}}\n";
  world.rest =
      "destinations: {dlq: {type: sns}}\n"
      "timeline:\n"
      "  - {at: 1s, for: 2s, throttle: {function: billing}}\n"
      "  - {at: 2s, outage: {function: billing}}\n"
      "  - {at: 3s, crash_poller: {mapping: billing-orders, shard: shardId-000000000000}}\n"
      "  - {at: 4s, for: 1500ms, lose_acknowledgements: {producer: shop, probability: 5%}}\n"
      "  - {at: 5s, for: 1s, fail_destination: {destination: dlq}}\n"
      "  - {at: 6s, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n";
  const std::vector<std::string> lines = trace_of(world);
  CHECK(told(lines, "fault") ==
        std::vector<std::string>{
            R"("fault","fault":"throttle","function":"billing","for":"2s"})",
            R"("fault","fault":"outage","function":"billing"})",
            std::string(R"("fault","fault":"crash_poller",)") + on_shard + "}",
            R"("fault","fault":"lose_acknowledgements","producer":"shop","for":"1.5s"})",
            R"("fault","fault":"fail_destination","destination":"dlq","for":"1s"})",
            R"("fault","fault":"UpdateEventSourceMapping","mapping":"billing-orders",)"
            R"("Enabled":false})"});
  CHECK(told(lines, "mapping_state").back() ==
        R"("mapping_state","mapping":"billing-orders","enabled":false})");
}

TEST_CASE("a fault of the table of sites is traced under its name") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}]\n";
  CHECK(
      told(trace_with(world, Site::poller_crash), "fault") ==
      std::vector<std::string>{std::string(R"("fault","fault":"poller_crash",)") + on_shard + "}"});
  CHECK(told(trace_with(world, Site::checkpoint_lost), "fault") ==
        std::vector<std::string>{std::string(R"("fault","fault":"checkpoint_lost",)") + on_shard +
                                 "}"});
}

TEST_CASE("throttles, expiries and records before the start are traced") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 2s, record: {}}]\n";
  world.mapping = "created: 1s\ncreate_delay: 0s\n";
  world.rest =
      "timeline:\n  - {at: 0s, for: 30h, throttle: {function: billing}}\n"
      "duration: 30h\n";
  Scenario scenario = world.scenario();
  scenario.mappings[0].settings.starting_position = StartingPosition::latest;
  Simulation simulation(make_plan(scenario, {{}, true}));
  const std::vector<std::string> lines = trace_of(simulation);
  CHECK(told(lines, "unread") ==
        std::vector<std::string>{std::string(R"("unread",)") + on_shard + R"(,"records":["r0"]})"});
  CHECK(told(lines, "throttled").at(1) ==
        std::string(R"("throttled",)") + on_shard +
            R"(,"records":["r1"],"in_a_row":2,"why":"throttle"})");
  CHECK(told(lines, "expire") ==
        std::vector<std::string>{std::string(R"("expire",)") + on_shard + R"(,"records":["r1"]})"});
}

TEST_CASE("a throttle says why: no slot is free, or the timeline throttles [LAM-CON-13]") {
  SmallWorld world;
  world.stream = "ShardCount: 2\n";
  world.producer =
      "put: [{at: 0s, records: [{ExplicitHashKey: 0}, "
      "{ExplicitHashKey: 340282366920938463463374607431768211455}]}]\n";
  world.function = "ReservedConcurrentExecutions: 1\n";
  CHECK(told(trace_of(world), "throttled").at(0) ==
        R"("throttled","mapping":"billing-orders","shard":"shardId-000000000001",)"
        R"("records":["r1"],"in_a_row":1,"why":"slots"})");
}

TEST_CASE("each attempt at a record that fits into no event is traced [ESM-POL-07]") {
  SmallWorld world;
  world.stream = "MaxRecordSizeInKiB: 10240\n";
  world.producer = "put: [{at: 0s, record: {size: 5MiB}}]\n";
  world.mapping = "MaximumRetryAttempts: 1\n";
  const std::vector<std::string> lines = trace_of(world);
  const std::string large = std::string(R"("too_large",)") + on_shard + R"(,"records":["r0"],)";
  CHECK(told(lines, "too_large") ==
        std::vector<std::string>{large + R"("attempt":1})", large + R"("attempt":2})"});
  CHECK(told(lines, "discard") ==
        std::vector<std::string>{std::string(R"("discard",)") + on_shard +
                                 R"(,"records":["r0"],"why":"oversized","invocations":0,)"
                                 R"("attempts":2,"destination":null})"});
  CHECK(told(lines, "invoke").empty());
}

TEST_CASE("a mapping that is disabled but polls on is traced as such, and when it stops") {
  SmallWorld world;
  world.mapping = "disable_delay: 60s\n";
  world.rest =
      "timeline:\n"
      "  - {at: 6s, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n";
  const std::string state = R"("mapping_state","mapping":"billing-orders","enabled":)";
  CHECK(told(trace_of(world), "mapping_state") ==
        std::vector<std::string>{state + "true}", state + R"(false,"polls_on":true})",
                                 state + "false}"});
}

TEST_CASE("a retry is traced with the request id of its first attempt [ESM-RTY-12]") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}]}]\n";
  world.function = "fail: [{attempts: [1]}]\n";
  world.mapping = "BatchSize: 1\n";
  const auto request = [](const std::string& line) {
    return line.substr(line.find("\"request_id\""), 52);
  };
  const std::vector<std::string> calls = told(trace_of(world), "invoke");
  REQUIRE(calls.size() == 4);
  CHECK(request(calls[0]) == request(calls[1]));
  CHECK(request(calls[1]) != request(calls[2]));
  CHECK(request(calls[2]) == request(calls[3]));
}

TEST_CASE("of more than a thousand records the trace names the first, the last and how many") {
  SmallWorld world;
  world.producer = "rate: 1000/s\nrecords: 2000\nbatch: 500\n";
  world.mapping = "BatchSize: 10000\nMaximumBatchingWindowInSeconds: 10\n";
  const std::vector<std::string> lines = trace_of(world);
  CHECK(told(lines, "poll") ==
        std::vector<std::string>{std::string(R"("poll",)") + on_shard +
                                 R"(,"records":{"first":"r0","last":"r1999","count":2000}})"});
}

TEST_CASE("every line is one JSON object, and writing changes nothing") {
  SmallWorld world;
  world.stream = "ShardCount: 3\n";
  world.producer = "rate: 50/s\nrecords: 400\nbatch: 7\narrivals: poisson\n";
  world.function =
      "duration: {lognormal: {mean: 80ms, sigma: 0.5}}\n"
      "fail: [{probability: 20%, after: some}, {records: [r9]}]\n";
  world.mapping = "BatchSize: 10\nMaximumRetryAttempts: 3\nBisectBatchOnFunctionError: true\n";
  Simulation unwatched(world.plan());
  unwatched.run();
  Simulation watched(world.plan());
  const std::vector<std::string> lines = trace_of(watched);
  CHECK(watched.trace_digest() == unwatched.trace_digest());
  CHECK(lines.size() == watched.world().last_event.value);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto parsed = parse_json(lines[i]);
    REQUIRE(std::holds_alternative<Json>(parsed));
    const Json& object = std::get<Json>(parsed);
    CHECK(*object.find("n")->number() == std::to_string(i + 1));
    CHECK(std::stoull(*object.find("cause")->number()) <= i);
  }
}

}  // namespace trimhorizon::testing
