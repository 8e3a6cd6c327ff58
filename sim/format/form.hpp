// The forms that a value of the file can have: its kind, with bounds, unit or words. The tables
// (key.hpp) are written with the short functions below.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/time.hpp"

namespace trimhorizon::reader {

enum class Kind : std::uint8_t {
  text,     // any scalar; min and max count characters, `unit` is a pattern for the schema
  word,     // one of `words`
  integer,  // min and max, or one of `words`
  decimal,  // min and max; at most `digits` digits after the point
  boolean,
  duration,  // min in microseconds; `unit` is suggested when the unit is missing
  size,      // min and max in bytes
  rate,
  percent,
  time,       // ISO 8601, UTC
  unix_time,  // seconds since 1970; a fraction is allowed
  thing,      // names another thing in the file, also by reference; the member says of which kind
  record,     // the id of a record
  shard,      // shardId-000000000000
  hash_key,   // 0 .. 2^128-1
  count,      // a comparison with a number, or a list of them
  time_span,  // a comparison with a duration, or a list of them
  nothing,    // null
  any,        // any YAML
  block,      // a mapping with the keys of `block`; with min 1, not null
  named,      // a mapping from names (texts as in `items`) to the keys of `block`
  list,       // a list of `items`; min and max count them
  // A mapping from names to `items`. Name i of `words` takes item i; any other name takes one of
  // the items after those.
  map,
  ignored,          // accepted, but it changes nothing here
  not_modelled,     // AWS has it, the simulator does not have it (yet)
  not_for_kinesis,  // AWS has it for other sources only
};

struct Block;

inline constexpr std::int64_t unbounded = std::numeric_limits<std::int64_t>::max();

struct Form {
  Kind kind = Kind::any;
  std::int64_t min = 0;
  std::int64_t max = unbounded;
  std::string_view unit = {};
  std::string_view as_in = "CloudFormation";  // who writes such a number without its unit
  std::vector<std::string_view> words = {};   // the words of a `word`, or the names of a `map`
  int digits = 0;
  std::int64_t usual_max = unbounded;  // a larger number needs `larger_with`
  std::string_view larger_with = {};
  std::shared_ptr<const Block> block = nullptr;
  std::vector<Form> items = {};
};

inline Form simple(Kind kind) { return {.kind = kind}; }
inline Form thing() { return simple(Kind::thing); }
inline Form record_id() { return simple(Kind::record); }
inline Form text(std::int64_t min = 0, std::int64_t max = unbounded) {
  return {.kind = Kind::text, .min = min, .max = max};
}
inline Form integer(std::int64_t min, std::int64_t max, std::string_view unit = {}) {
  return {.kind = Kind::integer, .min = min, .max = max, .unit = unit};
}
// A number as the Kinesis Producer Library writes it in its own configuration.
inline Form integer_of_kpl(std::int64_t min, std::int64_t max, std::string_view unit = {}) {
  Form form = integer(min, max, unit);
  form.as_in = "KPL";
  return form;
}
// Numbers above `usual_max` are for special cases only; the reader of the block checks these.
inline Form usually_to(std::int64_t usual_max, std::string_view larger_with, Form form) {
  form.usual_max = usual_max;
  form.larger_with = larger_with;
  return form;
}
inline Form decimal(std::int64_t min, std::int64_t max, int digits) {
  return {.kind = Kind::decimal, .min = min, .max = max, .digits = digits};
}
inline Form unix_time() { return {.kind = Kind::unix_time, .max = unbounded / 1'000'000}; }
inline Form size(std::int64_t min, std::int64_t max) {
  return {.kind = Kind::size, .min = min, .max = max};
}
inline Form duration(std::string_view unit_suggested, Duration min = {}) {
  return {.kind = Kind::duration, .min = min.us, .unit = unit_suggested};
}
inline Form duration_to(Duration max, std::string_view unit_suggested) {
  return {.kind = Kind::duration, .max = max.us, .unit = unit_suggested};
}
inline Form word(std::vector<std::string_view> words) {
  return {.kind = Kind::word, .words = std::move(words)};
}
// A form for a block with its own table; for other blocks see key.hpp.
inline std::shared_ptr<const Block> own_table(const Block& (*keys)()) {
  return {std::shared_ptr<void>(), &keys()};  // never deleted: it lives as long as the program
}
inline Form block(const Block& (*keys)()) {
  return {.kind = Kind::block, .block = own_table(keys)};
}
// A block whose value must not be null.
inline Form something(const Block& (*keys)()) {
  return {.kind = Kind::block, .min = 1, .block = own_table(keys)};
}
// Names have at most `length` characters and match the pattern.
inline Form named(const Block& (*keys)(), std::string_view pattern, std::int64_t length = 128,
                  std::int64_t min = 0) {
  const Form name{.kind = Kind::text, .min = 1, .max = length, .unit = pattern};
  return {.kind = Kind::named, .min = min, .block = own_table(keys), .items = {name}};
}
inline Form list(Form item, std::int64_t min = 0, std::int64_t max = unbounded) {
  return {.kind = Kind::list, .min = min, .max = max, .items = {std::move(item)}};
}
inline Form map(std::vector<Form> items, std::vector<std::string_view> names = {},
                std::int64_t min = 0) {
  return {.kind = Kind::map, .min = min, .words = std::move(names), .items = std::move(items)};
}

}  // namespace trimhorizon::reader
