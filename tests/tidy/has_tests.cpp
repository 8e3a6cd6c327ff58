// One test file for each source: where its test is, and that there is one.
#include <algorithm>
#include <set>

#include "tests/tidy/checks.hpp"

namespace trimhorizon::tidy {
namespace {

// Folders of sim/ in which every source has its test.
constexpr std::string_view tested_folders[] = {
    "base",    "kinesis",    "faults", "yaml",    "lambda",   "producer",
    "metrics", "format",     "world",  "history", "handlers", "scenario",
    "run",     "experiment", "report", "explore", "cli",
};

struct Untested {
  std::string_view source;
  std::string_view why;
};
constexpr Untested untested[] = {
    {"sim/base/normal_table.cpp", "numbers that a tool wrote; draws_test.cpp compares them"},
    {"sim/base/version.cpp", "two constants of the build"},
    {"sim/cli/main.cpp", "a call of the program, which the tests of cli/ run as a whole"},
};

bool is_excused(const std::string& source) {
  return std::any_of(std::begin(untested), std::end(untested),
                     [&](const Untested& each) { return each.source == source; });
}

bool lies_in_tested_folder(const std::string& source) {
  return std::any_of(std::begin(tested_folders), std::end(tested_folders),
                     [&](std::string_view folder) {
                       return source.starts_with("sim/" + std::string(folder) + "/");
                     });
}

// "sim/world/step.cpp" -> "tests/world/step_test.cpp"
std::string test_of(const std::string& source) {
  return "tests/" + source.substr(4, source.size() - 8) + "_test.cpp";
}

}  // namespace

Findings check_has_tests(const std::vector<std::string>& paths) {
  const std::set<std::string> all(paths.begin(), paths.end());
  Findings findings;
  for (const std::string& path : all) {
    if (!path.starts_with("sim/") || !path.ends_with(".cpp")) continue;
    if (!lies_in_tested_folder(path) || is_excused(path)) continue;
    if (all.contains(test_of(path))) continue;
    findings.push_back({path, 0, "has no test file", "write " + test_of(path)});
  }
  return findings;
}

}  // namespace trimhorizon::tidy
