#include "sim/handlers/recorded_handlers.hpp"

#include "sim/history/result_builder.hpp"
#include "sim/history/row_collector.hpp"
#include "sim/run/simulation.hpp"
#include "sim/world/names.hpp"
#include "tests/handlers/answers.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

struct Watched {
  Result result;
  HandlerRecord record;
  int calls = 0;
};

// Runs with `say` behind the function; nullptr: only what the record knows.
using Say = std::function<HandlerAnswer(const HandlerCall&)>;

Watched run_with(const SmallWorld& world, const Say& say, HandlerRecord record = {}) {
  Watched watched;
  RecordedHandlers handlers(std::move(record));
  if (say) {
    handlers.answer_with({0}, [&](const HandlerCall& call) {
      watched.calls += 1;
      return say(call);
    });
  }
  Simulation simulation(world.plan(), handlers);
  RowCollector rows;
  simulation.watch(rows);
  simulation.run();
  watched.result = build_result(simulation, {.rows = true});
  rows.fill(watched.result, simulation.world());
  watched.record = handlers.record();
  return watched;
}

HandlerAnswer ends(InvocationEnd end) {
  HandlerAnswer answer;
  answer.end = end;
  return answer;
}

std::vector<std::string> outcomes(const Result& result) {
  std::vector<std::string> all;
  for (const InvocationRow& row : result.invocations) all.emplace_back(name(row.outcome));
  return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a function of one's own is called once an invocation; a success is all effects") {
  const Watched watched = run_with(six_records(), [](const HandlerCall&) { return says("null"); });
  CHECK(watched.calls == 2);
  CHECK(outcomes(watched.result) == Texts{"success", "success"});
  CHECK(watched.result.consumers[0].effects == 6);
}

TEST_CASE("a replay calls nothing and comes to the same digest") {
  int n = 0;
  const Watched live = run_with(six_records(), [&](const HandlerCall&) {
    return ++n % 2 == 1 ? ends(InvocationEnd::error) : says("{}");
  });
  const Watched again = run_with(six_records(), nullptr, live.record);
  CHECK(live.calls == 4);
  CHECK(again.result.trace_digest == live.result.trace_digest);
  CHECK(outcomes(again.result) == outcomes(live.result));
}

TEST_CASE("a replay of another run is noticed instead of guessed") {
  const Watched live = run_with(six_records(), [](const HandlerCall&) { return says("null"); });
  SmallWorld other = six_records();
  other.mapping = "BatchSize: 1\n";
  CHECK_THROWS_AS(run_with(other, nullptr, live.record), ReplayError);
}

TEST_CASE("an answer above 6 MB is a function error, and what was reported stays [ESM-RTY-09]") {
  const auto answer = [](std::size_t bytes) {
    return [bytes](const HandlerCall&) {
      HandlerAnswer said = says('"' + std::string(bytes - 2, 'x') + '"');
      said.reports_effects = true;
      said.effects = {0, 1, 2};
      return said;
    };
  };
  SmallWorld world = six_records();
  world.mapping = "BatchSize: 6\nMaximumRetryAttempts: 0\n";
  CHECK(outcomes(run_with(world, answer(response_bytes_max)).result) == Texts{"success"});
  const Watched watched = run_with(world, answer(response_bytes_max + 1));
  CHECK(outcomes(watched.result) == Texts{"error"});
  CHECK(watched.result.consumers[0].effects == 3);
}

