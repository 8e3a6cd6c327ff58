#include "sim/cli/help.hpp"
#include "sim/cli/options.hpp"
#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using trimhorizon::tests::answer;

namespace {

using Words = std::vector<std::string>;

template <class C>
C command(const Words& words) {
  const Parsed parsed = parse_command_line(words);
  REQUIRE(std::holds_alternative<Command>(parsed));
  REQUIRE(std::holds_alternative<C>(std::get<Command>(parsed)));
  return std::get<C>(std::get<Command>(parsed));
}

// "message | hint" of a mistake.
std::string mistake(const Words& words) {
  const Parsed parsed = parse_command_line(words);
  if (!std::holds_alternative<UsageError>(parsed)) return "";
  const auto& error = std::get<UsageError>(parsed);
  return error.message + " | " + error.hint;
}

}  // namespace

TEST_CASE("run with everything") {
  const auto run = command<RunCommand>({"run", "a.yaml", "--seed", "18446744073709551615", "--set",
                                        "A=1", "--set=B=[1, 2]", "--format", "json", "--records",
                                        "--trace", "t.ndjson", "--variant", "v"});
  CHECK(run.file == "a.yaml");
  CHECK(run.seed == UINT64_MAX);
  CHECK(run.set == Words{"A=1", "B=[1, 2]"});
  CHECK(run.format == Format::json);
  CHECK(run.records);
  CHECK(run.trace == "t.ndjson");
  CHECK(run.variant == "v");
}

TEST_CASE("a setting does not swallow the file after it") {
  const auto run = command<RunCommand>({"run", "--set", "A=1", "a.yaml"});
  CHECK(run.file == "a.yaml");
  CHECK(run.set == Words{"A=1"});
}

TEST_CASE("run without a file, and run from standard input") {
  CHECK(command<RunCommand>({"run"}).file == "");
  CHECK(command<RunCommand>({"run", "-"}).file == "-");
  CHECK(!command<RunCommand>({"run"}).seed);
}

TEST_CASE("the other commands") {
  CHECK(command<TestCommand>({"test", "a", "b", "-k", "x"}).paths == Words{"a", "b"});
  CHECK(command<TestCommand>({"test", "a", "-k", "x"}).contains == "x");
  CHECK(command<TestCommand>({"test", "a", "--format", "junit"}).format == Format::junit);
  CHECK(command<ValidateCommand>({"validate", "a", "b"}).files == Words{"a", "b"});
  CHECK(command<ExplainCommand>({"explain", "a", "r5", "--seed", "7"}).record == "r5");
  const auto diff = command<DiffCommand>({"diff", "f", "A=1,B=2", "small"});
  CHECK(diff.file == "f");
  CHECK(diff.a == "A=1,B=2");
  CHECK(diff.b == "small");
  CHECK(command<DiffCommand>({"diff", "x.yaml", "y.yaml"}).file == "");
  command<SchemaCommand>({"schema"});
}

TEST_CASE("a mistyped command or option gets a suggestion") {
  CHECK(mistake({"rnu", "a.yaml"}) == "unknown command `rnu` | did you mean `run`?");
  CHECK(mistake({"frobnicate"}) ==
        "unknown command `frobnicate` | `trimhorizon --help` lists the commands");
  CHECK(mistake({"a.yaml"}) == "unknown command `a.yaml` | did you mean `trimhorizon run a.yaml`?");
  CHECK(mistake({"run", "a.yaml", "--sed", "1"}) ==
        "unknown option `--sed` | did you mean `--seed`?");
  CHECK(mistake({"run", "a.yaml", "--varient=x"}) ==
        "unknown option `--varient` | did you mean `--variant`?");
  CHECK(mistake({"test", "a", "--unheard"}) ==
        "unknown option `--unheard` | see `trimhorizon test --help`");
  CHECK(mistake({"--sed", "run"}) ==
        "unknown option `--sed` | `trimhorizon --help` lists the commands");
}

TEST_CASE("what is missing, too much or not a number is said") {
  CHECK(mistake({}) == "no command | `trimhorizon --help` lists the commands");
  CHECK(mistake({"run", "a", "b"}) ==
        "too many arguments: `b`; run takes one FILE | see `trimhorizon run --help`");
  CHECK(mistake({"test"}) == "test needs at least one PATH | see `trimhorizon test --help`");
  CHECK(mistake({"validate"}) ==
        "validate needs at least one FILE | see `trimhorizon validate --help`");
  CHECK(mistake({"explain", "a"}) ==
        "explain needs a FILE and a RECORD | see `trimhorizon explain --help`");
  CHECK(mistake({"diff", "a"}) ==
        "diff needs FILE A, FILE A B, or two files | see `trimhorizon diff --help`");
  CHECK(mistake({"run", "--seed", "x"}) ==
        "the seed must be a whole number, not `x` | for example: --seed 42");
  CHECK(mistake({"run", "--seed", "99999999999999999999"}) ==
        "the seed must be a whole number, not `99999999999999999999` | for example: --seed 42");
  CHECK(mistake({"explore", "a", "--seed", "9223372036854775808", "--out", "b"}) ==
        "the scenario that --out writes cannot have so large a seed | the largest is "
        "9223372036854775807");
  CHECK(mistake({"explore", "a", "--faults", "101"}) ==
        "--faults must be a whole number up to 100, not `101` | for example: --faults 3");
  CHECK(command<ExploreCommand>({"explore", "a", "--faults", "010"}).request.faults == 10u);
  CHECK(mistake({"run", "--format", "xml"}) == "unknown format `xml` | one of: text, json");
  CHECK(mistake({"test", "a", "--format", "xml"}) ==
        "unknown format `xml` | one of: text, junit, json");
}

