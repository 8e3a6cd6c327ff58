// `test` as a user types it.
#include "tests/cli/command.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("test runs a folder in order and exits with the worst") {
  const ProgramRun all = run_trimhorizon({"test", "tests/cli/scenarios"});
  CHECK_APPROVED("cli", "test-folder.txt", all.out);
  CHECK(all.code == 2);
  const ProgramRun some = run_trimhorizon({"test", "tests/cli/scenarios", "-k", "Progress"});
  CHECK(some.out == "  ✓ tests/cli/scenarios/partial.yaml (1 variant)\n\n1 scenario: 1 held\n");
  CHECK(some.code == 0);
  CHECK(run_trimhorizon({"test", scenario("undecided"), scenario("violated")}).code == 1);
  CHECK(run_trimhorizon({"test", scenario("undecided")}).code == 3);
}

TEST_CASE("test finds nothing: that is a mistake, not a success") {
  const ProgramRun none = run_trimhorizon({"test", "tests/cli/scenarios", "-k", "nothing like it"});
  CHECK(none.code == 2);
  CHECK(none.err == "trimhorizon: no scenario matches `nothing like it`\n");
  const ProgramRun missing = run_trimhorizon({"test", "no/such/folder"});
  CHECK(missing.code == 2);
  CHECK(missing.err == "trimhorizon: no such file or folder: no/such/folder\n");
}

TEST_CASE("test -k leaves out a file full of mistakes only when its title can be told") {
  const auto tested = [](const std::string& head) {
    return run_shell("d=$(mktemp -d) && cd $d && printf '" + head +
                     "streams: {s: {x: 1}}\\n' > bad.yaml && \"$TH\" test . -k red; code=$?; "
                     "rm -rf $d; exit $code");
  };
  CHECK(tested("trimhorizon: 1\\ntitle: All red\\n").code == 2);
  CHECK(tested("trimhorizon: 1\\ntitle: [\\n").code == 2);
  const ProgramRun other = tested("trimhorizon: 1\\ntitle: All green\\n");
  CHECK(other.err == "trimhorizon: no scenario matches `red`\n");
}

TEST_CASE("test reports a drift in a found file as a mistake in the file, not as a bug") {
  const ProgramRun run = run_trimhorizon({"test", "tests/cli/odd/drift.yaml"});
  CHECK(run.out.find("DRIFT: ") != std::string::npos);
  CHECK(run.out.find("a bug in trimhorizon") == std::string::npos);
  CHECK(run.code == 2);
}

TEST_CASE("test for programs leaves the lines that replay failures to stderr") {
  for (const char* format : {"json", "junit"}) {
    CHECK(run_trimhorizon({"test", scenario("violated"), "--format", format}).err ==
          "violated; replay: trimhorizon run tests/cli/scenarios/violated.yaml --seed 1\n");
  }
}

TEST_CASE("a folder is searched to its bottom, and only files of YAML are scenarios") {
  const Folder folder("test-command");
  std::filesystem::create_directories(folder.path / "b" / "c");
  const std::string good = read_whole(scenario("partial"));
  folder.write("b/c/deep.yml", good);
  folder.write("a.yaml", good);
  folder.write("notes.txt", "no scenario");
  const ProgramRun run = run_trimhorizon({"test", folder.path.string()});
  CHECK(run.code == 0);
  const std::size_t first = run.out.find("a.yaml");
  const std::size_t second = run.out.find("b/c/deep.yml");
  REQUIRE(second != std::string::npos);
  CHECK(first < second);
  CHECK_FALSE(contains(run.out, "notes.txt"));
  CHECK(run_trimhorizon({"test", folder / "notes.txt"}).code == 2);  // it was named
}

TEST_CASE("-k looks at names and titles, whatever their case; --no-variants runs the base alone") {
  const std::string folder = "tests/cli/scenarios";
  CHECK(contains(run_trimhorizon({"test", folder, "-k", "PARTIAL"}).out, "partial.yaml"));
  CHECK(contains(run_trimhorizon({"test", folder, "-k", "nine good"}).out, "violated.yaml"));
  const std::string all = run_trimhorizon({"test", scenario("partial")}).out;
  CHECK(contains(all, "(1 variant)"));
  CHECK_FALSE(
      contains(run_trimhorizon({"test", scenario("partial"), "--no-variants"}).out, "variant"));
}
