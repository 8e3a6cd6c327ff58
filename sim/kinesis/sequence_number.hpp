// Sequence numbers in the layout that AWS uses today ("version 2"). They are computed from shard,
// position and arrival, and never stored. KDS-SHD-07, KDS-SHD-08, KDS-SHD-09.
//
// Always:
//  1. Inside a shard, the numbers increase with the position and have gaps (index = 7n + 1). A
//     consumer that adds 1 to a number to find the next one fails here, as it does on AWS.
//  2. The first possible number of a child shard is above the last one of its parent, because the
//     child was created later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/ids.hpp"

namespace trimhorizon {

struct SequenceFields {
  std::int64_t shard_created_s = 0;  // wall time, seconds since 1970, 36 bits
  std::uint64_t index = 0;           // count inside the shard, with gaps, 64 bits
  std::int64_t arrival_s = 0;        // wall time, seconds since 1970, 36 bits
  std::uint32_t shard_number = 0;    // the number in the shard id, 32 bits

  friend bool operator==(const SequenceFields&, const SequenceFields&) = default;
};

// The last second that fits into 36 bits: 4147-08-20T07:32:15Z.
inline constexpr std::int64_t latest_second = (std::int64_t{1} << 36) - 1;

// 186 bits as decimal digits; 56 digits for dates of this century. REQUIRES: both times are between
// 0 and latest_second.
std::string sequence_number_text(const SequenceFields& fields);

// nullopt unless the text matches 0|([1-9]\d{0,128}) and has the layout of KDS-SHD-09.
std::optional<SequenceFields> parse_sequence_number(std::string_view decimal);

// Returns -1, 0 or 1. Compares as big integers, never as strings (KDS-SHD-07). REQUIRES: both texts
// are decimal digits, and at least one digit.
int compare_sequence_numbers(std::string_view a, std::string_view b);

// index = 7 x (stored records before this one in its shard) + 1 (KDS-SHD-09). Where the shard has
// no aggregates, that number is the position of the record.
constexpr std::uint64_t sequence_index(std::uint64_t before) { return 7 * before + 1; }

// How many stored records are before the one with this index; nullopt when none can have it.
std::optional<std::uint64_t> position_of_index(std::uint64_t index);

// For 6: "shardId-000000000006" (KDS-SHD-06), and back. nullopt for any other text.
std::string shard_id_text(std::uint32_t shard_number);
std::optional<std::uint32_t> parse_shard_id(std::string_view text);

}  // namespace trimhorizon
