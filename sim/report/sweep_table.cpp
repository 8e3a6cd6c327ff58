// Turns a sweep into tables. Settings are texts; they get a type here if all values of an axis
// have it.
#include "sim/report/sweep_table.hpp"

#include <algorithm>

#include "sim/base/text.hpp"
#include "sim/report/table_rows.hpp"

namespace trimhorizon {
namespace {

// `007` is a text, and `1e3` is a number but not a whole one.
bool is_whole(const std::string& text) {
  const std::size_t first = text.starts_with("-") ? 1 : 0;
  const bool padded = text.size() > first + 1 && text[first] == '0';
  return !padded && number_in<std::int64_t>(text);
}

bool is_number(const std::string& text) {
  return text.find_first_not_of("0123456789.eE+-") == std::string::npos && number_in<double>(text);
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

// `point` and the axes: the columns that identify the settings of a row.
template <class Row, class PointOf>
std::vector<RowColumn<Row>> point_columns(const SweepHead& head, PointOf point_of) {
  std::vector<RowColumn<Row>> columns = {{"point", ColumnKind::integer, point_of}};
  for (std::size_t a = 0; a < head.axes.size(); ++a) {
    const auto text = [&head, a, point_of](const Row& row) -> const std::string& {
      return *head.values_at(point_of(row))[a];
    };
    const auto add = [&, kind = kind_of(head.axes[a])](auto what) {
      columns.emplace_back(head.axes[a].path, kind, what);
    };
    switch (kind_of(head.axes[a])) {
      case ColumnKind::integer:
        add([text](const Row& row) { return number_in<std::int64_t>(text(row)); });
        break;
      case ColumnKind::boolean: add([text](const Row& row) { return text(row) == "true"; }); break;
      case ColumnKind::real:
        add([text](const Row& row) { return number_in<double>(text(row)); });
        break;
      default: add(text);
    }
  }
  return columns;
}

}  // namespace

std::shared_ptr<const Table> sweep_table(const Sweep& sweep) {
  using Row = SweepRun;
  const SweepHead& head = sweep.head;
  auto columns = point_columns<Row>(head, [&](const Row& run) { return head.point_of(run.task); });
  columns.emplace_back("seed", ColumnKind::integer,
                       [&](const Row& run) { return head.seed_of(run.task); });
  columns.emplace_back("verdict", ColumnKind::text, &Row::verdict);
  columns.emplace_back("ended", ColumnKind::text, [](const Row& run) {
    return run.drained ? RunEnd::drained : RunEnd::duration;
  });
  const std::vector<SweepColumn> values = sweep_columns(head.mappings);
  for (std::size_t c = 0; c < values.size(); ++c) {
    columns.emplace_back(values[c].name,
                         values[c].is_time ? ColumnKind::duration : ColumnKind::integer,
                         [c](const Row& run) { return run.values[c]; });
  }
  return table_of("sweep", sweep.runs, columns);
}

namespace {

// The statistic of one column at one point.
struct SummaryRow {
  std::uint64_t point;
  const SweepColumn* column;
  SweepStatistic statistic;
};

}  // namespace

std::shared_ptr<const Table> summary_table(const Sweep& sweep,
                                           const std::vector<std::size_t>& columns) {
  using Row = SummaryRow;
  const std::vector<SweepColumn> all = sweep_columns(sweep.head.mappings);
  std::vector<Row> rows;
  for (const SweepPoint& point : summarize(sweep)) {
    for (const std::size_t c : columns) rows.push_back({point.point, &all[c], point.columns[c]});
  }
  auto shown = point_columns<Row>(sweep.head, [](const Row& row) { return row.point; });
  const auto add = [&](std::string name, ColumnKind kind, auto what) {
    shown.emplace_back(std::move(name), kind, what);
  };
  add("column", ColumnKind::text, [](const Row& row) { return row.column->name; });
  add("unit", ColumnKind::text,
      [](const Row& row) { return std::string_view(row.column->is_time ? "us" : "count"); });
  add("n", ColumnKind::integer, [](const Row& row) { return row.statistic.n; });
  add("mean", ColumnKind::real, [](const Row& row) {
    return row.statistic.n > 0 ? std::optional(row.statistic.mean) : std::nullopt;
  });
  add("half_width", ColumnKind::real, [](const Row& row) { return row.statistic.half_width; });
  return table_of("summary", rows, shown);
}

}  // namespace trimhorizon
