// Explores again under each alternative of the switches that were met, and lists what changes.
#include "sim/explore/assumption_sweep.hpp"

#include <fmt/format.h>

#include <map>

#include "sim/experiment/ranges.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

// The fewest faults that break each property.
std::map<std::string, std::uint32_t> violations_of(const ExploreReport& report) {
  std::map<std::string, std::uint32_t> fewest;
  for (const FoundViolation& each : report.violations) fewest[each.property] = each.faults;
  return fewest;
}

std::vector<std::string> differences(const ExploreReport& base, const ExploreReport& other) {
  std::vector<std::string> lines;
  const auto before = violations_of(base);
  const auto after = violations_of(other);
  for (const auto& [property, faults] : before) {
    const auto found = after.find(property);
    if (found == after.end()) {
      lines.push_back(property + " holds");
    } else if (found->second != faults) {
      lines.push_back(fmt::format("{} is broken by {} instead of {}", property,
                                  counted(found->second, "fault"), faults));
    }
  }
  for (const auto& [property, faults] : after) {
    if (!before.contains(property)) {
      lines.push_back(fmt::format("{} is broken by {}", property, counted(faults, "fault")));
    }
  }
  if (lines.empty() && base.verdict_words != other.verdict_words) {
    lines.push_back(other.verdict_words);
  }
  return lines;
}

void sweep_one(const Scenario& changed, const ExploreRequest& request, std::string_view name,
               std::string_view value, ExploreReport& report) {
  ExploreRequest again = request;
  again.assumptions = false;
  const ExploreReport other = explore_scenario(changed, again);
  report.swept.push_back(
      {std::string(name), std::string(value), other.verdict_words, differences(report, other)});
}

}  // namespace

void sweep_assumptions(const Scenario& scenario, const ExploreRequest& request,
                       ExploreReport& report) {
  report.was_swept = true;
  for (const OtherValue& other : other_values(scenario.assumptions, report.met)) {
    Scenario changed = scenario;
    changed.assumptions = other.assumptions;
    sweep_one(changed, request, name(other.which), other.text, report);
  }
}

}  // namespace trimhorizon
