#include "sim/report/picture_table.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trimhorizon {
namespace {

std::shared_ptr<Table> table_of(std::string name,
                                std::vector<std::pair<std::string, ColumnKind>> columns) {
  auto table = std::make_shared<Table>();
  table->name = std::move(name);
  for (auto& [column_name, kind] : columns) {
    Column column;
    column.name = std::move(column_name);
    column.kind = kind;
    table->columns.push_back(std::move(column));
  }
  return table;
}

struct Disturbance {
  Instant at;
  std::optional<Instant> until;
  std::string_view action;
  std::string target;
};

Disturbance disturbance_of(const TimelineAction& action, const Scenario& scenario) {
  Disturbance out{action.at, {}, "", ""};
  if (action.lasts) out.until = action.at + *action.lasts;
  switch (action.kind) {
    case ActionKind::throttle:
    case ActionKind::outage:
      out.action = action.kind == ActionKind::throttle ? "throttle" : "outage";
      out.target = scenario.functions[action.function.value].name;
      break;
    case ActionKind::crash_poller:
      out.action = "crash_poller";
      out.target = scenario.mappings[action.mapping.value].name;
      out.until = action.at;
      break;
    case ActionKind::lose_acknowledgements:
      out.action = "lose_acknowledgements";
      out.target = scenario.producers[action.producer.value].name;
      break;
    case ActionKind::fail_destination:
      out.action = "fail_destination";
      out.target = scenario.destinations[action.destination.value].name;
      break;
    case ActionKind::update_event_source_mapping:
      out.action = action.enabled ? "enable" : "disable";
      out.target = scenario.mappings[action.mapping.value].name;
      out.until = action.at;
      break;
  }
  return out;
}

}  // namespace

std::shared_ptr<const Table> positions_table(const Result& result) {
  auto table = table_of("positions", {{"mapping", ColumnKind::text},
                                      {"shard", ColumnKind::text},
                                      {"at", ColumnKind::duration},
                                      {"tip", ColumnKind::integer},
                                      {"trim_horizon", ColumnKind::integer},
                                      {"checkpoint", ColumnKind::integer}});
  for (const ConsumerResult& mapping : result.consumers) {
    for (const ShardPicture& picture : mapping.pictures) {
      for (const PicturePoint& point : picture.points) {
        table->columns[0].add(std::string_view(mapping.name));
        table->columns[1].add(std::string_view(picture.shard));
        table->columns[2].add(point.at.us);
        table->columns[3].add(static_cast<std::int64_t>(point.tip));
        table->columns[4].add(static_cast<std::int64_t>(point.trim_horizon));
        table->columns[5].add(static_cast<std::int64_t>(point.checkpoint));
        table->rows += 1;
      }
    }
  }
  return table;
}

std::shared_ptr<const Table> disturbances_table(const Scenario& scenario, const Recipe& recipe) {
  std::vector<Disturbance> all;
  for (const TimelineAction& each : scenario.timeline) {
    all.push_back(disturbance_of(each, scenario));
  }
  for (const Injection& each : recipe.injections) {
    all.push_back(disturbance_of(each.action, scenario));
  }
  for (const FunctionEntry& function : scenario.functions) {
    for (const FailRule& rule : function.settings.fail) {
      if (!rule.from && !rule.until) continue;
      all.push_back({rule.from.value_or(Instant{0}), rule.until, "fail", function.name});
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Disturbance& a, const Disturbance& b) { return a.at < b.at; });
  auto table = table_of("disturbances", {{"at", ColumnKind::duration},
                                         {"until", ColumnKind::duration},
                                         {"action", ColumnKind::text},
                                         {"target", ColumnKind::text}});
  for (const Disturbance& each : all) {
    table->columns[0].add(each.at.us);
    if (each.until)
      table->columns[1].add(each.until->us);
    else
      table->columns[1].add_null();
    table->columns[2].add(each.action);
    table->columns[3].add(std::string_view(each.target));
    table->rows += 1;
  }
  return table;
}

}  // namespace trimhorizon
