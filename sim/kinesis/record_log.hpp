// The records of one shard in the order of their sequence numbers, stored column by column. A
// record never changes after it is written, and a read changes nothing (KDS-SHD-16).
//
// Always:
//  1. Positions count from 0 without gaps. The log holds [first(), end()); it has forgotten the
//     records before first().
//  2. Copies of a log share its sealed chunks of 256 records. The last chunk is changed in place
//     only by a sole owner; otherwise it is copied first. So a copy of a log costs at most 32
//     records and one reference count, however long the log is.
#pragma once

#include <algorithm>
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
  static constexpr std::size_t chunk_records = 256;
  static constexpr std::size_t tail_records = 32;

  // The first position that is held, and the position after the last record.
  Position first() const { return first_; }
  Position end() const { return end_; }

  // Returns the position of the new record. REQUIRES: its arrival is not before that of the last
  // record.
  Position append(const StoredRecord& record) {
    if (end_ - tail_first_ == tail_records) seal_tail();
    tail_.push_back(record);
    return end_++;
  }

  // REQUIRES for the next four: first() <= p < end().
  StoredRecord at(Position p) const {
    if (p >= tail_first_) return tail_[p - tail_first_];
    const Chunk& chunk = sealed(p);
    const std::size_t i = p % chunk_records;
    return {Instant{chunk.arrival_us[i]}, RecordId{chunk.record[i]}, KeyId{chunk.key[i]}};
  }
  Instant arrival(Position p) const { return at(p).arrival; }
  RecordId record(Position p) const { return at(p).record; }
  KeyId key(Position p) const { return at(p).key; }

  // Calls f(record) for the records of the span in their order, until it returns false. REQUIRES:
  // the log holds them.
  template <class F>
  void each(Span span, F f) const {
    for (Position p = span.first; p < span.end; ++p) {
      if (!f(at(p))) return;  // one call, so that compilers put f into the loop
    }
  }

  // The first position in [from, end()) whose record arrived at `t` or later; end() when there is
  // none. Arrivals never decrease.
  Position first_at_or_after(Instant t, Position from) const;

  // Asks the processor early for the memory of the next record. Changes nothing.
  void ask_for_end() const { __builtin_prefetch(tail_.data() + tail_.size(), 1); }

  // Would forget_before(p) free anything?
  bool can_forget_before(Position p) const {
    return std::min(p, tail_first_) / chunk_records > first_ / chunk_records;
  }
  // Frees whole chunks before `p`. Some records before `p` may stay, so this is not a trim.
  // REQUIRES: p <= end().
  void forget_before(Position p);
  // Empties the log. It keeps the memory of the tail for the next use; the explorer calls this
  // often.
  void clear();

  friend bool operator==(const RecordLog& a, const RecordLog& b);

 private:
  struct Chunk {
    // Plain numbers: a new chunk then needs no initial values.
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
