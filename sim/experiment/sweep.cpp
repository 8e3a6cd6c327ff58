// Checks the grid of a sweep as a whole, reads all its points, then runs them on threads.
#include "sim/experiment/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/choices.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/text.hpp"
#include "sim/base/version.hpp"
#include "sim/experiment/parallel.hpp"
#include "sim/experiment/sweep_mistakes.hpp"
#include "sim/scenario/tables.hpp"
#include "sim/yaml/syntax.hpp"

namespace trimhorizon {
namespace {

// Quotes a value that contains a comma: unquoted, it would be two values on a command line.
std::string as_one_value(std::string value) {
  value = std::string(trimmed(value));
  if (reader::split_flow_values(value).size() == 1) return value;
  std::string quoted = "'";
  for (const char c : value) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

// Do both name the same setting? One may be the end of the other, except for a key of the scenario
// itself (`duration`).
bool same_setting(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const std::string_view end = a.size() < b.size() ? a : b;
  const bool is_top = reader::scenario_block().find(end) != nullptr;
  return !is_top && is_end_of_path(end, a.size() < b.size() ? b : a);
}

// What the variant sets itself: a grid over the same setting would leave nothing of the variant.
std::vector<std::string> paths_set_by(const Scenario& scenario, const std::string& variant) {
  for (const VariantEntry& each : scenario.variants) {
    if (each.name == variant) return each.sets;
  }
  return {};
}

void check_axes(const std::vector<SweepAxis>& axes, const std::string& variant,
                const std::vector<std::string>& fixed, SweepMistakes& mistakes) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const SweepAxis& axis = axes[i];
    if (axis.path == "seed") {
      mistakes.at_path(i, "seeds cannot be an axis of the grid", "write --seeds 0..99");
    }
    if (axis.values.empty()) mistakes.at_path(i, "no values", "write --grid BatchSize=1,10,100");
    for (std::size_t v = 0; v < axis.values.size(); ++v) {
      if (axis.values[v].empty()) {
        mistakes.at_value(i, v, "an empty value", "write null, or '' for an empty text");
      }
      if (std::find(axis.values.begin(), axis.values.begin() + static_cast<std::ptrdiff_t>(v),
                    axis.values[v]) != axis.values.begin() + static_cast<std::ptrdiff_t>(v)) {
        mistakes.at_value(i, v, fmt::format("the value `{}` appears twice", axis.values[v]),
                          "remove one of them");
      }
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (!same_setting(axis.path, axes[j].path)) continue;
      mistakes.at_path(i, fmt::format("`{}` is already an axis", axes[j].path),
                       "give all its values at once");
    }
    for (const std::string& each : fixed) {
      if (!same_setting(axis.path, each)) continue;
      mistakes.at_path(i, fmt::format("the variant `{}` sets `{}` itself", variant, each),
                       "sweep the base, or write another variant");
    }
  }
}

void check_size(const std::vector<SweepAxis>& axes, std::size_t seeds, SweepMistakes& mistakes) {
  std::uint64_t runs = seeds;
  for (const SweepAxis& axis : axes) {
    if (axis.values.empty()) return;
    if (runs > sweep_runs_max) break;
    runs *= axis.values.size();
  }
  if (runs <= sweep_runs_max) return;
  mistakes.whole(fmt::format("more than {} runs", sweep_runs_max),
                 "take fewer values or seeds, or several sweeps");
}

SweepHead head_of(const SweepBase& base, const Scenario& scenario, std::vector<SweepAxis> axes,
                  std::vector<std::uint64_t> seeds) {
  SweepHead head;
  head.version = std::string(version());
  head.edition = std::string(edition());
  head.title = scenario.title;
  head.file = base.file;
  head.set = base.set;
  head.variant = base.variant;
  Digest digest;
  digest.add_text(base.text);
  for (const std::string& each : base.set) digest.add_text(each);
  if (!base.variant.empty()) digest.add_text("variant " + base.variant);
  head.digest = digest.hex();
  head.axes = std::move(axes);
  head.seeds = std::move(seeds);
  return head;
}

void add_mappings(std::vector<std::string>& names, const Scenario& scenario) {
  for (const MappingEntry& each : scenario.mappings) {
    if (std::find(names.begin(), names.end(), each.name) == names.end()) {
      names.push_back(each.name);
    }
  }
}

// One run. An error is recorded as the failure of this run, unless it came from `pulse`.
void run_one(const SweepTask& task, const std::shared_ptr<const Scenario>& scenario,
             const std::vector<std::string>& mappings, const Pulse& pulse, SweepPart& out) {
  bool stopping = false;
  RunOptions options;
  options.seed = task.seed;
  options.progress = [&](double) {
    stopping = true;
    pulse();
    stopping = false;
  };
  try {
    const ScenarioRun run = run_scenario(scenario, options);
    out.runs.push_back(sweep_run(task.task, mappings, run.result, run.judgement));
  } catch (const std::exception& error) {
    if (stopping) throw;
    const bool is_drift = dynamic_cast<const DriftError*>(&error) != nullptr;
    out.failures.push_back({task.task, error.what(), is_drift});
  }
}

double fraction(std::size_t done, std::size_t all) {
  return all == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(all);
}

Scenario read_whole(const SweepBase& base, const std::vector<std::string>& settings) {
  std::vector<std::string> all = base.set;
  all.insert(all.end(), settings.begin(), settings.end());
  return read_scenario(base.text, base.file, parse_overrides(all), base.attached);
}

// The scenario that is run at a point.
std::shared_ptr<const Scenario> without_text(Scenario scenario, const std::string& variant) {
  if (!variant.empty()) {
    const std::shared_ptr<const Scenario> chosen = variant_named(scenario, variant);
    TH_CHECK(chosen != nullptr);
    scenario = Scenario(*chosen);
  }
  scenario.variants.clear();
  scenario.source_text.clear();
  return std::make_shared<const Scenario>(std::move(scenario));
}

}  // namespace

