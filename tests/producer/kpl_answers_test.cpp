// What KPL makes of the answers: retries, wrong shards, what is lost, what comes twice.
#include <map>
#include <set>

#include "sim/kinesis/packs.hpp"
#include "sim/producer/kpl.hpp"
#include "tests/producer/kpl_run.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("a throttled record is sent again until RecordTtl, then it is lost [KDS-PRD-13]") {
  KplRun run;
  run.put(0);
  Instant last_sent;
  while (run.news.ended.empty()) {
    run.run_until(run.now + milliseconds(10));
    if (!run.sent.empty()) {
      last_sent = run.sent[0].at;
      run.answer({What::throttled, 0});
    }
    REQUIRE(run.now < at_ms(40'000));
  }
  CHECK(run.ended(KplEnd::expired) == std::vector<std::uint64_t>{0});
  CHECK(run.again(KplRetry::throttled).size() > 300);
  CHECK(run.now >= at_ms(30'000));
  CHECK(run.now < at_ms(30'200));
  CHECK(last_sent <= at_ms(30'050));
  CHECK(kpl_due(run.kpl) == end_of_time);
}

TEST_CASE("a failed record waits half of RecordMaxBufferedTime again [KDS-PRD-14]") {
  KplRun run = run_with_call_of(2);
  run.run_until(at_ms(300));
  run.answer({What::failed, 0});
  CHECK(run.again(KplRetry::failed) == first_numbers(2));
  CHECK(kpl_due(run.kpl) == at_ms(350));
  run.run_until(at_ms(1000));
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].at == at_ms(370));
}

TEST_CASE("a failed record waits no longer than its RecordTtl lasts [KDS-PRD-14]") {
  KplRun run{{.record_ttl_ms = 200}};
  run.put(0);
  run.run_until(at_ms(170));
  run.answer({What::failed, 0});
  CHECK(kpl_due(run.kpl) == at_ms(200));
  // Then it is sent a last time; an answer after that ends it.
  run.run_until(at_ms(200));
  CHECK(run.ended(KplEnd::expired).empty());
  run.run_until(at_ms(260));
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].at == at_ms(200));
  run.answer({What::failed, 0});
  CHECK(run.ended(KplEnd::expired) == first_numbers(1));
}

TEST_CASE("a record that is sent again is overtaken by a later one [KDS-PRD-14]") {
  KplRun run = run_with_call_of(1);
  run.put(1);
  run.run_until(at_ms(225));  // record 1 left its buffer at 220 ms
  run.answer({What::throttled, 0});
  run.run_until(at_ms(1000));
  REQUIRE(run.sent.size() == 2);
  CHECK(numbers_of(run.sent[0].call.entries[0]) == std::vector<std::uint64_t>{1});
  CHECK(run.sent[0].at == at_ms(240));
  CHECK(numbers_of(run.sent[1].call.entries[0]) == std::vector<std::uint64_t>{0});
  CHECK(run.sent[1].at == at_ms(295));
  run.answer({What::stored, 0});
  run.answer({What::stored, 0});
  CHECK(run.ended(KplEnd::acknowledged) == std::vector<std::uint64_t>{1, 0});
}

TEST_CASE("records that are sent again meet others in a new aggregate [KDS-PRD-14]") {
  KplRun run = run_with_call_of(2);
  run.put(2);
  run.answer({What::failed, 0});
  run.run_until(at_ms(1000));
  REQUIRE(run.sent.size() == 1);
  // The earlier deadline takes the other one along, and stands before it.
  CHECK(numbers_of(run.sent[0].call.entries[0]) == std::vector<std::uint64_t>{0, 1, 2});
  CHECK(run.sent[0].at == at_ms(190));
}

TEST_CASE("a timeout may hide that the records were stored: they come twice [KDS-PRD-15]") {
  KplRun run = run_with_call_of(3);
  run.run_until(at_ms(6120));
  run.answer({What::timed_out, 0});
  CHECK(run.again(KplRetry::timed_out) == first_numbers(3));
  CHECK(run.news.ended.empty());
  run.run_until(at_ms(7000));
  REQUIRE(run.sent.size() == 1);
  run.answer({What::stored, 0});
  CHECK(run.ended(KplEnd::acknowledged) == first_numbers(3));
}

TEST_CASE("FailIfThrottled ends a throttled record at once, not one that failed [KDS-PRD-12]") {
  KplRun run = run_with_call_of(2, {.fail_if_throttled = true});
  SECTION("throttled") {
    run.answer({What::throttled, 0});
    CHECK(run.ended(KplEnd::throttled) == first_numbers(2));
    CHECK(run.news.again.empty());
  }
  SECTION("failed") {
    run.answer({What::failed, 0});
    CHECK(run.news.ended.empty());
  }
}

TEST_CASE("at most MaxConnections calls are in flight [KDS-PRD-12]") {
  KplRun run{{.aggregation_enabled = false, .collection_max_count = 1, .max_connections = 2}};
  for (std::uint64_t number = 0; number < 4; ++number) run.put(number);
  CHECK(run.sent.size() == 2);
  CHECK(run.kpl.made.size() == 2);
  run.run_until(at_ms(30));
  run.answer({What::stored, 0});
  REQUIRE(run.sent.size() == 2);
  CHECK(run.sent[1].at == at_ms(30));
  CHECK(run.sent[1].call.made == at_ms(0));
}

TEST_CASE("ten user records over a split, the child unknown: all are sent again [KDS-PRD-16]") {
  KplRun run = run_with_call_of(10);
  run.listing = after_the_split;
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].call.entries[0].predicted == 0u);
  run.answer({What::stored, 1});  // their hash keys fit, but KPL cannot know that
  CHECK(run.again(KplRetry::wrong_shard) == first_numbers(10));
  CHECK(run.news.ended.empty());
  // While the map was read, KPL predicted nothing: ten plain records in one call.
  run.run_until(at_ms(1000));
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].at == at_ms(170));
  REQUIRE(run.sent[0].call.entries.size() == 10);
  CHECK(run.sent[0].call.entries[0].predicted == std::nullopt);
  run.answer({What::stored, 1});
  CHECK(run.ended(KplEnd::acknowledged) == first_numbers(10));
  // The next one is predicted by the new map.
  run.put(10);
  run.run_until(at_ms(2000));
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].call.entries[0].predicted == 1u);
}

