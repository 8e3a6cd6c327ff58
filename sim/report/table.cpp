#include "sim/report/table.hpp"

#include "sim/metrics/metrics.hpp"

#include <algorithm>

#include "sim/base/check.hpp"

namespace trimhorizon {
namespace {

void set_bit(std::vector<std::uint8_t>& bits, std::int64_t index, bool value) {
  if (index % 8 == 0) bits.push_back(0);
  if (value) bits.back() = static_cast<std::uint8_t>(bits.back() | 1u << index % 8);
}

// Makes a table row by row; the columns are named once.
class Builder {
 public:
  explicit Builder(std::string name) : table_(std::make_shared<Table>()) {
    table_->name = std::move(name);
  }

  Column& column(std::string name, ColumnKind kind) {
    Column column;
    column.name = std::move(name);
    column.kind = kind;
    if (kind == ColumnKind::texts) column.list_offsets.push_back(0);
    table_->columns.push_back(std::move(column));
    return table_->columns.back();
  }
  Column& operator[](std::size_t index) { return table_->columns[index]; }

  std::shared_ptr<const Table> table(std::size_t rows) {
    table_->rows = static_cast<std::int64_t>(rows);
    for (const Column& each : table_->columns) TH_CHECK(each.rows == table_->rows);
    return table_;
  }

 private:
  std::shared_ptr<Table> table_;
};

void add_cell(Column& column, const std::string* text) {
  if (text != nullptr)
    column.add(std::string_view(*text));
  else
    column.add_null();
}
}  // namespace

void Column::add_row(bool is_valid) {
  if (!is_valid && valid.empty()) {  // the first null: all before it are valid
    for (std::int64_t i = 0; i < rows; ++i) set_bit(valid, i, true);
  }
  if (!is_valid || !valid.empty()) set_bit(valid, rows, is_valid);
  rows += 1;
  nulls += is_valid ? 0 : 1;
}

void Column::add(std::string_view text) {
  chars += text;
  offsets.push_back(static_cast<std::int64_t>(chars.size()));
  add_row(true);
}

void Column::add(std::int64_t number) {
  numbers.push_back(number);
  add_row(true);
}

void Column::add(double number) {
  reals.push_back(number);
  add_row(true);
}

void Column::add(bool value) {
  numbers.push_back(value ? 1 : 0);
  set_bit(bits, rows, value);
  add_row(true);
}

void Column::add(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    chars += text;
    offsets.push_back(static_cast<std::int64_t>(chars.size()));
  }
  list_offsets.push_back(static_cast<std::int64_t>(offsets.size()) - 1);
  add_row(true);
}

void Column::add_null() {
  switch (kind) {
    case ColumnKind::text: offsets.push_back(static_cast<std::int64_t>(chars.size())); break;
    case ColumnKind::integer:
    case ColumnKind::duration: numbers.push_back(0); break;
    case ColumnKind::boolean:
      numbers.push_back(0);
      set_bit(bits, rows, false);
      break;
    case ColumnKind::texts: list_offsets.push_back(list_offsets.back()); break;
    case ColumnKind::real: reals.push_back(0); break;
  }
  add_row(false);
}

const Column* Table::find(std::string_view column) const {
  for (const Column& each : columns) {
    if (each.name == column) return &each;
  }
  return nullptr;
}

std::shared_ptr<const Table> records_table(const Result& result) {
  Builder build("records");
  for (const char* name : {"id", "producer", "key", "shard", "sequence_number"}) {
    build.column(name, ColumnKind::text);
  }
  build.column("arrival", ColumnKind::duration);
  const auto per_consumer = [&](const char* prefix, ColumnKind kind) {
    for (const ConsumerResult& mapping : result.consumers) {
      build.column(std::string(prefix) + "." + mapping.name, kind);
    }
  };
  per_consumer("fates", ColumnKind::text);
  per_consumer("deliveries", ColumnKind::integer);
  per_consumer("effects", ColumnKind::integer);
  const std::size_t consumers = result.consumers.size();
  for (const RecordRow& row : result.rows) {
    build[0].add(std::string_view(row.id));
    build[1].add(std::string_view(row.producer));
    build[2].add(std::string_view(row.key));
    build[3].add(std::string_view(row.shard));
    build[4].add(std::string_view(row.sequence_number));
    build[5].add(row.arrival_us);
    for (std::size_t c = 0; c < consumers; ++c) {
      const RecordAtConsumer* here = row.at(result.consumers[c].name);
      if (here == nullptr) {  // it reads another stream
        for (std::size_t i = 0; i < 3; ++i) build[6 + i * consumers + c].add_null();
        continue;
      }
      build[6 + c].add(name(here->fate));
      build[6 + consumers + c].add(static_cast<std::int64_t>(here->deliveries));
      build[6 + 2 * consumers + c].add(static_cast<std::int64_t>(here->effects));
    }
  }
  return build.table(result.rows.size());
}

