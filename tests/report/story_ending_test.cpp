// Why a record ended as it did, and what is to be learnt from it.
#include "sim/report/story.hpp"

#include "tests/report/lives.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("each fate and each cause of a loss has an ending and a lesson") {
  RecordLife life = samples::given_up();
  LifeInMapping& mapping = life.mappings[0];
  for (std::size_t i = 0; i < count_of<Fate>; ++i) {
    mapping.fates = {static_cast<Fate>(i)};
    CHECK(ending_of(life, mapping).size() > 40);
  }
  for (std::size_t i = 1; i < count_of<LossCause>; ++i) {
    mapping.lost_cause = static_cast<LossCause>(i);
    CHECK(lesson_of(mapping).size() > 40);
  }
}

TEST_CASE("an innocent record is told what failed in its place, and no advice that nobody tried") {
  LifeInMapping mapping;
  mapping.fates = {Fate::discarded};
  mapping.deliveries = 1;
  LifeEntry attempt;
  attempt.end = CallOutcome::error;
  attempt.batch_size = 1;
  mapping.entries = {attempt};
  LifeEntry& last = mapping.entries[0];
  CHECK(lesson_of(mapping) ==
        "It did nothing wrong, and it was alone in its batch: the function itself failed.");
  last.batch_size = 2;
  CHECK(lesson_of(mapping) == "It did nothing wrong: the function failed with the whole batch.");
  last.failed_record = "r7";
  CHECK(lesson_of(mapping) == "It did nothing wrong: it was in a batch with r7, which failed.");
  last.end = CallOutcome::timeout;
  CHECK(lesson_of(mapping) == "It did nothing wrong: the invocation ran into its Timeout.");
  last.outage = true;
  CHECK(lesson_of(mapping) ==
        "It did nothing wrong, and neither did another record: the function failed with every "
        "input while the outage lasted.");
}

TEST_CASE("a record that retention took before its turn is told what it waited for longest") {
  LifeInMapping mapping;
  mapping.fates = {Fate::expired};
  mapping.lost_cause = LossCause::retention;
  const std::string lesson =
      "IteratorAge is the only warning of this loss: no AWS metric counts it.";
  CHECK(lesson_of(mapping) == lesson);
  LifeEntry wait;
  wait.kind = LifeKind::waited;
  wait.wait = WaitFor::disabled;
  wait.waited = hours(2);
  LifeEntry longer = wait;
  longer.wait = WaitFor::ahead;
  longer.behind = "r7", longer.end = CallOutcome::error, longer.repeats = 5'000;
  longer.waited = hours(22);
  mapping.entries = {wait, longer};
  CHECK(lesson_of(mapping) ==
        "Its turn came too late: it waits 22h behind r7, which fails, tried 5,000 times. " +
            lesson);
  // One that was tried knows how it failed.
  mapping.deliveries = 1;
  CHECK(lesson_of(mapping) == lesson);
}

TEST_CASE("a record that fits into no event and is given up as too old was tried") {
  RecordLife life = samples::given_up();
  LifeInMapping mapping;
  mapping.fates = {Fate::discarded};
  mapping.maximum_record_age_s = 60;
  LifeEntry tried;
  tried.kind = LifeKind::too_large;
  LifeEntry given_up;
  given_up.kind = LifeKind::discarded;
  given_up.why = LossCause::age;
  mapping.entries = {tried, given_up};
  CHECK(ending_of(life, mapping)
            .find("An event with this record alone exceeds the 6 MB of an "
                  "invocation. It was tried until it was older than "
                  "MaximumRecordAgeInSeconds 60") != std::string::npos);
  CHECK(lesson_of(mapping) == "BatchSize does not help against one record that is too large.");
  mapping.entries = {given_up};  // an innocent one
  CHECK(ending_of(life, mapping).find("When its turn came it was older") != std::string::npos);
}

TEST_CASE("a record with several long waits is told how long it waited from its put on") {
  RecordLife life = samples::given_up();
  LifeInMapping mapping;
  mapping.fates = {Fate::processed};
  LifeEntry wait;
  wait.kind = LifeKind::waited;
  wait.waited = seconds(6);
  LifeEntry attempt;
  attempt.at = life.copies[0].arrival + seconds(15);  // it was throttled too: no entry of a wait
  mapping.entries = {wait, attempt};
  CHECK(ending_of(life, mapping).find("in all") == std::string::npos);
  mapping.entries = {wait, wait, attempt};
  CHECK(
      ending_of(life, mapping).ends_with(" It waited 15s in all before it was first handed over."));
}

TEST_CASE("advice names the changes and what a second run made of the record") {
  LifeInMapping mapping;
  mapping.fates = {Fate::dropped};
  mapping.advice = Advice{{"BisectBatchOnFunctionError: true"}, {Fate::processed}, 1, 9, 1};
  CHECK(lesson_of(mapping) ==
        "With BisectBatchOnFunctionError: true, it is processed and its work is done once: a "
        "second run shows it.");
  mapping.advice->changes = {"MaximumRetryAttempts: 3", "an OnFailure destination"};
  mapping.advice->fates = {Fate::discarded};
  mapping.advice->effects = 0;
  CHECK(lesson_of(mapping) ==
        "With MaximumRetryAttempts: 3 and an OnFailure destination, a destination has a message "
        "about it: a second run shows it.");
  mapping.advice->fates = {Fate::pending};
  CHECK(lesson_of(mapping).find("it still waits: a second run shows it.") != std::string::npos);
  // Work that is done is not the same as a record that is processed.
  mapping.advice->fates = {Fate::discarded};
  mapping.advice->effects = 2;
  CHECK(lesson_of(mapping).find(", its work is done twice: a second run shows it.") !=
        std::string::npos);
}
