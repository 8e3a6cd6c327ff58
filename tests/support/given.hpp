// Values for some members of an enum; of the others none.
#pragma once

#include <initializer_list>
#include <utility>

#include "sim/base/named_enum.hpp"

namespace trimhorizon::testing {

template <class Enum, class T = std::uint64_t>
PerMember<Enum, T> given(std::initializer_list<std::pair<Enum, T>> values) {
  PerMember<Enum, T> all;
  for (const auto& [member, value] : values) all[member] = value;
  return all;
}
template <class Enum>
EnumSet<Enum> set_of(std::initializer_list<Enum> members) {
  EnumSet<Enum> set;
  for (const Enum each : members) set.add(each);
  return set;
}

}  // namespace trimhorizon::testing
