// Mistakes with their places.
#include "sim/yaml/mistakes.hpp"

#include "sim/base/utf8.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;

namespace {

std::string rendered(const Mistakes& mistakes) {
  try {
    mistakes.raise();
  } catch (const ScenarioError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a place is counted in bytes and shown in characters") {
  const Mistakes mistakes("f.yaml", "a: 1\n\xc3\xa4\xc3\xb6: x\n");
  CHECK(mistakes.line_column({0, 0}).column == 1);
  CHECK(mistakes.line_column({0, 11}).line == 2);
  CHECK(mistakes.line_column({0, 11}).column == 5);
  CHECK(mistakes.warning({0, 11}, "odd") == "f.yaml:2:5: warning: odd");
  CHECK(mistakes.line_column({0, 999}).line == 3);
}

TEST_CASE("places in a long line are counted as if each were counted from its beginning") {
  std::string text = "a: 1\n";
  for (int i = 0; i < 3'000; ++i)
    text += i % 7 == 0 ? "\xc3\xa4" : i % 11 == 0 ? "\xf0\x9f\x90\x9f" : "x";
  text += "\nb: \xff\xc3";  // places are asked for in broken texts too
  const Mistakes mistakes("f.yaml", text);
  for (const std::uint32_t step : {1'013u, 1u}) {
    for (std::uint32_t at = 0; at <= text.size(); at += step) {
      const std::size_t line = text.substr(0, at).rfind('\n');
      const std::size_t begin = line == std::string::npos ? 0 : line + 1;
      const auto counted = count_code_points(text.substr(begin, at - begin)) + 1;
      if (mistakes.line_column({0, at}).column != counted) FAIL("at " << at);
    }
  }
}

TEST_CASE("mistakes are told in the order of the file, each once") {
  Mistakes mistakes("f.yaml", "a: 1\nb: 2\n");
  mistakes.error({0, 5}, "second", "take it away");
  mistakes.error({0, 0}, "first");
  mistakes.error({0, 5}, "second");
  CHECK(mistakes.count() == 2);
  CHECK(rendered(mistakes) ==
        "f.yaml:1:1: error: first\n  a: 1\n  ^\n"
        "f.yaml:2:1: error: second\n  b: 2\n  ^\n  take it away");
}

TEST_CASE("a mistake that a variant makes outside of itself names the variant") {
  Mistakes mistakes("f.yaml", "a: 1\nb: 2\n");
  mistakes.error({0, 0}, "known");
  mistakes.enter_variant("v", {0, 5}, {0, 9});
  mistakes.error({0, 0}, "known");
  mistakes.error({0, 1}, "outside");
  mistakes.error({0, 6}, "inside");
  mistakes.leave_variant();
  CHECK(mistakes.count() == 3);
  CHECK(rendered(mistakes).find("outside (in variant `v`)") != std::string::npos);
  CHECK(rendered(mistakes).find("inside\n") != std::string::npos);
}

TEST_CASE("words are listed, quoted and cut for messages") {
  CHECK(listed({"a", "b", "c"}) == "`a`, `b` or `c`");
  CHECK(reader::quoted("abc") == "`abc`");
  CHECK(reader::quoted(std::string(50, 'x')) == "`" + std::string(40, 'x') + "...`");
  CHECK(did_you_mean("BatchSze", {"BatchSize", "Enabled"}) == "did you mean `BatchSize`?");
  CHECK(did_you_mean("zzz", {"BatchSize"}).empty());
}

TEST_CASE("a key that is read as another stays a mistake when the file is read again") {
  Mistakes mistakes("f.yaml", "a: {x: 1}\nb: 2\n");
  mistakes.error({0, 0}, "unknown key a", "did you mean c?");
  mistakes.read_as({{0, 0}, "c", {0, 3}, {0, 8}, true});
  mistakes.error({0, 10}, "no b");
  mistakes.add_source("--set", "q");
  mistakes.begin_again();
  CHECK(mistakes.count() == 1);
  CHECK(mistakes.add_source("--set", "q") == 1);
  mistakes.error({0, 3}, "c must be a list", "write []");
  mistakes.error({0, 4}, "unknown key x");  // it has the form of another tool
  mistakes.error({0, 3}, "c must be a list", "write []");
  CHECK(rendered(mistakes) ==
        "f.yaml:1:1: error: unknown key a\n  a: {x: 1}\n  ^\n"
        "  did you mean c? c must be a list: write []");
  mistakes.error({0, 10}, "no b");
  CHECK(mistakes.count() == 2);
}

TEST_CASE("what is wrong in the base is not told again by a variant in other words") {
  Mistakes mistakes("f.yaml", "a: 1\nb: 2\n");
  mistakes.error({0, 0}, "three are missing");
  mistakes.enter_variant("v", {0, 5}, {0, 9});
  mistakes.error({0, 0}, "two are missing");
  mistakes.error({0, 3}, "wrong here only");
  CHECK(mistakes.is_wrong({0, 3}));
  mistakes.leave_variant();
  CHECK(mistakes.count() == 2);
  CHECK(mistakes.is_wrong({0, 0}));
  CHECK_FALSE(mistakes.is_wrong({0, 3}));  // another variant may have another value there
  mistakes.begin_again();
  CHECK_FALSE(mistakes.is_wrong({0, 0}));
}

TEST_CASE("all mistakes of one word are one, whatever they say") {
  Mistakes mistakes("f.yaml", "a: 1\nb: 2\nc: 3\n");
  mistakes.error_of_word({0, 5}, "no b", "write a", "nothing");
  CHECK(mistakes.has_word(0, "nothing"));
  CHECK_FALSE(mistakes.has_word(1, "nothing"));
  mistakes.error_of_word({0, 5}, "no b", "write a", "nothing");
  mistakes.error_of_word({0, 0}, "no a", "", "nothing");
  mistakes.error_of_word({0, 10}, "no c", "", "nothing");
  CHECK(mistakes.count() == 1);
  CHECK(rendered(mistakes) ==
        "f.yaml:2:1: error: no b\n  b: 2\n  ^\n  write a; the same in lines 1 and 3");
}
