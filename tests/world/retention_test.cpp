// Retention takes records whether or not anybody has read them; only the ledger shows it.
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("a record can be read while its age is at most the retention [KDS-SHD-11]") {
  CHECK(story().records(1).created(24_h).lasts(30_h).tell().fates() == "processed 1");
  const Duration later = 24_h + microseconds(1);
  const Told told = story().records(1).created(later).lasts(30_h).tell();
  CHECK(told.fates() == "unread 1");  // gone before the mapping was there
  CHECK(told.lost() == "none");
}

TEST_CASE(
    "a poison record with the defaults blocks its shard until it expires [ESM-RTY-03, MET-09]") {
  const Told told = story().records(3).records(2, 1_h).batch(3).poison("r1").lasts(40_h).tell();
  CHECK(told.fates() == "processed 2, expired 3");
  CHECK(told.lost() == "retention 2");  // r0 had thousands of effects
  CHECK(told.metric("DroppedEventCount") == 0);
  CHECK(told.metric("LostToRetention") == 2);
  CHECK(told.age_max() > hours(23));
  CHECK(told.age_max() < hours(24));
}

TEST_CASE("what expires leaves a waiting batch its counter and its back-off") {
  const Told told = story()
                        .records(1)
                        .records(1, 10_m)
                        .created(10_m)
                        .poison("r0")
                        .poison("r1")
                        .work(0_s)
                        .lasts(24_h + 10_m + 1_m)
                        .tell();
  std::vector<std::uint64_t> attempts;
  std::vector<std::int64_t> gaps_s;
  for (std::size_t i = 1; i < told.calls.size(); ++i) {
    if (told.calls[i].span.count() != 1) continue;
    CHECK(told.calls[i].attempt == told.calls[i - 1].attempt + 1);
    CHECK((told.calls[i].at - told.calls[i - 1].at) == seconds(15));
  }
  CHECK(told.calls.back().span == Span{1, 2});
  CHECK(told.fates() == "expired 2");
}

TEST_CASE("while a mapping is disabled retention goes on [ESM-CHK-04]") {
  const Told told = story()
                        .records(2)
                        .records(1, 2_h)
                        .disable(1_ms)
                        .enable(25_h)
                        .work(0_s)
                        .poison("r0")
                        .lasts(40_h)
                        .tell();
  CHECK(told.fates() == "processed 1, expired 2");
  CHECK(told.lost() == "retention 2");
}

TEST_CASE("retention takes what LATEST has not decided about yet [ESM-CHK-04, KDS-SHD-11]") {
  const auto two = [] {
    return story()
        .records(1)
        .records(1, 10_s)
        .records(1, 50_h)
        .created(5_s)
        .starting(StartingPosition::latest)
        .work(0_s)
        .disabled();
  };
  // Nothing was promised before the creation; the third is not old enough.
  const Told off = two().lasts(60_h).tell();
  CHECK(off.fates() == "expired 1, unread 1, pending 1");
  CHECK(off.lost() == "retention 1");
  // What is left when polling starts is in the gap, and what comes after it is read: retention kept
  // no checkpoint.
  const Told on = two().enable(51_h).records(1, 52_h).lasts(60_h).tell();
  CHECK(on.fates() == "processed 1, expired 1, unread 2");
  CHECK(on.lost() == "retention 1, latest_gap 1");
}

TEST_CASE("whatever happens, each stored record has one fate or is pending [MET-11]") {
  const Told told = story()
                        .records(2)
                        .created(10_s)
                        .starting(StartingPosition::latest)
                        .records(1, 20_s)
                        .records(1, 30_s)
                        .records(1, 2_h)
                        .records(1, 39_h)
                        .poison("r3")
                        .retries(0)
                        .disable(1_h)
                        .lasts(40_h)
                        .another_mapping("audit")
                        .retries(0)
                        .fail({})
                        .destination()
                        .tell();
  CHECK(told.fates(0) == "processed 1, dropped 1, expired 1, unread 2, pending 1");
  CHECK(told.fates(1) == "discarded 6");
  CHECK(told.result.stored == 6);
}

TEST_CASE("the loss has its moment although nobody reads") {
  Simulation simulation(
      make_plan(story().records(2).disable(1_ms).poison("r0").work(0_s).lasts(40_h).scenario()));
  simulation.run_until(Instant{0} + 24_h);
  CHECK(simulation.history().ledger.account({0}).fates(Fate::expired) == 0);
  simulation.run_until(Instant{0} + 24_h + microseconds(1));
  CHECK(simulation.history().ledger.account({0}).fates(Fate::expired) == 2);
}

TEST_CASE("records trimmed while their batch is blocked cannot be delivered [ESM-POL-16]") {
  FailRule first_day;
  first_day.until = Instant{0} + 25_h;
  const Told told =
      story().records(1).records(1, 2_h).created(2_h).fail(first_day).lasts(40_h).tell();
  CHECK(told.fates() == "processed 1, expired 1");
  CHECK(told.lost() == "retention 1");
  CHECK(told.calls.back().span == Span{1, 2});
  CHECK(told.happened(Situation::expire));
}

