// What `explore` prints: JSON for programs, and text for people.
#pragma once

#include <string>

#include "sim/explore/explore_scenario.hpp"

namespace trimhorizon {

struct ExploreText {
  bool colour = false;
  bool outcomes = false;  // list all of them
  bool details = false;   // all that was looked at and left out, not five lines of it
  std::string replay;     // the line that repeats this exploration
  // "trimhorizon replay FILE"; --decisions TOKEN is appended. The program cannot call functions of
  // the user: with them it is the Python that runs a violation, with "{}" for its number.
  std::string replay_found;
};

std::string explore_text(const ExploreReport& report, const ExploreText& options);

// Ends with a newline. `outcomes`: with the list of them.
std::string explore_json(const ExploreReport& report, bool outcomes);

// The properties that no schedule broke, in the order of the report.
std::vector<std::string> held_properties(const ExploreReport& report);

// The line that repeats an exploration.
std::string explore_line(const ExploreRequest& request, const std::string& file,
                         const std::vector<std::string>& set, const std::string& variant);

// Sites as names, in the order of the table.
std::vector<std::string> fault_names(SiteSet sites);

}  // namespace trimhorizon