TEST_CASE(
    "KCL loses a mixed aggregate and gets its copies; others get all [KDS-PRD-16] [KDS-PRD-17]") {
  const HashKeyRange child = after_the_split[0].range;
  for (const bool is_mixed : {true, false}) {
    KplRun run;
    run.listing = before_the_split;
    for (std::uint64_t number = 0; number < 10; ++number) {
      run.put(number, 100, is_mixed && number == 9 ? half_way : 7);
    }
    run.run_until(at_ms(120));
    run.listing = after_the_split;
    std::size_t kcl = 0;
    std::size_t function = 0;
    while (!run.sent.empty()) {
      for (const KplEntry& entry : run.sent[0].call.entries) {
        std::vector<HashKey> keys;
        for (const KplRecord& record : entry.records) keys.push_back(record.hash_key);
        if (!child.contains(entry.hash_key())) continue;  // in the other child
        function += keys.size();                          // a function's own code keeps all
        kcl += fits_shard(keys, child) ? keys.size() : 0;
      }
      run.answer({What::stored, 1});
      run.run_until(run.now + seconds(1));
    }
    CHECK(run.ended(KplEnd::acknowledged) == first_numbers(10));
    // The aggregate, then ten records alone; of those the mixed one is in the other child.
    CHECK(function == (is_mixed ? 19u : 20u));
    CHECK(kcl == (is_mixed ? 9u : 20u));
  }
}

namespace {

// KPL knows the parent (closed) and the children, and predicts the left child. The put lands in
// the parent: the listing came before the cut (KDS-RSH-15).
KplRun run_before_the_cut(KplSettings settings) {
  KplRun run = run_with_call_of(1, settings);
  run.listing = after_the_split;
  run.answer({What::stored, 1});
  run.run_until(at_ms(1000));
  run.answer({What::stored, 1});
  run.news = {};
  run.put(10);
  run.put(11);
  run.run_until(at_ms(2000));
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].call.entries[0].predicted == 1u);
  return run;
}

}  // namespace

