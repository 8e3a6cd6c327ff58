// main of every test program, compiled once and at -O0 (at -O2 Catch2 v2 takes half a minute).
//   TH_WRONG_RULE=ID    select a wrong rule: the run must then fail; an id that is none is refused
//   TH_TEST_FILTER=TEXT run only test cases whose name contains TEXT
#if TH_CATCH_VERSION >= 3
#include <catch2/catch_session.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
using ListenerBase = Catch::EventListenerBase;
#else
#define CATCH_CONFIG_CONSOLE_WIDTH 140
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
using ListenerBase = Catch::TestEventListenerBase;
#endif

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "sim/base/rule.hpp"
#include "tests/support/places.hpp"

namespace {

// The line that ./test sums up.
struct Totals : ListenerBase {
  using ListenerBase::ListenerBase;
  void testRunEnded(const Catch::TestRunStats& stats) override {
    const auto& cases = stats.totals.testCases;
    std::fprintf(stderr, "test cases: %llu passed, %llu failed\n",
                 static_cast<unsigned long long>(cases.passed + cases.failedButOk),
                 static_cast<unsigned long long>(cases.failed));
  }
};
CATCH_REGISTER_LISTENER(Totals)

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == ',' || c == '[' || c == ']' || c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

// Does a TH_RULE or TH_WRONG of any source file have this id? A mistyped one would select nothing,
// and the run would pass as if the tests had missed the mistake.
bool is_a_rule(const std::string& id) {
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(trimhorizon::tests::source_dir() + "/sim")) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string source{std::istreambuf_iterator<char>(in), {}};
    if (source.find("TH_RULE(" + id + ",") != std::string::npos) return true;
    if (source.find("TH_WRONG(" + id + ")") != std::string::npos) return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  // A test must not depend on how it was started: `nohup ./test &` and many CI runners ignore
  // SIGINT, and every program that a test starts would inherit that.
  std::signal(SIGINT, SIG_DFL);
  if (const char* id = std::getenv("TH_WRONG_RULE"); id && *id) {
    if (!is_a_rule(id)) {
      std::fprintf(stderr,
                   "TH_WRONG_RULE: no rule is called `%s`; tools/check_wrong_rules --list "
                   "names them\n",
                   id);
      return 2;
    }
    trimhorizon::select_wrong_rule(id);
  }
  // RapidCheck prints its configuration once: let it be the seed that check_property uses.
  const char* seed = std::getenv("TH_SEED");
  setenv("RC_PARAMS", (std::string("seed=") + (seed && *seed ? seed : "1")).c_str(), 0);

  Catch::Session session;
  if (const int failed = session.applyCommandLine(argc, argv)) return failed;
  if (const char* text = std::getenv("TH_TEST_FILTER"); text && *text) {
    session.configData().testsOrTags.push_back("*" + escaped(text) + "*");
#if TH_CATCH_VERSION >= 3
    session.configData().allowZeroTests = true;
#endif
  }
  return session.run();
}
