// Fills columns in the memory layout of Arrow, and declares the tables of a result.
#include "sim/report/table.hpp"

#include "sim/metrics/metrics.hpp"
#include "sim/report/table_rows.hpp"

namespace trimhorizon {
namespace {

void set_bit(std::vector<std::uint8_t>& bits, std::int64_t index, bool value) {
  if (index % 8 == 0) bits.push_back(0);
  if (value) bits.back() = static_cast<std::uint8_t>(bits.back() | 1u << index % 8);
}

}  // namespace

Column::Column(std::string its_name, ColumnKind its_kind)
    : name(std::move(its_name)), kind(its_kind) {
  if (kind == ColumnKind::texts) list_offsets.push_back(0);
}

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

void Column::add_number(std::int64_t number) {
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

void Column::reserve(std::int64_t rows_expected) {
  if (rows == 0) return;
  const auto wanted = static_cast<std::size_t>(rows_expected);
  const auto room = [&](auto& values) {  // a little more, since rows differ
    if (!values.empty()) {
      values.reserve(static_cast<std::size_t>(static_cast<double>(values.size()) * 1.03 *
                                              static_cast<double>(rows_expected) /
                                              static_cast<double>(rows)));
    }
  };
  if (!numbers.empty()) numbers.reserve(wanted);
  if (kind == ColumnKind::text) offsets.reserve(wanted + 1);
  if (kind == ColumnKind::texts) room(offsets), list_offsets.reserve(wanted + 1);
  room(chars);
}

std::uint64_t Table::bytes() const {
  std::uint64_t sum = 0;
  for (const Column& each : columns) {
    const std::size_t words =
        each.numbers.size() + each.reals.size() + each.list_offsets.size() + each.offsets.size();
    sum += words * sizeof(std::int64_t) + each.bits.size() + each.chars.size() + each.valid.size();
  }
  return sum;
}

const Column* Table::find(std::string_view column) const {
  for (const Column& each : columns) {
    if (each.name == column) return &each;
  }
  return nullptr;
}

TableWriter<RecordRow> records_writer(const Result& result) {
  using Row = RecordRow;
  std::vector<RowColumn<Row>> columns = {
      {"id", ColumnKind::text, &Row::id},
      {"producer", ColumnKind::text, &Row::producer},
      {"key", ColumnKind::text, &Row::key},
      {"shard", ColumnKind::text, &Row::shard},
      {"sequence_number", ColumnKind::text, &Row::sequence_number},
      {"arrival", ColumnKind::duration, &Row::arrival_us},
  };
  const auto per_consumer = [&](const std::string& prefix, ColumnKind kind, auto what) {
    for (const ConsumerResult& consumer : result.consumers) {
      columns.emplace_back(prefix + "." + consumer.name, kind, [&consumer, what](const Row& row) {
        const RecordAtConsumer* here = row.at(consumer.name);
        return here != nullptr ? std::optional(here->*what) : std::nullopt;
      });
    }
  };
  per_consumer("fates", ColumnKind::text, &RecordAtConsumer::fate);
  per_consumer("deliveries", ColumnKind::integer, &RecordAtConsumer::deliveries);
  per_consumer("effects", ColumnKind::integer, &RecordAtConsumer::effects);
  for (const ConsumerResult& consumer : result.consumers) {
    columns.emplace_back("settled." + consumer.name, ColumnKind::duration,
                         [&consumer](const Row& row) -> std::optional<std::int64_t> {
                           const RecordAtConsumer* here = row.at(consumer.name);
                           return here != nullptr ? here->settled_us : std::nullopt;
                         });
  }
  return {"records", std::move(columns)};
}

TableWriter<InvocationRow> invocations_writer() {
  using Row = InvocationRow;
  const auto ended = [](const Row& row) {  // null: it still runs
    return row.ended_us >= 0 ? std::optional(row.ended_us) : std::nullopt;
  };
  return {"invocations",
          {
              {"number", ColumnKind::integer, &Row::number},
              {"mapping", ColumnKind::text, &Row::mapping},
              {"function", ColumnKind::text, &Row::function},
              {"shard", ColumnKind::text, &Row::shard},
              {"started", ColumnKind::duration, &Row::started_us},
              {"ended", ColumnKind::duration, ended},
              {"attempt", ColumnKind::integer, &Row::attempt},
              {"records", ColumnKind::texts, &Row::records},
              {"outcome", ColumnKind::text, &Row::outcome},
              {"request_id", ColumnKind::text, &Row::request_id},
          }};
}

TableWriter<DeliveryRow> deliveries_writer() {
  using Row = DeliveryRow;
  return {"deliveries",
          {
              {"id", ColumnKind::text, &Row::id},
              {"mapping", ColumnKind::text, &Row::mapping},
              {"shard", ColumnKind::text, &Row::shard},
              {"sequence_number", ColumnKind::text, &Row::sequence_number},
              {"invocation", ColumnKind::integer, &Row::invocation},
              {"attempt", ColumnKind::integer, &Row::attempt},
              {"position", ColumnKind::integer, &Row::position},
              {"effect", ColumnKind::boolean, &Row::effect},
          }};
}

namespace {

template <class Row>
std::shared_ptr<const Table> filled(TableWriter<Row> writer, const std::vector<Row>& rows) {
  for (const Row& row : rows) writer.add(row);
  return writer.table();
}

}  // namespace

std::shared_ptr<const Table> records_table(const Result& result) {
  return filled(records_writer(result), result.rows);
}

std::shared_ptr<const Table> invocations_table(const Result& result) {
  return filled(invocations_writer(), result.invocations);
}

std::shared_ptr<const Table> deliveries_table(const Result& result) {
  return filled(deliveries_writer(), result.deliveries);
}

std::shared_ptr<const Table> destination_table(const DestinationResult& destination) {
  using Row = DestinationMessage;
  return table_of<Row>(
      "destinations." + destination.name, destination.messages,
      {
          {"condition", ColumnKind::text, &Row::condition},
          {"approximateInvokeCount", ColumnKind::integer, &Row::approximate_invoke_count},
          {"batchSize", ColumnKind::integer, &Row::batch_size},
          {"shardId", ColumnKind::text, &Row::shard_id},
          {"functionError", ColumnKind::text, &Row::function_error},
          {"records", ColumnKind::texts, &Row::records},
          {"message", ColumnKind::text, [](const Row& row) { return row.json.text(); }},
      });
}

namespace {

struct MetricRow {
  const ConsumerResult* mapping;
  std::string_view metric;
  MetricCell cell;
};

}  // namespace

std::shared_ptr<const Table> metrics_table(const Result& result) {
  using Row = MetricRow;
  std::vector<Row> rows;
  for (const ConsumerResult& mapping : result.consumers) {
    for (const Metric& metric : mapping.metrics) {
      for (const MetricCell& cell : cells_of(metric)) {
        rows.push_back({&mapping, metric.info().name, cell});
      }
    }
  }
  return table_of<Row>(
      "metrics", rows,
      {
          {"mapping", ColumnKind::text, [](const Row& row) { return row.mapping->name; }},
          {"function", ColumnKind::text, [](const Row& row) { return row.mapping->function; }},
          {"metric", ColumnKind::text, &Row::metric},
          {"statistic", ColumnKind::text, [](const Row& row) { return row.cell.statistic; }},
          {"value", ColumnKind::integer, [](const Row& row) { return row.cell.value; }},
          {"unit", ColumnKind::text, [](const Row& row) { return row.cell.unit; }},
      });
}

}  // namespace trimhorizon
