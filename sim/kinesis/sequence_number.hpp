// Sequence numbers in the layout AWS uses today ("version 2"), computed, never stored: the fields
// follow from shard, position and arrival. KDS-SHD-07, KDS-SHD-08, KDS-SHD-09.
//
// Always:
//  1. Inside a shard numbers strictly increase with the position and have gaps (index = 7n + 1).
//  2. A child shard's first possible number is above its parent's last (creation time is higher).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/ids.hpp"

namespace trimhorizon {

struct SequenceFields {
  std::int64_t shard_created_s = 0;  // wall time, seconds since 1970, 36 bits
  std::uint64_t index = 0;           // gappy count inside the shard, 64 bits
  std::int64_t arrival_s = 0;        // wall time, seconds since 1970, 36 bits
  std::uint32_t shard_number = 0;    // the number in the shard id

  friend bool operator==(const SequenceFields&, const SequenceFields&) = default;
};

// The last second that 36 bits hold: 4147-08-20T07:32:15Z.
inline constexpr std::int64_t latest_second = (std::int64_t{1} << 36) - 1;

// 186 bits as a decimal string; 56 digits for dates of this century.
std::string sequence_number_text(const SequenceFields& fields);

// nullopt unless the text matches 0|([1-9]\d{0,128}) and has the layout of KDS-SHD-09.
std::optional<SequenceFields> parse_sequence_number(std::string_view decimal);

// -1, 0, 1 as big integers, never as strings (KDS-SHD-07). Both must be decimal digits.
int compare_sequence_numbers(std::string_view a, std::string_view b);

// index = 7 x (records before it in that shard) + 1 (KDS-SHD-09).
constexpr std::uint64_t sequence_index(Position position) { return 7 * position + 1; }

// The position whose index this is, if it can be one.
std::optional<Position> position_of_index(std::uint64_t index);

// "shardId-000000000006" (KDS-SHD-06).
std::string shard_id_text(std::uint32_t shard_number);
std::optional<std::uint32_t> parse_shard_id(std::string_view text);

}  // namespace trimhorizon
