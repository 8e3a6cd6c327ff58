#include "sim/report/picture_table.hpp"

#include "tests/report/samples.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using samples::at_s;

namespace {

TimelineAction action_at(std::int64_t s, ActionKind kind) {
  TimelineAction action;
  action.at = at_s(s);
  action.kind = kind;
  action.function = {0}, action.mapping = {0}, action.producer = {0}, action.destination = {0};
  return action;
}

Scenario shop() {
  Scenario scenario;
  scenario.producers.push_back({"shop", {}, {}});
  scenario.functions.push_back({"billing", {}});
  scenario.mappings.push_back({"billing-orders", {}, {}, {}, {}});
  scenario.destinations.push_back({"dlq", DestinationType::sqs});
  return scenario;
}

// "at until action target" of each row, times in seconds, "-" for null.
std::vector<std::string> rows_of(const Table& table) {
  std::vector<std::string> rows;
  const auto seconds_at = [](const Column& column, std::int64_t row) {
    if (column.is_null(row)) return std::string("-");
    return std::to_string(column.numbers[static_cast<std::size_t>(row)] / 1'000'000);
  };
  for (std::int64_t row = 0; row < table.rows; ++row) {
    rows.push_back(seconds_at(*table.find("at"), row) + " " +
                   seconds_at(*table.find("until"), row) + " " +
                   std::string(table.find("action")->text_at(row)) + " " +
                   std::string(table.find("target")->text_at(row)));
  }
  return rows;
}

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("the lines of a picture are a row for each moment of each shard") {
  Result result;
  result.consumers.resize(2);
  result.consumers[0].name = "a", result.consumers[1].name = "b";
  result.consumers[0].pictures.push_back(
      {"s0", {{at_s(1), 5, 1, 2}, {at_s(2), 6, 3, 4}}, {}, 0, {}});
  result.consumers[0].pictures.push_back({"s1", {}, {}, 0, {}});
  result.consumers[1].pictures.push_back({"s2", {{at_s(3), 9, 7, 8}}, {}, 0, {}});
  const auto table = positions_table(result);
  REQUIRE(table->rows == 3);
  for (const Column& column : table->columns) CHECK(column.rows == 3);
  CHECK(table->find("mapping")->text_at(1) == "a");
  CHECK(table->find("shard")->text_at(1) == "s0");
  CHECK(table->find("mapping")->text_at(2) == "b");
  CHECK(table->find("at")->numbers[1] == 2'000'000);
  CHECK(table->find("tip")->numbers[1] == 6);
  CHECK(table->find("trim_horizon")->numbers[1] == 3);
  CHECK(table->find("checkpoint")->numbers[1] == 4);
  CHECK(positions_table({})->rows == 0);
}

TEST_CASE("disturbances of the file, injected ones and failures of a time stand by their start") {
  Scenario scenario = shop();
  TimelineAction throttle = action_at(5, ActionKind::throttle);
  throttle.lasts = seconds(2);
  scenario.timeline = {throttle, action_at(1, ActionKind::crash_poller)};
  FailRule always, for_a_while, from_then_on;
  for_a_while.until = at_s(3);
  from_then_on.from = at_s(4);
  scenario.functions[0].settings.fail = {always, for_a_while, from_then_on};
  Recipe recipe;
  recipe.injections.push_back({10, action_at(2, ActionKind::fail_destination)});
  CHECK(rows_of(*disturbances_table(scenario, recipe)) ==
        Rows{"0 3 fail billing", "1 1 crash_poller billing-orders", "2 - fail_destination dlq",
             "4 - fail billing", "5 7 throttle billing"});
}

TEST_CASE("every action names whom it disturbs, and what happens at once ends at once") {
  Scenario scenario = shop();
  TimelineAction off = action_at(3, ActionKind::update_event_source_mapping);
  off.enabled = false;
  scenario.timeline = {action_at(1, ActionKind::outage),
                       action_at(2, ActionKind::lose_acknowledgements), off,
                       action_at(4, ActionKind::update_event_source_mapping)};
  CHECK(rows_of(*disturbances_table(scenario, {})) ==
        Rows{"1 - outage billing", "2 - lose_acknowledgements shop", "3 3 disable billing-orders",
             "4 4 enable billing-orders"});
}
