// Numbers that were recorded on AWS, as the catalogue lists them for tests, as far as no other file
// has them: retries, rests, request ids, LATEST, a disabled mapping, MillisBehindLatest.
#include "sim/kinesis/iterator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// What GetRecords says of a shard whose records have these ages, when it reads `limit` records from
// the position `first`.
std::int64_t millis_behind_of(std::initializer_list<Duration> ages, Position first,
                              std::int64_t limit) {
  const Instant now = Instant{0} + 1_h;
  Shard shard;
  std::uint32_t number = 0;
  for (const Duration age : ages) shard.log.append({now - age, RecordId::of({0}, number++), {0}});
  const auto no_bytes = [](const StoredRecord&) { return 0; };
  const auto answer = get_records({first, now}, {shard, {0}, now, 0}, limit, no_bytes);
  REQUIRE(std::holds_alternative<ReadResult>(answer));
  return std::get<ReadResult>(answer).millis_behind_latest;
}

}  // namespace

TEST_CASE("two retries of a batch of four that throws are three calls of four [ESM-PAR-05]") {
  const Told told = story().records(4).batch(4).retries(2).poison("r1").destination().tell();
  CHECK(told.invocations() == "[0-3][0-3][0-3]");
  CHECK(told.letters() ==
        "RetryAttemptsExhausted count 3 of [r0 r1 r2 r3] functionError Unhandled\n");
}

TEST_CASE("two retries of a record that is reported alone: count 3 [ESM-PAR-05, ESM-PBR-09]") {
  for (const bool bisect : {false, true}) {
    CAPTURE(bisect);
    Story one = story().records(1).retries(2).report().poison("r0").destination();
    if (bisect) one.bisect();
    CHECK(one.tell().letters() == "RetryAttemptsExhausted count 3 of [r0] functionError null\n");
  }
}

TEST_CASE("the second of four is reported, one retry: the rest twice, count 2 [ESM-PBR-06]") {
  const Told told = story().records(4).retries(1).report().poison("r1").destination().tell();
  CHECK(told.invocations() == "[0-3][1-3][1-3]");
  CHECK(told.requests() == "new new same");
  CHECK(told.letters() == "RetryAttemptsExhausted count 2 of [r1 r2 r3] functionError null\n");
  CHECK(told.in_message("KinesisBatchInfo.batchSize") == "3");
}

TEST_CASE("retries keep the request id; rest, half and next batch do not [ESM-RTY-12]") {
  // r2 of [0-3] is reported: the rest [2-3] has no progress, is halved, and [2] is tried again.
  const Story bad =
      story().records(8).batch(4).retries(2).bisect().report().poison("r2").destination();
  const Told told = bad.tell();
  CHECK(told.invocations() == "[0-3][2-3][2][2][2][3][4-7]");
  CHECK(told.requests() == "new new new same same new new");
  // Without bisect and with an exception: the batch, its retries, the next batch.
  const Told raised = story().records(8).batch(4).retries(2).poison("r2").tell();
  CHECK(raised.invocations() == "[0-3][0-3][0-3][4-7]");
  CHECK(raised.requests() == "new same same new");
}

TEST_CASE("the rest begins at the instant the first call ends [ESM-RTY-14, ESM-POL-04]") {
  for (const std::int64_t window : {0, 1, 3, 5, 300}) {
    CAPTURE(window);
    // Four records fill the batch, so that no window is waited for before it.
    const Told told = story()
                          .records(4)
                          .batch(4)
                          .window(window)
                          .retries(0)
                          .report()
                          .poison("r3")
                          .work(7_ms)
                          .tell();
    CHECK(told.schedule() == "0s[0-3] 0.007s[3]");
    CHECK(told.requests() == "new new");
  }
}

TEST_CASE(
    "LATEST, all failing, disabled, mended, enabled: only what was never read is lost "
    "[ESM-CHK-07]") {
  FailRule at_first;
  at_first.until = Instant{0} + 30_s;
  // Both shards get a record while the mapping is disabled; only shard 0 was read from before.
  const auto ranges = initial_hash_ranges(2);
  const auto key_of = [&](const HashKeyRange& range) {
    for (int n = 0;; ++n) {
      const std::string key = "k" + std::to_string(n);
      if (range.contains(hash_of_partition_key(key))) return key;
    }
  };
  const std::string read = key_of(ranges[0]), idle = key_of(ranges[1]);
  const Told told = story()
                        .shards(2)
                        .record("early", read, 10_s)
                        .record("late", read, 40_s)
                        .record("gap", idle, 40_s)
                        .record("after", idle, 70_s)
                        .starting(StartingPosition::latest)
                        .fail(at_first)
                        .disable(30_s)
                        .enable(1_m)
                        .tell();
  CHECK(told.deliveries(0, 0).ends_with(" 1"));
  CHECK(told.effects(0, 0) == "1 1");
  CHECK(told.effects(0, 1) == "0 1");
  CHECK(told.fates() == "processed 3, unread 1");
  CHECK(told.lost() == "latest_gap 1");
}

TEST_CASE("disabled at 0, a record of 17.5 s is invoked, one after the delay is not [ESM-CHK-05]") {
  const Story disabled = story()
                             .records(1, 17'500_ms)
                             .records(1, 58'500_ms)
                             .records(1, 61_s)
                             .disable_delay(60_s)
                             .disable(0_s);
  CHECK(disabled.tell().schedule() == "18s[0] 59.1s[1]");
  CHECK(disabled.tell().fates() == "processed 2, pending 1");
  // Without the delay nothing is invoked.
  CHECK(Story(disabled).disable_delay(0_s).tell().schedule() == "");
}

TEST_CASE("MillisBehindLatest is the age of the last record returned, in seconds [KDS-ITR-13]") {
  // Recorded on AWS: 72000, 69000, 63000, 59000, 57000, 45000, and 0 at a newest of 26 s.
  const auto first_is = [](Duration age) { return millis_behind_of({age, 26_s}, 0, 1); };
  CHECK(first_is(72_s) == 72'000);
  CHECK(first_is(69_s) == 69'000);
  CHECK(first_is(45'999_ms) == 45'000);
  CHECK(first_is(46_s) == 46'000);
  // The last returned counts: neither the first returned nor the next one.
  CHECK(millis_behind_of({72_s, 63'400_ms, 57_s, 26_s}, 0, 2) == 63'000);
}

TEST_CASE("MillisBehindLatest is 0 at the newest record, however old [KDS-ITR-13]") {
  CHECK(millis_behind_of({72_s, 26_s}, 0, 10) == 0);
  CHECK(millis_behind_of({72_s, 26_s}, 1, 10) == 0);
  CHECK(millis_behind_of({86_s}, 0, 10'000) == 0);
  // After the newest there is no record, and it is 0.
  CHECK(millis_behind_of({72_s, 26_s}, 2, 1) == 0);
  CHECK(millis_behind_of({}, 0, 1) == 0);
  // A read that its Limit ended at the newest does not know that it is the newest.
  CHECK(millis_behind_of({72_s, 26'700_ms}, 0, 2) == 26'000);
  CHECK(millis_behind_of({72_s, 26'700_ms}, 1, 1) == 26'000);
}
