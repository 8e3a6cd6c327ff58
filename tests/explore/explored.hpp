// A told scenario explored in one line, with its outcomes as one line of text each.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "sim/explore/explore_scenario.hpp"
#include "sim/handlers/recorded_handlers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {

inline SiteSet sites(std::initializer_list<Site> list) {
  SiteSet set;
  for (const Site site : list) set.add(site);
  return set;
}

inline const SiteSet failing = sites({Site::function_error});

inline ExploreReport explored(const Story& story, SiteSet open, std::uint32_t faults,
                              std::vector<std::string> properties = {},
                              const ExploreRequest& request = {}) {
  Scenario scenario = story.scenario();
  scenario.explore.faults = faults;
  scenario.explore.sites = open;
  scenario.explore.properties = std::move(properties);
  return explore_scenario(scenario, request);
}

// One record, given up after its first failure.
inline Story one_record() { return Story().record("r0", "a").batch(1).retries(0).created(1_s); }

// Two records in one batch, given up after its first failure.
inline Story two_records() {
  Story s;
  s.record("r0", "a").record("r1", "a").batch(2).retries(0).created(1_s);
  return s;
}

// The only violation of a report.
inline FoundViolation only(const ExploreReport& report) {
  REQUIRE(report.violations.size() == 1);
  return report.violations.front();
}

// Is this one of the notes of the report?
inline bool noted(const ExploreReport& report, const std::string& wanted) {
  const auto has = [&](const std::vector<std::string>& notes) {
    return std::find(notes.begin(), notes.end(), wanted) != notes.end();
  };
  return has(report.notes) || has(report.common_notes);
}

// A function that did its work.
inline HandlerAnswer done() {
  HandlerAnswer answer;
  answer.response = "null";
  return answer;
}

// The scenario with the decisions of a violation, to be run.
inline std::shared_ptr<const Scenario> found_scenario(Scenario scenario,
                                                      const FoundViolation& found) {
  scenario.decisions = found.token;
  return std::make_shared<const Scenario>(std::move(scenario));
}

// "1 1 discarded r0 lost r1 @1" for every outcome.
inline std::vector<std::string> endings(const ExploreReport& report) {
  std::vector<std::string> lines;
  for (const OutcomeRow& row : report.outcomes) {
    std::string line;
    for (const auto& [id, effects] : row.effects) line += std::to_string(effects) + " ";
    if (!row.discarded.empty()) line += "discarded ";
    for (const std::string& id : row.discarded) line += id + " ";
    if (!row.lost.empty()) line += "lost ";
    for (const std::string& id : row.lost) line += id + " ";
    lines.push_back(line + "@" + std::to_string(row.minimum_faults));
  }
  return lines;
}

// The fewest faults that break a property; -1: it holds.
inline int fewest(const ExploreReport& report, std::string_view property) {
  for (const FoundViolation& each : report.violations) {
    if (each.property == property) return static_cast<int>(each.faults);
  }
  return -1;
}

}  // namespace trimhorizon::testing
