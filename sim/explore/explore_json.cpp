#include "sim/base/json.hpp"
#include "sim/explore/explore_report.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

constexpr std::string_view verdict_word(ExploreVerdict verdict) {
  switch (verdict) {
    case ExploreVerdict::holds: return "holds";
    case ExploreVerdict::violated: return "violated";
    default: return "incomplete";
  }
}

void write_list(JsonWriter& json, std::string_view key, const std::vector<std::string>& items) {
  json.key(key);
  json.begin_array();
  for (const std::string& item : items) json.value(item);
  json.end_array();
}

void write_outcome(JsonWriter& json, const OutcomeRow& row) {
  json.begin_object();
  json.member("stored", row.stored);
  json.key("effects");
  json.begin_object();
  for (const auto& [id, effects] : row.effects) json.member(id, effects);
  json.end_object();
  write_list(json, "discarded", row.discarded);
  write_list(json, "lost", row.lost);
  json.member("minimum_faults", row.minimum_faults);
  json.end_object();
}

void write_story(JsonWriter& json, const RecordStory& story) {
  write_list(json, "story", story.lines);
  json.key("point_of_no_return");
  if (story.point_of_no_return > 0) {
    json.value(story.point_of_no_return);
  } else {
    json.null();
  }
}

void write_violation(JsonWriter& json, const FoundViolation& found) {
  json.begin_object();
  json.member("property", found.property);
  json.member("minimum_faults", found.faults);
  json.member("minimal", found.minimum ? "minimum" : "1-minimal");
  json.member("decisions", found.token);
  write_list(json, "decisions_in_words", found.decisions);
  write_list(json, "violated_records", found.records);
  if (!found.stories.empty()) {
    json.member("record", found.stories.front().record);
    write_story(json, found.stories.front());
  }
  json.key("other_records");
  json.begin_array();
  for (std::size_t i = 1; i < found.stories.size(); ++i) {
    json.begin_object();
    json.member("record", found.stories[i].record);
    write_story(json, found.stories[i]);
    json.end_object();
  }
  json.end_array();
  json.key("counterfactuals");
  json.begin_array();
  for (const Counterfactual& each : found.without) {
    json.begin_object();
    json.member("without", each.fault);
    json.key("holds");
    if (each.judged == Standing::not_judged) {
      json.null();
    } else {
      json.value(each.judged == Standing::holds);
    }
    json.member("instead", each.instead);
    json.end_object();
  }
  json.end_array();
  if (!found.near_miss.empty()) json.member("near_miss", found.near_miss);
  if (!found.loop.empty()) write_list(json, "loop", found.loop);
  json.end_object();
}

void write_beside(JsonWriter& json, const ExploreReport& report) {
  std::vector<std::string> reached;
  std::vector<std::string> unreached;
  for (std::size_t i = 0; i < situation_count; ++i) {
    const bool seen = (report.situations >> i & 1u) != 0;
    (seen ? reached : unreached).emplace_back(situation_names[i]);
  }
  SiteSet off = report.sites;
  off.bits = ~off.bits;
  SiteSet never = report.sites;
  never.bits &= ~report.taken.bits;
  write_list(json, "properties", report.properties);
  write_list(json, "sites", site_names(report.sites));
  write_list(json, "sites_off", site_names(off));
  write_list(json, "sites_never_taken", site_names(never));
  json.member("batch_sizes", report.any_batch_size ? "any" : "full");
  write_list(json, "situations_reached", reached);
  write_list(json, "situations_not_reached", unreached);
  json.key("assumptions_met");
  json.begin_object();
  for (const AssumptionInfo& each : assumption_table()) {
    if (!report.met.has(each.which)) continue;
    json.member(each.name, assumption_value(report.assumptions, each.which));
  }
  json.end_object();
  write_list(json, "notes", report.notes);
}

void write_swept(JsonWriter& json, const ExploreReport& report) {
  json.key("assumption_sweep");
  json.begin_array();
  for (const SweptAssumption& each : report.swept) {
    json.begin_object();
    json.member("assumption", each.name);
    json.member("value", each.value);
    json.member("verdict", each.verdict);
    json.member("depends", each.matters());
    write_list(json, "differences", each.differences);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::vector<std::string> site_names(SiteSet sites) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < site_count; ++i) {
    const auto site = static_cast<Site>(i);
    if (info(site).cost > 0 && sites.has(site)) names.emplace_back(info(site).name);
  }
  return names;
}

std::string explore_json(const ExploreReport& report, bool outcomes) {
  std::string text;
  JsonWriter json(text, 1);
  json.begin_object();
  json.member("verdict", verdict_word(report.verdict));
  json.member("verdict_words", report.verdict_words);
  json.member("faults", report.faults);
  json.member("complete_through", report.complete_through);
  json.member("states", report.states);
  json.member("transitions", report.transitions);
  json.member("exact", report.exact);
  if (report.random_runs > 0) {
    json.member("random_runs", report.random_runs);
    json.member("random_runs_without_rest", report.random_without_rest);
  }
  json.member("effects_saturated", report.effects_saturated);
  if (outcomes) {
    json.key("outcomes");
    json.begin_array();
    for (const OutcomeRow& row : report.outcomes) write_outcome(json, row);
    json.end_array();
  }
  json.key("violations");
  json.begin_array();
  for (const FoundViolation& each : report.violations) write_violation(json, each);
  json.end_array();
  json.key("loops");
  json.begin_array();
  for (const FoundViolation& each : report.loops) write_violation(json, each);
  json.end_array();
  write_beside(json, report);
  if (report.was_swept) write_swept(json, report);
  json.end_object();
  return text + "\n";
}

}  // namespace trimhorizon
