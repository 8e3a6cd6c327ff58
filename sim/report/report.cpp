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
  digest.add_text(scenario.whole_text());
  for (const std::string& each : settings) digest.add_text(each);
  return digest.hex();
}

RunSums run_sums(const Result& result) {
  RunSums sum;
  for (const ConsumerResult& mapping : result.consumers) {
    sum.invocations += mapping.invocations;
    sum.deliveries += mapping.deliveries;
    sum.effects += mapping.effects;
    sum.processed += mapping.fates[Fate::processed];
    sum.given_up += mapping.fates[Fate::discarded] + mapping.fates[Fate::dropped];
    sum.expired += mapping.fates[Fate::expired];
    sum.pending += mapping.fates[Fate::pending];
    if (!mapping.max_iterator_age) continue;
    sum.max_iterator_age =
        std::max(sum.max_iterator_age.value_or(Duration{0}), *mapping.max_iterator_age);
  }
  return sum;
}

}  // namespace trimhorizon