TEST_CASE("a put that lands in the known parent, with fitting keys, succeeded [KDS-PRD-16]") {
  KplRun run = run_before_the_cut({});
  run.answer({What::stored, 0});
  CHECK(run.ended(KplEnd::acknowledged) == std::vector<std::uint64_t>{10, 11});
  CHECK(run.kpl.map.is_ready());
}

TEST_CASE("before 0.15.11 every shard other than the predicted one was wrong [KDS-PRD-16]") {
  KplRun run = run_before_the_cut({.wrong_shard = WrongShard::any_other_shard});
  run.answer({What::stored, 0});
  CHECK(run.again(KplRetry::wrong_shard) == std::vector<std::uint64_t>{10, 11});
  CHECK_FALSE(run.news.ended.size() > 0);
}

TEST_CASE("in a known shard only the user records outside its range go again [KDS-PRD-16]") {
  // KPL remembers that shard 0 took the keys up to 10, but it predicts shard 1.
  KplRun run;
  take_kpl_map_call(run.kpl, run.now);
  give_kpl_map(run.kpl, {{0, {0, 10}}, {1, {11, last_hash_key}}}, run.now);
  run.kpl.map.invalidate(at_ms(1), 0, false, at_ms(1));
  run.listing = {{1, {}}};
  run.run_until(at_ms(1));
  run.put(20, 100, 5);
  run.put(21, 100, 11);
  run.run_until(at_ms(1000));
  REQUIRE(run.sent.size() == 1);
  SECTION("it lands in the other shard") {
    run.answer({What::stored, 0});
    CHECK(run.ended(KplEnd::acknowledged) == std::vector<std::uint64_t>{20});
    CHECK(run.again(KplRetry::wrong_shard) == std::vector<std::uint64_t>{21});
  }
  SECTION("it lands in the predicted shard, whatever its range was") {
    run.answer({What::stored, 1});
    CHECK(run.ended(KplEnd::acknowledged) == std::vector<std::uint64_t>{20, 21});
    CHECK(run.kpl.map.is_ready());
  }
}

TEST_CASE("a known child that takes a put makes KPL read its map again [KDS-PRD-16]") {
  // KPL predicts shard 0 for all keys above 10, and shard 1 for the others.
  KplRun run;
  take_kpl_map_call(run.kpl, run.now);
  give_kpl_map(run.kpl, {{0, {11, 20}}, {1, {0, 10}}, {2, {0, 20}}}, run.now);
  run.answers_map = false;
  run.put(0, 100, 15);
  run.run_until(at_ms(1000));
  REQUIRE(run.sent[0].call.entries[0].predicted == 0u);
  run.answer({What::stored, 2});
  CHECK(run.ended(KplEnd::acknowledged) == first_numbers(1));
  CHECK_FALSE(run.kpl.map.is_ready());
}

TEST_CASE("with aggregation off a wrong shard is never sent again [KDS-PRD-16]") {
  for (const WrongShard which : {WrongShard::outside_range, WrongShard::any_other_shard}) {
    KplRun run = run_with_call_of(3, {.aggregation_enabled = false, .wrong_shard = which});
    run.listing = after_the_split;
    run.answer({What::stored, 2});
    CHECK(run.ended(KplEnd::acknowledged) == first_numbers(3));
  }
}

TEST_CASE("without failures two records are reordered by less than 200 ms [KDS-PRD-14]") {
  check_property(
      "the window of reordering",
      [] {
        KplRun run;
        run.listing = after_the_split;
        std::map<std::uint64_t, Instant> put_at;
        const int count = *rc::gen::inRange(1, 60);
        for (std::uint64_t number = 0; number < static_cast<std::uint64_t>(count); ++number) {
          run.run_until(run.now + milliseconds(*rc::gen::inRange(0, 40)));
          put_at[number] = run.now;
          const bool is_right = *rc::gen::arbitrary<bool>();
          const auto bytes = *rc::gen::element(1u, 1'000u, 30'000u);
          run.put(number, bytes, is_right ? last_hash_key : 0);
        }
        run.run_until(run.now + seconds(1));
        std::uint64_t sent = 0;
        std::map<std::optional<std::uint32_t>, Instant> newest;  // put, by shard
        for (const SentCall& each : run.sent) {
          for (const KplEntry& entry : each.call.entries) {
            for (const KplRecord& record : entry.records) {
              ++sent;
              const Instant put = put_at[record.number];
              RC_ASSERT(each.at - put <= milliseconds(200));
              Instant& latest = newest[entry.predicted];
              RC_ASSERT(latest - put <= milliseconds(200));
              latest = std::max(latest, put);
            }
          }
        }
        RC_ASSERT(sent == put_at.size());
      },
      20);
}

