// An aggregate: several user records in one stored record, as the Kinesis Producer Library writes
// it and consumers unpack it. KDS-PRD-17, KDS-PRD-19, KDS-PRD-22.
//
//   F3 89 9A C2 | AggregatedRecord (protocol buffers, proto2) | MD5 of the message, 16 bytes
//
//   AggregatedRecord: repeated string partition_key_table     = 1
//                     repeated string explicit_hash_key_table = 2
//                     repeated Record records                 = 3
//   Record:           uint64 partition_key_index = 1, uint64 explicit_hash_key_index = 2
//   (optional),
//                     bytes data = 3
//
// Always:
//  1. Equal keys of an aggregate stand in its table once, in the order of their first use.
//  2. AggregateSize counts what write_aggregate() would write, to the byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/kinesis/hash_key.hpp"

namespace trimhorizon {

// The partition key of every aggregate of two or more user records (KDS-PRD-19).
inline constexpr std::string_view aggregate_key = "a";
inline constexpr std::string_view aggregate_magic = "\xF3\x89\x9A\xC2";
inline constexpr std::int64_t aggregate_digest_bytes = 16;

struct UserRecord {
  std::string key;
  std::optional<std::string> explicit_hash_key;  // decimal
  std::string data;

  // The key that decides about its shard; nullopt: the explicit one is not a hash key.
  std::optional<HashKey> hash_key() const;
  friend bool operator==(const UserRecord&, const UserRecord&) = default;
};

std::string write_aggregate(const std::vector<UserRecord>& records);
// The user records of a stored record. nullopt: it is no aggregate but ordinary data. That is so
// for other bytes, for the magic alone, and for a wrong digest (KDS-PRD-22).
std::optional<std::vector<UserRecord>> read_aggregate(std::string_view stored);

// The size of an aggregate that is not made. A key is known by its number, not by its text.
class AggregateSize {
 public:
  // REQUIRES: records with the same KeyId have the same `key_bytes`.
  void add(KeyId key, std::int64_t key_bytes, std::optional<HashKey> explicit_hash_key,
           std::int64_t data_bytes);

  std::int64_t records() const { return records_; }
  // The data of the stored record: of one user record its own data, of more an aggregate.
  std::int64_t bytes() const { return records_ < 2 ? data_bytes_ : packed_bytes_; }
  // What KPL takes it for while it adds: too much for small records, too little for large ones.
  std::int64_t estimate() const { return records_ < 2 ? data_bytes_ : estimate_; }

  friend bool operator==(const AggregateSize&, const AggregateSize&) = default;

 private:
  std::int64_t records_ = 0;
  std::int64_t data_bytes_ = 0;
  std::int64_t packed_bytes_ =
      static_cast<std::int64_t>(aggregate_magic.size()) + aggregate_digest_bytes;
  std::int64_t estimate_ = 0;
  // The tables: a key and its index, by key.
  std::vector<std::pair<KeyId, std::uint32_t>> keys_;
  std::vector<std::pair<HashKey, std::uint32_t>> hash_keys_;
};

}  // namespace trimhorizon
