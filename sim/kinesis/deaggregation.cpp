#include "sim/kinesis/deaggregation.hpp"

#include <algorithm>

#include "sim/base/rule.hpp"

namespace trimhorizon {

std::optional<std::size_t> first_outside(std::span<const HashKey> hash_keys,
                                         const HashKeyRange& range) {
  const auto place = std::find_if_not(hash_keys.begin(), hash_keys.end(),
                                      [&](HashKey key) { return range.contains(key); });
  if (place == hash_keys.end()) return std::nullopt;
  return static_cast<std::size_t>(place - hash_keys.begin());
}

std::size_t unpacked(std::span<const HashKey> hash_keys, const HashKeyRange& range,
                     Deaggregation how) {
  if (how == Deaggregation::keeps_all) return hash_keys.size();
  // KDS-PRD-17: also the user records before the first one outside, though they were unpacked.
  const std::optional<std::size_t> outside = first_outside(hash_keys, range);
  return outside ? TH_RULE(a_mixed_aggregate_is_dropped_whole, std::size_t{0}, *outside)
                 : hash_keys.size();
}

}  // namespace trimhorizon