TEST_CASE("a function 20 % too slow loses from the moment its lag is the retention") {
  // Scenario 200: 1/s against 0.8/s, 24 h; here 1/60 of it: the lag grows by 0.2 s a second.
  const Told told =
      story().steady(1, 500'000).work(0_s, 1'250_ms).batch(100).timeout(200).lasts(121_h).tell();
  const std::uint64_t expired = told.metric("LostToRetention");
  CHECK(told.metric("DroppedEventCount") == 0);
  CHECK(expired > 600);
  CHECK(expired < 800);
  CHECK(told.age_max() <= hours(24));
  CHECK(told.age_max() > hours(24) - minutes(3));
}

TEST_CASE("what retention takes before the first poll is expired, not unread [ESM-CHK-04]") {
  const Told late = story().records(1).created(0_s, 25_h).lasts(30_h).tell();
  CHECK(late.fates() == "expired 1");
  CHECK(late.lost() == "retention 1");
  CHECK(late.metric("LatestGap") == 0);
  const Told paused = story().records(1).disabled().enable(26_h).lasts(30_h).tell();
  CHECK(paused.lost() == "retention 1");
  CHECK(story().records(1).disabled().lasts(30_h).tell().fates() == "expired 1");
}

TEST_CASE("AT_TIMESTAMP promises what was stored at or after it [ESM-PAR-04, KDS-ITR-06]") {
  const Told told = story()
                        .records(1)
                        .records(1, 2_h)
                        .records(1, 20_h)
                        .starting(StartingPosition::at_timestamp, 1_h)
                        .created(3_h)
                        .disabled()
                        .enable(30_h)
                        .lasts(48_h)
                        .tell();
  CHECK(told.fates() == "processed 1, expired 1, unread 1");
  CHECK(told.lost() == "retention 1");
}

TEST_CASE("retention took it before the mapping existed: unread, and nobody's loss") {
  const Told told = story().records(1).records(1, 20_h).created(30_h).lasts(40_h).tell();
  CHECK(told.fates() == "processed 1, unread 1");
  CHECK(told.lost() == "none");
}

TEST_CASE("a read from a trimmed number goes on, or walks for 15 minutes [KDS-ITR-08, CON-29]") {
  // r0 is tried for the last time at 86,395.4 s. The next attempt finds that it is gone.
  const auto told = [](const char* value) {
    return story()
        .records(1)
        .records(1, 5_m)
        .records(1, 1_h)
        .batch(1)
        .poison("r0")
        .work(0_s)
        .lasts(30_h)
        .assume("trimmed_position", value)
        .tell();
  };
  const Told at_horizon = told("start_at_horizon");
  CHECK(at_horizon.fates() == "processed 2, expired 1");
  CHECK(at_horizon.calls.back().span == Span{2, 3});
  CHECK(at_horizon.calls.back().at == Instant{0} + 86'410'400_ms);
  CHECK(at_horizon.met(Assumption::trimmed_position));
  // While it walks, retention takes r1 as well.
  const Told walks = told("walk_from_horizon");
  CHECK(walks.fates() == "processed 1, expired 2");
  CHECK(walks.lost() == "retention 2");
  CHECK(walks.calls.back().span == Span{2, 3});
  CHECK(walks.calls.back().at == Instant{0} + 86'410'400_ms + 15_m);
  CHECK(walks.met(Assumption::trimmed_position));
}

TEST_CASE("a mapping enabled after its checkpoint was trimmed goes on, or walks [KDS-ITR-08]") {
  const auto told = [](const char* value) {
    return story()
        .records(1)
        .records(1, 20_h)
        .disable(1_m)
        .enable(25_h)
        .lasts(26_h)
        .assume("trimmed_position", value)
        .tell();
  };
  CHECK(told("start_at_horizon").schedule() == "0s[0] 90000s[1]");
  CHECK(told("start_at_horizon").met(Assumption::trimmed_position));
  CHECK(told("walk_from_horizon").schedule() == "0s[0] 90900s[1]");
  // A mapping answers the error with a new iterator at the horizon (ESM-RTY-03).
  CHECK(told("error").schedule() == "0s[0] 90000s[1]");
  CHECK(told("error").met(Assumption::trimmed_position));
  // It has asked for the number first, in vain.
  CHECK(told("error").result.trace_digest != told("start_at_horizon").result.trace_digest);
}

TEST_CASE("what a shorter retention takes from a disabled mapping is lost then [KDS-SHD-12]") {
  Story told = story().retention_hours(72).records(1, 1_h).disabled().lasts(30_h);
  told.call(26_h, DecreaseRetentionCall{24}).call(26_h, IncreaseRetentionCall{72});
  const Told taken = told.tell();
  CHECK(taken.fates() == "expired 1");
  CHECK(taken.lost() == "retention 1");
  // Without the shorter one nothing is lost.
  Story kept = story().retention_hours(72).records(1, 1_h).disabled().lasts(30_h);
  CHECK(kept.tell().fates() == "pending 1");
}
