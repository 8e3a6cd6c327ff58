#include "sim/producer/kpl_map.hpp"

#include <algorithm>

#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

constexpr Duration list_backoff_min = seconds(1);
constexpr Duration list_backoff_max = seconds(30);
constexpr Duration closed_shard_ttl = seconds(60);
constexpr Duration closed_shard_rhythm = seconds(30);

bool by_number(const KplShardRange& a, const KplShardRange& b) { return a.number < b.number; }

}  // namespace

void KplMap::give(const std::vector<KplShardRange>& open, Instant now,
                  const std::vector<KplShardRange>& closing) {
  open_ = open;
  std::sort(open_.begin(), open_.end(), [](const KplShardRange& a, const KplShardRange& b) {
    return a.range.last < b.range.last;
  });
  for (const std::vector<KplShardRange>* listed : {&open, &closing}) {
    for (const KplShardRange& shard : *listed) {
      const auto place = std::lower_bound(known_.begin(), known_.end(), shard, by_number);
      if (place == known_.end() || place->number != shard.number) known_.insert(place, shard);
    }
  }
  ready_ = true;
  updated_at_ = now;
  backoff_ = list_backoff_min;
}

void KplMap::fail(Instant now) {
  asks_at_ = now + backoff_;
  backoff_ = std::min(Duration{backoff_.us * 3 / 2}, list_backoff_max);
}

std::optional<std::uint32_t> KplMap::shard_of(HashKey key) const {
  if (!ready_) return std::nullopt;
  const auto place = std::lower_bound(
      open_.begin(), open_.end(), key,
      [](const KplShardRange& shard, HashKey wanted) { return shard.range.last < wanted; });
  if (place == open_.end()) return std::nullopt;
  return place->number;
}

std::optional<HashKeyRange> KplMap::range_of(std::uint32_t number) const {
  const auto place =
      std::lower_bound(known_.begin(), known_.end(), KplShardRange{number, {}}, by_number);
  if (place == known_.end() || place->number != number) return std::nullopt;
  return place->range;
}

void KplMap::invalidate(Instant made, std::uint32_t predicted, bool whatever_was_predicted,
                        Instant now) {
  if (!ready_) return;
  // Several calls may have been made with the old map. Only the first reads it again.
  if (TH_RULE(a_newer_map_is_kept, made <= updated_at_, false)) return;
  const bool has_it = std::any_of(open_.begin(), open_.end(), [&](const KplShardRange& shard) {
    return shard.number == predicted;
  });
  if (!has_it && !whatever_was_predicted) return;
  ready_ = false;
  open_.clear();
  asks_at_ = now;
}

void KplMap::forget_closed(Instant now) {
  if (!ready_ || known_.size() == open_.size()) return;
  const std::int64_t rhythms = (now - started_).us / closed_shard_rhythm.us;
  const Instant last = started_ + closed_shard_rhythm * rhythms;
  if (last <= updated_at_ + closed_shard_ttl) return;
  known_ = open_;
  std::sort(known_.begin(), known_.end(), by_number);
}

}  // namespace trimhorizon
