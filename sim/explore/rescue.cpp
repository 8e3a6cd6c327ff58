#include "sim/explore/rescue.hpp"

namespace trimhorizon {
namespace {

ExploreOptions without_faults(ExploreOptions options) {
  options.faults = 0;
  options.properties = {Property::order_first, Property::order_regress};  // keeps the order
  return options;
}

}  // namespace

Rescue::Rescue(std::shared_ptr<const Plan> plan, const RecordIndex& index,
               const ExploreOptions& options, Saved saved, std::uint32_t invariants)
    : layout_(*plan, options.open()),
      expander_(plan, index, layout_, without_faults(options)),
      saved_(std::move(saved)),
      invariants_(invariants) {}

std::optional<bool> Rescue::possible(const World& world, OutcomeMonitor& monitor) {
  if (world.events.empty()) return saved_(monitor);
  Key key;
  encode_state(world, monitor, layout_, key);
  StateTable table(states_max + 1);
  table.insert(hash_key(key), key, Parent{});
  for (StateNumber n = 0; n < table.size(); ++n) {
    if (table.size() > states_max) return std::nullopt;
    const Key at(table.key(n).begin(), table.key(n).end());
    if (table.parent(n).terminal) {
      if (saved_(expander_.look_at(at))) return true;
      continue;
    }
    expander_.clear_candidates();
    expander_.expand(n, at, 0);
    for (const Candidate& c : expander_.candidates()) {
      if ((c.broken_invariants & invariants_) != 0) continue;
      table.insert(c.hash, expander_.key(c), c.parent);
    }
  }
  return false;
}

}  // namespace trimhorizon
