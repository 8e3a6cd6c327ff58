// The records of one shard in sequence order, column by column. KDS-SHD-16: immutable once
// written; readers never change it.
//
// Always:
//  1. Positions are dense from 0; [first(), end()) are held, earlier ones are forgotten.
//  2. Sealed chunks of 4096 records are shared between copies; the last chunk is edited in place
//     only by a sole owner, else copied. So a copy of a log costs its tail (at most 256 records)
//     and a reference count, however long the log.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

struct StoredRecord {
  Instant arrival;
  RecordId record;
  KeyId key;

  friend bool operator==(const StoredRecord&, const StoredRecord&) = default;
};

class RecordLog {
 public:
  static constexpr std::size_t chunk_records = 4096;
  static constexpr std::size_t tail_records = 256;

  Position first() const { return first_; }
  Position end() const { return end_; }

  Position append(const StoredRecord& record) {
    if (end_ - tail_first_ == tail_records) seal_tail();
    tail_.push_back(record);
    return end_++;
  }

  Instant arrival(Position p) const {
    return p >= tail_first_ ? tail_[p - tail_first_].arrival
                            : Instant{sealed(p).arrival_us[p % chunk_records]};
  }
  RecordId record(Position p) const {
    return p >= tail_first_ ? tail_[p - tail_first_].record
                            : RecordId{sealed(p).record[p % chunk_records]};
  }
  KeyId key(Position p) const {
    return p >= tail_first_ ? tail_[p - tail_first_].key : KeyId{sealed(p).key[p % chunk_records]};
  }

  // First position in [from, end()) whose arrival is at or after `t`; arrivals never decrease.
  Position first_at_or_after(Instant t, Position from) const;

  // Whole chunks before `p` are given back; a hint, not a trim.
  void forget_before(Position p);
  // Empties the log but keeps its memory, for the explorer.
  void clear();

  friend bool operator==(const RecordLog& a, const RecordLog& b);

 private:
  struct Chunk {
    // Plain numbers, so that a new chunk need not be cleared.
    std::array<std::int64_t, chunk_records> arrival_us;
    std::array<std::uint64_t, chunk_records> record;
    std::array<std::uint32_t, chunk_records> key;
  };
  struct Spine {
    std::size_t first_chunk = 0;  // number of chunks[0]
    std::vector<std::shared_ptr<Chunk>> chunks;
  };

  const Chunk& sealed(Position p) const {
    return *spine_->chunks[p / chunk_records - spine_->first_chunk];
  }
  void seal_tail();
  Spine& own_spine();

  Position first_ = 0;
  Position tail_first_ = 0;
  Position end_ = 0;
  std::shared_ptr<Spine> spine_;
  std::vector<StoredRecord> tail_;
};

}  // namespace trimhorizon
