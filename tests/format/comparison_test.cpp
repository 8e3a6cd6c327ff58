// Comparisons with a number or a duration.
#include "sim/format/comparison.hpp"

#include <array>

#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;

namespace {

std::string said(const Reading<Comparison>& reading) {
  if (reading.value) return "fine";
  const auto& [message, suggestion] = reading.problem;
  return message + (suggestion.empty() ? "" : " (" + suggestion + ")");
}

}  // namespace

TEST_CASE("comparisons") {
  using Op = Comparison::Op;
  struct Case {
    std::string_view text;
    Op op;
    std::int64_t thousandths;
    std::string_view shown;
  };
  for (const Case& each : std::array<Case, 9>{{{"3", Op::equal, 3'000, "== 3"},
                                               {"<= 10", Op::at_most, 10'000, "<= 10"},
                                               {"<10", Op::less, 10'000, "< 10"},
                                               {">= 1", Op::at_least, 1'000, ">= 1"},
                                               {">  1_000 ", Op::greater, 1'000'000, "> 1_000"},
                                               {"== 0", Op::equal, 0, "== 0"},
                                               {"= 0", Op::equal, 0, "== 0"},
                                               {"!= 0.5", Op::not_equal, 500, "!= 0.5"},
                                               {"<= 0.125", Op::at_most, 125, "<= 0.125"}}}) {
    INFO(each.text);
    const Reading<Comparison> reading = read_comparison(each.text, false);
    REQUIRE(reading.value);
    CHECK(reading.value->op == each.op);
    CHECK(reading.value->value_thousandths == each.thousandths);
    CHECK(reading.value->text == each.shown);
    CHECK_FALSE(reading.value->is_duration);
  }
  const Reading<Comparison> age = read_comparison("< 1m30s", true);
  REQUIRE(age.value);
  CHECK(age.value->is_duration);
  CHECK(age.value->value_thousandths == 90'000'000'000);
  CHECK(said(read_comparison("30", true)) ==
        "needs a unit: did you mean 30ms? (CloudWatch counts this in milliseconds)");
  CHECK(said(read_comparison("-1", false)) == "cannot be negative");
  CHECK(
      said(read_comparison("=> 1", false)) ==
      "must be a number or a comparison, not `=> 1` (write 3, \"<= 10\" or [\">= 1\", \"<= 16\"])");
}
