#include "sim/run/result_archive.hpp"

#include "sim/history/picture_collector.hpp"
#include "sim/history/result_builder.hpp"
#include "sim/history/row_collector.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_world.hpp"

namespace trimhorizon::testing {
namespace {

ArchivedRun some_run() {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}, {}, {}, {}, {}]}]\n";
  world.function = "fail: [{records: [r5]}]\n";
  world.mapping = "BatchSize: 3\nMaximumRetryAttempts: 2\n";
  Simulation simulation(world.plan());
  RowCollector rows;
  PictureCollector pictures;
  simulation.watch(rows);
  simulation.watch(pictures);
  simulation.run();
  ArchivedRun run;
  run.result = build_result(simulation, {true, {"r1"}});
  rows.fill(run.result, simulation.world());
  pictures.fill(run.result, simulation.world());
  run.judgement.expectations.push_back({"lost", "== 0", "-1", -1, Verdict::violated, "why"});
  run.handlers.own = {true, false};
  run.handlers.modelled_until = {4};
  run.handlers.outcomes.push_back(
      {7, {InvocationEnd::crash, seconds(2), 3, {1}, {Answer::Kind::report, true, true, 2}, true}});
  TimelineAction action;
  action.at = Instant{-5};
  action.lasts = seconds(30);
  run.recipe.injections.push_back({12, action});
  run.recipe.stop = Stop{99, Instant{1'000'000}};
  return run;
}

}  // namespace

TEST_CASE("a run read back writes the same bytes and has the same values") {
  const ArchivedRun run = some_run();
  const std::string bytes = to_bytes(run);
  const ArchivedRun read = from_bytes(bytes);
  CHECK(to_bytes(read) == bytes);
  CHECK(read.result.trace_digest == run.result.trace_digest);
  CHECK(read.result.rows.size() == 6);
  CHECK(read.result.rows[5].sequence_number == run.result.rows[5].sequence_number);
  CHECK(read.result.invocations[1].records == std::vector<std::string>{"r3", "r4", "r5"});
  const Metric& age = run.result.consumers[0].metrics.back();
  CHECK(read.result.consumers[0].metrics.back().samples == age.samples);
  CHECK(read.result.consumers[0].fates == run.result.consumers[0].fates);
  CHECK(read.judgement.expectations[0].actual_number == -1);
  CHECK(read.handlers.own == run.handlers.own);
  CHECK(read.handlers.outcomes[0].outcome == run.handlers.outcomes[0].outcome);
  CHECK(read.recipe == run.recipe);
}

TEST_CASE("every cut and every changed byte is refused") {
  const std::string bytes = to_bytes(some_run());
  for (std::size_t n = 0; n < bytes.size(); n += 1 + bytes.size() / 500) {
    CHECK_THROWS_AS(from_bytes(bytes.substr(0, n)), ArchiveError);
    std::string changed = bytes;
    changed[n] = static_cast<char>(changed[n] ^ 1);
    CHECK_THROWS_AS(from_bytes(changed), ArchiveError);
  }
  CHECK_THROWS_AS(from_bytes(bytes + " "), ArchiveError);
}

}  // namespace trimhorizon::testing
