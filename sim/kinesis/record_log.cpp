#include "sim/kinesis/record_log.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/sole_owner.hpp"

namespace trimhorizon {

RecordLog::Spine& RecordLog::own_spine() {
  if (!spine_) spine_ = std::make_shared<Spine>();
  if (!sole_owner(spine_)) spine_ = std::make_shared<Spine>(*spine_);
  return *spine_;
}

void RecordLog::seal_tail() {
  static_assert(chunk_records % tail_records == 0);
  Spine& spine = own_spine();
  const std::size_t number = tail_first_ / chunk_records;
  if (spine.chunks.empty()) spine.first_chunk = number;
  if (number - spine.first_chunk == spine.chunks.size()) {
    spine.chunks.push_back(std::make_shared_for_overwrite<Chunk>());
  }
  std::shared_ptr<Chunk>& chunk = spine.chunks.back();
  if (!sole_owner(chunk)) chunk = std::make_shared<Chunk>(*chunk);
  std::size_t at = tail_first_ % chunk_records;
  for (const StoredRecord& r : tail_) {
    chunk->arrival_us[at] = r.arrival.us;
    chunk->record[at] = r.record.value;
    chunk->key[at] = r.key.value;
    ++at;
  }
  tail_first_ += tail_.size();
  tail_.clear();
}

Position RecordLog::first_at_or_after(Instant t, Position from) const {
  Position low = std::max(from, first_);
  Position high = end();
  while (low < high) {
    const Position middle = low + (high - low) / 2;
    if (arrival(middle) < t) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

void RecordLog::forget_before(Position p) {
  TH_CHECK(p <= end());
  if (!spine_) return;
  const std::size_t keep_from = std::min(p, tail_first_) / chunk_records;
  if (keep_from <= spine_->first_chunk) return;
  Spine& spine = own_spine();
  const std::size_t gone = std::min(keep_from - spine.first_chunk, spine.chunks.size());
  spine.chunks.erase(spine.chunks.begin(),
                     spine.chunks.begin() + static_cast<std::ptrdiff_t>(gone));
  spine.first_chunk += gone;
  first_ = std::min(spine.first_chunk * chunk_records, tail_first_);
}

void RecordLog::clear() {
  first_ = tail_first_ = end_ = 0;
  spine_.reset();
  tail_.clear();
}

bool operator==(const RecordLog& a, const RecordLog& b) {
  if (a.first() != b.first() || a.end() != b.end()) return false;
  for (Position p = a.first(); p < a.end(); ++p) {
    if (a.at(p) != b.at(p)) return false;
  }
  return true;
}

}  // namespace trimhorizon
