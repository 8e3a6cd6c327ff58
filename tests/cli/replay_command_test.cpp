// `replay` as a user types it; tests/cli/explore_command_test.cpp finds what is replayed there.
#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon::tests;

namespace {

// The token of what `explore` finds.
std::string token() {
  const std::string json = run_trimhorizon({"explore", loss, "--format", "json"}).out;
  const std::size_t at = json.find("th1:");
  REQUIRE(at != std::string::npos);
  return json.substr(at, json.find('"', at) - at);
}

}  // namespace

TEST_CASE("decisions of the command line are replayed, and the last line does it again") {
  const std::string decisions = token();
  const ProgramRun run = run_trimhorizon({"replay", loss, "--decisions", decisions});
  CHECK(run.code == 0);
  CHECK(run.out.starts_with("MATCH: 1 decision at "));
  CHECK(last_line(run.out) ==
        "replay: trimhorizon replay " + loss + " --decisions " + decisions + "\n");
}

TEST_CASE("another setting, or a variant, makes the decisions drift: exit 1") {
  const std::string decisions = token();
  const ProgramRun set =
      run_trimhorizon({"replay", loss, "--decisions", decisions, "--set", "BatchSize=3"});
  CHECK(set.code == 1);
  CHECK(set.out.starts_with("DRIFT: "));
  CHECK(last_line(set.out) == "replay: trimhorizon replay " + loss +
                                  " --set BatchSize=3 --decisions " + decisions + "\n");
  CHECK(
      run_trimhorizon({"replay", loss, "--decisions", decisions, "--variant", "one_retry"}).code ==
      1);
}

TEST_CASE("DRIFT of a found file says whether it was changed, or how it is run") {
  const Folder folder("replay-drift");
  const std::string found = folder / "found.yaml";
  run_trimhorizon({"explore", loss, "--out", found});
  CHECK(run_trimhorizon({"replay", found}).code == 0);
  CHECK(contains(run_trimhorizon({"replay", found, "--set", "BatchSize=3"}).out,
                 "  What differs from the recorded run: the settings (--set, --variant, --seed).\n"
                 "  The same: the file and the version.\n"));
  std::ifstream in(found);
  std::ostringstream text;
  text << in.rdbuf();
  std::string other = text.str();
  other.replace(other.find("BatchSize: 2"), 12, "BatchSize: 3");
  folder.write("other.yaml", other);
  CHECK(contains(run_trimhorizon({"replay", folder / "other.yaml"}).out,
                 "  What differs from the recorded run: the file. The same: the settings (--set,\n"
                 "  --variant, --seed) and the version.\n"));
}

TEST_CASE("decisions of the file are replayed when none are given, those given stand before them") {
  const std::string file = "tests/cli/odd/drift.yaml";  // its decisions are of another scenario
  const ProgramRun drifted = run_trimhorizon({"replay", file});
  CHECK(drifted.code == 1);
  CHECK(drifted.out.starts_with("DRIFT: "));
  const ProgramRun given = run_trimhorizon({"replay", file, "--decisions", "th1:AAAA"});
  CHECK(given.code == 2);
}

TEST_CASE("no decisions, a damaged token and one of another version are mistakes") {
  CHECK(run_trimhorizon({"replay", loss}).code == 2);
  const ProgramRun broken = run_trimhorizon({"replay", loss, "--decisions", "th1:AAAAXZW9dB"});
  CHECK(broken.code == 2);
  CHECK(contains(broken.err, "damaged"));
  const ProgramRun other = run_trimhorizon({"replay", loss, "--decisions", "th2:AAAA"});
  CHECK(other.code == 2);
  CHECK(contains(other.err, "th2"));
  CHECK(run_trimhorizon({"replay", loss, "--variant", "x", "--decisions", "th1:AAAA"}).code == 2);
}
