#include "sim/kinesis/packs.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"

namespace trimhorizon {

bool fits_shard(std::span<const HashKey> hash_keys, const HashKeyRange& range) {
  const bool all = std::all_of(hash_keys.begin(), hash_keys.end(),
                               [&](HashKey key) { return range.contains(key); });
  return TH_RULE(a_mixed_aggregate_is_dropped_whole, all, true);
}

void Packs::add(Position first, std::uint32_t count, std::uint32_t bytes, bool fits) {
  TH_CHECK(count >= 2 && (packs_.empty() || packs_.back().end() <= first));
  const std::uint64_t extra = packs_.empty() ? 0 : packs_.back().extra + packs_.back().count - 1;
  packs_.push_back({first, count, bytes, extra, fits});
}

namespace {

// The last aggregate that begins at p or before; null: there is none.
const Pack* last_until(const std::vector<Pack>& packs, Position p) {
  const auto behind = std::upper_bound(
      packs.begin(), packs.end(), p, [](Position at, const Pack& each) { return at < each.first; });
  return behind == packs.begin() ? nullptr : &*(behind - 1);
}

}  // namespace

const Pack* Packs::at(Position p) const {
  const Pack* pack = last_until(packs_, p);
  return pack != nullptr && p < pack->end() ? pack : nullptr;
}

const Pack* Packs::first_unfitting(Position from) const {
  const auto found =
      std::find_if(std::lower_bound(packs_.begin(), packs_.end(), from,
                                    [](const Pack& each, Position p) { return each.end() <= p; }),
                   packs_.end(), [](const Pack& each) { return !each.fits; });
  return found == packs_.end() ? nullptr : &*found;
}

Position Packs::first_of(Position p) const {
  const Pack* pack = at(p);
  return pack != nullptr ? pack->first : p;
}

Position Packs::end_of(Position p) const {
  const Pack* pack = at(p);
  return pack != nullptr ? pack->end() : p + 1;
}

std::uint64_t Packs::index_of(Position p) const {
  const Pack* pack = last_until(packs_, p);
  if (pack == nullptr) return p;
  return (p < pack->end() ? pack->first : p - (pack->count - 1)) - pack->extra;
}

Position Packs::position_of(std::uint64_t index) const {
  const auto behind = std::upper_bound(
      packs_.begin(), packs_.end(), index,
      [](std::uint64_t at, const Pack& each) { return at < each.first - each.extra; });
  if (behind == packs_.begin()) return index;
  const Pack& pack = *(behind - 1);
  if (index == pack.first - pack.extra) return pack.first;
  return index + pack.extra + pack.count - 1;
}

std::uint64_t Packs::records_in(Span span) const {
  if (span.empty()) return 0;
  return packs_.empty() ? span.count() : index_of(span.end - 1) - index_of(span.first) + 1;
}

}  // namespace trimhorizon
