#include "sim/producer/sizes.hpp"

#include <algorithm>

#include "sim/base/rule.hpp"
#include "sim/producer/arrivals.hpp"

namespace trimhorizon {

std::vector<SizeFrom> sizes_of(const GeneratedLoad& load) {
  std::vector<SizeFrom> sizes;
  const bool none = std::none_of(load.rate.begin(), load.rate.end(),
                                 [](const RateStep& step) { return step.size_bytes.has_value(); });
  if (none) return sizes;
  const std::vector<std::uint64_t> counts = records_by_step(load);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::int64_t bytes = load.rate[i].size_bytes.value_or(load.size_bytes);
    const bool is_new = sizes.empty() || sizes.back().bytes != bytes;
    if (counts[i] > 0 && is_new) sizes.push_back({number, bytes});
    number += counts[i];
  }
  // A Poisson process may have more records than is nominal: they have the size of the last one.
  if (sizes.empty()) sizes.push_back({0, load.rate.back().size_bytes.value_or(load.size_bytes)});
  return sizes;
}

std::int64_t size_of_record(const std::vector<SizeFrom>& sizes, std::uint64_t number) {
  const auto after = std::upper_bound(
      sizes.begin(), sizes.end(), number,
      [](std::uint64_t wanted, const SizeFrom& each) { return wanted < each.number; });
  return TH_RULE(a_record_has_the_size_of_its_period, (after - 1)->bytes, sizes.front().bytes);
}

std::int64_t largest_size(const GeneratedLoad& load) {
  std::int64_t largest = 0;
  for (const RateStep& step : load.rate) {
    largest = std::max(largest, step.size_bytes.value_or(load.size_bytes));
  }
  return largest;
}

std::int64_t smallest_size(const GeneratedLoad& load) {
  std::int64_t smallest = largest_size(load);
  for (const RateStep& step : load.rate) {
    smallest = std::min(smallest, step.size_bytes.value_or(load.size_bytes));
  }
  return smallest;
}

}  // namespace trimhorizon
