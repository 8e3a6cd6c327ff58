#include "sim/report/arrow.hpp"

#include <cstring>

#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

Result two_invocations() {
  Result result;
  InvocationRow invocation;
  invocation.ended_us = -1;
  invocation.records = {"r0", "", "äöü"};
  result.invocations.push_back(invocation);
  invocation.ended_us = 5;
  invocation.records = {};
  result.invocations.push_back(invocation);
  return result;
}

// One row of each kind that has one value.
std::shared_ptr<const Table> one_of_each() {
  auto table = std::make_shared<Table>();
  table->rows = 1;
  constexpr ColumnKind kinds[] = {ColumnKind::text, ColumnKind::integer, ColumnKind::duration,
                                  ColumnKind::boolean, ColumnKind::real};
  for (const ColumnKind kind : kinds) table->columns.emplace_back("", kind);
  table->columns[0].add(std::string_view("ab"));
  table->columns[1].add(std::int64_t{7});
  table->columns[2].add(std::int64_t{8});
  table->columns[3].add(true);
  table->columns[4].add(0.5);
  return table;
}

}  // namespace

TEST_CASE("a stream of Arrow shows the table's own memory and gives everything back") {
  auto table = invocations_table(two_invocations());
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

TEST_CASE("every kind of column has its format and its buffers") {
  const std::shared_ptr<const Table> table = one_of_each();
  ArrowArrayStream stream;
  export_stream(table, &stream);
  ArrowSchema schema;
  stream.get_schema(&stream, &schema);
  ArrowArray batch;
  stream.get_next(&stream, &batch);
  stream.release(&stream);
  std::string formats;
  for (int i = 0; i < 5; ++i) formats += std::string(schema.children[i]->format) + " ";
  CHECK(formats == "U l tDu b g ");
  CHECK(schema.children[0]->flags == 2);  // may be null
  CHECK(batch.children[0]->n_buffers == 3);
  CHECK(std::memcmp(batch.children[0]->buffers[2], "ab", 2) == 0);
  CHECK(static_cast<const std::int64_t*>(batch.children[0]->buffers[1])[1] == 2);
  CHECK(static_cast<const std::int64_t*>(batch.children[1]->buffers[1])[0] == 7);
  CHECK(static_cast<const std::int64_t*>(batch.children[2]->buffers[1])[0] == 8);
  CHECK(static_cast<const std::uint8_t*>(batch.children[3]->buffers[1])[0] == 1);
  CHECK(static_cast<const double*>(batch.children[4]->buffers[1])[0] == 0.5);
  for (int i = 0; i < 5; ++i) CHECK(batch.children[i]->buffers[0] == nullptr);  // without nulls
  schema.release(&schema);
  batch.release(&batch);
}

}  // namespace trimhorizon::testing
