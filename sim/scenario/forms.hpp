// Short words to write the table of keys with.
#pragma once

#include "sim/base/time.hpp"
#include "sim/scenario/keys.hpp"

namespace trimhorizon::reader {

inline Form simple(Kind kind) {
  Form form;
  form.kind = kind;
  return form;
}
inline Form bounded(Kind kind, std::int64_t min, std::int64_t max, std::string_view unit = {}) {
  Form form = simple(kind);
  form.min = min;
  form.max = max;
  form.unit = unit;
  return form;
}
inline Form text(std::int64_t min = 0,
                 std::int64_t max = std::numeric_limits<std::int64_t>::max()) {
  return bounded(Kind::text, min, max);
}
inline Form integer(std::int64_t min, std::int64_t max, std::string_view unit = {}) {
  return bounded(Kind::integer, min, max, unit);
}
inline Form decimal(std::int64_t min, std::int64_t max) {
  return bounded(Kind::decimal, min * 1'000'000, max * 1'000'000);
}
inline Form duration(std::string_view unit_suggested, Duration min = {}) {
  return bounded(Kind::duration, min.us, std::numeric_limits<std::int64_t>::max(), unit_suggested);
}
inline Form word(std::vector<std::string_view> words) {
  Form form = simple(Kind::word);
  form.words = std::move(words);
  return form;
}
inline Form thing(Thing which) {
  Form form = simple(Kind::thing);
  form.thing = which;
  return form;
}
inline Form block(const Block& (*keys)()) {
  Form form = simple(Kind::block);
  form.block = keys;
  return form;
}
inline Form something(const Block& (*keys)()) {
  Form form = block(keys);
  form.min = 1;
  return form;
}
// Names have up to `length` characters of the pattern.
inline Form named(const Block& (*keys)(), std::string_view pattern, std::int64_t length = 128,
                  std::int64_t min = 0) {
  Form form = bounded(Kind::named, min, std::numeric_limits<std::int64_t>::max());
  form.block = keys;
  form.items.push_back(bounded(Kind::text, 1, length, pattern));
  return form;
}
inline Form list(Form item, std::int64_t min = 0,
                 std::int64_t max = std::numeric_limits<std::int64_t>::max()) {
  Form form = bounded(Kind::list, min, max);
  form.items.push_back(std::move(item));
  return form;
}
inline Form map(std::vector<Form> items, std::vector<std::string_view> names = {},
                std::int64_t min = 0) {
  Form form = bounded(Kind::map, min, std::numeric_limits<std::int64_t>::max());
  form.words = std::move(names);
  form.items = std::move(items);
  return form;
}

}  // namespace trimhorizon::reader
