// Finds the two scenarios of a diff, and refuses sides that are not comparable.
#include "sim/experiment/diff.hpp"

#include <fmt/format.h>

#include "sim/experiment/judge.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "sim/yaml/syntax.hpp"

namespace trimhorizon {
namespace {

std::string variants_hint(const Scenario& base, const std::string& side) {
  std::vector<std::string_view> names = {"base"};
  for (const VariantEntry& each : base.variants) names.push_back(each.name);
  const std::string near = did_you_mean(side, names);
  if (!near.empty()) return near;
  return fmt::format("write PATH=VALUE, or one of: {}", fmt::join(names, ", "));
}

ScenarioError together(const ScenarioError& a, const ScenarioError& b) { return {a, b}; }
DiffError together(const DiffError& a, const HintedError& b) {
  return DiffError(a.what(), a.hint() + "\ntrimhorizon: " + b.what() + "\n  " + b.hint());
}
DiffError together(const DiffError& a, const ScenarioError& b) {
  return DiffError(a.what(), a.hint() + "\n" + b.what());
}
DiffError together(const ScenarioError& a, const DiffError& b) { return together(b, a); }

// The first side is wrong: the mistakes of the second are told with it.
template <class Error, class Read>
[[noreturn]] void raise_both(const Error& first, Read&& read_second) {
  try {
    read_second();
  } catch (const ScenarioError& second) {
    throw together(first, second);
  } catch (const DiffError& second) {
    throw together(first, second);
  }
  throw first;
}

}  // namespace

std::vector<std::string> split_settings(const std::string& side) {
  return reader::split_flow_values(side);
}

bool same_traffic(const Scenario& a, const Scenario& b) {
  if (a.seed != b.seed || a.producers.size() != b.producers.size()) return false;
  for (std::size_t i = 0; i < a.producers.size(); ++i) {
    const ProducerEntry& one = a.producers[i];
    const ProducerEntry& other = b.producers[i];
    if (one.name != other.name || one.settings.ids != other.settings.ids ||
        one.settings.put != other.settings.put || one.settings.load != other.settings.load) {
      return false;
    }
  }
  return true;
}

std::shared_ptr<const Scenario> diff_side(const std::shared_ptr<const Scenario>& base,
                                          const std::string& side) {
  if (side == "base") return base;
  if (side.find('=') == std::string::npos) {
    std::shared_ptr<const Scenario> variant = variant_named(*base, side);
    if (variant == nullptr) {
      throw DiffError(base->file + " has no variant `" + side + "`", variants_hint(*base, side));
    }
    return variant;
  }
  auto changed =
      std::make_shared<const Scenario>(read_again(*base, parse_overrides(split_settings(side))));
  if (!same_traffic(*base, *changed)) {
    throw DiffError("`" + side + "` changes what is put, or the seed",
                    "both sides of a diff run on the same traffic");
  }
  return changed;
}

DiffSides diff_sides(const std::shared_ptr<const Scenario>& base, const std::string& a,
                     const std::string& b) {
  const auto side = [&](const std::string& text) {
    return base ? diff_side(base, text) : std::make_shared<const Scenario>(load_scenario(text));
  };
  DiffSides sides;
  try {
    sides.a = side(a);
  } catch (const ScenarioError& first) {
    raise_both(first, [&] { side(b); });
  } catch (const DiffError& first) {
    raise_both(first, [&] { side(b); });
  }
  sides.b = side(b);
  if (base != nullptr) return sides;
  sides.same_traffic = same_traffic(*sides.a, *sides.b);
  return sides;
}

ScenarioRun run_side(std::shared_ptr<const Scenario> scenario, std::string name,
                     const RunOptions& options) {
  ScenarioRun run = run_scenario(std::move(scenario), options);
  run.name = std::move(name);
  run.judgement = judge_invariants(run.result);
  return run;
}

}  // namespace trimhorizon
