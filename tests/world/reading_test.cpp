// A reader reads ahead, and shares the limits of its shard with all others.
#include "sim/world/reading.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

std::uint64_t reads_refused(const Told& told) {
  const StreamMetrics* stream = told.simulation->history().traffic.stream({0});
  return stream == nullptr ? 0 : stream->value(StreamMetricId::ReadThrottled);
}
std::uint64_t reads(const Told& told) {
  return told.simulation->history().traffic.stream({0})->value(StreamMetricId::GetRecordsSuccess);
}

// So many mappings on one shard, each with records of its own to read.
Story mappings(int n) {
  Story told;
  told.limits();
  for (int i = 1; i < n; ++i) told.another_mapping("m" + std::to_string(i));
  return told;
}

}  // namespace

TEST_CASE("one read serves many batches [ESM-POL-19]") {
  const Told told = story().limits().records(500).records(500).batch(5).work(1_ms).tell();
  CHECK(told.calls.size() == 200);
  // One read for all batches, and one that finds nothing.
  CHECK(reads(told) == 2);
  CHECK(reads_refused(told) == 0);
}

TEST_CASE("a read for each batch meets the limit of five a second [ESM-POL-19] [KDS-LIM-04]") {
  Story told = story().limits().records(500).records(500).batch(10).work(50_ms);
  const Told ahead = told.tell();
  const Told each = told.assume("esm_read", "per_batch").tell();
  CHECK(reads_refused(ahead) == 0);
  CHECK(reads_refused(each) > 0);
  CHECK(each.fates() == "processed 1000");
  CHECK(each.result.simulated > ahead.result.simulated);
}

TEST_CASE("six mappings that only poll refuse one read a second [KDS-LIM-04]") {
  // Nothing is put for a long time; the readers go on once a second all the same. After a batch
  // they all read again at once, so the five are stopped before.
  const Told five = mappings(5).records(1, 600_s).lasts(599_s).tell();
  const Told six = mappings(6).records(1, 600_s).tell();
  CHECK(reads_refused(six) > reads_refused(five));
  for (std::uint32_t m = 0; m < 6; ++m) CHECK(six.fates(m) == "processed 1");
}

TEST_CASE("readers of an empty shard do not keep a run alive") {
  const Told told = mappings(3).records(1).lasts(10_h).tell();
  CHECK(told.result.ended == RunEnd::drained);
  CHECK(told.result.simulated < 1_m);
}

TEST_CASE("five mappings with nothing to read need no events, however long it lasts") {
  Story told = mappings(5).records(1).lasts(10_h);
  told.records(1, 9_h);  // it keeps the run alive
  CHECK(told.tell().world().steps < 200);
}