TEST_CASE("identifiers of an answer are looked up in the batch that was handed to the function") {
  SmallWorld world = six_records();
  world.mapping += "FunctionResponseTypes: [ReportBatchItemFailures]\n";
  SECTION("one of the batch is a partial response: all but it have their effect") {
    const Watched watched = run_with(world, [](const HandlerCall& call) {
      if (call.records.count < 3) return says("null");
      return says(R"({"batchItemFailures": [{"itemIdentifier": ")" +
                  sequence_number_of(call.world, call.records.shard, call.records.at(1)) + "\"}]}");
    });
    CHECK(outcomes(watched.result) == Texts{"partial", "success", "partial", "success"});
    CHECK(watched.result.duplicates == 2);
    CHECK(watched.result.lost == 0);
  }
  SECTION("a word of our file format is not a sequence number") {
    const Watched watched = run_with(world, [](const HandlerCall&) {
      return says(R"({"batchItemFailures": [{"itemIdentifier": "$sequence[0]"}]})");
    });
    CHECK(outcomes(watched.result).front() == "malformed");
  }
  SECTION("what is not JSON is malformed") {
    const Watched watched = run_with(world, [](const HandlerCall&) { return says("{NaN"); });
    CHECK(outcomes(watched.result).front() == "malformed");
  }
}

TEST_CASE("what the function reports decides the effects, in any order and with gaps") {
  const Watched watched = run_with(six_records(), [](const HandlerCall&) {
    HandlerAnswer answer = says("null");
    answer.reports_effects = true;
    answer.effects = {2, 0, 0};
    return answer;
  });
  std::vector<std::uint64_t> effects;
  for (const RecordRow& row : watched.result.rows) effects.push_back(row.consumers[0].effects);
  CHECK(effects == std::vector<std::uint64_t>{1, 0, 1, 1, 0, 1});
  CHECK(watched.result.lost == 2);
  CHECK(watched.result.consumers[0].lost_by_cause[LossCause::swallowed] == 2);
}

TEST_CASE("sleep is added to the scenario's duration, and Timeout holds for both") {
  SmallWorld world = six_records();
  world.function = "duration: 1s\n";  // Timeout is 3
  world.mapping = "BatchSize: 6\nMaximumRetryAttempts: 0\n";
  const auto slept = [&](std::int64_t ms) {
    return run_with(world,
                    [ms](const HandlerCall&) {
                      HandlerAnswer answer = says("null");
                      answer.slept = milliseconds(ms);
                      return answer;
                    })
        .result;
  };
  CHECK(slept(2000).invocations[0].ended_us == 3'000'000);
  CHECK(outcomes(slept(2000)) == Texts{"success"});
  // floor(6 * 3 s / 4 s) effects.
  CHECK(outcomes(slept(3000)) == Texts{"timeout"});
  CHECK(slept(3000).consumers[0].effects == 4);
}

TEST_CASE("environments are used again, and a crash ends one") {
  std::vector<std::pair<std::uint32_t, bool>> seen;
  SmallWorld world = six_records();
  world.mapping = "BatchSize: 2\n";
  run_with(world, [&](const HandlerCall& call) {
    seen.emplace_back(call.environment, call.cold);
    return seen.size() == 2 ? ends(InvocationEnd::crash) : says("null");
  });
  CHECK(seen ==
        std::vector<std::pair<std::uint32_t, bool>>{{0, true}, {0, false}, {1, true}, {1, false}});
}

TEST_CASE("of `fail` only the entries for invocations apply") {
  SmallWorld world = six_records();
  SECTION("after: none does not call") {
    world.function = "fail: [{records: [r0]}, {attempts: [1], as: crash}]\n";
    const Watched watched = run_with(world, [](const HandlerCall&) { return says("null"); });
    CHECK(outcomes(watched.result) == Texts{"crash", "success", "crash", "success"});
    CHECK(watched.calls == 2);
    CHECK(watched.result.duplicates == 0);
  }
  SECTION("after: all calls and throws the answer away") {
    world.function = "fail: [{attempts: [1], after: all}]\n";
    const Watched watched = run_with(world, [](const HandlerCall&) { return says("null"); });
    CHECK(outcomes(watched.result) == Texts{"error", "success", "error", "success"});
    CHECK(watched.calls == 4);
    CHECK(watched.result.duplicates == 6);
  }
}

}  // namespace trimhorizon::testing
