#include "sim/cli/help.hpp"

#include <sstream>

#include "sim/cli/options.hpp"
#include "sim/report/layout.hpp"
#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The options that a help describes: "--seed", "-k".
std::vector<std::string> options_in(std::string_view help) {
  std::vector<std::string> options;
  for (const std::string& line : lines_of(help)) {
    if (line.starts_with("  -")) options.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return options;
}

}  // namespace

TEST_CASE("help is asked for in several ways, of the program and of each command") {
  CHECK(answer({"--help"}) == help_text(""));
  CHECK(answer({"help"}) == help_text(""));
  CHECK(answer({"-h"}) == help_text(""));
  CHECK(help_text("nothing like it") == help_text(""));
  for (const std::string_view each : command_names) {
    CHECK(answer({std::string(each), "--help"}) == help_text(each));
    CHECK(answer({std::string(each), "-h"}) == help_text(each));
    CHECK(answer({"help", std::string(each)}) == help_text(each));
  }
  CHECK(answer({"--version"}).starts_with("trimhorizon "));
}

TEST_CASE(
    "every command has a help of its own with an example of it, and a line in the program's") {
  const std::string program(help_text(""));
  for (const std::string_view each : command_names) {
    const std::string text(help_text(each));
    INFO(text);
    CHECK(text.starts_with("trimhorizon " + std::string(each) + " "));
    const std::size_t examples = text.find("\nExample");
    REQUIRE(examples != std::string::npos);
    CHECK(text.find("  trimhorizon " + std::string(each), examples) != std::string::npos);
    CHECK(contains(program, "\n  trimhorizon " + std::string(each) + " "));
  }
}

TEST_CASE("no help is much wider than a terminal") {
  for (const std::string_view each : command_names) {
    for (const std::string& line : lines_of(help_text(each))) {
      INFO(line);
      CHECK(display_width(line) <= 88);
    }
  }
  for (const std::string& line : lines_of(help_text(""))) CHECK(display_width(line) <= 88);
}

TEST_CASE("every option that a help describes is an option of its command") {
  for (const std::string_view each : command_names) {
    for (const std::string& option : options_in(help_text(each))) {
      const Parsed parsed = parse_command_line({std::string(each), option});
      const auto* error = std::get_if<UsageError>(&parsed);
      INFO(each << " " << option);
      CHECK((error == nullptr || !error->message.starts_with("unknown option")));
    }
  }
  CHECK(options_in(help_text("run")).size() >= 7);
}
