// From a user record to a call: buffers, limiter, collector.
#include "sim/producer/kpl.hpp"

#include "tests/producer/kpl_run.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("an aggregate leaves its buffer 100 ms after its first user record [KDS-PRD-12]") {
  KplRun run;
  run.put(0);
  run.run_until(at_ms(60));
  run.put(1);
  CHECK(kpl_due(run.kpl) == at_ms(100));
  run.run_until(at_ms(100));
  CHECK(run.sent.empty());
  CHECK(kpl_due(run.kpl) == at_ms(120));  // a fifth of that time in the collector
  run.run_until(at_ms(1000));
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].at == at_ms(120));
  REQUIRE(run.sent[0].call.entries.size() == 1);
  CHECK(numbers_of(run.sent[0].call.entries[0]) == first_numbers(2));
  CHECK(kpl_due(run.kpl) == end_of_time);
}

TEST_CASE("the collector keeps an entry for at most 50 ms more [KDS-PRD-12]") {
  KplRun run{{.record_max_buffered_time_ms = 1000}};
  run.put(0);
  run.run_until(at_ms(5000));
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].at == at_ms(1050));
}

TEST_CASE("with a buffered time of 0 each user record is sent at once [KDS-PRD-12]") {
  KplRun run{{.record_max_buffered_time_ms = 0}};
  for (std::uint64_t number = 0; number < 3; ++number) {
    run.put(number);
    run.run_until(at_ms(0));
  }
  REQUIRE(run.sent.size() == 3);
  for (const SentCall& each : run.sent) CHECK(each.at == at_ms(0));
}

TEST_CASE("only an aggregate has the key a, and its hash key is that of its first [KDS-PRD-19]") {
  KplRun run;
  run.put(0, 100, half_way - 1);
  run.put(1, 100, 5);
  run.run_until(at_ms(500));
  run.put(2, 100, 9);
  run.run_until(at_ms(1000));
  REQUIRE(run.sent.size() == 2);
  const KplEntry& two = run.sent[0].call.entries[0];
  CHECK(two.is_aggregate());
  CHECK(two.key_bytes() == 1);
  CHECK(two.hash_key() == half_way - 1);
  // Two tables' entries of 3 bytes, two records, magic and digest.
  CHECK(two.data_bytes == 4 + 2 * (2 + 3) + 2 * (2 + 2 + 2 + 100) + 16);
  const KplEntry& one = run.sent[1].call.entries[0];
  CHECK_FALSE(one.is_aggregate());
  CHECK(one.key_bytes() == 3);
  CHECK(one.hash_key() == HashKey{9});
  CHECK(one.data_bytes == 100);
}

TEST_CASE("an aggregate with AggregationMaxCount user records leaves at once [KDS-PRD-12]") {
  KplRun run{{.aggregation_max_count = 3}};
  run.put(0);
  run.put(1);
  CHECK(kpl_due(run.kpl) == at_ms(100));
  run.put(2);
  CHECK(run.kpl.shards[0].buffer.empty());
  CHECK(run.kpl.collector.size() == 1);
  run.put(3);
  run.run_until(at_ms(1000));
  REQUIRE(run.sent.size() == 1);  // the collector waits for the deadline of the first
  CHECK(numbers_of(run.sent[0].call.entries[0]) == first_numbers(3));
  CHECK(numbers_of(run.sent[0].call.entries[1]) == std::vector<std::uint64_t>{3});
}

TEST_CASE("an aggregate is as large as AggregationMaxSize, to the byte [KDS-PRD-12]") {
  // Two user records of d bytes: 4 + 2 * 5 + 2 * (2 + 2 + 3 + d) + 16, from d = 128 on.
  const auto packed = [](std::uint32_t d) { return 4 + 2 * 5 + 2 * (3 + 2 + 3 + d) + 16; };
  const std::uint32_t d = 500;
  for (const bool fits : {true, false}) {
    KplRun run{{.aggregation_max_size = packed(d) - (fits ? 0 : 1)}};
    run.put(0, d);
    run.put(1, d);
    run.put(2, d);
    run.run_until(at_ms(1000));
    REQUIRE(run.sent.size() == 1);
    const auto& entries = run.sent[0].call.entries;
    REQUIRE(entries.size() == (fits ? 2u : 3u));
    CHECK(numbers_of(entries[0]) == first_numbers(fits ? 2 : 1));
    if (fits) CHECK(entries[0].data_bytes == packed(d));
  }
}

