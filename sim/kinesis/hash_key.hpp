// Where a record goes: MD5 of the partition key, or ExplicitHashKey, against shard ranges.
// KDS-SHD-01, KDS-SHD-02, KDS-SHD-04.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trimhorizon {

// Unsigned 128 bits: 0 .. 2^128-1.
using HashKey = unsigned __int128;
inline constexpr HashKey last_hash_key = ~HashKey{0};

// MD5 over the UTF-8 bytes, read as a big-endian number (KDS-SHD-01).
HashKey hash_of_partition_key(std::string_view utf8);

// Pattern 0|([1-9]\d{0,38}) and below 2^128; anything else is nullopt (KDS-SHD-02).
std::optional<HashKey> parse_hash_key(std::string_view decimal);
std::string to_decimal(HashKey key);

// Both ends inclusive, as AWS prints them.
struct HashKeyRange {
  HashKey first = 0;
  HashKey last = last_hash_key;

  bool contains(HashKey key) const { return first <= key && key <= last; }
  friend bool operator==(const HashKeyRange&, const HashKeyRange&) = default;
};

// The ranges of a new stream: equal, contiguous, the last takes the remainder (KDS-SHD-04).
std::vector<HashKeyRange> initial_hash_ranges(std::uint32_t shard_count);

}  // namespace trimhorizon
