// What may include what: levels of sim/, and the one place of each library.
#include <sstream>

#include "tests/tidy/checks.hpp"

namespace trimhorizon::tidy {
namespace {

struct Include {
  std::size_t line;
  std::string name;
  bool quoted;
};

std::vector<Include> includes_of(const SourceFile& file) {
  std::vector<Include> includes;
  const std::vector<std::string> lines = lines_of(file.text);
  const std::vector<std::string> code = lines_of(code_only(file.text));  // not in a comment
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t hash = code[i].find_first_not_of(" \t");
    if (hash == std::string::npos || code[i][hash] != '#') continue;
    if (code[i].find("include", hash) == std::string::npos) continue;
    const std::size_t open = lines[i].find_first_of("<\"", hash);
    if (open == std::string::npos) continue;
    const bool quoted = lines[i][open] == '"';
    const std::size_t close = lines[i].find(quoted ? '"' : '>', open + 1);
    if (close == std::string::npos) continue;
    includes.push_back({i + 1, lines[i].substr(open + 1, close - open - 1), quoted});
  }
  return includes;
}

// "sim/world/step.cpp" -> "world"; empty if it does not lie in a folder of sim/.
std::string sim_folder(const std::string& path) {
  if (!path.starts_with("sim/")) return "";
  const std::size_t slash = path.find('/', 4);
  return slash == std::string::npos ? "" : path.substr(4, slash - 4);
}

struct Confined {
  const char* library;
  std::vector<std::string> places;  // a path begins with one of them
  const char* instead;
};

const std::vector<Confined>& confined() {
  static const std::vector<Confined> table = {
      {"yaml-cpp/", {"sim/yaml/"}, "let sim/yaml read the text and pass its tree"},
      {"boost/graph/", {"sim/kinesis/lineage.cpp"}, "call sim/kinesis/lineage.hpp"},
      {"pybind11/", {"bindings/"}, "bind it in bindings/cpp"},
      {"CLI/", {"sim/cli/"}, "read options in sim/cli and pass plain values"},
      {"nlohmann/", {"sim/base/json.cpp", "tests/"}, "call sim/base/json.hpp"},
      {"catch2/", {"tests/support/"}, "include tests/support/catch.hpp"},
      {"rapidcheck", {"tests/support/rapidcheck.hpp"}, "include tests/support/rapidcheck.hpp"},
  };
  return table;
}

}  // namespace

Levels parse_levels(const std::string& text) {
  Levels levels;
  std::istringstream in(text);
  std::string level;
  for (int number = 0; std::getline(in, level, '|'); ++number) {
    std::istringstream folders(level);
    for (std::string folder; folders >> folder;) levels[folder] = number;
  }
  return levels;
}

Findings check_inclusion(const SourceFile& file, const Levels& levels) {
  Findings findings;
  const std::string from = sim_folder(file.path);
  if (from.empty() && !file.path.starts_with("bindings/")) return findings;
  if (!from.empty() && !levels.contains(from)) {
    return {
        {file.path, 0, "sim/" + from + " has no level", "add it to TH_LEVEL_n in CMakeLists.txt"}};
  }
  const int level = from.empty() ? levels.at("cli") : levels.at(from);  // bindings see 0-6

  for (const Include& include : includes_of(file)) {
    if (!include.quoted) continue;
    const std::string to = sim_folder(include.name);
    if (to.empty()) {
      if (from.empty() && include.name.starts_with("bindings/")) continue;
      findings.push_back({file.path, include.line, "include of \"" + include.name + "\"",
                          "the path from the top, \"sim/FOLDER/FILE.hpp\""});
    } else if (to != from && (!levels.contains(to) || levels.at(to) >= level)) {
      const std::string where = from.empty() ? "bindings" : "sim/" + from;
      findings.push_back({file.path, include.line, where + " includes sim/" + to,
                          "folders of lower levels only; move the value down or the caller up"});
    }
  }
  return findings;
}

Findings check_libraries(const SourceFile& file) {
  Findings findings;
  for (const Include& include : includes_of(file)) {
    for (const Confined& rule : confined()) {
      if (!include.name.starts_with(rule.library)) continue;
      bool allowed = false;
      for (const std::string& place : rule.places) allowed |= file.path.starts_with(place);
      const bool header_of_sim = file.path.starts_with("sim/") && file.path.ends_with(".hpp");
      if (allowed && !header_of_sim) continue;
      findings.push_back(
          {file.path, include.line,
           "<" + include.name + "> outside its place, the sources of " + rule.places[0],
           rule.instead});
    }
  }
  return findings;
}

}  // namespace trimhorizon::tidy
