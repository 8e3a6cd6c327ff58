// A toy: a table of two blocks whose keys fill structs of the tests' own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/base/draws.hpp"
#include "sim/base/time.hpp"
#include "sim/format/format.hpp"
#include "sim/format/given.hpp"

namespace trimhorizon::tests {

enum class Heat : std::uint8_t { low, high };

struct Cup {
  std::string owner;
  std::int64_t size_bytes = 250;
};

struct Lamp {
  std::uint32_t watts = 1;
  std::string hue = "white";
};

struct Kettle {
  std::uint32_t litres = 2;
  bool whistles = true;
  Heat heat = Heat::low;
  Duration boil = minutes(3);
  Instant on;
  Probability leak{5'000'000};
  std::uint32_t factor_thousandths = 1'500;
  std::string colour = "red";
  std::optional<std::uint16_t> age;
  std::optional<std::optional<std::string>> lid;  // absent, null, or a word
  std::vector<std::uint32_t> marks;
  std::vector<Cup> cups;
  Lamp lamp;
  std::int64_t total_bytes = 0;  // of the cups: no key fills it
};

const reader::Block& kettle_block();
const reader::Format& kettle_format();

// A mapping of a text, read: the kettle, or what is wrong.
struct KettleRead {
  Kettle kettle;
  std::string mistakes;
  std::vector<std::string> not_modelled;
};
KettleRead read_kettle(const std::string& text);
inline std::string wrong(const std::string& text) { return read_kettle(text).mistakes; }

}  // namespace trimhorizon::tests
