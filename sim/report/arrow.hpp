// Tables by the Arrow C data interface: pandas, polars, pyarrow and DuckDB read our memory without
// a copy and without a library of Arrow on our side. The structs are those of the specification,
// which asks every program to declare its own copy of them.
//
// Always:
//  1. An exported struct keeps the table alive until its `release` is called.
//  2. Text is large_utf8 and lists are large_list (64-bit offsets): a table may be larger than 2
//     GiB.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/report/table.hpp"

extern "C" {

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags;
  std::int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;
  std::int64_t offset;
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema*);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray*);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

}  // extern "C"

namespace trimhorizon {

// Fills `out`, which the caller owns and must release. It gives one batch with all rows.
void export_stream(std::shared_ptr<const Table> table, ArrowArrayStream* out);

}  // namespace trimhorizon
