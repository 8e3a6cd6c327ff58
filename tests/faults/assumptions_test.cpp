#include "sim/faults/assumptions.hpp"

#include <set>

#include "sim/base/check.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("each assumption stands in its own row, with the rule that leaves it open") {
  REQUIRE(assumption_table().size() == count_of<Assumption>);
  for (std::size_t i = 0; i < count_of<Assumption>; ++i) {
    const AssumptionInfo& row = assumption_table()[i];
    CHECK(index_of(row.which) == i);
    CHECK(row.name == name(row.which));
    CHECK(row.rule.find('-') != std::string_view::npos);
  }
}

TEST_CASE("the values of a switch are single words, and no word twice") {
  for (const AssumptionInfo& row : assumption_table()) {
    CHECK(row.values.size() != 1);
    CHECK(std::set(row.values.begin(), row.values.end()).size() == row.values.size());
    for (const std::string_view value : row.values) {
      CHECK_FALSE(value.empty());
      CHECK(value.find_first_of(", ") == std::string_view::npos);
    }
  }
}

TEST_CASE("three values are listed one by one, in order [CON-03]") {
  const AssumptionInfo& row = assumption_table()[index_of(Assumption::bisect_with_report)];
  CHECK(row.rule == "CON-03 ESM-PBR-09");
  CHECK(row.values ==
        std::vector<std::string_view>{"halve_on_no_progress", "at_identifier", "halve_remainder"});
}

TEST_CASE("the defaults are those of the table of switches [CON-27, CON-28, CON-29, CON-30]") {
  const Assumptions defaults;
  CHECK(defaults.bisect_with_report == assume::bisect_with_report::halve_on_no_progress);
  CHECK(defaults.latest_position == assume::latest_position::kept_once_read);
  CHECK(defaults.other_answers == assume::other_answers::success);
  CHECK(defaults.trimmed_position == assume::trimmed_position::start_at_horizon);
  CHECK(defaults.partial_remainder == assume::partial_remainder::alone);
  CHECK(defaults.retry_backoff ==
        Backoff{true, milliseconds(200), 2'000, seconds(15), Backoff::Jitter::none});
  CHECK(defaults.throttle_backoff ==
        Backoff{true, milliseconds(500), 2'000, seconds(15), Backoff::Jitter::full});
  CHECK(defaults.poller_failover == Duration{0});
}

TEST_CASE("every value of every switch is set and got, and no other switch moves") {
  for (const AssumptionInfo& row : assumption_table()) {
    for (std::uint32_t value = 0; value < row.values.size(); ++value) {
      Assumptions assumptions;
      set_assumption(assumptions, row.which, value);
      for (const AssumptionInfo& other : assumption_table()) {
        const std::uint32_t wanted = other.which == row.which ? value : 0;
        CHECK(get_assumption(assumptions, other.which) == wanted);
      }
      CHECK((assumptions == Assumptions{}) == (value == 0));  // the first value is the default
    }
  }
}

TEST_CASE("back-offs and durations have no list of values: setting one by index is a bug of ours") {
  Assumptions assumptions;
  for (const Assumption each :
       {Assumption::retry_backoff, Assumption::throttle_backoff, Assumption::on_demand_split_delay,
        Assumption::poller_failover, Assumption::child_start_delay, Assumption::kpl_call_time}) {
    CHECK(assumption_table()[index_of(each)].values.empty());
    CHECK(get_assumption(assumptions, each) == 0);
    CHECK_THROWS_AS(set_assumption(assumptions, each, 1), InternalError);
  }
}

TEST_CASE("switches of parts that are not built are known as such, the others are asked for") {
  CHECK(nothing_asks_for(Assumption::lanes));
  CHECK_FALSE(nothing_asks_for(Assumption::child_start));
  CHECK_FALSE(nothing_asks_for(Assumption::split));
  CHECK_FALSE(nothing_asks_for(Assumption::consolidate_failures));
  CHECK_FALSE(nothing_asks_for(Assumption::poller_failover));
  CHECK_FALSE(nothing_asks_for(Assumption::trimmed_position));
  CHECK_FALSE(nothing_asks_for(Assumption::latest_position));
  CHECK_FALSE(nothing_asks_for(Assumption::other_answers));
  CHECK_FALSE(nothing_asks_for(Assumption::partial_remainder));
}
