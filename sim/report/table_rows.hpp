// Declares a table by its columns: each column says which value it takes from a row.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/metrics/metrics.hpp"
#include "sim/report/table.hpp"

namespace trimhorizon {

template <class Row>
struct RowColumn {
  // `what` is a member of a row, or a function of it.
  template <class What>
  RowColumn(std::string its_name, ColumnKind its_kind, What what)
      : name(std::move(its_name)),
        kind(its_kind),
        add_cell([what = std::move(what)](Column& column, const Row& row) {
          column.add(std::invoke(what, row));
        }) {}

  std::string name;
  ColumnKind kind;
  std::function<void(Column&, const Row&)> add_cell;
};

// Fills a table row by row, so that the rows need not be in memory together.
template <class Row>
class TableWriter {
 public:
  TableWriter(std::string name, std::vector<RowColumn<Row>> columns)
      : columns_(std::move(columns)) {
    table_->name = std::move(name);
    for (const RowColumn<Row>& each : columns_) table_->columns.emplace_back(each.name, each.kind);
  }

  // How many rows are to come: growing by doubling would take twice the memory.
  void expect(std::uint64_t rows) { expected_ = static_cast<std::int64_t>(rows); }
  void add(const Row& row) {
    if (table_->rows == 4096 && expected_ > 4096) {
      for (Column& each : table_->columns) each.reserve(expected_);
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].add_cell(table_->columns[i], row);
    table_->rows += 1;
  }
  std::shared_ptr<Table> table() const { return table_; }

 private:
  std::shared_ptr<Table> table_ = std::make_shared<Table>();
  std::vector<RowColumn<Row>> columns_;
  std::int64_t expected_ = 0;
};

template <class Row>
std::shared_ptr<const Table> table_of(std::string name, const std::vector<Row>& rows,
                                      std::vector<RowColumn<Row>> columns) {
  TableWriter<Row> writer(std::move(name), std::move(columns));
  for (const Row& row : rows) writer.add(row);
  return writer.table();
}

// One statistic of a metric.
struct MetricCell {
  std::string_view statistic;
  std::int64_t value = 0;
  std::string_view unit;
};
// All that can be said of a metric: of samples their count, and then each statistic.
template <class AnyMetric>
std::vector<MetricCell> cells_of(const AnyMetric& metric) {
  const auto& info = metric.info();
  if (!metric.samples) {
    const bool is_maximum = info.shape == MetricShape::maximum;
    return {{is_maximum ? "max" : "sum", static_cast<std::int64_t>(metric.counter), "count"}};
  }
  std::vector<MetricCell> cells = {
      {"count", static_cast<std::int64_t>(metric.samples->count()), "count"}};
  if (metric.samples->count() == 0) return cells;
  for (const Statistic each : all_of<Statistic>) {
    const bool is_time = info.unit == MetricUnit::time;
    cells.push_back({name(each), value_of(*metric.samples, each), is_time ? "us" : "count"});
  }
  return cells;
}

// The tables of a run that are filled while it is made again. REQUIRES: `result` outlives them.
TableWriter<RecordRow> records_writer(const Result& result);
TableWriter<InvocationRow> invocations_writer();
TableWriter<DeliveryRow> deliveries_writer();

}  // namespace trimhorizon
