#include "sim/explore/random_search.hpp"

#include <algorithm>

#include "tests/explore/explored.hpp"
#include "tests/explore/witnessed.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

namespace trimhorizon::testing {
namespace {

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("random runs that do not come to rest are counted, and quiescence is not judged") {
  Story s;
  s.record("r0", "a").poison("r0").created(1_s);
  ExploreRequest request;
  request.random = 20;
  const ExploreReport report =
      explored(s, sites({Site::function_error}), 1, {"quiescence"}, request);
  CHECK(report.random_without_rest == 20);
  CHECK(std::find(report.properties.begin(), report.properties.end(), "quiescence") ==
        report.properties.end());
  const auto end = report.notes.end();
  CHECK(Lines(end - 2, end) ==
        Lines{"20 of 20 random runs did not end: what must hold at the end was not judged",
              "quiescence is not judged: random runs cannot show a loop"});
}

TEST_CASE("random runs end with the bound of seconds") {
  ExploreRequest request;
  request.random = 1'000'000;
  request.seconds = 1e-9;
  const ExploreReport report = explored(one_record(), sites({}), 1, {}, request);
  CHECK(report.random_runs == 1);
  CHECK(report.verdict_words == "NOT FOUND (random, 1 seeds)");
}

TEST_CASE("random runs find what a search finds, and shrink it to as few faults") {
  check_property(
      "random and shrunk",
      [] {
        Story s;
        const int records = *rc::gen::inRange(1, 6);
        for (int i = 0; i < records; ++i) {
          s.record("r" + std::to_string(i), "k" + std::to_string(i % 2));
        }
        s.batch(*rc::gen::inRange(1, 4)).retries(*rc::gen::inRange(0, 3)).created(1_s);
        const SiteSet open = sites({Site::function_error, Site::poller_crash, Site::ack_lost});
        const ExploreReport all = explored(s, open, 3, {"no_loss", "at_most_once"});
        ExploreRequest request;
        request.random = 300;
        const ExploreReport random = explored(s, open, 3, {"no_loss", "at_most_once"}, request);
        for (const FoundViolation& found : random.violations) {
          RC_ASSERT(!found.minimum);
          RC_ASSERT(static_cast<int>(found.faults) >= fewest(all, found.property));
          for (const Counterfactual& each : found.without) {
            RC_ASSERT(each.judged == Standing::holds);
          }
        }
        if (random.violations.empty()) {
          RC_ASSERT(random.verdict_words == "NOT FOUND (random, 300 seeds)");
        } else {
          RC_ASSERT(random.verdict_words.find("1-minimal") != std::string::npos);
        }
      },
      100);
}

TEST_CASE(
    "what was decided beside the point is left out, and what is left is as low as it can be") {
  Story s;
  s.record("r0", "a").record("r1", "a").record("r2", "a").batch(3).retries(0).created(1_s);
  ExploreOptions options;
  options.faults = 3;
  options.sites = sites({Site::function_error, Site::ack_lost});
  options.properties = {Property::no_loss};
  // A copy of r0, which loses nothing, and a failure after all records but one.
  const Witnessed run = witnessed(s, options.open(), {1, 0, 0, 3});
  REQUIRE(run.witness.breaks("no_loss"));
  REQUIRE(run.witness.list.decisions.size() == 2);
  const FoundViolation found =
      describe_shrunk(run.plan, options, "no_loss", run.witness.list.decisions);
  CHECK(found.faults == 1);
  CHECK(found.records == Lines{"r0", "r1", "r2"});  // it fails at the first of them
  CHECK_FALSE(found.minimum);
}

TEST_CASE("a seed finds the same every time, and runs stop when all is found") {
  ExploreRequest request;
  request.random = 1'000;
  const SiteSet open = sites({Site::function_error});
  const ExploreReport first = explored(one_record(), open, 1, {}, request);
  const ExploreReport second = explored(one_record(), open, 1, {}, request);
  REQUIRE(first.violations.size() == 1);
  CHECK(second.random_runs == first.random_runs);
  CHECK(second.violations[0].token == first.violations[0].token);
  CHECK(first.taken == open);
  CHECK(explored(one_record(), open, 0, {}, request).violations.empty());  // no budget, no fault
}

}  // namespace trimhorizon::testing
