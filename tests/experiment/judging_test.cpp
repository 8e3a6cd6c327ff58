#include "sim/experiment/judging.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

using Op = Comparison::Op;

Expectation wanting(Op op, Duration value) {
  Expectation out;
  out.wanted = {{op, value.us * 1'000, true, "text"}};
  return out;
}

Verdict not_until_20m(Op op, Duration value, bool never) {
  JudgedExpectation out;
  judge_not_yet(out, Instant{} + minutes(20), never, wanting(op, value), "why");
  CHECK(out.actual == "not until 1200s");
  return out.verdict;
}

}  // namespace

TEST_CASE("an instant that has not come is later than the end of the run") {
  CHECK(not_until_20m(Op::at_most, minutes(10), false) == Verdict::violated);
  CHECK(not_until_20m(Op::at_most, minutes(20), false) == Verdict::violated);
  CHECK(not_until_20m(Op::at_most, minutes(30), false) == Verdict::undecided);
  CHECK(not_until_20m(Op::greater, minutes(10), false) == Verdict::holds);
  CHECK(not_until_20m(Op::greater, minutes(30), false) == Verdict::undecided);
  CHECK(not_until_20m(Op::equal, minutes(30), false) == Verdict::undecided);
}

TEST_CASE("an instant that never comes is later than any other") {
  CHECK(not_until_20m(Op::at_most, minutes(30), true) == Verdict::violated);
  CHECK(not_until_20m(Op::at_least, minutes(30), true) == Verdict::holds);
  CHECK(not_until_20m(Op::not_equal, minutes(30), true) == Verdict::holds);
}

TEST_CASE("the first named field that differs is told") {
  Difference first;
  first.check("a", std::string("x"), std::optional<std::string>{});
  first.check("b", std::string("x"), std::optional<std::string>("x"));
  CHECK(first.text().empty());
  first.check("c", std::vector<std::optional<std::string>>{"1", std::nullopt},
              std::optional(std::vector<std::optional<std::string>>{"1", "2"}));
  first.check("d", std::int64_t{1}, std::optional<std::int64_t>(2));
  CHECK(first.text() == "c is [1, null], wanted [1, 2]");
}
