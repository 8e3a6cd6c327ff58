#include "sim/cli/progress.hpp"

#include <chrono>
#include <thread>

#include "tests/cli/terminal.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

void wait_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

// What stands on a terminal after `f(progress)`.
template <class F>
std::string shown_by(F f) {
  const Terminal terminal;
  in_child(terminal.screen(), terminal.screen(), [&] {
    Console console;
    {
      Progress progress(console);
      f(progress);
    }
    return 0;
  });
  return terminal.shown();
}

const std::string cleared = "\r\x1b[K";

}  // namespace

TEST_CASE("a run of less than a second shows no bar, and has none to clear") {
  CHECK(shown_by([](Progress& progress) {
          progress.show(0.5);
          progress.say("layer 1");
        }) == "");
}

TEST_CASE(
    "after a second there is a bar, drawn again at most every tenth of one, cleared at last") {
  const std::string text = shown_by([](Progress& progress) {
    wait_ms(1'020);
    progress.show(0.25);
    progress.show(0.5);  // too soon
    wait_ms(120);
    progress.show(7);  // more than all is all
  });
  CHECK(text == "\r[" + std::string(10, '#') + std::string(30, '.') + "] 25% \r[" +
                    std::string(40, '#') + "] 100% " + cleared);
}

TEST_CASE("words stand where no fraction is known, and a cleared bar is not cleared again") {
  const std::string text = shown_by([](Progress& progress) {
    wait_ms(1'020);
    progress.say("layer 1");
    progress.clear();
    progress.clear();
  });
  CHECK(text == cleared + "layer 1 " + cleared);
}

TEST_CASE("a file never gets a bar") {
  int pipes[2];
  REQUIRE(pipe(pipes) == 0);
  in_child(pipes[1], pipes[1], [] {
    Console console;
    Progress progress(console);
    wait_ms(1'020);
    progress.show(0.5);
    return 0;
  });
  close(pipes[1]);
  char byte = 0;
  CHECK(read(pipes[0], &byte, 1) == 0);
  close(pipes[0]);
}
