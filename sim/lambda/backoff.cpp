#include "sim/lambda/backoff.hpp"

#include <algorithm>

#include "sim/base/draws.hpp"
#include "sim/base/rule.hpp"

namespace trimhorizon {

Duration backoff_delay(const Backoff& backoff, std::uint32_t step) {
  if (!backoff.on) return {0};
  Duration delay = backoff.first;
  for (std::uint32_t i = 0; i < step && delay < backoff.cap; ++i) {
    const Duration before = delay;
    const auto grown = static_cast<__int128>(delay.us) * backoff.factor_thousandths / 1000;
    delay.us = static_cast<std::int64_t>(std::min<__int128>(grown, backoff.cap.us));
    if (delay == before) break;  // it does not grow any more
  }
  // CON-19: the cap keeps a shard from waiting longer and longer. AWS does not document it.
  return TH_RULE(the_back_off_is_capped, std::min(delay, backoff.cap), backoff.first);
}

Duration jittered(Duration delay, std::uint64_t bits) {
  if (delay.us <= 0) return delay;
  return {1 + static_cast<std::int64_t>(bits_below(bits, static_cast<std::uint64_t>(delay.us)))};
}

}  // namespace trimhorizon
