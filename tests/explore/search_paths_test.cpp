// Ways through a finished search, as the explorer hands them out: witnesses and loops.
#include <algorithm>

#include "sim/explore/explorer.hpp"
#include "tests/explore/witnessed.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

using Answers = std::vector<std::uint32_t>;

Exploration search(const Story& story, SiteSet open, std::uint32_t faults,
                   std::vector<Property> properties = {Property::no_loss}) {
  ExploreOptions options;
  options.sites = open;
  options.faults = faults;
  options.properties = std::move(properties);
  return Explorer(exploring_plan(story, open), options).run();
}

std::size_t faults_in(const Answers& answers) {
  return answers.size() - static_cast<std::size_t>(std::count(answers.begin(), answers.end(), 0u));
}

Story records_in_batches(int records, int batch) {
  Story s;
  for (int i = 0; i < records; ++i) s.record("r" + std::to_string(i), "a");
  s.batch(batch).retries(0).created(1_s);
  return s;
}

}  // namespace

TEST_CASE("the answers of a violation lead to it again") {
  const Story s = records_in_batches(3, 2).retries(1);
  const SiteSet open = sites({Site::function_error, Site::poller_crash, Site::trim});
  const Exploration found = search(s, open, 3, {Property::no_loss, Property::order_regress});
  REQUIRE(found.violations.size() == 2);
  for (const ExploredViolation& each : found.violations) {
    CHECK(faults_in(each.answers) == each.minimum_faults);
    CHECK(witnessed(s, open, each.answers).witness.breaks(each.property));
  }
}

TEST_CASE("of the witnesses with the fewest faults the first decision comes as early as it can") {
  const Exploration early = search(records_in_batches(3, 1), failing, 1);
  REQUIRE(early.violations.size() == 1);
  CHECK(early.violations[0].answers.at(0) == 1);
  CHECK(faults_in(early.violations[0].answers) == 1);
}

TEST_CASE("of two answers to one question the smaller stands in the witness") {
  const Exploration least = search(records_in_batches(3, 3), failing, 1);
  REQUIRE(least.violations.size() == 1);
  CHECK(least.violations[0].answers.at(0) == 1);  // it fails at r0; at r1 and r2 it loses as well
}

TEST_CASE("a loop has a stem that leads to it and a turn without a fault") {
  const Exploration endless = search(records_in_batches(2, 2).retries(-1).poison("r1"), failing, 1);
  REQUIRE(endless.loops.size() == 1);
  CHECK(endless.loops[0].minimum_faults == 0);
  CHECK(faults_in(endless.loops[0].stem) == 0);
  CHECK_FALSE(endless.loops[0].turn.empty());
  CHECK(faults_in(endless.loops[0].turn) == 0);
}

TEST_CASE("a loop that needs a fault is found with the fewest, its fault in the stem") {
  FailRule from_then_on;
  from_then_on.records = {"r0"};
  from_then_on.from = Instant{0} + 1200_ms;
  const Story s = records_in_batches(1, 1).retries(-1).fail(from_then_on);
  const Exploration found = search(s, failing, 3);
  REQUIRE(found.loops.size() == 1);
  CHECK(found.loops[0].minimum_faults == 1);
  CHECK(faults_in(found.loops[0].stem) == 1);
  CHECK(faults_in(found.loops[0].turn) == 0);
  CHECK(search(s, failing, 0).loops.empty());
}

TEST_CASE("retries that come to an end, and states with progress, are no loop") {
  CHECK(search(records_in_batches(2, 1).retries(3), failing, 4).loops.empty());
  CHECK(search(records_in_batches(4, 1), sites({Site::poller_crash}), 2).loops.empty());
}

TEST_CASE("samples are runs that come to the outcomes") {
  const Story s = records_in_batches(2, 2);
  const Exploration found = search(s, failing, 1);
  REQUIRE(found.outcomes.size() == 3);
  REQUIRE(found.samples.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(witnessed(s, failing, found.samples[i]).witness.end == found.outcomes[i].end);
  }
}

}  // namespace trimhorizon::testing
