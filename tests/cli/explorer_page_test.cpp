// The outputs in docs/explorer.md are real: every command in it is run, and what stands beneath it
// is what it prints. TH_ACCEPT=1 writes what it prints into the page instead.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"
#include "tests/support/program.hpp"

using namespace trimhorizon::tests;

namespace {

const std::string page = tests::source_dir() + "/docs/explorer.md";

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  std::string line;
  while (std::getline(in, line)) lines.push_back(line);
  return lines;
}

std::string read_page() {
  std::ifstream in(page, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string output_of(std::string command) {
  const std::string name = "trimhorizon ";
  REQUIRE(command.compare(0, name.size(), name) == 0);
  command.replace(0, name.size(), "\"$TH\" ");
  return run_shell(command).out;
}

// The token of a violation in these lines, if there is one.
std::string token_in(const std::string& text) {
  const std::size_t at = text.find("th1:");
  if (at == std::string::npos) return "";
  return text.substr(at, text.find_first_of(" \n", at) - at);
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  if (from.empty() || to.empty()) return;
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

TEST_CASE("every output in docs/explorer.md is what its command prints") {
  const char* accept = std::getenv("TH_ACCEPT");
  std::string text = read_page();
  std::string written;
  int commands = 0;
  std::vector<std::string> lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    written += lines[i] + "\n";
    if (lines[i] != "```console") continue;
    const std::string command = lines.at(++i);
    REQUIRE(command.compare(0, 2, "$ ") == 0);
    std::string shown;
    while (lines.at(++i) != "```") shown += lines[i] + "\n";
    const std::string printed = output_of(command.substr(2));
    ++commands;
    if (accept != nullptr) {
      // A token that changed is copied in later commands.
      for (std::size_t j = i; j < lines.size(); ++j) {
        replace_all(lines[j], token_in(shown), token_in(printed));
      }
    } else {
      INFO(command);
      CHECK(shown == printed);
    }
    written += command + "\n" + printed + "```\n";
  }
  CHECK(commands > 10);
  if (accept != nullptr) std::ofstream(page, std::ios::binary) << written;
}
