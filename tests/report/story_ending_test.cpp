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
  mapping.retention = hours(24);
  CHECK(lesson_of(mapping) ==
        "Not even IteratorAge warned: nothing was sent, so it has no samples.");
  mapping.max_iterator_age = seconds(1);
  CHECK(lesson_of(mapping) ==
        "Not even IteratorAge warned: it is measured when a batch is sent, and was at most 1s.");
  mapping.max_iterator_age = hours(23);
  const std::string lesson = "IteratorAge is the only warning: it reached 23h.";
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

TEST_CASE("a gap of LATEST names what made it be resolved again, and the switch [ESM-CHK-07]") {
  LifeInMapping mapping;
  mapping.fates = {Fate::unread};
  mapping.lost_cause = LossCause::latest_gap;
  LifeEntry unread;
  unread.kind = LifeKind::unread;
  unread.at = Instant{0} + seconds(2);
  mapping.entries = {unread};
  CHECK(lesson_of(mapping) ==
        "LATEST begins when the poller really starts, not when the mapping is created.");
  const auto said = [&](DeliveryReason why, bool updated = false) {
    mapping.entries[0].restarts = {{why, Instant{0} + seconds(1), updated}};
    return lesson_of(mapping);
  };
  // It was resolved for the first time, but later than planned.
  CHECK(said(DeliveryReason::poller_crash) ==
        "LATEST begins when the poller really starts, not when the mapping is created. It started "
        "only at 2s, because the poller crashed at 1s.");
  mapping.entries[0].resolved_again = true;
  CHECK(
      said(DeliveryReason::poller_crash) ==
      "LATEST was resolved again at 2s, because the poller crashed at 1s before the position was "
      "kept. From when a position is kept, AWS does not document: the switch latest_position says "
      "it.");
  CHECK(said(DeliveryReason::re_enabled).find("the mapping was disabled at 1s") !=
        std::string::npos);
  CHECK(said(DeliveryReason::re_enabled, true).find("the mapping was updated at 1s") !=
        std::string::npos);
  mapping.entries[0].restarts.push_back({DeliveryReason::re_enabled, Instant{0} + seconds(2)});
  CHECK(lesson_of(mapping).find("the mapping was updated at 1s and the mapping was disabled at 2s "
                                "before the position") != std::string::npos);
  // The last ones decided, so they are told.
  for (int i = 3; i <= 5; ++i) {
    mapping.entries[0].restarts.push_back({DeliveryReason::poller_crash, Instant{0} + seconds(i)});
  }
  CHECK(lesson_of(mapping).find("because after 2 other starts, the poller crashed at 3s, at 4s and "
                                "at 5s before") != std::string::npos);
  mapping.entries[0].restarts.clear();
  CHECK(lesson_of(mapping).find("its iterator expired before") != std::string::npos);
  // A record that was handed over before has no cause of a loss; what happened is the same.
  mapping.lost_cause = LossCause::none;
  mapping.deliveries = 1;
  CHECK(lesson_of(mapping).find("its iterator expired before") != std::string::npos);
}

TEST_CASE("advice names the changes and what a second run made of the record") {
  LifeInMapping mapping;
  mapping.fates = {Fate::dropped};
  mapping.advice = Advice{{"BisectBatchOnFunctionError: true"}, {Fate::processed}, 1, 9, 1};
  CHECK(lesson_of(mapping) ==
        "With BisectBatchOnFunctionError: true, it is processed and its work is done once: a "
        "second run shows it.");
  mapping.advice->changes = {"MaximumRetryAttempts: 3", "a new OnFailure destination"};
  mapping.advice->fates = {Fate::discarded};
  mapping.advice->effects = 0;
  CHECK(lesson_of(mapping) ==
        "With MaximumRetryAttempts: 3 and a new OnFailure destination, a destination has a message "
        "about it: a second run shows it.");
  mapping.advice->fates = {Fate::pending};
  CHECK(lesson_of(mapping).find("it still waits: a second run shows it.") != std::string::npos);
  // Work that is done is not the same as a record that is processed.
  mapping.advice->fates = {Fate::discarded};
  mapping.advice->effects = 2;
  CHECK(lesson_of(mapping).find(", its work is done twice: a second run shows it.") !=
        std::string::npos);
}

TEST_CASE("when no change helps a record that is given up, it is said how many were tried") {
  LifeInMapping mapping;
  mapping.fates = {Fate::dropped};
  CHECK(lesson_of(mapping) == "");  // nothing could be tried
  mapping.tried_in_vain = TriedInVain{};
  CHECK(lesson_of(mapping) == "No change of a setting is known that might help it.");
  mapping.tried_in_vain->runs = 1;
  CHECK(lesson_of(mapping) ==
        "One change of a setting was tried in a second run: it does not help.");
  mapping.tried_in_vain->runs = 7;
  CHECK(lesson_of(mapping) ==
        "7 changes of settings were tried, each in a run of its own: none helps.");
  mapping.tried_in_vain->some_do_harm = true;
  CHECK(
      lesson_of(mapping) ==
      "7 changes were tried, each in a run of its own: what helps this record loses others, or has "
      "work done again and again.");
}

TEST_CASE("a record that blocks its shard is not told that its turn came too late [ESM-POL-07]") {
  LifeInMapping mapping;
  mapping.fates = {Fate::expired};
  mapping.lost_cause = LossCause::retention;
  LifeEntry wait;
  wait.kind = LifeKind::waited;
  wait.wait = WaitFor::blocked;
  wait.waited = hours(24);
  mapping.entries = {wait};
  CHECK(lesson_of(mapping).starts_with("An event with this record alone exceeds the 6 MB"));
  mapping.entries[0].behind = "r1";
  CHECK(
      lesson_of(mapping).starts_with("Its turn came too late: it waits 24h behind r1, which fits "
                                     "into no event and blocks the shard."));
}
