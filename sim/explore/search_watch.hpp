// What a search observes of its steps: the monitor, whose content is part of a key; the invariants
// that this step broke; and the situations that any step has shown.
#pragma once

#include "sim/explore/monitor.hpp"
#include "sim/history/invariants.hpp"
#include "sim/history/situations.hpp"

namespace trimhorizon {

class SearchWatch : public Observer {
 public:
  SearchWatch(const RecordIndex& index, std::uint32_t consumers, bool watches_order)
      : monitor(index, consumers, watches_order) {}

  void on(const Happened& event, const World& world) override {
    std::visit(
        [&](const auto& e) {
          monitor.on(e, world);
          invariants.on(e, world, nullptr);
          situations.on(e, world);
        },
        event.what);
  }

  OutcomeMonitor monitor;
  Invariants invariants;
  Situations situations;
};

}  // namespace trimhorizon