TEST_CASE("each user record ends once, whatever the answers and the shards [KDS-PRD-13]") {
  check_property(
      "user records are conserved",
      [] {
        KplSettings settings;
        settings.aggregation_enabled = *rc::gen::inRange(0, 5) > 0;
        settings.aggregation_max_size = *rc::gen::element(64, 500, 51'200);
        settings.aggregation_max_count = *rc::gen::element(1, 3, 1'000);
        settings.collection_max_count = *rc::gen::element(1, 4, 500);
        settings.record_max_buffered_time_ms = *rc::gen::element(0, 7, 100);
        settings.record_ttl_ms = *rc::gen::element(100, 400);
        settings.rate_limit = *rc::gen::element(1, 150);
        settings.max_connections = *rc::gen::element(1, 24);
        settings.fail_if_throttled = *rc::gen::arbitrary<bool>();
        settings.wrong_shard =
            *rc::gen::element(WrongShard::outside_range, WrongShard::any_other_shard);
        KplRun run{settings};
        std::uint64_t put = 0;
        const int steps = *rc::gen::inRange(1, 80);
        for (int i = 0; i < steps; ++i) {
          const int what = *rc::gen::inRange(0, 10);
          if (what < 5) {
            const auto bytes = *rc::gen::element(1u, 40u, 400u, 200'000u);
            run.put(put++, bytes, *rc::gen::arbitrary<bool>() ? last_hash_key : 0);
          } else if (what < 7) {
            run.run_until(run.now + milliseconds(*rc::gen::inRange(0, 150)));
          } else if (what == 7) {
            run.listing = *rc::gen::arbitrary<bool>() ? after_the_split : before_the_split;
            run.answers_map = *rc::gen::inRange(0, 4) > 0;
          } else if (!run.sent.empty()) {
            run.answer(
                {*rc::gen::element(What::stored, What::throttled, What::failed, What::timed_out),
                 *rc::gen::element(0u, 1u, 2u)});
          }
          RC_ASSERT(user_records_pending(run.kpl) + run.news.ended.size() == put);
        }
        const KplState fork = run.kpl;
        RC_ASSERT(fork == run.kpl);
        while (run.news.ended.size() < put) {
          run.run_until(run.now + milliseconds(5));
          if (!run.sent.empty()) run.answer({What::failed, 0});
          RC_ASSERT(run.now < at_ms(120'000));
        }
        std::set<std::uint64_t> numbers;
        for (const auto& each : run.news.ended) numbers.insert(each.number);
        RC_ASSERT(numbers.size() == put);
        RC_ASSERT(user_records_pending(run.kpl) == 0u);
      },
      20);
}

TEST_CASE("with a RecordTtl as short as the buffered time, a waiting record is lost [KDS-PRD-13]") {
  KplRun run{{.record_max_buffered_time_ms = 100, .record_ttl_ms = 100}};
  run.put(0);
  run.run_until(at_ms(1000));
  CHECK(run.sent.empty());
  CHECK(run.ended(KplEnd::expired) == first_numbers(1));
}

TEST_CASE("while the map cannot be read, KPL sends each user record alone [KDS-PRD-16]") {
  KplRun run;
  run.answers_map = false;
  CHECK(take_kpl_map_call(run.kpl, run.now));
  CHECK_FALSE(take_kpl_map_call(run.kpl, run.now));
  fail_kpl_map(run.kpl, run.now);
  CHECK(kpl_due(run.kpl) == at_ms(1000));
  run.put(0);
  run.put(1);
  run.run_until(at_ms(200));
  REQUIRE(run.sent.size() == 1);
  CHECK(run.sent[0].at == at_ms(100));  // in the collector from the beginning
  CHECK(run.sent[0].call.entries.size() == 2);
  run.answer({What::stored, 5});
  CHECK(run.ended(KplEnd::acknowledged) == first_numbers(2));
}
