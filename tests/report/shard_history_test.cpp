#include "sim/report/shard_history.hpp"

#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

RecordRow stored(const std::string& id, const std::string& shard, std::uint64_t effects) {
  RecordRow row;
  row.id = id;
  row.shard = shard;
  row.sequence_number = shard + ":" + id;
  row.consumers.push_back({"m", Fate::processed, 1, effects, {}});
  return row;
}

void call(ShardHistory& history, std::uint64_t number, const std::string& shard,
          const std::vector<std::string>& ids, CallOutcome outcome) {
  InvocationRow row;
  row.number = number, row.mapping = "m", row.shard = shard, row.outcome = outcome;
  row.records = ids;
  std::vector<DeliveryRow> records;
  for (const std::string& id : ids) {
    records.push_back({id, "m", shard, shard + ":" + id, number, 1,
                       static_cast<std::uint32_t>(records.size()),
                       outcome == CallOutcome::success});
  }
  history.add(row, records);
}

std::vector<std::int64_t> numbers(const std::shared_ptr<const Table>& table, const char* column) {
  return table->find(column)->numbers;
}

using Numbers = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("a shard's history has its records, and its invocations by position") {
  ShardHistory history("m", "");
  call(history, 1, "s0", {"a"}, CallOutcome::success);
  call(history, 2, "s1", {"b", "c"}, CallOutcome::error);
  call(history, 3, "s1", {"b", "c"}, CallOutcome::success);
  call(history, 4, "s1", {"d"}, CallOutcome::success);
  history.add(stored("a", "s0", 1));
  history.add(stored("x", "s1", 0));
  for (const char* id : {"b", "c", "d"}) history.add(stored(id, "s1", 1));
  CHECK(history.shard() == "s1");  // with the most failures
  CHECK(history.shards() == std::vector<std::string>{"s0", "s1"});
  CHECK(history.records()->rows == 4);
  CHECK(numbers(history.bars(), "number") == Numbers{2, 3, 4});
  CHECK(numbers(history.bars(), "first") == Numbers{1, 1, 3});
  CHECK(numbers(history.bars(), "end") == Numbers{3, 3, 4});
  CHECK(numbers(history.effects(), "position") == Numbers{1, 2, 3});
}

TEST_CASE("copies of a record in two shards are counted together") {
  ShardHistory history("m", "s1");
  call(history, 1, "s0", {"a"}, CallOutcome::success);
  call(history, 2, "s1", {"a"}, CallOutcome::success);
  history.add(stored("a", "s0", 1));
  history.add(stored("a", "s1", 1));
  CHECK(numbers(history.records(), "copy") == Numbers{1});
  CHECK(numbers(history.records(), "total") == Numbers{2});
  CHECK(numbers(history.effects(), "nth") == Numbers{2});
}

TEST_CASE("without an invocation the first shard with a record is shown") {
  ShardHistory history("m", "");
  history.add(stored("a", "s7", 0));
  CHECK(history.shard() == "s7");
  CHECK(history.bars()->rows == 0);
  ShardHistory nothing("m", "");
  CHECK(nothing.shards().empty());
  CHECK(nothing.bars()->rows == 0);
}

}  // namespace trimhorizon::testing
