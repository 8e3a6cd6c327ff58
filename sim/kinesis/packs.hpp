// Which positions of a shard's log are one stored record: an aggregate of several user records.
// Each user record has a position of its own; those of an aggregate are neighbours, and share a
// sequence number. KDS-PRD-17, KDS-PRD-18.
//
// Always:
//  1. Aggregates are listed by their positions. All other positions are stored records by
//     themselves. So a shard without aggregates has an empty list, and nothing costs more.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/kinesis/hash_key.hpp"

namespace trimhorizon {

struct Pack {
  Position first = 0;       // of its user records
  std::uint32_t count = 0;  // user records: at least 2
  std::uint32_t bytes = 0;  // of the stored record: data and partition key
  std::uint64_t extra = 0;  // positions before it that begin no stored record
  bool fits = true;         // are all its hash keys in the range of the shard? (KDS-PRD-17)

  Position end() const { return first + count; }
  friend bool operator==(const Pack&, const Pack&) = default;
};

// Are all user records of an aggregate in the range of the shard that stores it? Otherwise KCL and
// fan-out mappings drop the whole aggregate, silently (KDS-PRD-17, KDS-PRD-21).
bool fits_shard(std::span<const HashKey> hash_keys, const HashKeyRange& range);

class Packs {
 public:
  bool empty() const { return packs_.empty(); }
  // REQUIRES: the positions of the new aggregate are behind all others; count >= 2.
  void add(Position first, std::uint32_t count, std::uint32_t bytes, bool fits);

  // The aggregate that holds this position; null when it is a record by itself.
  const Pack* at(Position p) const;
  // The first aggregate at `from` or later that does not fit its shard; null: there is none.
  const Pack* first_unfitting(Position from) const;
  // The first position of the stored record that holds p, and the position after its last one.
  Position first_of(Position p) const;
  Position end_of(Position p) const;
  // How many stored records are before the one that holds p; and the other way: its first position.
  std::uint64_t index_of(Position p) const;
  Position position_of(std::uint64_t index) const;
  // How many stored records these positions belong to.
  std::uint64_t records_in(Span span) const;

  friend bool operator==(const Packs&, const Packs&) = default;

 private:
  std::vector<Pack> packs_;
};

}  // namespace trimhorizon
