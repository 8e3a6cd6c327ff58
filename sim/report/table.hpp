// A result as tables of columns, in the memory layout of Arrow, so that a table is exported without
// a copy. Times are integer microseconds.
//
// Always:
//  1. All columns have `rows` entries; a column without nulls has an empty `valid`.
//  2. A table never changes after it is made, so readers can share it.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/history/result.hpp"

namespace trimhorizon {

enum class ColumnKind : std::uint8_t {
  text,
  integer,
  duration,  // microseconds
  boolean,
  texts,  // a list of texts
  real,   // floating point: means, never a result of the simulation
};

struct Column {
  Column(std::string its_name, ColumnKind its_kind);

  std::string name;
  ColumnKind kind;
  std::vector<std::int64_t> numbers;       // integer, duration; boolean: 0 or 1
  std::vector<double> reals;               // real
  std::vector<std::uint8_t> bits;          // boolean, packed from the lowest bit
  std::vector<std::int64_t> list_offsets;  // texts: row i has texts [i], [i+1)
  std::vector<std::int64_t> offsets{0};    // text i is chars [i], [i+1)
  std::string chars;
  std::vector<std::uint8_t> valid;  // packed bits; empty: all are
  std::int64_t rows = 0;
  std::int64_t nulls = 0;

  bool is_null(std::int64_t row) const {
    return !valid.empty() && (valid[static_cast<std::size_t>(row / 8)] >> row % 8 & 1) == 0;
  }
  // Text `i` of the column: a row of `text`, an element of `texts`.
  std::string_view text_at(std::int64_t i) const {
    const auto from = static_cast<std::size_t>(offsets[static_cast<std::size_t>(i)]);
    const auto to = static_cast<std::size_t>(offsets[static_cast<std::size_t>(i) + 1]);
    return std::string_view(chars).substr(from, to - from);
  }

  void add(std::string_view text);
  template <std::integral T>
  void add(T number) {
    add_number(static_cast<std::int64_t>(number));
  }
  void add(double number);
  void add(bool value);
  void add(const std::vector<std::string>& texts);
  template <NamedEnum Enum>
  void add(Enum member) {
    add(trimhorizon::name(member));
  }
  // Adds null if there is no value.
  template <class T>
  void add(const std::optional<T>& value) {
    value ? add(*value) : add_null();
  }
  void add_null();
  // Makes room for as many rows as there will be, all like those that the column has.
  void reserve(std::int64_t rows_expected);

 private:
  void add_number(std::int64_t number);
  void add_row(bool is_valid);
};

struct Table {
  std::string name;
  std::int64_t rows = 0;
  std::vector<Column> columns;

  const Column* find(std::string_view column) const;
  // The memory that it takes.
  std::uint64_t bytes() const;
};

// Stored records (`--records`): nested maps are columns `fates.MAPPING`, `deliveries.MAPPING`,
// `effects.MAPPING`, null where a mapping does not read the record's stream.
std::shared_ptr<const Table> records_table(const Result& result);
std::shared_ptr<const Table> invocations_table(const Result& result);
std::shared_ptr<const Table> deliveries_table(const Result& result);
// One row per message: the fields `expect:` compares, and `message`, the JSON AWS would send.
std::shared_ptr<const Table> destination_table(const DestinationResult& destination);
// One row per statistic: metric "IteratorAge", statistic "max", unit "us" or "count".
std::shared_ptr<const Table> metrics_table(const Result& result);

}  // namespace trimhorizon
