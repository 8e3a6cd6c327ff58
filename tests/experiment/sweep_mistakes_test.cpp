#include "sim/experiment/sweep_mistakes.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

const std::vector<SweepAxis> axes = {{"BatchSize", {"1", "20", "300"}}, {"äöü", {"ab", "c"}}};

std::vector<Diagnostic> raised(const SweepMistakes& mistakes) {
  try {
    mistakes.raise("");
  } catch (const ScenarioError& error) {
    return error.diagnostics();
  }
}

// What reading `--set TEXT` said about this column of it.
ScenarioError of_setting(const std::string& text, std::uint32_t column,
                         const std::string& message = "no") {
  return ScenarioError({{"--set", 1, column, message, "", text}}, "");
}

}  // namespace

TEST_CASE("a grid is written as a command line has it") {
  CHECK(grid_text(axes[0]) == "BatchSize=1,20,300");
  CHECK(grid_text({"A", {}}) == "A=");
}

TEST_CASE("a mistake of one value stands at its place in the whole grid") {
  SweepMistakes mistakes(axes);
  CHECK_FALSE(mistakes.any());
  mistakes.add(of_setting("BatchSize=300", 11), {2, 0});
  mistakes.add(of_setting("äöü=c", 5), {0, 1});
  mistakes.add(of_setting("BatchSize=20", 1), {1, 0});  // at the path, not at the value
  CHECK(mistakes.any());
  const std::vector<Diagnostic> all = raised(mistakes);
  REQUIRE(all.size() == 3);
  CHECK(all[0].column == 1);
  CHECK(all[1].column == 8);   // in characters: äöü=ab,>c
  CHECK(all[2].column == 16);  // BatchSize=1,20,>300
  CHECK(all[2].file == "--grid");
  CHECK(all[2].excerpt == "BatchSize=1,20,300");
}

TEST_CASE("a mistake that many points have is said once") {
  SweepMistakes mistakes(axes);
  mistakes.add(of_setting("BatchSize=20", 11), {1, 0});
  mistakes.add(of_setting("BatchSize=20", 11), {1, 1});
  mistakes.add(of_setting("BatchSize=20", 11, "something else"), {1, 1});
  mistakes.at_value(0, 1, "no", "");
  CHECK(raised(mistakes).size() == 2);
}

TEST_CASE("a mistake at a place in the file says which point brought it about, once") {
  SweepMistakes mistakes(axes);
  const ScenarioError in_file({{"shop.yaml", 7, 3, "too small", "", ""}}, "");
  mistakes.add(in_file, {2, 1});
  mistakes.add(in_file, {1, 1});
  mistakes.at_path(1, "what", "");
  const std::vector<Diagnostic> all = raised(mistakes);
  REQUIRE(all.size() == 2);
  CHECK(all[0].file == "--grid");  // axes first
  CHECK(all[1].file == "shop.yaml");
  CHECK(all[1].line == 7);
  CHECK(all[1].message == "too small (with BatchSize=300, äöü=c)");
}

TEST_CASE("a list in brackets that stands alone is said to be one value") {
  const std::vector<SweepAxis> list = {{"BatchSize", {"[1, 2]"}}};
  SweepMistakes mistakes(list);
  mistakes.add(of_setting("BatchSize=[1, 2]", 11), {0});
  CHECK(raised(mistakes).at(0).suggestion.find("--grid BatchSize=1,2,3") != std::string::npos);
}

TEST_CASE("of very many mistakes a hundred are told, and how many more there are") {
  SweepMistakes mistakes(axes);
  for (int i = 0; i < 130; ++i) mistakes.whole("mistake " + std::to_string(i), "");
  const std::vector<Diagnostic> all = raised(mistakes);
  REQUIRE(all.size() == 101);
  CHECK(all.back().message.find("30 more") != std::string::npos);
}
