#include "sim/cli/console.hpp"

#include <filesystem>

#include "tests/cli/command.hpp"
#include "tests/cli/terminal.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

// "out terminal" of what a console made of these streams and this environment, else "-".
std::string colours(int out, int err, const char* term, const char* no_colour) {
  const int bits = in_child(out, err, [&] {
    term != nullptr ? setenv("TERM", term, 1) : unsetenv("TERM");
    no_colour != nullptr ? setenv("NO_COLOR", no_colour, 1) : unsetenv("NO_COLOR");
    const Console console;
    return (console.colour_out() ? 1 : 0) | (console.err_is_terminal() ? 2 : 0);
  });
  return std::string(bits & 1 ? "out" : "-") + (bits & 2 ? " terminal" : " -");
}

}  // namespace

TEST_CASE("a reader that goes away is not a failure, a full disk is") {
  const ProgramRun gone = run_shell("{ \"$TH\" schema; echo \"code $?\" >&2; } | true");
  CHECK(gone.err == "code 0\n");
  if (std::filesystem::exists("/dev/full")) {
    const ProgramRun full = run_shell("\"$TH\" schema > /dev/full");
    CHECK(full.code == 2);
    CHECK(full.err == "trimhorizon: cannot write the result: No space left on device\n");
  }
}

TEST_CASE("nothing but plain text goes into a file, whatever the environment says") {
  const ProgramRun run =
      run_shell("TERM=xterm-256color \"$TH\" run tests/cli/scenarios/violated.yaml");
  CHECK(run.out.find('\x1b') == std::string::npos);
  CHECK(run.err == "");
}

TEST_CASE("colour is for terminals that want it, on stdout only when stderr is one as well") {
  const Terminal terminal;
  const int screen = terminal.screen();
  const int file = open("/dev/null", O_WRONLY);
  CHECK(colours(screen, screen, "xterm", nullptr) == "out terminal");
  CHECK(colours(screen, screen, nullptr, "") == "out terminal");
  CHECK(colours(screen, screen, "xterm", "1") == "- terminal");
  CHECK(colours(screen, screen, "dumb", nullptr) == "- terminal");
  CHECK(colours(file, screen, "xterm", nullptr) == "- terminal");
  CHECK(colours(screen, file, "xterm", nullptr) == "- -");
  close(file);
}

TEST_CASE("on a terminal results and remarks come in the order in which they were said") {
  const Terminal terminal;
  const int code = in_child(terminal.screen(), terminal.screen(), [] {
    Console console;
    console.out("one ");
    console.err("two ");
    console.out("three");
    return console.finish(3);
  });
  CHECK(code == 3);
  CHECK(terminal.shown() == "one two three");
}
