// One value of the table of keys, read from its node: type, bounds and unit are checked, mistakes
// are reported where they stand. `name` begins the sentence: "BatchSize must be …".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/draws.hpp"
#include "sim/base/time.hpp"
#include "sim/scenario/keys.hpp"
#include "sim/scenario/mistakes.hpp"
#include "sim/scenario/scalars.hpp"
#include "sim/scenario/yaml_tree.hpp"

namespace trimhorizon::reader {

// "a list", "nothing", "`abc`".
std::string describe(const Node& node);

// The text of a scalar without a tag; anything else is reported as "NAME must be WANTED, not …".
const std::string* scalar_text(Mistakes& mistakes, const Node& node, std::string_view name,
                               std::string_view wanted);

std::optional<std::string> text_value(Mistakes&, const Node&, const Form&, std::string_view name);
// The index of the word in the form's words.
std::optional<std::uint32_t> word_value(Mistakes&, const Node&, const Form&, std::string_view name);
// Names that begin with a capital letter are AWS's: their numerals may stand in quotes.
std::optional<std::int64_t> integer_value(Mistakes&, const Node&, const Form&,
                                          std::string_view name);
std::optional<std::int64_t> decimal_value(Mistakes&, const Node&, const Form&,
                                          std::string_view name, int digits);
std::optional<bool> boolean_value(Mistakes&, const Node&, std::string_view name);
std::optional<Duration> duration_value(Mistakes&, const Node&, const Form&, std::string_view name);
std::optional<std::int64_t> size_value(Mistakes&, const Node&, const Form&, std::string_view name);
std::optional<RateStep> rate_value(Mistakes&, const Node&, std::string_view name);
std::optional<Probability> percent_value(Mistakes&, const Node&, std::string_view name);
std::optional<std::int64_t> wall_time_value(Mistakes&, const Node&, std::string_view name);
std::optional<std::uint32_t> shard_value(Mistakes&, const Node&, std::string_view name);

// Is it a list with as many items as the form allows? Nothing counts as an empty list.
bool is_list_of(Mistakes&, const Node&, const Form&, std::string_view name);

}  // namespace trimhorizon::reader
