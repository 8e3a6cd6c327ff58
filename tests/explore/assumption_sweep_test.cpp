#include "sim/explore/assumption_sweep.hpp"

#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the assumptions a verdict depends on are named") {
  Story s;
  s.record("r0", "a").record("r1", "a").batch(2).retries(1).bisect().created(1_s);
  ExploreRequest request;
  request.assumptions = true;
  const ExploreReport report = explored(s, sites({Site::function_error}), 4, {"no_loss"}, request);
  CHECK(fewest(report, "no_loss") == 3);
  REQUIRE(report.was_swept);
  Lines depends;
  Lines same;
  for (const SweptAssumption& each : report.swept) {
    const std::string name = each.name + "=" + each.value;
    if (each.matters()) {
      depends.push_back(name + ": " + each.differences.front());
    } else {
      same.push_back(name);
    }
  }
  // A batch that is split only after its retries takes one more failure.
  CHECK(depends == Lines{"split_when=after_retries: no_loss is broken by 4 faults instead of 3"});
  CHECK(same == Lines{"split=inherits_retries", "iterator_age=at_finish", "retry_backoff=none",
                      "retry_backoff=cap 5s", "retry_backoff=cap 1m", "retry_backoff=full jitter"});
}

TEST_CASE("without the request nothing is swept, and a question not met is not asked again") {
  Story s;
  s.record("r0", "a").batch(1).retries(0).created(1_s);
  CHECK_FALSE(explored(s, sites({Site::function_error}), 1).was_swept);
  ExploreRequest request;
  request.assumptions = true;
  const ExploreReport report = explored(s, sites({}), 0, {}, request);
  CHECK(report.was_swept);
  for (const SweptAssumption& each : report.swept) {
    CHECK(each.name.find("split") == std::string::npos);
  }
}

TEST_CASE("the other values of a switch are tried, never the one it has") {
  Story s;
  s.record("r0", "a").record("r1", "a").batch(2).retries(1).bisect().created(1_s);
  s.assume("split_when", "after_retries");  // by default at the first error
  ExploreRequest request;
  request.assumptions = true;
  const ExploreReport report = explored(s, sites({Site::function_error}), 4, {"no_loss"}, request);
  Lines values;
  for (const SweptAssumption& each : report.swept) {
    if (each.name == "split_when") values.push_back(each.value);
    if (each.name == "split_when") CHECK(each.verdict.find("VIOLATED (3 ") == 0);
  }
  CHECK(values == Lines{"first_error"});
}

}  // namespace trimhorizon::testing