SweepAxis parse_grid(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw ScenarioError({{"--grid", 1, 1, "must be PATH=VALUE,VALUE",
                          "write --grid BatchSize=1,10,100", std::string(text)}},
                        "");
  }
  SweepAxis axis{std::string(text.substr(0, equals)), {}};
  const std::string_view values = text.substr(equals + 1);
  if (values.empty()) return axis;
  for (const std::string& each : reader::split_flow_values(values))
    axis.values.emplace_back(trimmed(each));
  return axis;
}

std::shared_ptr<const Scenario> read_point(const SweepBase& base,
                                           const std::vector<std::string>& settings) {
  return without_text(read_whole(base, settings), base.variant);
}

SweepPlan plan_sweep(const SweepBase& base, std::vector<SweepAxis> axes,
                     std::vector<std::uint64_t> seeds, const SweepOptions& options) {
  const Scenario whole = read_whole(base, {});
  const std::shared_ptr<const Scenario> alone = without_text(whole, base.variant);
  if (seeds.empty()) seeds.push_back(alone->seed);
  for (SweepAxis& axis : axes) {
    for (std::string& value : axis.values) value = as_one_value(std::move(value));
  }
  SweepPlan plan;
  plan.head = head_of(base, *alone, std::move(axes), std::move(seeds));
  SweepMistakes mistakes(plan.head.axes);
  check_axes(plan.head.axes, base.variant, paths_set_by(whole, base.variant), mistakes);
  check_size(plan.head.axes, plan.head.seeds.size(), mistakes);
  if (mistakes.any()) mistakes.raise(base.text);

  const std::size_t points = plan.head.points();
  plan.scenarios.resize(points);
  std::vector<std::unique_ptr<ScenarioError>> errors(points);
  do_in_parallel(
      points, options.threads,
      [&](std::size_t point, const Pulse& pulse) {
        pulse();
        try {
          plan.scenarios[point] = read_point(base, plan.head.settings_at(point));
        } catch (const ScenarioError& error) {
          errors[point] = std::make_unique<ScenarioError>(error);
        }
      },
      [&](std::size_t) {
        if (options.progress) options.progress(0);
      });
  for (std::size_t point = 0; point < points; ++point) {
    if (errors[point])
      mistakes.add(*errors[point], plan.head.places_at(point));
    else
      add_mappings(plan.head.mappings, *plan.scenarios[point]);
  }
  if (mistakes.any()) mistakes.raise(base.text);
  return plan;
}

SweepPart run_tasks(const std::vector<std::shared_ptr<const Scenario>>& scenarios,
                    const std::vector<std::string>& mappings, const std::vector<SweepTask>& tasks,
                    const SweepOptions& options) {
  std::vector<SweepPart> parts(tasks.size());
  do_in_parallel(
      tasks.size(), options.threads,
      [&](std::size_t i, const Pulse& pulse) {
        run_one(tasks[i], scenarios[tasks[i].scenario], mappings, pulse, parts[i]);
      },
      [&](std::size_t done) {
        if (options.progress) options.progress(fraction(done, tasks.size()));
      });
  SweepPart all;
  for (SweepPart& part : parts) {
    for (SweepRun& run : part.runs) all.runs.push_back(std::move(run));
    for (SweepFailure& failure : part.failures) all.failures.push_back(std::move(failure));
  }
  return all;
}

SweepPart run_sweep(const SweepPlan& plan, const SweepOptions& options) {
  const SweepHead& head = plan.head;
  const auto tasks_of = [&](const std::vector<std::uint64_t>& numbers) {
    std::vector<SweepTask> tasks;
    for (const std::uint64_t task : numbers) {
      tasks.push_back({task, head.point_of(task), head.seed_of(task)});
    }
    return tasks;
  };
  SweepPart part = run_tasks(plan.scenarios, head.mappings, tasks_of(head.own_tasks()), options);
  if (part.failures.empty()) return part;
  std::vector<std::uint64_t> again;
  for (const SweepFailure& each : part.failures) again.push_back(each.task);
  SweepPart second = run_tasks(plan.scenarios, head.mappings, tasks_of(again), options);
  for (SweepRun& run : second.runs) part.runs.push_back(std::move(run));
  std::sort(part.runs.begin(), part.runs.end(),
            [](const SweepRun& a, const SweepRun& b) { return a.task < b.task; });
  part.failures = std::move(second.failures);
  return part;
}

}  // namespace trimhorizon
