#include "sim/metrics/metrics.hpp"

namespace trimhorizon {

std::string_view name(Counter counter) {
  static constexpr std::array<std::string_view, counter_count> names = {
#define TH_NAME(name) #name,
      TH_COUNTERS(TH_NAME)
#undef TH_NAME
  };
  return names[static_cast<std::size_t>(counter)];
}

}  // namespace trimhorizon
