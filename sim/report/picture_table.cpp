// The data of the position-time picture as tables, so that Python can draw it.
#include "sim/report/picture_table.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/table_rows.hpp"

namespace trimhorizon {
namespace {

// A point of the picture of one shard.
struct PositionRow {
  const ConsumerResult* mapping;
  const ShardPicture* picture;
  PicturePoint point;
};

struct Disturbance {
  Instant at;
  std::optional<Instant> until;
  std::string_view action;
  std::string target;
};

Disturbance disturbance_of(const TimelineAction& action, const Scenario& scenario) {
  Disturbance out{action.at, {}, name(action.kind), ""};
  if (action.lasts) out.until = action.at + *action.lasts;
  switch (action.kind) {
    case ActionKind::throttle:
    case ActionKind::outage: out.target = scenario.functions[action.function.value].name; break;
    case ActionKind::crash_poller:
      out.target = scenario.mappings[action.mapping.value].name;
      out.until = action.at;
      break;
    case ActionKind::lose_acknowledgements:
      out.target = scenario.producers[action.producer.value].name;
      break;
    case ActionKind::fail_destination:
      out.target = scenario.destinations[action.destination.value].name;
      break;
    case ActionKind::update_event_source_mapping:
      out.action = action.enabled ? "enable" : "disable";
      out.target = scenario.mappings[action.mapping.value].name;
      out.until = action.at;
      break;
    case ActionKind::api_call:
      out.action = name(action.call->action_name());
      out.target = scenario.streams[action.call->stream.value].name;
      out.until = action.at;
      break;
    case ActionKind::get_records:
      out.target = scenario.streams[action.read->stream.value].name;
      out.until = action.at;
      break;
    case ActionKind::stream_failures:
      out.target = scenario.streams[action.failures->stream.value].name;
      break;
  }
  return out;
}

}  // namespace

std::shared_ptr<const Table> positions_table(const Result& result) {
  using Row = PositionRow;
  std::vector<Row> rows;
  for (const ConsumerResult& mapping : result.consumers) {
    for (const ShardPicture& picture : mapping.pictures) {
      for (const PicturePoint& point : picture.points) rows.push_back({&mapping, &picture, point});
    }
  }
  return table_of<Row>(
      "positions", rows,
      {
          {"mapping", ColumnKind::text, [](const Row& row) { return row.mapping->name; }},
          {"shard", ColumnKind::text, [](const Row& row) { return row.picture->shard; }},
          {"at", ColumnKind::duration, [](const Row& row) { return row.point.at.us; }},
          {"tip", ColumnKind::integer, [](const Row& row) { return row.point.tip; }},
          {"trim_horizon", ColumnKind::integer,
           [](const Row& row) { return row.point.trim_horizon; }},
          {"checkpoint", ColumnKind::integer, [](const Row& row) { return row.point.checkpoint; }},
      });
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
  using Row = Disturbance;
  const auto until = [](const Row& row) {
    return row.until ? std::optional(row.until->us) : std::nullopt;
  };
  return table_of<Row>("disturbances", all,
                       {
                           {"at", ColumnKind::duration, [](const Row& row) { return row.at.us; }},
                           {"until", ColumnKind::duration, until},
                           {"action", ColumnKind::text, &Row::action},
                           {"target", ColumnKind::text, &Row::target},
                       });
}

}  // namespace trimhorizon
