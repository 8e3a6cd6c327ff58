// How a producer numbers its records: from 0, in the order in which it first puts them. The id of a
// generated record is the producer's `ids` and that number.
//
// Always:
//  1. One text for each number: no sign, no leading zeros, nothing but digits.
//  2. A number is below record_numbers_end: a RecordId holds no more.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/producer/producer.hpp"

namespace trimhorizon {

inline constexpr std::uint64_t record_numbers_end = std::uint64_t{1} << 48;

// "17" -> 17; nothing for "", "017", "1e3" and what is too large.
std::optional<std::uint64_t> record_number(std::string_view digits);

// The number of the record of that id, if it begins with this prefix: ("r17", "r") -> 17.
std::optional<std::uint64_t> record_number(std::string_view id, std::string_view prefix);

// At most so many records come of this load. Exact but for a Poisson process that lasts for a time,
// whose number of records is drawn.
std::uint64_t most_records(const GeneratedLoad& load);

}  // namespace trimhorizon
