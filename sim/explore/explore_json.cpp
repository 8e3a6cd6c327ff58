// Writes the JSON of an exploration; programs of users read its members.
#include <algorithm>
#include <span>

#include "sim/base/json.hpp"
#include "sim/base/version.hpp"
#include "sim/explore/explore_report.hpp"
#include "sim/faults/assumption_words.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

void write_outcome(JsonWriter& json, const OutcomeRow& row) {
  json.member("stored", row.stored);
  json.object("effects", [&] {
    for (const auto& [id, effects] : row.effects) json.member(id, effects);
  });
  json.list("discarded", row.discarded);
  json.list("lost", row.lost);
  json.member("minimum_faults", row.minimum_faults);
}

void write_story(JsonWriter& json, const RecordStory& story) {
  json.member("record", story.record);
  json.list("story", story.lines);
  const std::size_t point = story.point_of_no_return;
  json.member("point_of_no_return", point > 0 ? std::optional(point) : std::nullopt);
}

void write_violation(JsonWriter& json, const FoundViolation& found) {
  json.member("property", found.property);
  json.member("minimum_faults", found.faults);
  json.member("minimal", found.minimum ? "minimum" : "1-minimal");
  json.member("decisions", found.token);
  json.list("decisions_in_words", found.decisions);
  json.list("violated_records", found.records);
  if (!found.stories.empty()) write_story(json, found.stories.front());
  const std::span all(found.stories);
  json.objects("other_records", all.subspan(std::min<std::size_t>(all.size(), 1)),
               [&](const RecordStory& story) { write_story(json, story); });
  json.objects("counterfactuals", found.without, [&](const Counterfactual& each) {
    const bool judged = each.judged != Standing::not_judged;
    json.member("without", each.fault);
    json.member("holds", judged ? std::optional(each.judged == Standing::holds) : std::nullopt);
    json.member("instead", each.instead);
  });
  if (!found.near_miss.empty()) json.member("near_miss", found.near_miss);
  if (!found.loop.empty()) json.list("loop", found.loop);
}

void write_coverage(JsonWriter& json, const ExploreReport& report) {
  json.list("properties", report.properties);
  json.list("sites", fault_names(report.sites));
  json.list("sites_off", fault_names(SiteSet::all().without(report.sites)));
  json.list("sites_never_taken", fault_names(report.sites.without(report.taken)));
  json.member("batch_sizes", report.any_batch_size ? "any" : "full");
  json.list("situations_reached", names_in(report.situations));
  json.list("situations_not_reached",
            names_in(EnumSet<Situation>::all().without(report.situations)));
  json.object("assumptions_met", [&] {
    for (const Assumption each : all_of<Assumption>) {
      if (report.met.has(each)) json.member(name(each), assumption_value(report.assumptions, each));
    }
  });
  std::vector<std::string> notes = report.common_notes;
  if (!report.first_records.empty()) notes.insert(notes.begin(), report.first_records);
  notes.insert(notes.end(), report.notes.begin(), report.notes.end());
  json.list("notes", notes);
  if (!report.first_records.empty()) json.member("first_records", report.first_records);
}

}  // namespace

std::vector<std::string> fault_names(SiteSet sites) {
  for (const Site each : all_of<Site>) {
    if (info(each).cost == 0) sites.remove(each);
  }
  return names_in(sites);
}

std::string explore_json(const ExploreReport& report, bool outcomes) {
  std::string text;
  JsonWriter json(text, 1);
  const auto violation = [&](const FoundViolation& found) { write_violation(json, found); };
  json.object([&] {
    const bool undecided = report.verdict == Verdict::undecided;
    json.member("verdict", undecided ? "incomplete" : name(report.verdict));
    json.member("verdict_words", report.verdict_words);
    json.member("edition", edition());
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
      json.objects("outcomes", report.outcomes,
                   [&](const OutcomeRow& row) { write_outcome(json, row); });
    }
    json.objects("held", held_properties(report), [&](const std::string& property) {
      const bool searched = report.random_runs == 0 && report.complete_through >= 0;
      json.member("property", property);
      json.member("faults", searched ? std::optional(report.complete_through) : std::nullopt);
      const bool sampled = report.ledger_runs > 0 && is_ledger_promise(property);
      json.member("runs", sampled ? std::optional(report.ledger_runs) : std::nullopt);
    });
    json.objects("violations", report.violations, violation);
    json.objects("loops", report.loops, violation);
    write_coverage(json, report);
    if (!report.was_swept) return;
    json.objects("assumption_sweep", report.swept, [&](const SweptAssumption& each) {
      json.member("assumption", each.name);
      json.member("value", each.value);
      json.member("verdict", each.verdict);
      json.member("depends", each.matters());
      json.list("differences", each.differences);
    });
  });
  return text + "\n";
}

}  // namespace trimhorizon
