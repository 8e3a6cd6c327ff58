// The help texts, written as they appear on the terminal.
#include "sim/cli/help.hpp"

namespace trimhorizon {
namespace {

constexpr std::string_view program_help =
    R"(trimhorizon simulates Amazon Kinesis -> Lambda, exactly and repeatably, and answers:
which records were processed once, twice or never, and why.

  trimhorizon run FILE             run a scenario, check its expectations
  trimhorizon explain FILE r5      the life of one record, and why it ended that way
  trimhorizon test PATH...         run many scenarios, check them all
  trimhorizon explore FILE         every way it can go wrong with up to K faults
  trimhorizon replay FILE          run again with exactly the same decisions
  trimhorizon diff FILE A [B]      compare two settings on the same traffic
  trimhorizon sweep FILE           run many settings with many seeds, on all cores
  trimhorizon merge PART...        put the shards of a sweep together
  trimhorizon validate FILE...     check scenarios without running them
  trimhorizon schema               print the JSON Schema of a scenario, for editors

`trimhorizon run` without a file runs a small built-in scenario.
`trimhorizon COMMAND --help` explains a command and gives examples.
After `--` nothing is an option: `trimhorizon explain FILE -- -x`.

Exit codes: 0 all held, 1 an expectation or invariant was violated, 2 a mistake in
the command or the scenario, 3 undecided, 70 a bug in trimhorizon.
)";

constexpr std::string_view run_help =
    R"(trimhorizon run [FILE] - run a scenario and its variants, check `expect:`

  FILE               a scenario; `-` reads it from standard input; without it a
                     small built-in one
  --seed N           instead of the seed in the file
  --set PATH=VALUE   change a setting; PATH may be any unique end of the full path;
                     may be given more than once; it wins over the same
                     setting of a variant
  --variant NAME     run only this variant
  --no-variants      run only the base
  --format FORMAT    text or json
  --records          one row per stored record (with --format json)
  --trace OUT        write every event, one JSON object a line

Examples
  trimhorizon run scenarios/020-poison-pill-default.yaml
  trimhorizon run scenarios/050-partial-response-budget.yaml --set BatchSize=10
  trimhorizon run - --format json --records < my.yaml
)";

constexpr std::string_view test_help =
    R"(trimhorizon test PATH... - run many scenarios, check them all

  PATH               a scenario, or a folder with scenarios in it
  -k TEXT            only those with TEXT in their file name or title
  --no-variants      only the base of each
  --format FORMAT    text, junit or json

Examples
  trimhorizon test scenarios
  trimhorizon test scenarios -k poison
  trimhorizon test scenarios --format junit > report.xml
)";

constexpr std::string_view validate_help =
    R"(trimhorizon validate FILE... - check scenarios without running them

Prints `FILE: ok`, or every mistake at once with its line and a suggestion.

