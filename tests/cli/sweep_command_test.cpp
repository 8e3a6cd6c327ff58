// Sweeps as a user makes them: exit codes, shards on disk, what goes wrong.
#include "sim/cli/program.hpp"
#include "tests/cli/command.hpp"
#include "tests/cli/terminal.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

const std::string poison = "scenarios/030-poison-pill-retries-only.yaml";

}  // namespace

TEST_CASE("merging the shards of a sweep gives the sweep, byte for byte, with its exit code") {
  const Folder folder("sweep-command");
  const std::string what = poison +
                           " --grid BatchSize=1,10 --grid MaximumRetryAttempts=0,3"
                           " --seeds 0..4 --format json";
  const ProgramRun whole = run_shell("$TH sweep " + what);
  CHECK(whole.code == 1);
  for (const char* shard : {"1", "2", "3"}) {
    run_shell("$TH sweep " + what + " --shard " + shard + "/3 --out " + (folder / shard));
  }
  const ProgramRun merged = run_trimhorizon({"merge", folder / "2", folder / "3", folder / "1"});
  CHECK(merged.out == whole.out);
  CHECK(merged.code == 1);
  const ProgramRun missing = run_trimhorizon({"merge", folder / "1", folder / "2"});
  CHECK(missing.code == 2);
  CHECK(missing.err ==
        "trimhorizon: shard 3/3 is missing\n"
        "  give every part of one sweep, each once\n");
  CHECK(missing.out == "");
}

TEST_CASE("the line of a sweep makes it again") {
  const ProgramRun run = run_shell("$TH sweep " + poison + " --grid BatchSize=10 --seeds 3,4");
  CHECK(run.code == 0);
  const std::string words = "replay: trimhorizon ";
  const std::string line = run.out.substr(run.out.find(words) + words.size());
  CHECK(run_shell("$TH " + line).out == run.out);
}

TEST_CASE("a sweep without a valid grid runs nothing and exits 2") {
  const ProgramRun run = run_shell("$TH sweep " + poison + " --grid BatchSize=10,0");
  CHECK(run.code == 2);
  CHECK(run.out == "");
  CHECK(run.err ==
        "--grid:1:14: error: BatchSize must be from 1 to 10000, not 0\n"
        "  BatchSize=10,0\n"
        "               ^\n");
  CHECK(run_shell("$TH sweep " + poison + " --seeds 1,1").err ==
        "trimhorizon: the seed 1 appears twice\n  for example: --seeds 0..99\n");
  CHECK(run_shell("$TH sweep " + poison + " --show losst").err ==
        "trimhorizon: a sweep has no column `losst`\n  did you mean `lost`?\n");
  CHECK(run_shell("$TH sweep " + poison + " --out /nowhere/a.json").code == 2);
}

TEST_CASE("a sweep writes the same JSON to its file that it prints, and a text beside it") {
  const Folder folder("sweep-command-out");
  const std::string what = poison + " --grid BatchSize=1,10 --seeds 0..2";
  const ProgramRun text = run_shell("$TH sweep " + what + " --out " + (folder / "a.json"));
  const ProgramRun json = run_shell("$TH sweep " + what + " --format json");
  std::ifstream in(folder / "a.json", std::ios::binary);
  std::ostringstream written;
  written << in.rdbuf();
  CHECK(written.str() == json.out);
  CHECK(contains(text.out, "2 points"));
  CHECK(text.code == json.code);
  CHECK(run_shell("$TH sweep " + what + " --threads 3 --format json").out == json.out);
}

TEST_CASE("a part that cannot be read, or is none, is a mistake of merge") {
  CHECK(run_trimhorizon({"merge", "no/such/part.json"}).code == 2);
  const ProgramRun none = run_trimhorizon({"merge", poison});
  CHECK(none.code == 2);
  CHECK(none.out == "");
  CHECK(contains(none.err, poison));
}

TEST_CASE("a sweep's line repeats --shard, --out and --show as well") {
  const Folder folder("sweep-command-line");
  const std::string out = folder / "part.json";
  const ProgramRun run = run_trimhorizon({"sweep", poison, "--seeds", "0..3", "--shard", "1/2",
                                          "--out", out, "--show", "lost", "--threads", "1"});
  CHECK(last_line(run.out) == "replay: trimhorizon sweep " + poison +
                                  " --seeds 0..3 --threads 1 --shard 1/2 --show lost --out " + out +
                                  "\n");
}

TEST_CASE("merge does not flood a terminal with JSON, and says where it is") {
  const Folder folder("sweep-command-merge");
  const std::string part = folder / "part.json";
  run_trimhorizon(
      {"sweep", source_dir() + "/" + poison, "--seeds", "0..2", "--shard", "1/1", "--out", part});
  const auto shown = [&](const std::vector<std::string>& words) {
    const Terminal terminal;
    in_child(terminal.screen(), terminal.screen(), [&] {
      Console console;
      return run_program(words, console);
    });
    return terminal.shown();
  };
  const std::string text = shown({"merge", part, "--out", folder / "all.json"});
  CHECK(contains(text, "HOLDS"));
  CHECK_FALSE(contains(text, "\"schema_version\""));
  CHECK(contains(text, "the JSON is in " + (folder / "all.json")));
  CHECK(contains(shown({"merge", part, "--format", "json"}), "\"schema_version\""));
  // A pipe gets the JSON, as ever.
  CHECK(run_trimhorizon({"merge", part}).out.starts_with("{"));
}
