// Sweeps as a user makes them: exit codes, shards on disk, what goes wrong.
#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using trimhorizon::tests::ProgramRun;
using trimhorizon::tests::run_shell;
using trimhorizon::tests::run_trimhorizon;

namespace {

namespace fs = std::filesystem;

const std::string poison = "scenarios/030-poison-pill-retries-only.yaml";

// A folder that goes away with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() / "trimhorizon-sweep-test";
  Folder() { fs::remove_all(path), fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
};

}  // namespace

TEST_CASE("merging the shards of a sweep gives the sweep, byte for byte, with its exit code") {
  const Folder folder;
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
        "  the parts of one sweep are wanted, each once\n");
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
        "trimhorizon: the seed 1 is given twice\n  for example: --seeds 0..99\n");
  CHECK(run_shell("$TH sweep " + poison + " --show losst").err ==
        "trimhorizon: a sweep has no column `losst`\n  did you mean `lost`?\n");
  CHECK(run_shell("$TH sweep " + poison + " --out /nowhere/a.json").code == 2);
}
