// Makes random runs, and shrinks the first one that breaks each property.
#include "sim/explore/random_search.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "sim/base/hash.hpp"
#include "sim/explore/search_parts.hpp"

namespace trimhorizon {
namespace {

// Faults per thousand questions. Each run uses one of these rates, since scenarios need different
// ones.
constexpr std::array<std::uint64_t, 5> fault_rates = {2, 10, 40, 150, 400};

// Functions of the user are slow: a run of so many steps counts as one that does not end.
constexpr std::uint64_t steps_of_own_max = 100'000;

class RandomFaults : public Choices {
 public:
  RandomFaults(std::uint64_t seed, SiteSet open, std::uint32_t budget)
      : Choices(open.bits),
        seed_(mix64(seed)),
        rate_(fault_rates[seed_ % fault_rates.size()]),
        budget_(budget) {}

 protected:
  std::uint32_t answer(const Question& q) override {
    const std::uint64_t bits = mix64(seed_ ^ mix64(asked() + 1));
    if (info(static_cast<Site>(q.site)).cost == 0) {
      return static_cast<std::uint32_t>((bits >> 10) % q.arity);
    }
    if (budget_ == 0 || bits % 1000 >= rate_) return 0;
    --budget_;
    return 1 + static_cast<std::uint32_t>((bits >> 10) % (q.arity - 1));
  }

 private:
  std::uint64_t seed_;
  std::uint64_t rate_;
  std::uint32_t budget_;
};

struct Searcher {
  std::shared_ptr<const Plan> plan;
  const ExploreOptions& options;
  RecordIndex index;

  Witness run(Choices& choices) const {
    WitnessOptions quiet;
    quiet.story = false;
    quiet.handlers = options.handlers;
    if (options.handlers != nullptr) quiet.steps = steps_of_own_max;
    return run_witness(plan, index, choices, quiet);
  }
  Witness run(const std::vector<Decision>& decisions) const {
    LooseChoices choices(decisions, options.open());
    return run(choices);
  }
};

// Leaves one decision out, or lowers its answer, such that the property is still broken. False if
// that is impossible.
bool shrink_once(const Searcher& searcher, const std::string& property,
                 std::vector<Decision>& decisions) {
  for (std::size_t i = decisions.size(); i-- > 0;) {
    std::vector<Decision> fewer = decisions;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    const Witness witness = searcher.run(fewer);
    if (!witness.breaks(property)) continue;
    decisions = witness.list.decisions;
    return true;
  }
  for (std::size_t i = decisions.size(); i-- > 0;) {
    for (std::uint32_t lower = 1; lower < decisions[i].answer; ++lower) {
      std::vector<Decision> lowered = decisions;
      lowered[i].answer = lower;
      const Witness witness = searcher.run(lowered);
      if (!witness.breaks(property)) continue;
      decisions = witness.list.decisions;
      return true;
    }
  }
  return false;
}

std::vector<std::string> judged(const ExploreOptions& options) {
  std::vector<std::string> names;
  for (const Property each : options.properties) names.emplace_back(name(each));
  for (const Invariant each : all_of<Invariant>) names.emplace_back(name(each));
  return names;
}

}  // namespace

void search_at_random(const std::shared_ptr<const Plan>& plan, const ExploreOptions& options,
                      std::uint64_t runs, ExploreReport& report) {
  const Searcher searcher{plan, options, RecordIndex(*plan)};
  const std::vector<std::string> properties = judged(options);
  std::set<std::string> found;
  const TimeLimit limit(options.seconds);
  for (std::uint64_t seed = 1; seed <= runs && found.size() < properties.size(); ++seed) {
    if (seed > 1 && limit.is_over()) break;
    RandomFaults choices(seed, options.open(), options.faults);
    const Witness witness = searcher.run(choices);
    report.random_runs = seed;
    report.random_without_rest += witness.at_rest ? 0 : 1;
    report.situations |= witness.situations;
    report.met.bits |= witness.met.bits;
    for (const Decision& d : witness.list.decisions) {
      if (info(static_cast<Site>(d.site)).cost > 0) report.taken.add(static_cast<Site>(d.site));
    }
    for (const std::string& property : properties) {
      if (found.contains(property) || !witness.breaks(property)) continue;
      found.insert(property);
      report.violations.push_back(describe_shrunk(plan, options, property, witness.list.decisions));
    }
    if (options.poll_progress) options.poll_progress();
    if (options.progress) options.progress(0, seed);
  }
  report.states = 0;
}

FoundViolation describe_shrunk(const std::shared_ptr<const Plan>& plan,
                               const ExploreOptions& options, const std::string& property,
                               std::vector<Decision> decisions) {
  const Searcher searcher{plan, options, RecordIndex(*plan)};
  while (shrink_once(searcher, property, decisions)) {
  }
  return describe_decisions(plan, options, searcher.index, property, decisions, false);
}

}  // namespace trimhorizon
