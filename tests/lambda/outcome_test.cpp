// Which records of a batch had their effect, and which failed by themselves.
#include "sim/lambda/outcome.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

constexpr Batch ten_records = Batch::whole({0}, {100, 110});

Outcome with_effects(std::uint32_t until, std::vector<std::uint32_t> without = {}) {
  Outcome outcome;
  outcome.effects_until = until;
  outcome.without_effect = std::move(without);
  return outcome;
}

struct Listed {
  std::vector<Span> worked;
  std::vector<Position> failed;
};

Listed listed(const Outcome& outcome) {
  Listed out;
  list_effects(outcome, ten_records, out.worked, out.failed);
  return out;
}

}  // namespace

TEST_CASE("a record had its effect when it lies before the end and is not left out") {
  const Outcome outcome = with_effects(6, {0, 4, 8});
  const std::vector<bool> wanted = {false, true, true, true, false, true, false, false, false};
  for (std::size_t i = 0; i < wanted.size(); ++i) CHECK(has_effect(outcome, i) == wanted[i]);
  CHECK_FALSE(has_effect(with_effects(0), 0));
}

TEST_CASE("effects are listed as runs of neighbours, in order") {
  CHECK(listed(with_effects(10)).worked == std::vector<Span>{{100, 110}});
  CHECK(listed(with_effects(0)).worked.empty());
  const Listed some = listed(with_effects(10, {2, 3, 9}));
  CHECK(some.worked == std::vector<Span>{{100, 102}, {104, 109}});
  CHECK(some.failed == std::vector<Position>{102, 103, 109});
}

TEST_CASE("the list says of each record what has_effect says of it") {
  for (const auto& without : {std::vector<std::uint32_t>{}, {0}, {5}, {4, 5, 6}, {0, 2, 9}}) {
    for (std::uint32_t until = 0; until <= 10; ++until) {
      const Outcome outcome = with_effects(until, without);
      std::vector<bool> worked(10);
      for (const Span& span : listed(outcome).worked) {
        CHECK_FALSE(span.empty());
        for (Position p = span.first; p < span.end; ++p) worked[p - 100] = true;
      }
      for (std::size_t i = 0; i < 10; ++i) CHECK(worked[i] == has_effect(outcome, i));
    }
  }
}

TEST_CASE("a record that failed after the last effect is reported as failed") {
  CHECK(listed(with_effects(3, {5})).failed == std::vector<Position>{105});
  CHECK(listed(with_effects(3, {5})).worked == std::vector<Span>{{100, 103}});
}

TEST_CASE("a report names the record that stopped the function, if the function stopped there") {
  Outcome outcome = with_effects(4);
  outcome.answer = {Answer::Kind::report, true, false, 4};
  CHECK(listed(outcome).failed == std::vector<Position>{104});
  outcome.answer.lowest = 7;  // the report lies: it had stopped before
  CHECK(listed(outcome).failed.empty());
  outcome.answer = {Answer::Kind::report, false, true, 4};
  CHECK(listed(outcome).failed.empty());
}

TEST_CASE("a function that raised has no answer: only what it told counts") {
  Outcome outcome = with_effects(4);
  outcome.end = InvocationEnd::error;
  outcome.answer = {Answer::Kind::report, true, false, 4};
  CHECK(listed(outcome).failed.empty());
  outcome.failed_at = 4;
  CHECK(listed(outcome).failed == std::vector<Position>{104});
  outcome.failed_at = 10;  // after the batch
  CHECK(listed(outcome).failed.empty());
}

TEST_CASE("lists are added to what is there") {
  Listed out{{{1, 2}}, {7}};
  list_effects(with_effects(10, {9}), ten_records, out.worked, out.failed);
  CHECK(out.worked == std::vector<Span>{{1, 2}, {100, 109}});
  CHECK(out.failed == std::vector<Position>{7, 109});
}

TEST_CASE("a record that is named twice as without effect hides no later one") {
  // A fault may strike at the very record that fails by itself.
  const Listed twice = listed(with_effects(10, {4, 4, 9}));
  CHECK(twice.worked == std::vector<Span>{{100, 104}, {105, 109}});
  CHECK_FALSE(has_effect(with_effects(10, {4, 4, 9}), 9));
}
