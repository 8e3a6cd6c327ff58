// Which shard a record goes to. The hash key is the MD5 of the partition key, or the record's
// ExplicitHashKey. The shard is the one whose range contains that key. KDS-SHD-01, KDS-SHD-02,
// KDS-SHD-04.
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

// The text must match 0|([1-9]\d{0,38}) and be below 2^128; nullopt for any other text
// (KDS-SHD-02).
std::optional<HashKey> parse_hash_key(std::string_view decimal);
// The reverse of parse_hash_key. No leading zeros.
std::string to_decimal(HashKey key);

// Both ends belong to the range, as in the listings of AWS. Default: all keys.
struct HashKeyRange {
  HashKey first = 0;
  HashKey last = last_hash_key;

  bool contains(HashKey key) const { return first <= key && key <= last; }
  friend bool operator==(const HashKeyRange&, const HashKeyRange&) = default;
};

// The ranges of a new stream, in ascending order. All have the same width, but the last one also
// takes the remainder (KDS-SHD-04). REQUIRES: shard_count > 0.
std::vector<HashKeyRange> initial_hash_ranges(std::uint32_t shard_count);

}  // namespace trimhorizon
