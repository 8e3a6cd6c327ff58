// Checks at an instant of the run, or of a part of it.
#include "tests/scenario/expecting.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("a check is at an instant, or of a part of the run") {
  const Scenario scenario = read_all(
      one("  checks: [{at: 9m, shards: {orders: {open: 4}}, backlog: {billing-orders: '< 1000'}, "
          "iterator_age: {billing-orders: '< 1m'}},\n"
          "    {from: 1m, until: 2m, metrics: {orders: {IncomingRecords: 0}, billing-orders: "
          "{Errors: 0}}}, {until: 5m, metrics: {Invocations: 1}}, {from: 5m, metrics: "
          "{Invocations: 1}}]\n"));
  REQUIRE(scenario.expect.size() == 7);
  CHECK(scenario.expect[0].name == "shards.orders.open at 540s");
  CHECK(scenario.expect[1].name == "backlog.billing-orders at 540s");
  CHECK(scenario.expect[1].kind == ExpectKind::backlog);
  CHECK(scenario.expect[2].kind == ExpectKind::iterator_age);
  REQUIRE(scenario.expect[2].check);
  CHECK(scenario.expect[2].check->from == Instant{} + minutes(9));
  CHECK_FALSE(scenario.expect[2].check->until);
  CHECK(scenario.expect[3].name == "metrics.orders.IncomingRecords from 60s to 120s");
  CHECK(scenario.expect[4].check->until == Instant{} + minutes(2));
  CHECK(scenario.expect[5].check->from == Instant{});
  CHECK(scenario.expect[6].check->until == Instant{} + scenario.duration);
}

TEST_CASE("a check that no run could make is a mistake") {
  const auto wrong = [](const std::string& check) {
    return said_about(one("  checks:\n  - " + check + "\n"));
  };
  CHECK(wrong("{backlog: {billing-orders: 0}}") ==
        "13:5 this check has no time (write at: 9m, or from: 1m and until: 2m)");
  CHECK(wrong("{at: 1m, until: 2m, backlog: {billing-orders: 0}}") ==
        "13:10 a check is at an instant, or of a part of the run (write `at`, or `from` and "
        "`until`)");
  CHECK(wrong("{from: 2m, until: 2m, metrics: {Errors: 0}}") ==
        "13:23 this part of the run ends before it begins");
  CHECK(wrong("{from: 2m, backlog: {billing-orders: 0}}") ==
        "13:16 backlog is about an instant of the run (write at: 9m)");
  CHECK(wrong("{at: 2m, metrics: {Errors: 0}}") ==
        "13:14 metrics are counted over a part of the run (write from: 1m and until: 2m)");
  CHECK(wrong("{from: 2m, metrics: {Duration.max: 1s}}") ==
        "13:5 Duration.max cannot be checked over a part of the run (only counters of events can, "
        "such as Invocations)");
  CHECK(wrong("{at: 2m}") ==
        "13:5 this check checks nothing (write what is expected: backlog: "
        "{m: \"< 1000\"})");
  CHECK(read(one("  checks: [{at: 2h, backlog: {billing-orders: 0}}]\n")).warnings.size() == 1);
}
