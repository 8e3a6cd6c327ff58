// The first door: who answers the questions of a run.
#include "sim/base/choices.hpp"

#include "sim/base/check.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

constexpr Probability always{1'000'000'000};
constexpr std::uint32_t some_sites = 0b1010;  // 1 and 3

Question asked_for(std::uint64_t ordinal, std::uint32_t arity = 2, Probability weight = always) {
  return {1, 7, ordinal, arity, weight};
}

// Answers whatever it is told, right or wrong.
class Answering : public Choices {
 public:
  explicit Answering(std::uint32_t chosen) : Choices(some_sites), chosen_(chosen) {}

 protected:
  std::uint32_t answer(const Question&) override { return chosen_; }

 private:
  std::uint32_t chosen_;
};

}  // namespace

TEST_CASE("a closed site is not asked, and may be opened later") {
  Answering choices(1);
  CHECK(choices.asks(1));
  CHECK_FALSE(choices.asks(0));
  CHECK_FALSE(choices.asks(2));
  CHECK_THROWS_AS(choices.pick({2, 0, 0, 2, {}}), InternalError);
  choices.open(2);
  CHECK(choices.pick({2, 0, 0, 2, {}}) == 1);
  CHECK(choices.asked() == 1);
}

TEST_CASE("an answer that the question does not have is a bug of ours") {
  CHECK(Answering(1).pick(asked_for(0, 2)) == 1);
  CHECK_THROWS_AS(Answering(2).pick(asked_for(0, 2)), InternalError);
  CHECK_THROWS_AS(Answering(0).pick(asked_for(0, 0)), InternalError);
}

TEST_CASE("the rolling hash knows every part of a question, its answer and their order") {
  const auto rolling = [](std::uint32_t chosen, const std::vector<Question>& questions) {
    Answering choices(chosen);
    for (const Question& each : questions) choices.pick(each);
    return choices.rolling();
  };
  const Question one{1, 7, 4, 2, {}};
  const std::uint64_t hash = rolling(0, {one});
  CHECK(hash != rolling(1, {one}));
  CHECK(hash != rolling(0, {{3, 7, 4, 2, {}}}));
  CHECK(hash != rolling(0, {{1, 8, 4, 2, {}}}));
  CHECK(hash != rolling(0, {{1, 7, 5, 2, {}}}));
  CHECK(hash != rolling(0, {{1, 7, 4, 3, {}}}));
  CHECK(hash ==
        rolling(0, {{1, 7, 4, 2, always}}));  // the weight does not change the hash of a question
  CHECK(rolling(0, {one, asked_for(5)}) != rolling(0, {asked_for(5), one}));
}

TEST_CASE("a seed answers by what is asked, whatever was asked before") {
  SeededChoices one(11, some_sites);
  SeededChoices other(11, some_sites);
  SeededChoices another_seed(12, some_sites);
  other.pick(asked_for(999));
  int differences = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Question question = asked_for(i, 5, {500'000'000});
    const std::uint32_t chosen = one.pick(question);
    CHECK(chosen == other.pick(question));
    differences += chosen != another_seed.pick(question);
  }
  CHECK(differences > 50);
}

TEST_CASE("a seed never answers other than 0 without a weight, and reaches every answer with one") {
  SeededChoices choices(3, some_sites);
  std::vector<int> times(4);
  for (std::uint64_t i = 0; i < 400; ++i) {
    CHECK(choices.pick(asked_for(i, 4, {})) == 0);
    CHECK(choices.pick(asked_for(i, 2)) == 1);
    CHECK(choices.pick(asked_for(i, 1)) == 0);
    ++times[choices.pick(asked_for(i, 4))];
  }
  CHECK(times[0] == 0);
  for (int answer = 1; answer < 4; ++answer) CHECK(times[std::size_t(answer)] > 80);
}
