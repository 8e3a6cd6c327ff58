// Runs a scenario, its base and its variants, and judges the results.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/history/life.hpp"
#include "sim/history/result.hpp"
#include "sim/history/row_collector.hpp"
#include "sim/run/judgement.hpp"
#include "sim/run/recipe.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

struct RunOptions {
  std::optional<std::uint64_t> seed;  // instead of the file's
  bool records = false;               // fill Result::rows
  bool each_record = false;           // fill Result::each_row
  // Takes each invocation when it has ended: rows of a long run would not fit into memory.
  RowCollector::Taker take_invocation;
  std::ostream* trace = nullptr;  // NDJSON (base only)
  std::function<void(double)>
      progress;                    // called now and then with the fraction done; may throw to stop
  Handlers* handlers = nullptr;    // instead of the modelled functions; must outlive the run
  const Recipe* recipe = nullptr;  // injections and a stop, instead of a run to the end
};

struct ScenarioRun {
  std::string name;  // empty for the base, else the variant
  std::shared_ptr<const Scenario> scenario;
  Result result;
  Judgement judgement;
};

// One scenario, without its variants.
ScenarioRun run_scenario(std::shared_ptr<const Scenario> scenario, const RunOptions& options = {});

// The base first, then its variants in the order of the file. Only the base is traced.
std::vector<ScenarioRun> run_with_variants(std::shared_ptr<const Scenario> scenario,
                                           const RunOptions& options = {});

// The variant of that name, or none.
std::shared_ptr<const Scenario> variant_named(const Scenario& scenario, std::string_view name);

// Runs the scenario and watches `record`: an id (`r5`) or `shardId-…:sequence`, with `stream/`
// before it if several streams have that place. Throws AmbiguousPlace if that is missing. Nothing
// if there is no such record.
std::optional<RecordLife> life_of_record(const Scenario& scenario, const std::string& record,
                                         const RunOptions& options = {});

}  // namespace trimhorizon
