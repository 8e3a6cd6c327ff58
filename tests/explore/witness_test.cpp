#include "sim/explore/witness.hpp"

#include <algorithm>

#include "tests/explore/witnessed.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

Story one_record_with_a_retry() {
  Story s;
  s.record("r0", "a").batch(1).retries(1).created(1_s);
  return s;
}

}  // namespace

TEST_CASE("a decision is said where it was made, told in the story, and replays the run") {
  const Witnessed run = witnessed(one_record_with_a_retry(), failing, {1});
  CHECK(run.witness.at_rest);
  REQUIRE(run.witness.decisions_in_words.size() == 1);
  CHECK(run.witness.decisions_in_words[0].is_fault);
  CHECK(run.witness.decisions_in_words[0].decision.answer == 1);
  CHECK(run.witness.end.effects == std::vector<std::uint8_t>{1});
  const auto decision = std::find_if(run.witness.story.begin(), run.witness.story.end(),
                                     [](const StoryLine& line) { return line.is_decision; });
  REQUIRE(decision != run.witness.story.end());
  CHECK(decision->at == Instant{0} + 1_s);
  CHECK(decision->fault == 1);
  CHECK(decision->about == std::vector<std::uint32_t>{0});
  CHECK(decision->with_time() == "1s  fault 1: " + decision->text);
  CHECK(run.witness.list.to_rest);
  ReplayChoices choices(run.witness.list);
  const Witness again = run_witness(run.plan, *run.index, choices);
  CHECK_NOTHROW(choices.check_end(again.at_rest));
  CHECK(again.end == run.witness.end);
}

TEST_CASE("faults are numbered, free choices before and after them are not") {
  Story s = one_record_with_a_retry();
  s.record("r1", "a").record("r2", "a").batch(3);
  // A batch of one fails, its retry succeeds, then comes another batch of one.
  const Witnessed run = witnessed(s, sites({Site::function_error, Site::batch_size}), {2, 1, 0, 1});
  REQUIRE(run.witness.decisions_in_words.size() == 3);
  std::vector<bool> is_fault;
  for (const DecisionInWords& each : run.witness.decisions_in_words)
    is_fault.push_back(each.is_fault);
  CHECK(is_fault == std::vector<bool>{false, true, false});
  std::vector<std::uint32_t> numbers;
  for (const StoryLine& line : run.witness.story) {
    if (line.is_decision) numbers.push_back(line.fault);
  }
  CHECK(numbers == std::vector<std::uint32_t>{0, 1, 0});
}

TEST_CASE("at the end everything is judged, before it only what nothing can mend") {
  WitnessOptions few;
  few.steps = 2;
  const Witnessed begun = witnessed(one_record_with_a_retry(), failing, {}, few);
  CHECK_FALSE(begun.witness.at_rest);
  CHECK(begun.witness.judge("no_loss") == Standing::not_judged);
  CHECK(begun.witness.judge("at_most_once") == Standing::not_judged);
  CHECK(begun.witness.breaks("quiescence"));
  const Witnessed lost = witnessed(one_record_with_a_retry(), failing, {1, 1});
  CHECK(lost.witness.judge("no_loss") == Standing::broken);
  CHECK(lost.witness.judge("at_most_once") == Standing::holds);
  CHECK(lost.witness.judge("key_order") == Standing::holds);
  CHECK_FALSE(lost.witness.breaks("quiescence"));
  Story twice = one_record_with_a_retry();
  twice.record("r1", "a").batch(2).retries(-1).poison("r1");  // r0 again and again
  const Witnessed endless = witnessed(twice);
  CHECK(endless.witness.judge("at_most_once") == Standing::broken);
  CHECK(endless.witness.judge("no_loss") == Standing::not_judged);
}

TEST_CASE("a run that goes round is left, long before its steps are used up") {
  std::uint64_t steps = 0;
  WitnessOptions counting;
  counting.after_step = [&](const Simulation& run, OutcomeMonitor&) {
    steps = run.world().steps;
    return true;
  };
  const Witnessed run =
      witnessed(one_record_with_a_retry().retries(-1).poison("r0"), {}, {}, counting);
  CHECK_FALSE(run.witness.at_rest);
  CHECK(steps < 20'000);
  CHECK_FALSE(run.witness.list.to_rest);
}

TEST_CASE("whoever looks on may end the run, before its first step too") {
  WitnessOptions none;
  none.before_first = [](const Simulation&, OutcomeMonitor&) { return false; };
  CHECK(witnessed(one_record_with_a_retry(), {}, {}, none).witness.end.stored == 0);
  WitnessOptions one;
  one.after_step = [](const Simulation& run, OutcomeMonitor&) { return run.world().steps < 2; };
  CHECK_FALSE(witnessed(one_record_with_a_retry(), {}, {}, one).witness.at_rest);
}

TEST_CASE("without a story the decisions are the same") {
  WitnessOptions quiet;
  quiet.story = false;
  const Witnessed run = witnessed(one_record_with_a_retry(), failing, {1}, quiet);
  CHECK(run.witness.story.empty());
  CHECK(run.witness.list == witnessed(one_record_with_a_retry(), failing, {1}).witness.list);
}

}  // namespace trimhorizon::testing