Example
  trimhorizon validate scenarios/*.yaml
)";

constexpr std::string_view explain_help =
    R"(trimhorizon explain FILE RECORD - the life of one record, and why it ended that way

  RECORD             an id (`r5`), or a stored copy (`shardId-000000000000:4957…`,
                     or `orders/shardId-…` if several streams have it)
  --seed N           instead of the seed in the file
  --set PATH=VALUE   change a setting, as in `run`
  --variant NAME     use this variant

Example
  trimhorizon explain scenarios/050-partial-response-budget.yaml r5
)";

constexpr std::string_view explore_help =
    R"(trimhorizon explore FILE - try every schedule of at most K faults

  --faults K         at most K faults in one run; default: as in the file, else 1
  --outcomes         list every way in which the runs can end
  --seconds S        stop after S seconds, and say which layers are complete
  --states N         stop after N states, and say which layers are complete
  --random N         N random runs instead, for scenarios too large to enumerate;
                     each violation found is made as small as possible
  --details          all that was looked at and what was not, instead of five lines
  --assumptions      repeat under each alternative of the assumptions that were met
  --out FOUND.yaml   write the first violation as a scenario with its decisions
  --threads N        instead of all cores; the result is the same
  --seed N           instead of the seed in the file
  --set PATH=VALUE   change a setting, as in `run`
  --variant NAME     use this variant
  --format FORMAT    text or json

`explore:` in the file says which faults may happen and what must hold.

Exit codes: 0 holds, 1 violated, 3 a limit was reached and nothing found.

Examples
  trimhorizon explore scenarios/400-loss-needs-a-fault.yaml
  trimhorizon explore my.yaml --faults 3 --out found.yaml
  trimhorizon explore my.yaml --faults 5 --random 10000
)";

constexpr std::string_view replay_help =
    R"(trimhorizon replay FILE [--decisions TOKEN] - run with exactly these decisions

  --decisions TOKEN  th1:… as `explore` prints it; default: the file's `decisions:`
  --seed N           instead of the seed in the file
  --set PATH=VALUE   change a setting, as in `run`
  --variant NAME     use this variant

Prints MATCH and the decisions in words, or DRIFT: what was expected and what came,
and whether the file, the settings or the version differs.

Example
  trimhorizon replay found.yaml
)";

constexpr std::string_view diff_help =
    R"(trimhorizon diff FILE A [B] - compare two settings on the same traffic

  A, B               each PATH=VALUE[,PATH=VALUE...], the name of a variant, or `base`;
                     A alone is compared with the file as it is;
                     or two scenario files, without FILE
  --seed N           instead of the seed in the file
  --format FORMAT    text or json

Invariants are checked, expectations are not.

Examples
  trimhorizon diff scenarios/030-poison-pill-retries-only.yaml BatchSize=1
  trimhorizon diff scenarios/050-partial-response-budget.yaml base keeps_retries
)";

constexpr std::string_view sweep_help =
    R"(trimhorizon sweep FILE - run every setting of a grid with every seed

  --grid PATH=V1,V2  values to try for a setting: YAML, separated by commas (a list in
                     brackets is one value); several --grid: all combinations
  --seeds SEEDS      0..99 (both included), 1,2,7, or a mix; default: the file's seed
  --show NAME,...    columns of the table: lost, duplicates, fates.discarded,
                     Invocations, IteratorAge.p99, ..., or all; default: what varies
  --set PATH=VALUE   change a setting everywhere, as in `run`
  --variant NAME     use this variant
  --threads N        instead of all cores; the result is the same
  --shard I/N        only part I of N; `trimhorizon merge` puts the parts together
  --out FILE         write the JSON there too: all runs, and each point's means
  --format FORMAT    text or json

The grid is checked as a whole before the first run. A mean is shown with half of
its 95 % confidence interval (Student's t). Exit codes: those of `run`, the worst of
all runs.

Examples
  trimhorizon sweep my.yaml --grid BatchSize=1,10,100 --seeds 0..99
  trimhorizon sweep my.yaml --grid BatchSize=1,10 --grid MaximumRetryAttempts=0,3 \
      --seeds 0..9 --show lost,IteratorAge.p99
  trimhorizon sweep my.yaml --grid 'FunctionResponseTypes=[],[ReportBatchItemFailures]'
  trimhorizon sweep my.yaml --seeds 0..9999 --shard 3/8 --out part3.json
)";

constexpr std::string_view merge_help =
    R"(trimhorizon merge PART... - put the shards of a sweep together

  PART               what `trimhorizon sweep --shard I/N --out PART` wrote, all N
  --out FILE         write the JSON there too
  --format FORMAT    json (the same bytes as of the sweep in one piece) or text;
                     default: json, but text on a terminal
  --show NAME,...    columns of the text, as in `sweep`

It is an error if a part is missing, given twice or belongs to another sweep.

Example
  trimhorizon merge part*.json --format text
)";

constexpr std::string_view schema_help =
    R"(trimhorizon schema - print the JSON Schema (draft-07) of a scenario file

  --keys             print all keys as a page to read: an example of each, what
                     may be written, the default and the meaning

Examples
  trimhorizon schema > scenario.schema.json
  trimhorizon schema --keys | grep -A3 BatchSize
)";

// In the order of command_names.
constexpr std::array<std::string_view, command_names.size()> helps = {
    run_help,    test_help, validate_help, explain_help, explore_help,
    replay_help, diff_help, sweep_help,    merge_help,   schema_help};

}  // namespace

std::string_view help_text(std::string_view command) {
  for (std::size_t i = 0; i < helps.size(); ++i) {
    if (command == command_names[i]) return helps[i];
  }
  return program_help;
}

}  // namespace trimhorizon
