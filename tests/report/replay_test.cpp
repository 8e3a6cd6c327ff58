#include "sim/report/replay.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("a word of a shell is quoted only when a shell would read it otherwise") {
  CHECK(shell_word("scenarios/a-b_1.yaml") == "scenarios/a-b_1.yaml");
  CHECK(shell_word("p=20%") == "p=20%");
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("A=[1,2]") == "'A=[1,2]'");
  CHECK(shell_word("~") == "'~'");
}

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
