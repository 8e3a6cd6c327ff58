// Tables: rows and columns for Python, memory for NumPy, streams for Arrow.
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "bindings/cpp/bindings.hpp"
#include "sim/report/arrow.hpp"
#include "sim/report/table.hpp"

namespace trimhorizon::bindings {
namespace {

using SharedTable = std::shared_ptr<const Table>;

struct Numbers {  // the memory of a column, for the buffer protocol
  SharedTable table;
  const Column* column;
};

py::object text_of(const Column& column, std::int64_t i) {
  const std::string_view text = column.text_at(i);
  return py::str(text.data(), text.size());
}

py::object cell(const Column& column, std::int64_t row) {
  if (column.is_null(row)) return py::none();
  const auto i = static_cast<std::size_t>(row);
  switch (column.kind) {
    case ColumnKind::text: return text_of(column, row);
    case ColumnKind::integer:
    case ColumnKind::duration: return py::int_(column.numbers[i]);
    case ColumnKind::boolean: return py::bool_(column.numbers[i] != 0);
    case ColumnKind::real: return py::float_(column.reals[i]);
    case ColumnKind::texts: break;
  }
  py::list texts;
  for (std::int64_t t = column.list_offsets[i]; t < column.list_offsets[i + 1]; ++t) {
    texts.append(text_of(column, t));
  }
  return texts;
}

const char* kind_name(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::text: return "text";
    case ColumnKind::integer: return "integer";
    case ColumnKind::duration: return "duration";
    case ColumnKind::boolean: return "boolean";
    case ColumnKind::texts: return "texts";
    case ColumnKind::real: return "real";
  }
  return "";
}

const Column& column_named(const Table& table, const std::string& name) {
  const Column* column = table.find(name);
  if (column == nullptr) throw py::key_error(name);
  return *column;
}

py::dict row(const Table& table, std::int64_t index) {
  if (index < 0 || index >= table.rows) throw py::index_error("no such row");
  py::dict values;
  for (const Column& column : table.columns) values[py::str(column.name)] = cell(column, index);
  return values;
}

py::list column(const Table& table, const std::string& name) {
  const Column& wanted = column_named(table, name);
  py::list values(static_cast<std::size_t>(table.rows));
  for (std::int64_t i = 0; i < table.rows; ++i) {
    values[static_cast<std::size_t>(i)] = cell(wanted, i);
  }
  return values;
}

void free_capsule(PyObject* capsule) {
  auto* stream =
      static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, "arrow_array_stream"));
  if (stream->release != nullptr) stream->release(stream);
  delete stream;
}

py::object arrow_stream(const SharedTable& table) {
  auto* stream = new ArrowArrayStream{};
  export_stream(table, stream);
  return py::reinterpret_steal<py::object>(
      PyCapsule_New(stream, "arrow_array_stream", free_capsule));
}

py::list names_and_kinds(const Table& table) {
  py::list columns;
  for (const Column& each : table.columns) {
    columns.append(py::make_tuple(each.name, kind_name(each.kind), each.nulls));
  }
  return columns;
}

void add(Column& column, const py::handle& value) {
  if (value.is_none()) return column.add_null();
  switch (column.kind) {
    case ColumnKind::text: return column.add(std::string_view(value.cast<std::string>()));
    case ColumnKind::integer:
    case ColumnKind::duration: return column.add(value.cast<std::int64_t>());
    case ColumnKind::boolean: return column.add(value.cast<bool>());
    case ColumnKind::real: return column.add(value.cast<double>());
    case ColumnKind::texts: return column.add(value.cast<std::vector<std::string>>());
  }
}

// Makes a table from the content of a pickle: (name, kind, values) for each column.
std::shared_ptr<Table> make_table(
    const std::string& name,
    const std::vector<std::tuple<std::string, std::string, py::list>>& columns) {
  auto table = std::make_shared<Table>();
  table->name = name;
  for (const auto& [column_name, kind, values] : columns) {
    auto its_kind = ColumnKind::text;
    while (kind_name(its_kind) != kind) {
      if (its_kind == ColumnKind::real) throw py::value_error("unknown kind of column: " + kind);
      its_kind = static_cast<ColumnKind>(static_cast<std::uint8_t>(its_kind) + 1);
    }
    Column& column = table->columns.emplace_back(column_name, its_kind);
    for (const py::handle value : values) add(column, value);
    table->rows = column.rows;
  }
  return table;
}

}  // namespace

void bind_table(py::module_& module) {
  py::class_<Numbers>(module, "Numbers", py::buffer_protocol()).def_buffer([](Numbers& numbers) {
    auto* data = const_cast<std::int64_t*>(numbers.column->numbers.data());
    return py::buffer_info(data, static_cast<py::ssize_t>(numbers.column->rows), true);
  });
  py::class_<Table, std::shared_ptr<Table>>(module, "Table")
      .def_property_readonly("name", [](const Table& table) { return table.name; })
      .def_property_readonly("columns", names_and_kinds)
      .def_property_readonly("bytes", &Table::bytes)
      .def("__len__", [](const Table& table) { return table.rows; })
      .def("row", row, py::arg("index"))
      .def("column", column, py::arg("name"))
      .def(
          "numbers",
          [](const std::shared_ptr<Table>& table, const std::string& name) {
            return Numbers{table, &column_named(*table, name)};
          },
          py::arg("name"))
      .def("arrow_stream", [](const std::shared_ptr<Table>& table) { return arrow_stream(table); });
  module.def("make_table", make_table, py::arg("name"), py::arg("columns"));
}

}  // namespace trimhorizon::bindings