TEST_CASE("a user record above AggregationMaxSize goes alone [KDS-PRD-12]") {
  KplRun run;
  run.put(0, 60'000);
  REQUIRE(run.kpl.collector.size() == 1);
  CHECK(run.kpl.collector[0].data_bytes == 60'000);
  run.put(1, 10);
  run.put(2, 60'000);  // the small one before it leaves, it stays until its deadline
  CHECK(run.kpl.collector.size() == 2);
  CHECK(run.kpl.shards[0].buffer.size() == 1);
  run.run_until(at_ms(1000));
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].call.entries.size() == 3);
}

TEST_CASE("KPL refuses a user record above MaxUserRecordSize [KDS-PRD-12]") {
  KplRun run;
  CHECK(run.put(0, 1'048'576));
  CHECK_FALSE(run.put(1, 1'048'577));
  CHECK(user_records_pending(run.kpl) == 1);
}

TEST_CASE("a call has at most CollectionMaxCount entries and leaves with them [KDS-PRD-12]") {
  KplRun run{{.aggregation_enabled = false}};
  for (std::uint64_t number = 0; number < 499; ++number) run.put(number);
  CHECK(run.sent.empty());
  run.put(499);
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].call.entries.size() == 500);
  run.put(500);
  CHECK(run.sent.size() == 1);
  run.run_until(at_ms(100));  // not aggregated: no more time in the collector
  REQUIRE(run.sent.size() == 2);
  CHECK(run.sent[1].at == at_ms(100));
}

TEST_CASE("a call has at most CollectionMaxSize bytes, keys included [KDS-PRD-12]") {
  for (const bool fits : {true, false}) {
    KplRun run{{.aggregation_enabled = false, .collection_max_size = 60'000}};
    run.put(0, 30'000 - 3);
    CHECK(run.sent.empty());
    run.put(1, 30'000 - 3 + (fits ? 0 : 1));
    REQUIRE(run.sent.size() == 1);
    CHECK(run.sent[0].call.entries.size() == (fits ? 2u : 1u));
    run.run_until(at_ms(100));
    CHECK(run.sent.size() == (fits ? 1u : 2u));
  }
}

TEST_CASE("a call leaves with 256 KiB for one shard [KDS-PRD-12]") {
  KplRun run;
  run.put(0, 128 * 1024);
  CHECK(run.sent.empty());
  run.put(1, 128 * 1024 - 1);
  CHECK(run.sent.empty());
  run.put(2, 51'200);
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].call.entries.size() == 3);
  CHECK(run.kpl.shards[0].collecting == 0);
}

TEST_CASE("with aggregation off KPL predicts no shard and limits nothing [KDS-PRD-12]") {
  KplRun run{{.aggregation_enabled = false}};
  for (std::uint64_t number = 0; number < 2000; ++number) run.put(number);
  CHECK(run.sent.size() == 4);
  CHECK(run.kpl.shards.empty());
  CHECK(run.sent[0].call.entries[0].predicted == std::nullopt);
}

TEST_CASE("the limiter lets 150 per cent of a shard's limit through, every 25 ms [CON-14]") {
  KplRun run{{.aggregation_max_count = 1}};
  for (std::uint64_t number = 0; number < 2000; ++number) run.put(number);
  CHECK(run.kpl.shards[0].waiting.size() == 1000);  // a full bucket at once
  CHECK(kpl_due(run.kpl) == at_ms(25));
  run.run_until(at_ms(25));
  CHECK(run.kpl.shards[0].waiting.size() == 1000 - 37);  // 37.5 of them
  run.run_until(at_ms(50));
  CHECK(run.kpl.shards[0].waiting.size() == 1000 - 75);
  run.run_until(at_ms(650));
  CHECK(run.kpl.shards[0].waiting.size() == 25);
  run.run_until(at_ms(675));
  CHECK(run.kpl.shards[0].waiting.empty());
  run.run_until(at_ms(2000));
  CHECK(user_records_pending(run.kpl) == 2000);  // all are in calls
  CHECK(kpl_due(run.kpl) == end_of_time);
}

TEST_CASE("the limiter counts bytes too, at the rate of RateLimit [CON-14]") {
  KplRun run{{.rate_limit = 100}};
  run.put(0, 1'048'576);
  run.put(1, 524'288);
  CHECK(run.kpl.shards[0].waiting.size() == 1);
  run.run_until(at_ms(475));
  CHECK(run.kpl.shards[0].waiting.size() == 1);
  run.run_until(at_ms(500));
  CHECK(run.kpl.shards[0].waiting.empty());
}

TEST_CASE("what expires in the limiter is taken apart: some end, some go again [KDS-PRD-13]") {
  KplRun run{{.record_ttl_ms = 200, .rate_limit = 1}};
  run.put(0, 1'048'576);  // empties the bucket
  run.run_until(at_ms(10));
  run.put(1, 10'000);
  run.run_until(at_ms(60));
  run.put(2, 10'000);
  run.run_until(at_ms(400));
  // At 110 ms both are in one aggregate, which expires with record 1, at 210 ms. That is seen at
  // 225 ms. Record 2 waits in its buffer again until it expires itself, at 260 ms.
  CHECK(run.ended(KplEnd::expired) == std::vector<std::uint64_t>{1, 2});
  CHECK(run.again(KplRetry::limited) == std::vector<std::uint64_t>{2});
}
