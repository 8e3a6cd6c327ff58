#include "sim/report/table.hpp"

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
    row.consumers.push_back({"b", Fate::processed, 0, 0, i * 1000 + 7});
    if (i != 3) row.consumers.push_back({"a", Fate::pending, static_cast<std::uint64_t>(i), 0});
    result.rows.push_back(row);
  }
  return result;
}

}  // namespace

TEST_CASE("nested maps are columns, null where a mapping has nothing to say") {
  const auto table = records_table(nine_records());
  CHECK(table->rows == 9);
  CHECK(table->columns.size() == 14);
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
  // When a record was settled; null while it is pending.
  const Column& settled = *table->find("settled.b");
  CHECK(settled.kind == ColumnKind::duration);
  CHECK(settled.numbers[8] == 8'007);
  CHECK(settled.valid.empty());
  CHECK(table->find("settled.a")->nulls == 9);
  CHECK(table->find("nothing") == nullptr);
}

}  // namespace trimhorizon::testing
