// When a poller reads, how many records make a batch, and when the batch is sent.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("the healthy path: read, invoke, checkpoint, repeat") {
  const Told told = story().records(10).tell();  // scenario 010
  CHECK(told.fates() == "processed 10");
  CHECK(told.duplicates() == "none");
  CHECK(told.lost() == "none");
  CHECK(told.checkpoint() == "r9");
  CHECK(told.result.ended == RunEnd::drained);
}

TEST_CASE("an idle shard is read once a second [ESM-POL-01]") {
  const Told told = story().records(1, 300_ms).records(1, 1'500_ms).records(1, 7_s).tell();
  // Read at 0 s; then at 1 s; after that invocation the rhythm starts at 1.1 s.
  CHECK(told.schedule() == "1s[0] 2.1s[1] 7.2s[2]");
}

TEST_CASE("a record put at the very moment of a read is read") {
  const Told told = story().records(1, 3_s).tell();
  CHECK(told.schedule() == "3s[0]");
}

TEST_CASE("while there is more the poller does not wait [ESM-POL-01, ESM-POL-02]") {
  const Told told = story().records(7).batch(2).tell();
  CHECK(told.schedule() == "0s[0-1] 0.1s[2-3] 0.2s[4-5] 0.3s[6]");
}

TEST_CASE(
    "BatchSize 100 with window 0 is accepted and is the default "
    "[CON-05, ESM-PAR-01, ESM-PAR-02]") {
  const Told told = story().records(150).tell();
  CHECK(told.invocations() == "[0-99][100-149]");
  CHECK(MappingSettings{}.batch_size == 100);
  CHECK(MappingSettings{}.batching_window_s == 0);
}

TEST_CASE("by default nothing but retention ends the retries [CON-08]") {
  CHECK(MappingSettings{}.maximum_retry_attempts == -1);
  CHECK(MappingSettings{}.maximum_record_age_s == -1);
}

TEST_CASE("without a window a batch may be a single record [ESM-POL-05]") {
  const Told told = story().records(1).records(9, 50_ms).batch(10).tell();
  CHECK(told.schedule() == "0s[0] 0.1s[1-9]");
}

TEST_CASE("an open window waits for a full batch [ESM-POL-03]") {
  const Told told = story().records(2, 500_ms).records(1, 4'200_ms).batch(3).window(10).tell();
  CHECK(told.schedule() == "5s[0-2]");
}

TEST_CASE("a batch that is full at once does not wait for the window [ESM-POL-03]") {
  const Told told = story().records(6).batch(3).window(10).tell();
  CHECK(told.schedule() == "0s[0-2] 0.1s[3-5]");
}

TEST_CASE("a window starts when the invocation before it completes [ESM-POL-04]") {
  const Told told =
      story().records(3, 1_s).records(1, 12_s).records(1, 35_s).batch(10).window(10).tell();
  // The first window is open from 0 s, the second from 10.1 s; the third has been over since
  // 30.2 s when the last record comes, so that one does not wait.
  CHECK(told.schedule() == "10s[0-2] 20.1s[3] 35.2s[4]");
}

TEST_CASE("6 MB of event end a batch before BatchSize does [ESM-POL-03, ESM-POL-06]") {
  Story large = story();
  for (int i = 0; i < 10; ++i) large.big_record(1'048'576);
  CHECK(large.tell().invocations() == "[0-3][4-7][8-9]");
  Story many = story().batch(1000);
  for (int i = 0; i < 72; ++i) many.big_record(65'536);
  CHECK(many.tell().invocations() == "[0-70][71]");
}

TEST_CASE("6 MB of event end a window too [ESM-POL-03]") {
  Story large = story().batch(100).window(60);
  for (int i = 0; i < 5; ++i) large.big_record(1'048'576);
  CHECK(large.tell().schedule() == "0s[0-3] 60.1s[4]");
}

TEST_CASE("a record whose event exceeds 6 MB is given up [ESM-POL-07]") {
  const Told told =
      story().records(1).big_record(5'242'880).records(1).retries(0).destination().tell();
  CHECK(told.invocations() == "[0][2]");
  CHECK(told.fates() == "processed 2, discarded 1");
  CHECK(told.messages() == 1);
  CHECK(told.met(Assumption::oversized_record));
}

TEST_CASE("or it blocks its shard until retention takes it [ESM-POL-07, CON-20]") {
  const Told told = story()
                        .records(1)
                        .big_record(5'242'880)
                        .records(1, 1_h)
                        .lasts(30_h)
                        .assume("oversized_record", "block")
                        .tell();
  CHECK(told.schedule() == "0s[0] 86400.000001s[2]");
  CHECK(told.fates() == "processed 2, expired 1");
  CHECK(told.lost() == "retention 1");
}

TEST_CASE("polling starts create_delay after the mapping is created [ESM-POL-12]") {
  const Told told = story().records(1).created(10_s, 60_s).tell();
  CHECK(told.schedule() == "70s[0]");
}

TEST_CASE("a create_delay of a minute is as long as creating took on AWS [ESM-POL-13]") {
  // Recorded: 48 to 120 s from creating stream, function and mapping to the last result.
  const Duration whole = story().records(1).created(0_s, 60_s).tell().result.simulated;
  CHECK(whole >= 48_s);
  CHECK(whole <= 120_s);
}

TEST_CASE(
    "several mappings read one stream, each with its own checkpoint [ESM-PAR-17, KDS-SHD-16]") {
  const Told told =
      story().records(6).batch(6).poison("r2").retries(0).another_mapping("audit").batch(4).tell();
  CHECK(told.fates(0) == "dropped 6");
  CHECK(told.fates(1) == "processed 6");
  CHECK(told.invocations(0) == "[0-5]");
  CHECK(told.invocations(1) == "[0-3][4-5]");
}

TEST_CASE("a call is waited for before the next one is made [ESM-POL-11]") {
  const Told told = story().records(2).batch(1).work(2_s).tell();
  CHECK(told.schedule() == "0s[0] 2s[1]");
}

TEST_CASE("a batch never mixes shards [ESM-PAR-17]") {
  const Told told = story().shards(4).records(100).batch(1000).tell();
  CHECK(told.calls.size() == 4);
  std::uint64_t sum = 0;
  for (const ToldCall& call : told.calls) {
    CHECK(call.at == Instant{0});
    CHECK(call.span.first == 0);
    sum += call.span.count();
  }
  CHECK(sum == 100);
}

TEST_CASE("IteratorAge is the age of the last record when the batch is sent [CON-09, MET-06]") {
  const Story late = story().records(1).records(1, 2_s).created(5_s).work(1_s);
  CHECK(late.tell().age_max() == seconds(3));
  Story at_end = late;
  CHECK(at_end.assume("iterator_age", "at_finish").tell().age_max() == seconds(4));
}

TEST_CASE("a window waits for the rest of a batch only: 0, 0 and 5 s [ESM-POL-04]") {
  const Told told = story().records(5).batch(2).window(5).work(0_s).tell();
  CHECK(told.schedule() == "0s[0-1] 0s[2-3] 5s[4]");
}
