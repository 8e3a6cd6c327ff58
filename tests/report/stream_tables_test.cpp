#include "sim/report/stream_tables.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

Result some_streams() {
  Result result;
  StreamResult orders;
  orders.name = "orders";
  ListedShard closed{"shardId-000000000000", {}, {}, "0", "9", "495", "496", false, 7, {}};
  ListedShard open{"shardId-000000000001", "shardId-000000000000", {}, "0", "4", "497"};
  orders.listed = {closed, open};
  Histogram ages;
  ages.add(2'000);
  orders.metrics = {{StreamMetricId::WriteThrottled, 4, {}},
                    {StreamMetricId::IteratorAge, 0, ages}};
  result.streams = {orders};
  result.api_calls = {{Instant{5}, "SplitShard", "orders"},
                      {Instant{6}, "SplitShard", "orders", ApiError::InvalidArgumentException,
                       ApiReason::shard_is_closed}};
  return result;
}

std::string text_in(const Table& table, const char* column, std::int64_t row) {
  const Column* found = table.find(column);
  REQUIRE(found != nullptr);
  return found->is_null(row) ? "null" : std::string(found->text_at(row));
}

}  // namespace

TEST_CASE("a shard is a row in the words of ListShards [KDS-SHD-10]") {
  const auto table = shards_table(some_streams());
  REQUIRE(table->rows == 2);
  CHECK(text_in(*table, "stream", 1) == "orders");
  CHECK(text_in(*table, "ParentShardId", 0) == "null");
  CHECK(text_in(*table, "ParentShardId", 1) == "shardId-000000000000");
  CHECK(text_in(*table, "EndingSequenceNumber", 0) == "496");
  CHECK(text_in(*table, "EndingSequenceNumber", 1) == "null");
  CHECK(table->find("open")->numbers == std::vector<std::int64_t>{0, 1});
  CHECK(table->find("stored")->numbers == std::vector<std::int64_t>{7, 0});
}

TEST_CASE("a call of the API has its error and the reason of it, or neither") {
  const auto table = api_calls_table(some_streams());
  REQUIRE(table->rows == 2);
  CHECK(text_in(*table, "error", 0) == "null");
  CHECK(text_in(*table, "why", 0) == "null");
  CHECK(text_in(*table, "error", 1) == "InvalidArgumentException");
  CHECK(text_in(*table, "why", 1) == "the shard is closed");
  CHECK(table->find("at")->numbers == std::vector<std::int64_t>{5, 6});
}

TEST_CASE("a stream metric has a row for each statistic [MET-03]") {
  const auto table = stream_metrics_table(some_streams());
  REQUIRE(table->rows == 1 + 7);
  CHECK(text_in(*table, "metric", 0) == "WriteProvisionedThroughputExceeded");
  CHECK(text_in(*table, "statistic", 0) == "sum");
  CHECK(text_in(*table, "statistic", 1) == "count");
  CHECK(text_in(*table, "unit", 2) == "us");
  CHECK(table->find("value")->numbers[0] == 4);
}
