// Commands in the docs are run and their output compared: a fenced block of kind `console` holds
// lines `$ trimhorizon …` and what they print. A line `…` stands for any number of lines. With
// TH_ACCEPT=1 the blocks are rewritten (elided parts stay elided only if they still match).
// What the two pages for those who change the program name in backticks has to be there.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"
#include "tests/support/program.hpp"

namespace {

namespace fs = std::filesystem;
using trimhorizon::tests::run_shell;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Does `got` match `wanted`, where a line `…` takes any lines?
bool matches(const std::vector<std::string>& wanted, std::size_t w,
             const std::vector<std::string>& got, std::size_t g) {
  while (w < wanted.size()) {
    if (wanted[w] == "…") {
      for (std::size_t skip = g; skip <= got.size(); ++skip) {
        if (matches(wanted, w + 1, got, skip)) return true;
      }
      return false;
    }
    if (g == got.size() || wanted[w] != got[g]) return false;
    ++w;
    ++g;
  }
  return g == got.size();
}

// `trimhorizon` and `./run` are the program under test.
std::string runnable(std::string command) {
  for (const std::string name : {"trimhorizon ", "./run "}) {
    if (command.compare(0, name.size(), name) != 0) continue;
    const bool front_door = name == "./run ";
    std::string rest = command.substr(name.size());
    const std::string first = rest.substr(0, rest.find(' '));
    if (front_door && first.find(".yaml") != std::string::npos) rest = "run " + rest;
    return "$TH " + rest;
  }
  return command;
}

struct Session {
  std::string command;
  std::vector<std::string> output;
};

std::vector<std::string> output_of(const std::string& command) {
  const auto run = run_shell(runnable(command) + " 2>&1");
  std::vector<std::string> lines = lines_of(run.out);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// Runs the sessions of one page; returns the page with outputs as they are now.
std::string check_page(const fs::path& path, int& sessions) {
  std::string page;
  bool in_block = false;
  Session session;
  const auto finish = [&] {
    if (session.command.empty()) return;
    std::vector<std::string> wanted = session.output;
    while (!wanted.empty() && wanted.back().empty()) wanted.pop_back();
    const std::vector<std::string> got = output_of(session.command);
    const bool same = matches(wanted, 0, got, 0);
    INFO(path.string() << ": $ " << session.command << "\n" << joined(got));
    if (std::getenv("TH_ACCEPT") == nullptr) CHECK(same);
    page += joined(same ? session.output : got);
    ++sessions;
    session = {};
  };
  for (const std::string& line : lines_of(read_file(path))) {
    if (in_block && line.compare(0, 2, "$ ") == 0) {
      finish();
      session.command = line.substr(2);
      page += line + "\n";
      continue;
    }
    if (line == "```console") in_block = true;
    if (in_block && line == "```") {
      finish();
      in_block = false;
    }
    if (in_block && !session.command.empty()) {
      session.output.push_back(line);
    } else {
      page += line + "\n";
    }
  }
  return page;
}

std::vector<fs::path> pages() {
  std::vector<fs::path> found = {fs::path(trimhorizon::tests::source_dir()) / "README.md"};
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(trimhorizon::tests::source_dir()) / "docs")) {
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST_CASE("every command in the docs prints what the page says") {
  int sessions = 0;
  for (const fs::path& path : pages()) {
    if (!fs::exists(path)) continue;
    const std::string page = check_page(path, sessions);
    if (std::getenv("TH_ACCEPT") != nullptr && page != read_file(path)) {
      std::ofstream(path, std::ios::binary) << page;
    }
  }
  CHECK(sessions > 0);
}

TEST_CASE("the scenario that README shows is the file that its commands run") {
  const fs::path top = trimhorizon::tests::source_dir();
  const std::string page = read_file(top / "README.md");
  const std::string fence = "```yaml\n";
  const std::size_t from = page.find(fence) + fence.size();
  CHECK(page.substr(from, page.find("```", from) - from) ==
        read_file(top / "docs" / "my-service.yaml"));
  CHECK(page.find("./run docs/my-service.yaml") != std::string::npos);
}

TEST_CASE("README answers the ten questions, and the tour says four of them where they belong") {
  const fs::path top = trimhorizon::tests::source_dir();
  const std::string readme = read_file(top / "README.md");
  for (const char* question :
       {"Who can see the position?", "What does a throttle do to the retries?",
        "What bounds concurrency?", "Does more traffic alone add concurrency?",
        "When are the children of a split shard read?", "What does LATEST miss?",
        "What does a timeout after the last write do?",
        "Which metric counts a record that expires?", "How often is a record delivered",
        "What becomes of the rest of its batch?"}) {
    INFO(question);
    CHECK(readme.find(std::string("| ") + question) != std::string::npos);
  }
  const std::string tour = read_file(top / "docs" / "tour.md");
  for (const char* sentence :
       {"**Who can see the position? Nobody.**", "**A throttle is not an attempt.**",
        "**Lanes are bounded by keys.**", "**Children wait for their parents.**"}) {
    INFO(sentence);
    CHECK(tour.find(sentence) != std::string::npos);
  }
}

// What stands between backticks on a page, outside of fenced blocks.
std::vector<std::string> quoted_in(const std::string& page) {
  std::vector<std::string> found;
  bool fenced = false;
  for (const std::string& line : lines_of(page)) {
    if (line.compare(0, 3, "```") == 0) fenced = !fenced;
    if (fenced) continue;
    for (std::size_t from = line.find('`'); from != std::string::npos;) {
      const std::size_t to = line.find('`', from + 1);
      if (to == std::string::npos) break;
      found.push_back(line.substr(from + 1, to - from - 1));
      from = line.find('`', to + 1);
    }
  }
  return found;
}

// A path of the tree, not a pattern or a name to be filled in (`sim/FOLDER/*.cpp`).
bool is_path(const std::string& word) {
  const bool file = word.find('/') != std::string::npos || word.find(".cpp") != std::string::npos;
  return file && word.compare(0, 6, "build/") != 0 &&
         std::none_of(word.begin(), word.end(), [](unsigned char c) {
           return std::isupper(c) != 0 || c == '*' || c == '[' || c == '"' || c == '=';
         });
}

TEST_CASE("every file that CONTRIBUTING and sim/README name is there") {
  const fs::path top = trimhorizon::tests::source_dir();
  int files = 0;
  for (const char* page : {"CONTRIBUTING.md", "sim/README.md"}) {
    for (const std::string& quoted : quoted_in(read_file(top / page))) {
      std::istringstream words(quoted);
      for (std::string word; words >> word;) {
        if (!is_path(word)) continue;
        INFO(page << " names " << word);
        CHECK((fs::exists(top / word) || fs::exists(top / "sim" / word)));
        ++files;
      }
    }
  }
  CHECK(files > 20);
}

// `build/release/tests/test_lambda` -> that program of the build under test, all of it.
std::string of_this_build(std::string command) {
  const std::string folder = "build/release/tests/";
  const std::size_t at = command.find(folder);
  if (at == std::string::npos) return "";
  const fs::path here = fs::path(trimhorizon::tests::program()).parent_path() / "tests/";
  return "unset TH_TEST_FILTER; " + command.replace(at, folder.size(), here.string());
}

TEST_CASE("the commands of CONTRIBUTING that run one test program do what it says") {
  int commands = 0;
  for (const std::string& line :
       lines_of(read_file(fs::path(trimhorizon::tests::source_dir()) / "CONTRIBUTING.md"))) {
    const std::vector<std::string> quoted = quoted_in(line);
    if (quoted.empty() || quoted[0].find("tests/test_lambda") == std::string::npos) continue;
    const bool must_fail = line.find("must fail") != std::string::npos;
    const auto run = run_shell(of_this_build(quoted[0]) + " 2>&1");
    INFO("$ " << quoted[0] << "\n" << run.out);
    CHECK((run.code != 0) == must_fail);
    CHECK(run.out.find("test cases: ") != std::string::npos);
    CHECK(run.out.find("test cases: 0 passed, 0 failed") == std::string::npos);
    ++commands;
  }
  CHECK(commands == 2);
}

TEST_CASE("a wrong rule that is none is refused, so that no run passes by mistake") {
  const auto run =
      run_shell(of_this_build("TH_WRONG_RULE=ESM-BIS-01 build/release/tests/test_lambda"));
  CHECK(run.code == 2);
  CHECK(run.out == "");
  CHECK(run.err ==
        "TH_WRONG_RULE: no rule is called `ESM-BIS-01`; tools/check_wrong_rules --list names "
        "them\n");
}

TEST_CASE("the page of rules is as its generator writes it") {
  const auto run = run_shell("python3 tools/make_fidelity.py --check");
  INFO(run.err);
  CHECK(run.code == 0);
}

}  // namespace
