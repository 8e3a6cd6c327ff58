#include "sim/report/replay.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("a replay line can be pasted into a shell") {
  CHECK(replay_line("my file.yaml", {"BatchSize=1", "x={a: 1}"}, 7, "v 1") ==
        "trimhorizon run 'my file.yaml' --seed 7 --set BatchSize=1 --set 'x={a: 1}' "
        "--variant 'v 1'");
  CHECK(replay_line("", {}, 1, "") == "trimhorizon run --seed 1");
  CHECK(explain_line("my file.yaml", "r 5", {"BatchSize=1"}, 7, "v") ==
        "trimhorizon explain 'my file.yaml' 'r 5' --seed 7 --set BatchSize=1 --variant v");
}

TEST_CASE("the line of another command has a seed only when one was given") {
  CHECK(command_line("explore", "a b.yaml", {"A=1"}, {}, "v") ==
        "trimhorizon explore 'a b.yaml' --set A=1 --variant v");
  CHECK(command_line("replay", "a.yaml", {}, 0, "") == "trimhorizon replay a.yaml --seed 0");
}

TEST_CASE("a name that begins with a dash is not taken for an option") {
  CHECK(replay_line("-x.yaml", {}, 1, "-v") == "trimhorizon run ./-x.yaml --seed 1 --variant=-v");
  CHECK(explain_line("a.yaml", "-x", {}, 1, "") == "trimhorizon explain a.yaml --seed 1 -- -x");
  CHECK(replay_line("-", {}, 1, "") == "trimhorizon run - --seed 1");
}
