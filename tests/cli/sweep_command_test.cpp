// Sweeps as a user makes them: exit codes, shards on disk, what goes wrong.
#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"

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
