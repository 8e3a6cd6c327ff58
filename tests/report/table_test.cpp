#include "sim/report/table.hpp"

#include <cstring>

#include "sim/report/arrow.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

Result nine_records() {
  Result result;
  result.consumers.push_back({"a"});
  result.consumers.push_back({"b"});
  for (int i = 0; i < 9; ++i) {
    RecordRow row;
    row.id = "r" + std::to_string(i);
    row.arrival_us = i * 1000;
    row.consumers.push_back({"b", Fate::processed, 0, 0});
    if (i != 3) row.consumers.push_back({"a", Fate::pending, static_cast<std::uint64_t>(i), 0});
    result.rows.push_back(row);
  }
  InvocationRow invocation;
  invocation.ended_us = -1;
  invocation.records = {"r0", "", "äöü"};
  result.invocations.push_back(invocation);
  invocation.ended_us = 5;
  invocation.records = {};
  result.invocations.push_back(invocation);
  return result;
}

}  // namespace

TEST_CASE("nested maps are columns, null where a mapping has nothing to say") {
  const auto table = records_table(nine_records());
  CHECK(table->rows == 9);
  CHECK(table->columns.size() == 12);
  CHECK(table->find("fates.a")->nulls == 1);
  CHECK(table->find("fates.a")->text_at(8) == "pending");
  CHECK(table->find("fates.b")->valid.empty());
  CHECK(table->find("fates.b")->text_at(8) == "processed");
  const Column& deliveries = *table->find("deliveries.a");
  CHECK(deliveries.nulls == 1);
  for (int i = 0; i < 9; ++i) {
    CHECK(deliveries.is_null(i) == (i == 3));
    if (i != 3) CHECK(deliveries.numbers[static_cast<std::size_t>(i)] == i);
  }
  CHECK(table->find("nothing") == nullptr);
}

TEST_CASE("a stream of Arrow shows the table's own memory and gives everything back") {
  auto table = invocations_table(nine_records());
  const Table* address = table.get();
  const std::weak_ptr<const Table> alive = table;
  ArrowArrayStream stream;
  export_stream(std::move(table), &stream);

  ArrowSchema schema;
  REQUIRE(stream.get_schema(&stream, &schema) == 0);
  CHECK(std::strcmp(schema.format, "+s") == 0);
  CHECK(schema.n_children == 10);
  CHECK(std::strcmp(schema.children[5]->name, "ended") == 0);
  CHECK(std::strcmp(schema.children[5]->format, "tDu") == 0);
  CHECK(std::strcmp(schema.children[7]->format, "+L") == 0);
  CHECK(std::strcmp(schema.children[7]->children[0]->format, "U") == 0);
  schema.release(&schema);
  CHECK(schema.release == nullptr);

  ArrowArray batch;
  REQUIRE(stream.get_next(&stream, &batch) == 0);
  CHECK(batch.length == 2);
  CHECK(batch.children[5]->null_count == 1);
  CHECK((static_cast<const std::uint8_t*>(batch.children[5]->buffers[0])[0] & 3) == 2);
  CHECK(batch.children[4]->buffers[1] == address->find("started")->numbers.data());
  const ArrowArray& records = *batch.children[7];
  const auto* offsets = static_cast<const std::int64_t*>(records.buffers[1]);
  CHECK(std::vector<std::int64_t>(offsets, offsets + 3) == std::vector<std::int64_t>{0, 3, 3});
  CHECK(records.children[0]->length == 3);

  ArrowArray end;
  REQUIRE(stream.get_next(&stream, &end) == 0);
  CHECK(end.release == nullptr);
  stream.release(&stream);

  ArrowArray moved = *batch.children[4];  // a reader may take one column and drop the rest
  batch.children[4]->release = nullptr;
  batch.release(&batch);
  CHECK_FALSE(alive.expired());
  CHECK(static_cast<const std::int64_t*>(moved.buffers[1])[0] == 0);
  moved.release(&moved);
  CHECK(alive.expired());
}

}  // namespace trimhorizon::testing
