#include "sim/report/report.hpp"

#include <algorithm>

#include "sim/base/hash.hpp"

namespace trimhorizon {

Verdict Report::verdict() const {
  Verdict worst = base.judgement->verdict;
  for (const ReportRun& variant : variants) worst = worse(worst, variant.judgement->verdict);
  return worst;
}

std::string scenario_digest(const Scenario& scenario, const std::vector<std::string>& settings) {
  Digest digest;
  digest.add_text(scenario.source_text);
  for (const std::string& each : settings) digest.add_text(each);
  return digest.hex();
}

std::uint64_t count_named(const Counts& counts, std::string_view name) {
  const auto found = std::find_if(counts.begin(), counts.end(),
                                  [&](const auto& each) { return each.first == name; });
  return found == counts.end() ? 0 : found->second;
}

RunSums run_sums(const Result& result) {
  RunSums sum;
  for (const MappingResult& mapping : result.mappings) {
    sum.invocations += mapping.invocations;
    sum.deliveries += mapping.deliveries;
    sum.effects += mapping.effects;
    sum.processed += count_named(mapping.fates, "processed");
    sum.given_up += count_named(mapping.fates, "discarded") + count_named(mapping.fates, "dropped");
    sum.expired += count_named(mapping.fates, "expired");
    sum.pending += count_named(mapping.fates, "pending");
    if (!mapping.max_iterator_age) continue;
    sum.max_iterator_age =
        std::max(sum.max_iterator_age.value_or(Duration{0}), *mapping.max_iterator_age);
  }
  return sum;
}

}  // namespace trimhorizon