TEST_CASE("sweep and merge with everything") {
  const auto sweep =
      command<SweepCommand>({"sweep", "a.yaml", "--grid", "A=1,2", "--grid=B=[1, 2],3", "--seeds",
                             "0..9", "--threads", "2", "--shard", "3/8", "--out", "p.json",
                             "--show", "lost,IteratorAge.p99", "--set", "C=1", "--variant", "v"});
  CHECK(sweep.grid == Words{"A=1,2", "B=[1, 2],3"});
  CHECK(sweep.seeds == "0..9");
  CHECK(sweep.threads == 2);
  CHECK(sweep.shard == 3);
  CHECK(sweep.shards == 8);
  CHECK(sweep.out == "p.json");
  CHECK(sweep.show == Words{"lost", "IteratorAge.p99"});
  CHECK(sweep.set == Words{"C=1"});
  CHECK(command<SweepCommand>({"sweep", "--grid", "A=1", "a.yaml"}).file == "a.yaml");
  CHECK(command<MergeCommand>({"merge", "a", "b"}).files == Words{"a", "b"});
  CHECK_FALSE(command<MergeCommand>({"merge", "a"}).format);  // the terminal decides
  CHECK(command<MergeCommand>({"merge", "a", "--format", "json"}).format == Format::json);
  CHECK(command<MergeCommand>({"merge", "a", "--show", "lost"}).format == Format::text);
  for (const char* shard : {"0/3", "4/3", "3", "a/b", "1/", "-1/3"}) {
    CHECK(mistake({"sweep", "a.yaml", std::string("--shard=") + shard}) ==
          "--shard must be I/N (part I of N), not `" + std::string(shard) +
              "` | for example: --shard 3/8");
  }
  CHECK(mistake({"sweep", "a.yaml", "--format", "json", "--show", "lost"}) ==
        "--show works only with text; the JSON has all columns | add --format text");
  CHECK(mistake({"merge"}) == "merge needs at least one PART | see `trimhorizon merge --help`");
}

TEST_CASE("only the first word is a command: files and records may be called like one") {
  CHECK(command<ValidateCommand>({"validate", "ok.yaml", "run", "x.yaml"}).files ==
        Words{"ok.yaml", "run", "x.yaml"});
  CHECK(command<ExplainCommand>({"explain", "ids.yaml", "run"}).record == "run");
  CHECK(command<DiffCommand>({"diff", "f.yaml", "base", "test"}).b == "test");
  CHECK(mistake({"schema", "run"}) ==
        "too many arguments: `run`; schema takes no arguments | see `trimhorizon schema --help`");
  CHECK(answer({"help", "run"}) == help_text("run"));
  CHECK(mistake({"help", "rnu"}) == "unknown command `rnu` | did you mean `run`?");
}

TEST_CASE("after -- nothing is an option") {
  CHECK(command<ExplainCommand>({"explain", "a", "--seed", "7", "--", "-x"}).record == "-x");
  CHECK(command<ExplainCommand>({"explain", "--", "a", "--seed"}).record == "--seed");
  CHECK(command<RunCommand>({"run", "--", "-"}).file == "-");
}

TEST_CASE("an empty file or value is a mistake, not one that was not given") {
  for (const char* option : {"--seed", "--variant", "--format", "--trace", "--set"}) {
    CHECK(mistake({"run", "a", option, ""}) ==
          std::string(option) + " is empty | see `trimhorizon run --help`");
  }
  CHECK(mistake({"run", ""}) == "an argument is empty | see `trimhorizon run --help`");
  CHECK(mistake({"validate", "a", ""}) ==
        "an argument is empty | see `trimhorizon validate --help`");
  CHECK(mistake({"explain", "a", "--", ""}) ==
        "an argument is empty | see `trimhorizon explain --help`");
}

TEST_CASE("options that would be ignored are mistakes; a seed may have underscores") {
  CHECK(mistake({"run", "a", "--records"}) ==
        "--records works only with JSON: it adds a row for each stored record | add --format json");
  CHECK(mistake({"run", "a", "--variant", "v", "--no-variants"}) ==
        "--variant and --no-variants cannot be used together | remove one of them");
  CHECK(command<RunCommand>({"run", "--seed", "1_000"}).seed == 1000u);
  CHECK(mistake({"run", "--seed", "1__0"}) ==
        "the seed must be a whole number, not `1__0` | for example: --seed 42");
  CHECK(mistake({"run", "--seed", "_1"}) ==
        "the seed must be a whole number, not `_1` | for example: --seed 42");
}
