#include "sim/report/text_streams.hpp"

#include "sim/experiment/run_scenario.hpp"
#include "sim/report/text.hpp"
#include "tests/report/samples.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/given.hpp"
#include "tests/support/story.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::testing {
namespace {

using samples::at_s;
using samples::Sample;

constexpr std::int64_t mebibyte = 1024 * 1024;

std::string section_of(const Sample& sample) {
  return samples::written([&](Page& page) { add_streams(page, sample.view()); });
}

// A run that says nothing about its stream.
Sample calm() {
  Sample sample = samples::partial_response();
  sample.result.streams = {StreamResult{"orders"}};
  return sample;
}

StreamMetric counted_as(StreamMetricId id, std::uint64_t n) { return {id, n, std::nullopt}; }

// Everything that can be said of a stream.
Sample busy() {
  Sample sample = calm();
  StreamResult& orders = sample.result.streams[0];
  orders.lives = {{0, at_s(0), at_s(325), {}, 10},
                  {1, at_s(325), std::nullopt, {0}, 5},
                  {2, at_s(325), std::nullopt, {0}, 5}};
  orders.metrics = {counted_as(StreamMetricId::WriteThrottled, 4320),
                    counted_as(StreamMetricId::ReadThrottled, 1),
                    counted_as(StreamMetricId::PutRecordsFailed, 0),
                    counted_as(StreamMetricId::PutRecordsThrottled, 4300)};
  orders.stored_again = 3;
  orders.order_lost =
      testing::given<OrderLoss>({{OrderLoss::late_retry, 12}, {OrderLoss::two_shards, 1}});
  const std::string s0 = "shardId-000000000000";
  const std::string s1 = "shardId-000000000001";
  orders.order_examples = {{OrderLoss::late_retry, "k", "r5", "r7", s0, s0},
                           {OrderLoss::late_retry, "k2", "r6", "r8", s0, s0},
                           {OrderLoss::two_shards, "q", "e1", "e0", s1, s0}};
  sample.result.limits_exceeded = {{"orders", s0, ShardLimit::records_written, 2'345, 1'000, 4'000},
                                   {"orders", s1, ShardLimit::records_written, 1'200, 1'000, 320},
                                   {"orders", s0, ShardLimit::reads, 6, 5, 1}};
  sample.result.producers = {{"shop", "orders", 60, 21, 0}, {"late", "orders", 5, 0, 1}};
  sample.scenario.producers.push_back({"late", StreamId{0}, {}});
  sample.scenario.producers[1].settings.retry.mode = RetryMode::ignore;
  sample.scenario.timeline.push_back({.at = at_s(420),
                                      .kind = ActionKind::api_call,
                                      .call = ApiCall{{0}, IncreaseRetentionCall{48}}});
  sample.result.api_calls = {{at_s(420), "IncreaseStreamRetentionPeriod", "orders"},
                             {at_s(500), "UpdateShardCount", "orders",
                              ApiError::LimitExceededException, ApiReason::updates_used_up}};
  sample.result.api_calls[0].timeline = 0;
  return sample;
}

}  // namespace

TEST_CASE("a calm stream has no section") {
  CHECK(section_of(calm()).empty());
  Sample older = samples::partial_response();  // of a version without streams
  CHECK(section_of(older).empty());
}

TEST_CASE("all that can be said of a stream, whole") {
  CHECK_APPROVED("report", "streams.txt", section_of(busy()));
}

TEST_CASE("shards over time are told change by change, many changes by their extremes") {
  Sample sample = calm();
  std::vector<ShardLife>& lives = sample.result.streams[0].lives;
  lives = {{0, at_s(0), at_s(60), {}, 0}};
  const auto told = [&](std::uint32_t splits) {
    lives.resize(1);
    for (std::uint32_t i = 0; i < splits; ++i) {
      lives.back().closed = at_s(60 * (i + 1));
      for (int child = 0; child < 2; ++child) {
        lives.push_back({2 * i + 1 + static_cast<std::uint32_t>(child),
                         at_s(60 * (i + 1)),
                         std::nullopt,
                         {lives[lives.size() - 1 - static_cast<std::size_t>(child)].number},
                         0});
      }
    }
    const std::string text = section_of(sample);
    return text.substr(0, text.find("\n   "));
  };
  CHECK(told(1) == "\nStream orders\n  Shards  1 until 1m, then 2.");
  CHECK(told(3) == "\nStream orders\n  Shards  1 until 1m, then 2; 3 from 2m on; 4 from 3m on.");
  CHECK(told(9) ==
        "\nStream orders\n  Shards  1 until 1m, then 9 changes between 1 and 10; 10 from 9m on.");
}

TEST_CASE("each limit has its words, and says how much it was exceeded") {
  const auto hot = [](ShardLimit limit, std::int64_t rate, std::int64_t allowed) {
    return hot_words({"orders", "s", limit, rate, allowed, 4});
  };
  CHECK(hot(ShardLimit::records_written, 2'345, 1'000) ==
        "sent up to 2,345 records in a second (2.3 times its 1,000) and refused 4 records");
  CHECK(contains(hot(ShardLimit::records_written, 1'596, 1'000), "(1.6 times its 1,000)"));
  CHECK(hot(ShardLimit::bytes_written, 5 * mebibyte / 2, mebibyte) ==
        "sent up to 2.5 MiB in a second (2.5 times its 1 MiB) and refused 4 records");
  CHECK(hot(ShardLimit::bytes_written, mebibyte + 1, mebibyte) ==
        "sent up to 1 MiB in a second (its limit is 1 MiB) and refused 4 records");
  CHECK(hot(ShardLimit::reads, 8, 5) ==
        "read up to 8 times in a second (1.6 times its 5) and refused 4 reads");
  CHECK(hot(ShardLimit::bytes_read, 12 * mebibyte, 2 * mebibyte) ==
        "read at up to 12 MiB a second (6 times its 2 MiB) and refused 4 reads");
}

TEST_CASE("a run with reshards, mistakes and a late retry tells its stream, before its timeline") {
  Story told = story().shards(2).records(4).lasts(10_m);
  told.call(60_s, SplitShardCall{0}).call(120_s, SplitShardCall{0});
  told.call(180_s, MergeShardsCall{3, 1}).call(240_s, DecreaseRetentionCall{24});
  const auto scenario = std::make_shared<const Scenario>(told.scenario());
  const ScenarioRun run = run_scenario(scenario);
  Report report;
  report.base = {"", scenario.get(), &run.result, &run.judgement, "", "trimhorizon run", {}};
  const std::string text = report_text(report, {});
  const std::size_t from = text.find("\nStream orders");
  REQUIRE(from != std::string::npos);
  CHECK_APPROVED("report", "reshards.txt",
                 text.substr(from, text.find("\nPosition over time") - from));
}

TEST_CASE("what KPL did wrong is told with its settings and its rule [KDS-PRD-14]") {
  Sample sample = busy();
  KplSettings hasty;
  hasty.fail_if_throttled = true;
  sample.scenario.producers.at(0).settings.kpl = hasty;
  ProducerResult& producer = sample.result.producers.emplace_back();
  producer.name = sample.scenario.producers[0].name;
  producer.stream = "orders";
  producer.never_accepted = 10;
  const std::string text = section_of(sample);
  CHECK(contains(text, "KPL: FailIfThrottled,"));
  CHECK(contains(text, "RecordTtl 30000 ms"));
  CHECK(contains(text, "(KDS-PRD-14)"));
  CHECK_FALSE(contains(text, "KDS-PRD-05"));
}

}  // namespace trimhorizon::testing