TEST_CASE("eight mappings at 500 KiB a second are refused reads and are late [KDS-LIM-03]") {
  Story told = mappings(8).lasts(5_m);
  for (int i = 0; i < 50 * 20; ++i) told.big_record(10 * 1'024 - 2, 20_ms * i);
  const Told polled = told.tell();
  CHECK(reads_refused(polled) > 100);
  Duration late{0};
  for (std::uint32_t m = 0; m < 8; ++m) late = std::max(late, polled.age_max(m));
  CHECK(late > 5_s);
}

TEST_CASE("with enhanced fan-out they take nothing from each other [KDS-EFO-08]") {
  Story told = story().limits().lasts(5_m).fan_out();
  for (int i = 1; i < 8; ++i) told.another_mapping("m" + std::to_string(i)).fan_out();
  for (int i = 0; i < 50 * 20; ++i) told.big_record(10 * 1'024 - 2, 20_ms * i);
  const Told pushed = told.tell();
  CHECK(reads_refused(pushed) == 0);
  for (std::uint32_t m = 0; m < 8; ++m) CHECK(pushed.age_max(m) < 1_s);
}

TEST_CASE("one mapping reads twice as fast as a shard takes records [KDS-LIM-18]") {
  // 900 KiB a second. What came in a minute is read in less than another one, beside the new.
  Story told = story().limits().batch(10'000).work(10_ms).created(60_s).lasts(5_m);
  for (int i = 0; i < 9 * 120; ++i) told.big_record(100 * 1'024 - 2, milliseconds(i * 1'000 / 9));
  const Told after = told.tell();
  CHECK(reads_refused(after) == 0);
  CHECK(after.fates() == "processed 1080");
  CHECK(after.world().now < Instant{0} + 125_s);
}

TEST_CASE("a stream that is UPDATING takes and gives records [KDS-SHD-14]") {
  const Told told =
      story().call(0_s, SplitShardCall{0, {}}).record_at("r", 10, 2_s).created(3_s).tell();
  CHECK(told.schedule() == "3s[0]");
}

TEST_CASE("after a read of 10 MiB the shard gives nothing for five seconds [KDS-LIM-06]") {
  Story told = story().limits().batch(10'000).created(60_s).lasts(5_m);
  // 15 MiB are there when the mapping begins to read.
  for (int i = 0; i < 15; ++i) told.big_record(mib - 2, 2_s * i);
  const Told after = told.tell();
  CHECK(after.fates() == "processed 15");
  // Four records of 1 MiB fit into an event. The first ten come from the first read.
  const auto began = [&](std::size_t call) { return after.calls[call].at - Instant{0}; };
  CHECK(began(2) < 62_s);
  CHECK(began(3) >= 65_s);
}

TEST_CASE("a retry reads its records again, and is not held up [ESM-POL-16]") {
  Story told = story().records(10).retries(3).fail({.attempts = {1, 2}});
  const Told free = told.tell();
  const Told after = told.limits().tell();
  CHECK(reads(after) >= 4);
  CHECK(after.schedule() == free.schedule());
}

TEST_CASE("more than five readers need an iterator at once: some wait [KDS-LIM-07]") {
  // All start at 0 s. Three of eight get no iterator then.
  const Told told = mappings(8).records(1).tell();
  CHECK(reads_refused(told) >= 3);
  for (std::uint32_t m = 0; m < 8; ++m) CHECK(told.fates(m) == "processed 1");
}

TEST_CASE(
    "a mapping whose reads are empty now and then comes later, and loses nothing [KDS-ITR-10]") {
  Story told = story().shards(2).steady(10, 300).work(1_ms).call(10_s, SplitShardCall{0});
  const Told always = told.tell();
  const Told at_times = told.empty_reads(50).tell();
  CHECK(always.fates() == "processed 300");
  CHECK(at_times.fates() == "processed 300");
  const auto oldest = [](const Told& each) {
    return each.simulation->history().traffic.stream({0})->iterator_age_us.max();
  };
  CHECK(oldest(always) < 1'100'000);
  CHECK(oldest(at_times) > 2'000'000);  // two empty reads in a row are a second apart (ESM-POL-01)
  // What no read ever gives waits.
  CHECK(told.empty_reads(100).lasts(1_h).tell().fates() == "pending 300");
}

TEST_CASE("LATEST on a closed shard is followed by what cannot be read yet [KDS-ITR-15]") {
  Story told = story().shards(1).records(1, 1_s).call(7_s, SplitShardCall{0}).lasts(1_h);
  told.starting(StartingPosition::latest).created(5_m).visibility_delay({10_m, {}});
  CHECK(told.tell().fates() == "processed 1");
  CHECK(told.visibility_delay({}).tell().fates() == "unread 1");
}

TEST_CASE("records with a drawn delay come later and in their order [KDS-ITR-15]") {
  Story told = story().limits().steady(10, 200).work(1_ms);
  const Told now = told.tell();
  const ReadDelay drawn{{}, Lognormal{3_s, 800'000}};
  const Told late = told.visibility_delay(drawn).tell();
  CHECK(now.fates() == "processed 200");
  CHECK(late.fates() == "processed 200");
  CHECK(late.result.simulated > now.result.simulated);
  CHECK(late.duplicates() == "none");
  // Each record was handed over after its own delay.
  const RecordTimes times = late.world().plan->times_of({0});
  for (const ToldCall& call : late.calls) {
    for (Position p = call.span.first; p < call.span.end; ++p) {
      const StoredRecord record = late.world().shard({0}).log.at(p);
      CHECK(call.at >= record.arrival + times.delay_of(record));
    }
  }
  const Told pushed = told.fan_out().tell();
  CHECK(pushed.fates() == "processed 200");
}

TEST_CASE(
    "a pushed event that holds all that can be read is not behind [KDS-ITR-13] [KDS-ITR-15]") {
  Story told = story().steady(1, 30).fan_out().visibility_delay({5_s, {}});
  const Told kept = told.tell();
  const StreamMetrics* stream = kept.simulation->history().traffic.stream({0});
  REQUIRE(stream->millis_behind_us.count() > 0);
  CHECK(stream->millis_behind_us.max() == 0);
}

}  // namespace trimhorizon::testing
