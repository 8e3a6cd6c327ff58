// What must not be written, where, and what to write instead.
#include <algorithm>
#include <cctype>

#include "tests/tidy/checks.hpp"

namespace trimhorizon::tidy {
namespace {

struct Place {
  std::string path;
  std::string folder;  // of sim/; else empty
  int level = -1;      // of sim/; else -1

  bool in(const char* start) const { return path.starts_with(start); }
};

bool everywhere(const Place&) { return true; }
bool product(const Place& p) { return p.in("sim/") || p.in("bindings/"); }
bool sim_only(const Place& p) { return p.in("sim/"); }
bool the_model(const Place& p) { return p.level >= 0 && p.level <= 3; }
bool world(const Place& p) { return p.in("sim/world/"); }
bool without_search(const Place& p) {
  return p.in("sim/") && !p.in("sim/explore/") && !p.in("sim/cli/");
}
bool without_cli(const Place& p) { return p.in("sim/") && !p.in("sim/cli/"); }
bool rule_headers(const Place& p) {
  return p.path.ends_with(".hpp") && p.path != "sim/base/rule.hpp";
}

struct Ban {
  std::vector<const char*> words;
  bool (*applies)(const Place&);
  const char* instead;
};

const std::vector<Ban>& bans() {
  static const std::vector<Ban> table = {
      {{"std::unordered_map", "std::unordered_set", "std::unordered_multimap",
        "std::unordered_multiset", "<unordered_map>", "<unordered_set>"},
       without_search,
       "std::map, a sorted std::vector, or a vector indexed by id: their order is the same "
       "everywhere"},
      {{"float", "double", "<cmath>", "<math.h>"},
       the_model,
       "integers, or Fixed and Probability of sim/base/draws.hpp"},
      {{"std::function"}, world, "a plain value that says what to do, or a template parameter"},
      {{"std::mt19937", "std::mt19937_64", "std::random_device", "std::default_random_engine",
        "<random>", "rand(", "srand(", "random("},
       product,
       "Choices (sim/base/choices.hpp) or Draws (sim/base/draws.hpp)"},
      {{"std::uniform_int_distribution", "std::uniform_real_distribution", "std::shuffle"},
       everywhere,
       "Draws (sim/base/draws.hpp): distributions differ between libraries"},
      {{"std::chrono::system_clock", "gettimeofday(", "clock_gettime(", "std::time(",
        "time(nullptr)", "time(NULL)", "time(0)"},
       everywhere,
       "simulated time: world.now, sim/base/time.hpp"},
      {{"std::chrono::steady_clock", "std::chrono::high_resolution_clock"},
       without_search,
       "simulated time, or a budget counted in steps"},
      {{"assert(", "<cassert>", "<assert.h>"}, product, "TH_CHECK of sim/base/check.hpp"},
      {{"std::format", "std::format_to", "<format>"},
       everywhere,
       "fmt::format (g++ 12 has no other)"},
      {{"<source_location>", "std::source_location"},
       everywhere,
       "__FILE__ and __LINE__ in a macro"},
      {{"<ranges>", "std::views::", "std::ranges::views::"},
       everywhere,
       "a loop, or an algorithm of <algorithm> (clang 14 rejects views)"},
      {{"using namespace std"}, everywhere, "std:: where it is used"},
      {{"std::hash"}, without_search, "sim/base/hash.hpp: std::hash differs between libraries"},
      {{"std::cout", "std::cerr", "printf(", "fprintf(", "fmt::print", "std::puts", "puts("},
       without_cli,
       "a returned value or text: only sim/cli prints"},
      {{"std::regex", "<regex>"}, sim_only, "a small scanner: std::regex overflows the stack"},
      {{"TH_RULE(", "TH_WRONG("},
       rule_headers,
       "the rule in a .cpp file: headers are not compiled twice"},
  };
  return table;
}

// The word as a whole: `rand(` is not in `operand(`, and a member `.time(0)` is another function.
bool contains_word(const std::string& line, const std::string& word) {
  for (std::size_t at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
    const char before = at == 0 ? ' ' : line[at - 1];
    const std::size_t end = at + word.size();
    const char after = end >= line.size() ? ' ' : line[end];
    const bool member = before == '.' || (before == '>' && at >= 2 && line[at - 2] == '-');
    const bool starts = !in_identifier(word.front()) || (!in_identifier(before) && !member);
    const bool ends = !in_identifier(word.back()) || !in_identifier(after);
    if (starts && ends) return true;
  }
  return false;
}

Place place_of(const SourceFile& file, const Levels& levels) {
  Place place{file.path, "", -1};
  if (!place.in("sim/")) return place;
  const std::size_t slash = file.path.find('/', 4);
  if (slash != file.path.npos) place.folder = file.path.substr(4, slash - 4);
  if (levels.contains(place.folder)) place.level = levels.at(place.folder);
  return place;
}

}  // namespace

Findings check_banned(const SourceFile& file, const Levels& levels) {
  Findings findings;
  if (!has_extension(file, {".cpp", ".hpp"})) return findings;
  const Place place = place_of(file, levels);
  const std::vector<std::string> code = lines_of(code_only(file.text));
  for (const Ban& ban : bans()) {
    if (!ban.applies(place)) continue;
    for (std::size_t i = 0; i < code.size(); ++i) {
      for (const char* word : ban.words) {
        if (!contains_word(code[i], word)) continue;
        findings.push_back(
            {file.path, i + 1, std::string(word) + " is not written here", ban.instead});
      }
    }
  }
  return findings;
}

Findings check_rules(const SourceFile& file) {
  Findings findings;
  if (!has_extension(file, {".cpp"}) || !file.path.starts_with("sim/")) return findings;
  const std::vector<std::string> code = lines_of(code_only(file.text));
  const std::string word = "TH_RULE(";
  for (std::size_t i = 0; i < code.size(); ++i) {
    const std::size_t at = code[i].find(word);
    if (at == std::string::npos) continue;
    const std::size_t id = at + word.size();
    if (id < code[i].size() && in_identifier(code[i][id])) continue;
    findings.push_back({file.path, i + 1, "TH_RULE without its id on the same line",
                        "TH_RULE(ID, right, wrong): tools/check_wrong_rules reads the id there"});
  }
  return findings;
}

Findings check_guard(const SourceFile& file) {
  if (!has_extension(file, {".hpp"})) return {};
  const std::vector<std::string> code = lines_of(code_only(file.text));
  for (const std::string& line : code) {
    if (line.find_first_not_of(" \t") == line.npos) continue;
    if (line == "#pragma once") return {};
    break;
  }
  return {{file.path, 0, "a header without a guard", "#pragma once before the first line of code"}};
}

Findings check_places(const SourceFile& file) {
  Findings findings;
  // Put together here, so that this file does not name them.
  const std::vector<std::string> places = {
      std::string("/wo") + "rk/main", std::string("/wo") + "rk/shared", std::string("/wo") + "rk/.",
      std::string("pypi") + ".org", std::string("pythonhosted") + ".org"};
  const std::vector<std::string> lines = lines_of(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (const std::string& place : places) {
      if (lines[i].find(place) == std::string::npos) continue;
      findings.push_back({file.path, i + 1, "names " + place + ", a place of one machine",
                          "a path from the top of the checkout, or nothing"});
    }
  }
  return findings;
}

Findings check_top_level(const std::vector<std::string>& names) {
  static const std::vector<std::string> allowed = {"CMakeLists.txt",
                                                   "CMakePresets.json",
                                                   "pyproject.toml",
                                                   "README.md",
                                                   "CONTRIBUTING.md",
                                                   "CHANGELOG.md",
                                                   "run",
                                                   "test",
                                                   "tools",
                                                   "sim",
                                                   "scenarios",
                                                   "bindings",
                                                   "notebooks",
                                                   "tests",
                                                   "docs",
                                                   "build",
                                                   "dist"};
  Findings findings;
  for (const std::string& name : names) {
    if (name.starts_with(".") || std::find(allowed.begin(), allowed.end(), name) != allowed.end()) {
      continue;
    }
    findings.push_back(
        {name, 0, "lies at the top", "a folder of the house; build output goes to build/"});
  }
  return findings;
}

}  // namespace trimhorizon::tidy
