#include "sim/metrics/metrics.hpp"

namespace trimhorizon {

std::int64_t value_of(const Histogram& samples, Statistic statistic) {
  switch (statistic) {
    case Statistic::max: return samples.max();
    case Statistic::min: return samples.min();
    case Statistic::avg: return samples.mean();
    case Statistic::p50: return samples.percentile(500);
    case Statistic::p90: return samples.percentile(900);
    case Statistic::p99: return samples.percentile(990);
  }
  return 0;
}

__int128 thousandths_of(const Histogram& samples, Statistic statistic) {
  if (statistic != Statistic::avg)
    return static_cast<__int128>(value_of(samples, statistic)) * 1000;
  return static_cast<__int128>(samples.sum() * 1000 / samples.count());
}

}  // namespace trimhorizon
