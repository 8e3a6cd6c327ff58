#include "tests/explore/stateless.hpp"

#include <algorithm>

#include "sim/history/losses.hpp"
#include "sim/run/simulation.hpp"
#include "tests/support/few_faults.hpp"

namespace trimhorizon::testing {
namespace {

constexpr int steps_max = 5'000;

// All stored copies of a record together, as one mapping sees them.
struct Copies {
  std::uint32_t effects = 0;
  bool discarded = false;
};

Copies copies_of(const Simulation& run, ConsumerId consumer, RecordId record) {
  const World& world = run.world();
  Copies copies;
  for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
    const Account* account = run.history().ledger.find(consumer, {s});
    if (account == nullptr) continue;
    const RecordLog& log = world.shards[s].log;
    for (Position p = log.first(); p < log.end(); ++p) {
      if (log.record(p) != record) continue;
      const RecordHistory history = account->at(p);
      copies.effects += history.effects;
      copies.discarded = copies.discarded || history.fate == Fate::discarded;
    }
  }
  copies.effects = std::min<std::uint32_t>(copies.effects, effects_saturated);
  return copies;
}

// Records that a mapping lost, or a producer that did not look whether they were stored.
bool loses(const Simulation& run) {
  const World& world = run.world();
  for (std::uint32_t p = 0; p < run.plan().producers.size(); ++p) {
    if (run.history().traffic.given_up({p}).unknown > 0) return true;
  }
  for (std::uint32_t m = 0; m < run.plan().mappings.size(); ++m) {
    if (sum_of(find_losses(run.history().ledger, world, {m}).by_cause) > 0) return true;
  }
  return false;
}

EndOfRun end_of(const Simulation& run, const RecordIndex& index) {
  EndOfRun end;
  end.stored = run.history().stored;
  for (std::uint32_t r = 0; r < index.records; ++r) {
    std::uint32_t effects = 0;
    bool discarded = false;
    bool lost = false;
    for (std::uint32_t m = 0; m < run.plan().mappings.size(); ++m) {
      const Copies copies = copies_of(run, {m}, index.record(r));
      effects += copies.effects;
      discarded = discarded || copies.discarded;
      lost = lost || (copies.effects == 0 && !copies.discarded && index.reads(m, r));
    }
    end.effects.push_back(static_cast<std::uint8_t>(effects));
    if (discarded) end.discarded.push_back(r);
    if (lost) end.lost.push_back(r);
  }
  return end;
}

}  // namespace

std::optional<Enumerated> enumerate_schedules(const std::shared_ptr<const Plan>& plan, SiteSet open,
                                              std::uint32_t faults, std::uint64_t runs_max) {
  const RecordIndex index(*plan);
  FewFaults choices(open, faults);
  ModelledFunction function;
  Enumerated all;
  do {
    if (++all.runs > runs_max) return std::nullopt;
    Simulation simulation(plan, choices, function);
    int steps = 0;
    while (!simulation.world().events.empty()) {
      if (++steps > steps_max || !simulation.step()) return std::nullopt;
    }
    if (loses(simulation)) {
      all.fewest_that_lose = std::min(all.fewest_that_lose.value_or(UINT32_MAX), choices.spent());
    }
    const auto [it, added] = all.outcomes.try_emplace(end_of(simulation, index), choices.spent());
    if (!added) it->second = std::min(it->second, choices.spent());
  } while (choices.next());
  return all;
}

}  // namespace trimhorizon::testing
