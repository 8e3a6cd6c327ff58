#include "sim/run/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/text.hpp"
#include "sim/faults/cause.hpp"
#include "sim/metrics/metrics.hpp"

namespace trimhorizon {
namespace {

using Values = std::vector<std::optional<std::int64_t>>;

constexpr std::array<std::string_view, 6> whole_names = {
    "simulated", "produced", "stored", "never_accepted", "lost", "duplicates"};
constexpr std::array<std::string_view, 5> mapping_names = {"invocations", "deliveries", "effects",
                                                           "lost", "duplicates"};
constexpr std::string_view samples_counted = "count";

void add_columns(std::vector<SweepColumn>& columns, const std::string& mapping) {
  const auto add = [&](std::string_view group, std::string_view leaf) {
    const std::string head = std::string(group) + "." + mapping;
    const std::string tail = leaf.empty() ? "" : "." + std::string(leaf);
    columns.push_back({head + tail, std::string(group) + tail, mapping, false});
  };
  const auto add_metric = [&](std::string leaf, bool is_time) {
    columns.push_back({"metrics." + mapping + "." + leaf, leaf, mapping, is_time});
  };
  for (const std::string_view each : mapping_names) add(each, "");
  for (const std::string_view each : names_of<Fate>) add("fates", each);
  for (const MetricInfo& metric : metric_table()) {
    if (metric.shape == MetricShape::counter) add_metric(std::string(metric.name), false);
    if (metric.shape == MetricShape::maximum) add_metric(fmt::format("{}.max", metric.name), false);
    if (metric.shape != MetricShape::samples) continue;
    add_metric(fmt::format("{}.{}", metric.name, samples_counted), false);
    for (const Statistic each : all_of<Statistic>) {
      add_metric(fmt::format("{}.{}", metric.name, name(each)), metric.unit == MetricUnit::time);
    }
  }
}

std::size_t columns_of_mapping() {
  static const std::size_t count = [] {
    std::vector<SweepColumn> columns;
    add_columns(columns, "");
    return columns.size();
  }();
  return count;
}

std::int64_t whole(std::uint64_t count) { return static_cast<std::int64_t>(count); }

void add_metric(Values& values, const Metric& metric) {
  if (!metric.samples) return values.push_back(whole(metric.counter));
  values.push_back(whole(metric.samples->count()));
  for (const Statistic each : all_of<Statistic>) {
    const bool any = metric.samples->count() > 0;
    values.push_back(any ? std::optional(value_of(*metric.samples, each)) : std::nullopt);
  }
}

void add_values(Values& values, const ConsumerResult& result) {
  for (const std::uint64_t each :
       {result.invocations, result.deliveries, result.effects, result.lost, result.duplicates}) {
    values.push_back(whole(each));
  }
  for (const std::uint64_t each : result.fates.values) values.push_back(whole(each));
  for (const Metric& metric : result.metrics) add_metric(values, metric);
}

}  // namespace

std::string grid_text(const SweepAxis& axis) {
  return fmt::format("{}={}", axis.path, fmt::join(axis.values, ","));
}

std::uint64_t SweepHead::points() const {
  std::uint64_t count = 1;
  for (const SweepAxis& axis : axes) count *= axis.values.size();
  return count;
}

std::vector<std::size_t> SweepHead::places_at(std::uint64_t point) const {
  std::vector<std::size_t> places(axes.size());
  for (std::size_t i = axes.size(); i-- > 0;) {
    places[i] = point % axes[i].values.size();
    point /= axes[i].values.size();
  }
  return places;
}

std::vector<const std::string*> SweepHead::values_at(std::uint64_t point) const {
  std::vector<const std::string*> values;
  for (const std::size_t place : places_at(point)) {
    values.push_back(&axes[values.size()].values[place]);
  }
  return values;
}

std::vector<std::string> SweepHead::settings_at(std::uint64_t point) const {
  std::vector<std::string> settings;
  const std::vector<const std::string*> values = values_at(point);
  for (std::size_t i = 0; i < axes.size(); ++i) settings.push_back(axes[i].path + "=" + *values[i]);
  return settings;
}

std::vector<std::uint64_t> SweepHead::own_tasks() const {
  const SweepShard mine = shard.value_or(SweepShard{});
  std::vector<std::uint64_t> own;
  for (std::uint64_t task = mine.index - 1; task < tasks(); task += mine.of) own.push_back(task);
  return own;
}

Verdict Sweep::verdict() const {
  Verdict worst = Verdict::holds;
  for (const SweepRun& run : runs) worst = worse(worst, run.verdict);
  return worst;
}

std::uint64_t Sweep::missing() const { return head.own_tasks().size() - runs.size(); }

std::vector<SweepColumn> sweep_columns(const std::vector<std::string>& mappings) {
  std::vector<SweepColumn> columns;
  for (const std::string_view each : whole_names) {
    columns.push_back({std::string(each), std::string(each), "", each == "simulated"});
  }
  for (const std::string& mapping : mappings) add_columns(columns, mapping);
  return columns;
}

SweepRun sweep_run(std::uint64_t task, const std::vector<std::string>& mappings,
                   const Result& result, const Judgement& judgement) {
  SweepRun run{task, judgement.verdict, result.ended == RunEnd::drained, {}};
  for (const JudgedExpectation& each : judgement.expectations) {
    if (each.verdict != Verdict::holds) run.broken.push_back(each.name);
  }
  for (const InvariantResult& each : result.invariants) {
    if (!each.holds()) run.broken.push_back("invariant " + std::string(name(each.invariant)));
  }
  run.values.reserve(whole_names.size() + mappings.size() * columns_of_mapping());
  run.values.push_back(result.simulated.us);
  for (const std::uint64_t each :
       {result.produced, result.stored, result.never_accepted, result.lost, result.duplicates}) {
    run.values.push_back(whole(each));
  }
  for (const std::string& name : mappings) {
    const auto found = std::find_if(result.consumers.begin(), result.consumers.end(),
                                    [&](const ConsumerResult& each) { return each.name == name; });
    if (found != result.consumers.end())
      add_values(run.values, *found);
    else
      run.values.insert(run.values.end(), columns_of_mapping(), std::nullopt);
  }
  TH_CHECK(run.values.size() == whole_names.size() + mappings.size() * columns_of_mapping());
  return run;
}

std::string seeds_text(const std::vector<std::uint64_t>& seeds) {
  std::string text;
  for (std::size_t i = 0; i < seeds.size();) {
    std::size_t last = i;
    while (last + 1 < seeds.size() && seeds[last + 1] == seeds[last] + 1) ++last;
    if (!text.empty()) text += ",";
    text += last == i ? fmt::format("{}", seeds[i]) : fmt::format("{}..{}", seeds[i], seeds[last]);
    i = last + 1;
  }
  return text;
}

std::variant<std::vector<std::uint64_t>, std::string> read_seeds(std::string_view text) {
  std::vector<std::uint64_t> seeds;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::string_view piece = trimmed(text.substr(at, comma - at));
    at = comma + 1;
    const std::size_t dots = piece.find("..");
    const bool one = dots == std::string_view::npos;
    const std::optional<std::uint64_t> first =
        number_in<std::uint64_t>(trimmed(piece.substr(0, dots)));
    const std::optional<std::uint64_t> last =
        one ? first : number_in<std::uint64_t>(trimmed(piece.substr(dots + 2)));
    if (!first || !last) {
      return fmt::format("seeds must be whole numbers or ranges, not `{}`", piece);
    }
    if (*first > seed_max || *last > seed_max) {
      return fmt::format("`{}`: a seed of a sweep must be at most {}", piece, seed_max);
    }
    if (*last < *first) return fmt::format("the range of seeds `{}` is empty", piece);
    if (*last - *first >= sweep_runs_max || seeds.size() + (*last - *first) >= sweep_runs_max) {
      return fmt::format("`{}` makes more than {} seeds", piece, sweep_runs_max);
    }
    for (std::uint64_t seed = *first; seed != *last; ++seed) seeds.push_back(seed);
    seeds.push_back(*last);
  }
  std::vector<std::uint64_t> sorted = seeds;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) return fmt::format("the seed {} appears twice", *twice);
  return seeds;
}

}  // namespace trimhorizon
