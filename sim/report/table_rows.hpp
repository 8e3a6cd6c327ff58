// Declares a table by its columns: each column says which value it takes from a row.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

template <class Row>
std::shared_ptr<const Table> table_of(std::string name, const std::vector<Row>& rows,
                                      const std::vector<RowColumn<Row>>& columns) {
  auto table = std::make_shared<Table>();
  table->name = std::move(name);
  table->rows = static_cast<std::int64_t>(rows.size());
  for (const RowColumn<Row>& each : columns) {
    Column& column = table->columns.emplace_back(each.name, each.kind);
    for (const Row& row : rows) each.add_cell(column, row);
  }
  return table;
}

}  // namespace trimhorizon
