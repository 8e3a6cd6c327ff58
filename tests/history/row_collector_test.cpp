#include "sim/history/row_collector.hpp"

#include "sim/history/result_builder.hpp"
#include "sim/run/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_world.hpp"

namespace trimhorizon::testing {
namespace {

Result with_rows(const SmallWorld& world) {
  Simulation simulation(world.plan());
  RowCollector rows;
  simulation.watch(rows);
  simulation.run();
  Result result = build_result(simulation, {});
  rows.fill(result, simulation.world());
  return result;
}

// "1 0-100000 attempt 1 [r0 r1] success"
std::string text_of(const InvocationRow& row) {
  std::string ids;
  for (const std::string& id : row.records) ids += (ids.empty() ? "" : " ") + id;
  return std::to_string(row.number) + " " + std::to_string(row.started_us) + "-" +
         std::to_string(row.ended_us) + " attempt " + std::to_string(row.attempt) + " [" + ids +
         "] " + std::string(name(row.outcome));
}

// "r0 in 1 attempt 1 at 0: effect"
std::string text_of(const DeliveryRow& row) {
  return row.id + " in " + std::to_string(row.invocation) + " attempt " +
         std::to_string(row.attempt) + " at " + std::to_string(row.position) +
         (row.effect ? ": effect" : ": none");
}

template <class Row>
std::vector<std::string> texts(const std::vector<Row>& rows) {
  std::vector<std::string> out;
  for (const Row& row : rows) out.push_back(text_of(row));
  return out;
}

}  // namespace

TEST_CASE("one row an invocation, one row a record handed to the function in it") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}, {}]}]\n";
  world.function = "fail: [{records: [r1], attempts: [1]}]\n";
  world.mapping = "BatchSize: 2\n";
  const Result result = with_rows(world);
  CHECK(texts(result.invocations) ==
        std::vector<std::string>{"1 0-100000 attempt 1 [r0 r1] error",
                                 "2 300000-400000 attempt 2 [r0 r1] success",
                                 "3 400000-500000 attempt 1 [r2] success"});
  CHECK(texts(result.deliveries) ==
        std::vector<std::string>{"r0 in 1 attempt 1 at 0: effect", "r1 in 1 attempt 1 at 1: none",
                                 "r0 in 2 attempt 2 at 0: effect", "r1 in 2 attempt 2 at 1: effect",
                                 "r2 in 3 attempt 1 at 0: effect"});
  const InvocationRow& first = result.invocations[0];
  CHECK(first.mapping == "billing-orders");
  CHECK(first.function == "billing");
  CHECK(first.shard == "shardId-000000000000");
  CHECK(first.request_id.size() == 36);
  CHECK(first.request_id == result.invocations[1].request_id);  // a retry (ESM-RTY-12)
  CHECK(first.request_id != result.invocations[2].request_id);
  CHECK(result.deliveries[2].sequence_number == result.deliveries[0].sequence_number);
  CHECK(result.deliveries[0].sequence_number ==
        "49670424472731169861061894383144094351084855353575211010");
}

TEST_CASE("an invocation that is running when the run ends has no end and no effects") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}]\n";
  world.rest = "duration: 50ms\n";
  const Result result = with_rows(world);
  CHECK(texts(result.invocations) == std::vector<std::string>{"1 0--1 attempt 1 [r0] running"});
  CHECK(texts(result.deliveries) == std::vector<std::string>{"r0 in 1 attempt 1 at 0: none"});
}

TEST_CASE("every outcome has its word") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}]}]\n";
  world.mapping = "MaximumRetryAttempts: 0\nFunctionResponseTypes: [ReportBatchItemFailures]\n";
  const auto outcome = [&](const std::string& function) {
    world.function = function;
    return name(with_rows(world).invocations[0].outcome);
  };
  CHECK(outcome("") == "success");
  CHECK(outcome("fail: [{records: [r1]}]\n") == "error");
  CHECK(outcome("fail: [{as: timeout}]\n") == "timeout");
  CHECK(outcome("fail: [{as: crash}]\n") == "crash");
  CHECK(outcome("respond: report_failures\nfail: [{records: [r1]}]\n") == "partial");
  CHECK(outcome("respond: {return: {batchItemFailures: [{itemIdentifier: \"\"}]}}\n") ==
        "malformed");
}

TEST_CASE("rows and ledger count the same deliveries and effects") {
  SmallWorld world;
  world.stream = "ShardCount: 2\n";
  world.producer = "rate: 100/s\nrecords: 500\narrivals: poisson\n";
  world.function = "fail: [{probability: 20%, after: some}, {probability: 5%, as: timeout}]\n";
  world.mapping = "BatchSize: 10\nMaximumRetryAttempts: 3\n";
  world.rest =
      "timeline:\n"
      "  - {at: 2s, crash_poller: {mapping: billing-orders, "
      "shard: shardId-000000000000}}\n"
      "  - {at: 3s, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n"
      "  - {at: 4s, UpdateEventSourceMapping: {name: billing-orders, Enabled: true}}\n";
  const Result result = with_rows(world);
  std::uint64_t effects = 0;
  for (const DeliveryRow& row : result.deliveries) effects += row.effect ? 1 : 0;
  CHECK(result.invocations.size() == result.consumers[0].invocations);
  CHECK(result.deliveries.size() == result.consumers[0].deliveries);
  CHECK(effects == result.consumers[0].effects);
}

}  // namespace trimhorizon::testing