std::shared_ptr<const Table> invocations_table(const Result& result) {
  Builder build("invocations");
  build.column("number", ColumnKind::integer);
  for (const char* name : {"mapping", "function", "shard"}) build.column(name, ColumnKind::text);
  build.column("started", ColumnKind::duration);
  build.column("ended", ColumnKind::duration);
  build.column("attempt", ColumnKind::integer);
  build.column("records", ColumnKind::texts);
  build.column("outcome", ColumnKind::text);
  build.column("request_id", ColumnKind::text);
  for (const InvocationRow& row : result.invocations) {
    build[0].add(static_cast<std::int64_t>(row.number));
    build[1].add(std::string_view(row.mapping));
    build[2].add(std::string_view(row.function));
    build[3].add(std::string_view(row.shard));
    build[4].add(row.started_us);
    if (row.ended_us >= 0)
      build[5].add(row.ended_us);
    else
      build[5].add_null();  // still running
    build[6].add(std::int64_t{row.attempt});
    build[7].add(row.records);
    build[8].add(name(row.outcome));
    build[9].add(std::string_view(row.request_id));
  }
  return build.table(result.invocations.size());
}

std::shared_ptr<const Table> deliveries_table(const Result& result) {
  Builder build("deliveries");
  for (const char* name : {"id", "mapping", "shard", "sequence_number"}) {
    build.column(name, ColumnKind::text);
  }
  for (const char* name : {"invocation", "attempt", "position"}) {
    build.column(name, ColumnKind::integer);
  }
  build.column("effect", ColumnKind::boolean);
  for (const DeliveryRow& row : result.deliveries) {
    build[0].add(std::string_view(row.id));
    build[1].add(std::string_view(row.mapping));
    build[2].add(std::string_view(row.shard));
    build[3].add(std::string_view(row.sequence_number));
    build[4].add(static_cast<std::int64_t>(row.invocation));
    build[5].add(std::int64_t{row.attempt});
    build[6].add(std::int64_t{row.position});
    build[7].add(row.effect);
  }
  return build.table(result.deliveries.size());
}

std::shared_ptr<const Table> destination_table(const DestinationResult& destination) {
  Builder build("destinations." + destination.name);
  build.column("condition", ColumnKind::text);
  build.column("approximateInvokeCount", ColumnKind::integer);
  build.column("batchSize", ColumnKind::integer);
  build.column("shardId", ColumnKind::text);
  build.column("functionError", ColumnKind::text);
  build.column("records", ColumnKind::texts);
  build.column("message", ColumnKind::text);
  for (const DestinationMessage& message : destination.messages) {
    build[0].add(std::string_view(message.condition));
    build[1].add(static_cast<std::int64_t>(message.approximate_invoke_count));
    build[2].add(static_cast<std::int64_t>(message.batch_size));
    build[3].add(std::string_view(message.shard_id));
    add_cell(build[4], message.function_error ? &*message.function_error : nullptr);
    build[5].add(message.records);
    build[6].add(std::string_view(message.json));
  }
  return build.table(destination.messages.size());
}

std::shared_ptr<const Table> metrics_table(const Result& result) {
  Builder build("metrics");
  for (const char* name : {"mapping", "function", "metric", "statistic"}) {
    build.column(name, ColumnKind::text);
  }
  build.column("value", ColumnKind::integer);
  build.column("unit", ColumnKind::text);
  std::size_t rows = 0;
  for (const ConsumerResult& mapping : result.consumers) {
    for (const Metric& metric : mapping.metrics) {
      const MetricInfo& info = metric.info();
      const auto add = [&](std::string_view statistic, std::int64_t value, std::string_view unit) {
        build[0].add(std::string_view(mapping.name));
        build[1].add(std::string_view(mapping.function));
        build[2].add(info.name);
        build[3].add(statistic);
        build[4].add(value);
        build[5].add(unit);
        rows += 1;
      };
      if (!metric.samples) {
        const bool is_maximum = info.shape == MetricShape::maximum;
        add(is_maximum ? "max" : "sum", static_cast<std::int64_t>(metric.counter), "count");
        continue;
      }
      const std::string_view unit = info.unit == MetricUnit::time ? "us" : "count";
      add("count", static_cast<std::int64_t>(metric.samples->count()), "count");
      if (metric.samples->count() == 0) continue;
      for (const Statistic each : all_of<Statistic>) {
        add(name(each), value_of(*metric.samples, each), unit);
      }
    }
  }
  return build.table(rows);
}

}  // namespace trimhorizon
