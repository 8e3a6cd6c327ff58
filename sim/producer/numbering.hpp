// How a producer numbers its records: from 0, in the order of their first puts. The id of a
// generated record is the `ids` of the producer and this number.
//
// Always:
//  1. Each number has one text: digits only, no sign, no leading zeros.
//  2. A number is below record_numbers_end, because a RecordId has 48 bits for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/producer/producer.hpp"

namespace trimhorizon {

inline constexpr std::uint64_t record_numbers_end = std::uint64_t{1} << 48;

// "17" -> 17; nullopt for "", "017", "1e3" and numbers that are too large.
std::optional<std::uint64_t> record_number(std::string_view digits);

// The number in a record id with this prefix: ("r17", "r") -> 17. nullopt when the id has no such
// form.
std::optional<std::uint64_t> record_number(std::string_view id, std::string_view prefix);

// An upper bound for the number of records of this load. It is exact, except for a Poisson process
// with a fixed duration, whose number of records is drawn.
std::uint64_t most_records(const GeneratedLoad& load);

}  // namespace trimhorizon
