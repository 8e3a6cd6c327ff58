// Commands in the docs are run and their output compared: a fenced block of kind `console` holds
// lines `$ trimhorizon …` and what they print. A line `…` stands for any number of lines. With
// TH_ACCEPT=1 the blocks are rewritten (elided parts stay elided only if they still match).
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/catch.hpp"
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
    if (front_door && rest.compare(0, 10, "scenarios/") == 0) rest = "run " + rest;
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
  std::vector<fs::path> found = {fs::path(TH_SOURCE_DIR) / "README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(TH_SOURCE_DIR) / "docs")) {
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

TEST_CASE("the page of rules is as its generator writes it") {
  const auto run = run_shell("python3 tools/make_fidelity.py --check");
  INFO(run.err);
  CHECK(run.code == 0);
}

}  // namespace
