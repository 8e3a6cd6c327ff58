// Runs a scenario and collects the life of one record.
#include "sim/experiment/advice.hpp"
#include "sim/experiment/run_scenario.hpp"
#include "sim/history/life_collector.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"

namespace trimhorizon {
namespace {

void run_through(Simulation& simulation, const RunOptions& options) {
  drive(simulation, options.recipe != nullptr ? *options.recipe : Recipe{}, options.progress);
}

// The place of a copy is known only when it is stored, too late to have watched the record so far.
// So the run is made once to learn which record it is, and again to watch it.
std::optional<RecordId> find_record(const std::shared_ptr<const Plan>& plan,
                                    const std::string& record, const RunOptions& options) {
  if (const auto found = plan->record_named(record)) return found;
  if (record.find("shardId-") == std::string::npos) return std::nullopt;
  Simulation simulation = Simulation::with(plan, options.handlers);
  run_through(simulation, options);
  return record_stored_as(simulation.world(), record);
}

}  // namespace

std::optional<RecordLife> life_of_record(const Scenario& scenario, const std::string& record,
                                         const RunOptions& options) {
  const std::shared_ptr<const Plan> plan = make_plan(scenario, {options.seed, true});
  const std::optional<RecordId> id = find_record(plan, record, options);
  if (!id) return std::nullopt;
  Simulation simulation = Simulation::with(plan, options.handlers);
  LifeCollector collector(*plan, *id);
  simulation.watch(collector);
  run_through(simulation, options);
  std::optional<RecordLife> life =
      collector.life(simulation.history(), simulation.world(), simulation.ended());
  if (!life) return life;
  for (LifeInMapping& each : life->mappings) advise(scenario, *life, each, options);
  return life;
}

}  // namespace trimhorizon
