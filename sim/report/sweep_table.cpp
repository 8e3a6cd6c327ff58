#include "sim/report/sweep_table.hpp"

#include <algorithm>
#include <charconv>

#include "sim/base/check.hpp"

namespace trimhorizon {
namespace {

template <class T>
bool reads_as(const std::string& text, T& number) {
  const char* end = text.data() + text.size();
  const std::from_chars_result read = std::from_chars(text.data(), end, number);
  return !text.empty() && read.ec == std::errc() && read.ptr == end;
}

// `007` and `1e3` are a text and a number; a text in quotes is one.
bool is_whole(const std::string& text) {
  std::int64_t number = 0;
  const std::size_t first = text.starts_with("-") ? 1 : 0;
  const bool padded = text.size() > first + 1 && text[first] == '0';
  return !padded && reads_as(text, number);
}

bool is_number(const std::string& text) {
  double number = 0;
  return text.find_first_not_of("0123456789.eE+-") == std::string::npos && reads_as(text, number);
}

bool is_boolean(const std::string& text) { return text == "true" || text == "false"; }

ColumnKind kind_of(const SweepAxis& axis) {
  const auto all = [&](bool (*is)(const std::string&)) {
    return std::all_of(axis.values.begin(), axis.values.end(), is);
  };
  if (all(is_whole)) return ColumnKind::integer;
  if (all(is_boolean)) return ColumnKind::boolean;
  if (all(is_number)) return ColumnKind::real;
  return ColumnKind::text;
}

void add_axis_value(Column& column, const std::string& text) {
  std::int64_t whole = 0;
  double number = 0;
  switch (column.kind) {
    case ColumnKind::integer: reads_as(text, whole), column.add(whole); return;
    case ColumnKind::boolean: column.add(text == "true"); return;
    case ColumnKind::real: reads_as(text, number), column.add(number); return;
    default: column.add(std::string_view(text)); return;
  }
}

std::size_t add_column(Table& table, std::string name, ColumnKind kind) {
  Column column;
  column.name = std::move(name);
  column.kind = kind;
  table.columns.push_back(std::move(column));
  return table.columns.size() - 1;
}

// `point` and the axes: the columns that say where a row belongs.
void add_point_columns(Table& table, const SweepHead& head) {
  add_column(table, "point", ColumnKind::integer);
  for (const SweepAxis& axis : head.axes) add_column(table, axis.path, kind_of(axis));
}

void add_point(Table& table, const SweepHead& head, std::uint64_t point) {
  table.columns[0].add(static_cast<std::int64_t>(point));
  const std::vector<const std::string*> values = head.values_at(point);
  for (std::size_t i = 0; i < values.size(); ++i) {
    add_axis_value(table.columns[1 + i], *values[i]);
  }
}

std::shared_ptr<const Table> finished(std::shared_ptr<Table> table) {
  table->rows = table->columns.front().rows;
  for (const Column& each : table->columns) TH_CHECK(each.rows == table->rows);
  return table;
}

}  // namespace

std::shared_ptr<const Table> sweep_table(const Sweep& sweep) {
  auto table = std::make_shared<Table>();
  table->name = "sweep";
  add_point_columns(*table, sweep.head);
  const std::size_t seed = add_column(*table, "seed", ColumnKind::integer);
  add_column(*table, "verdict", ColumnKind::text);
  add_column(*table, "ended", ColumnKind::text);
  for (const SweepColumn& each : sweep_columns(sweep.head.mappings)) {
    add_column(*table, each.name, each.is_time ? ColumnKind::duration : ColumnKind::integer);
  }
  for (const SweepRun& run : sweep.runs) {
    add_point(*table, sweep.head, sweep.head.point_of(run.task));
    table->columns[seed].add(static_cast<std::int64_t>(sweep.head.seed_of(run.task)));
    table->columns[seed + 1].add(name(run.verdict));
    table->columns[seed + 2].add(std::string_view(run.drained ? "drained" : "duration"));
    for (std::size_t c = 0; c < run.values.size(); ++c) {
      Column& column = table->columns[seed + 3 + c];
      if (run.values[c])
        column.add(*run.values[c]);
      else
        column.add_null();
    }
  }
  return finished(std::move(table));
}

std::shared_ptr<const Table> summary_table(const Sweep& sweep,
                                           const std::vector<std::size_t>& columns) {
  const std::vector<SweepColumn> all = sweep_columns(sweep.head.mappings);
  auto table = std::make_shared<Table>();
  table->name = "summary";
  add_point_columns(*table, sweep.head);
  const std::size_t name = add_column(*table, "column", ColumnKind::text);
  add_column(*table, "unit", ColumnKind::text);
  add_column(*table, "n", ColumnKind::integer);
  add_column(*table, "mean", ColumnKind::real);
  add_column(*table, "half_width", ColumnKind::real);
  for (const SweepPoint& point : summarize(sweep)) {
    for (const std::size_t c : columns) {
      const SweepStatistic& statistic = point.columns[c];
      add_point(*table, sweep.head, point.point);
      table->columns[name].add(std::string_view(all[c].name));
      table->columns[name + 1].add(std::string_view(all[c].is_time ? "us" : "count"));
      table->columns[name + 2].add(static_cast<std::int64_t>(statistic.n));
      if (statistic.n > 0)
        table->columns[name + 3].add(statistic.mean);
      else
        table->columns[name + 3].add_null();
      if (statistic.half_width)
        table->columns[name + 4].add(*statistic.half_width);
      else
        table->columns[name + 4].add_null();
    }
  }
  return finished(std::move(table));
}

}  // namespace trimhorizon
