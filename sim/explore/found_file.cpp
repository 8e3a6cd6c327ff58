// Writes a violation as a scenario file, and checks that the file repeats the violation.
#include "sim/explore/found_file.hpp"

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/base/json.hpp"
#include "sim/base/medium.hpp"
#include "sim/experiment/run_scenario.hpp"
#include "sim/explore/explore_report.hpp"
#include "sim/explore/replayed.hpp"
#include "sim/report/words.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/scenario/rewrite.hpp"
#include "sim/scenario/written_rates.hpp"

namespace trimhorizon {
namespace {

std::string comments(const ExploreReport& report, const FoundViolation& found) {
  std::string text =
      fmt::format("# Found by `trimhorizon explore`: {} is broken by {}{}.\n", found.property,
                  counted(found.faults, "fault"), found.minimum ? ", the minimum" : " (1-minimal)");
  std::uint32_t faults = 0;
  for (std::size_t i = 0; i < found.decisions.size(); ++i) {
    const std::string label = found.is_fault[i] ? fmt::format("{}.", ++faults) : "- ";
    text += fmt::format("#   {} {}\n", label, for_terminal(found.decisions[i]));
  }
  if (!report.file.empty() && report.file != "-") {
    text += "# In " + for_terminal(report.file) + "\n";
  }
  return text;
}

std::string explore_value(const ExploreReport& report, const FoundViolation& found) {
  const std::string records =
      report.records == handful ? "" : fmt::format(", first_records: {}", report.records);
  return fmt::format("{{faults: {}, sites: [{}], batch_sizes: {}, properties: [{}]{}}}",
                     std::max(found.faults, report.faults),
                     fmt::join(fault_names(report.sites), ", "),
                     report.any_batch_size ? "any" : "full", found.property, records);
}

// The result of the run as expectations: they fail when the decisions are removed.
std::string expect_value(const std::string& text) {
  const Result result =
      run_scenario(std::make_shared<const Scenario>(read_scenario(text, "found"))).result;
  return fmt::format("{{lost: {}, duplicates: {}}}", result.lost, result.duplicates);
}

// Is it a scenario whose run asks exactly the questions of the token?
bool replays(const std::string& text) {
  try {
    return replay_decisions(read_scenario(text, "found"), std::nullopt).matches;
  } catch (const ScenarioError&) {
    return false;
  }
}

// The rewritten text, without the need of another file: it may be kept in any folder.
std::string alone(const Scenario& scenario, const Rewrite& rewrite) {
  const std::string text = rewrite_scenario(scenario.source_text, rewrite);
  Rewrite rates;
  rates.overrides = written_rates(scenario, scenario.explore.records);
  return rates.overrides.empty() ? text : rewrite_scenario(text, rates);
}

// The same decisions, said to be of this file: a drift compares with it and not with the explored
// one.
std::string with_own_origin(std::string text, const std::string& token) {
  DecisionList list = parse_token(token);
  list.origin = make_plan(read_scenario(text, "found"), {})->origin;
  return text.replace(text.find(token), token.size(), to_token(list));
}

}  // namespace

std::string found_file(const Scenario& scenario, const std::vector<std::string>& set,
                       const std::string& variant, const ExploreReport& report,
                       const FoundViolation& found) {
  Rewrite rewrite;
  rewrite.overrides = parse_overrides(set);
  rewrite.variant = variant;
  rewrite.leave_out = {"variants", "expect", "evidence", "lesson", "decisions"};
  rewrite.replace = {
      {"title", json_string(found.property + " is broken" +
                            (report.title.empty() ? "" : ": " + report.title))},
      {"seed", std::to_string(report.seed)},
      {"explore", explore_value(report, found)},
      {"decisions", "{token: " + json_string(found.token) + "}"},
  };
  const std::string head = comments(report, found);
  std::string text = head + alone(scenario, rewrite);
  // A run without the functions of the user asks other questions, so it cannot be checked here.
  if (report.own_handlers) return text;
  if (replays(text)) {
    rewrite.replace.emplace_back("expect", expect_value(text));
    return with_own_origin(head + alone(scenario, rewrite), found.token);
  }
  // Something that was left out matters to the run: keep the whole text.
  rewrite.leave_out = {"variants", "decisions"};
  rewrite.replace.erase(rewrite.replace.begin());
  text = head + alone(scenario, rewrite);
  TH_CHECK(replays(text));
  return with_own_origin(text, found.token);
}

}  // namespace trimhorizon
