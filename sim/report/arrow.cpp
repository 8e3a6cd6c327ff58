// Exports a table by the Arrow C data interface. The exported structs point into the memory of the
// table, so most of this file is about who owns what and who frees it.
#include "sim/report/arrow.hpp"

#include <array>

namespace trimhorizon {
namespace {

constexpr std::int64_t nullable = 2;  // ARROW_FLAG_NULLABLE

// Releases the children that nobody has moved away, then the struct itself.
template <class Owned, class Part>
void release(Part* part) {
  auto* owned = static_cast<Owned*>(part->private_data);
  for (Part& child : owned->children) {
    if (child.release != nullptr) child.release(&child);
  }
  delete owned;
  part->release = nullptr;
}

// What a schema owns: its texts and its children.
struct OwnedSchema {
  std::string format;
  std::string name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

// `out` becomes a schema with `children` places for schemas, which are returned.
std::vector<ArrowSchema>& begin_schema(ArrowSchema* out, std::string format, std::string name,
                                       std::size_t children) {
  auto* owned = new OwnedSchema{std::move(format), std::move(name), {}, {}};
  owned->children.resize(children);
  for (ArrowSchema& child : owned->children) owned->pointers.push_back(&child);
  *out = ArrowSchema{owned->format.c_str(),
                     owned->name.c_str(),
                     nullptr,
                     nullable,
                     static_cast<std::int64_t>(children),
                     owned->pointers.data(),
                     nullptr,
                     release<OwnedSchema>,
                     owned};
  return owned->children;
}

void column_schema(const Column& column, ArrowSchema* out) {
  switch (column.kind) {
    case ColumnKind::text: begin_schema(out, "U", column.name, 0); return;
    case ColumnKind::integer: begin_schema(out, "l", column.name, 0); return;
    case ColumnKind::duration: begin_schema(out, "tDu", column.name, 0); return;
    case ColumnKind::boolean: begin_schema(out, "b", column.name, 0); return;
    case ColumnKind::real: begin_schema(out, "g", column.name, 0); return;
    case ColumnKind::texts: {
      std::vector<ArrowSchema>& children = begin_schema(out, "+L", column.name, 1);
      begin_schema(&children[0], "U", "item", 0);
      return;
    }
  }
}

// What an array owns: the table whose memory it shows, its list of buffers, its children.
struct OwnedArray {
  std::shared_ptr<const Table> table;
  std::array<const void*, 3> buffers{};
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
};

OwnedArray& begin_array(ArrowArray* out, std::shared_ptr<const Table> table, std::int64_t length,
                        std::int64_t nulls, std::int64_t buffers, std::size_t children) {
  auto* owned = new OwnedArray{std::move(table), {}, {}, {}};
  owned->children.resize(children);
  for (ArrowArray& child : owned->children) owned->pointers.push_back(&child);
  *out = ArrowArray{length,
                    nulls,
                    0,
                    buffers,
                    static_cast<std::int64_t>(children),
                    owned->buffers.data(),
                    owned->pointers.data(),
                    nullptr,
                    release<OwnedArray>,
                    owned};
  return *owned;
}

void column_array(const std::shared_ptr<const Table>& table, const Column& column,
                  ArrowArray* out) {
  const void* valid = column.valid.empty() ? nullptr : column.valid.data();
  const auto begin = [&](std::int64_t buffers, std::size_t children) -> OwnedArray& {
    OwnedArray& owned = begin_array(out, table, column.rows, column.nulls, buffers, children);
    owned.buffers[0] = valid;
    return owned;
  };
  switch (column.kind) {
    case ColumnKind::text: {
      OwnedArray& owned = begin(3, 0);
      owned.buffers[1] = column.offsets.data();
      owned.buffers[2] = column.chars.data();
      return;
    }
    case ColumnKind::integer:
    case ColumnKind::duration: begin(2, 0).buffers[1] = column.numbers.data(); return;
    case ColumnKind::boolean: begin(2, 0).buffers[1] = column.bits.data(); return;
    case ColumnKind::real: begin(2, 0).buffers[1] = column.reals.data(); return;
    case ColumnKind::texts: {
      OwnedArray& owned = begin(2, 1);
      owned.buffers[1] = column.list_offsets.data();
      OwnedArray& items = begin_array(
          &owned.children[0], table, static_cast<std::int64_t>(column.offsets.size()) - 1, 0, 3, 0);
      items.buffers[1] = column.offsets.data();
      items.buffers[2] = column.chars.data();
      return;
    }
  }
}

struct OwnedStream {
  std::shared_ptr<const Table> table;
  bool done = false;
};

OwnedStream& owned_by(ArrowArrayStream* stream) {
  return *static_cast<OwnedStream*>(stream->private_data);
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  const Table& table = *owned_by(stream).table;
  std::vector<ArrowSchema>& children = begin_schema(out, "+s", "", table.columns.size());
  out->flags = 0;
  for (std::size_t i = 0; i < children.size(); ++i) column_schema(table.columns[i], &children[i]);
  return 0;
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  OwnedStream& owned = owned_by(stream);
  if (owned.done) {
    out->release = nullptr;  // the end of the stream
    return 0;
  }
  owned.done = true;
  const Table& table = *owned.table;
  OwnedArray& batch = begin_array(out, owned.table, table.rows, 0, 1, table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    column_array(owned.table, table.columns[i], &batch.children[i]);
  }
  return 0;
}

const char* get_last_error(ArrowArrayStream*) { return nullptr; }

void release_stream(ArrowArrayStream* stream) {
  delete static_cast<OwnedStream*>(stream->private_data);
  stream->release = nullptr;
}

}  // namespace

void export_stream(std::shared_ptr<const Table> table, ArrowArrayStream* out) {
  *out = {get_schema, get_next, get_last_error, release_stream, new OwnedStream{std::move(table)}};
}

}  // namespace trimhorizon
