// The names that a scenario may use for things of a run: fates, causes, invariants, properties.
#pragma once

#include <string_view>
#include <vector>

#include "sim/base/named_enum.hpp"

namespace trimhorizon {

// The properties of the explorer's reference model. They are judged where nothing is left to do;
// the last one says that a run comes to that point.
#define TH_PROPERTIES(X)                                                                          \
  X(no_loss, "no record is gone without an effect or a message in a destination")                 \
  X(all_processed, "every record has an effect")                                                  \
  X(at_most_once, "no record has two effects")                                                    \
  X(order_first, "the first effects of a key's records are in storage order")                     \
  X(order_regress, "no effect of a key comes after the effect of a record that was stored later") \
  X(destination_exclusive, "no record has an effect and is also in a destination")                \
  X(quiescence, "after the last fault, every run ends: nothing is left to do")
TH_NAMED_ENUM(Property, TH_PROPERTIES)
TH_ENUM_SENTENCES(Property, TH_PROPERTIES)

// The names of an enum. For causes, the first member is left out because it means "none".
template <NamedEnum Enum>
std::vector<std::string_view> names_list() {
  return {names_of<Enum>.begin(), names_of<Enum>.end()};
}
template <NamedEnum Cause>
std::vector<std::string_view> causes_list() {
  return {names_of<Cause>.begin() + 1, names_of<Cause>.end()};
}

}  // namespace trimhorizon
