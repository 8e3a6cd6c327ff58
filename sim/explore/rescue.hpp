// Can it still turn out well? All continuations of a moment without a further fault.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "sim/explore/expander.hpp"

namespace trimhorizon {

class Rescue {
 public:
  Rescue(const Rescue&) = delete;
  // `saved`: does what must hold hold at this end? `invariants`: those that must not break on the
  // way, as a bit set.
  using Saved = std::function<bool(const OutcomeMonitor&)>;
  Rescue(std::shared_ptr<const Plan> plan, const RecordIndex& index, const ExploreOptions& options,
         Saved saved, std::uint32_t invariants);

  // From this moment on (between two steps), does some continuation come to rest and is saved?
  // None: more states than the budget.
  std::optional<bool> possible(const World& world, OutcomeMonitor& monitor);
  // The same before a step whose first questions get these answers.
  std::optional<bool> possible_after(const World& before, const OutcomeMonitor& monitor,
                                     const std::vector<std::uint32_t>& answers, SiteSet open);

 private:
  static constexpr std::uint64_t states_max = 20'000;

  KeyLayout layout_;
  StateCodec codec_;
  Expander expander_;
  Handlers* handlers_;
  std::function<void()> breathe_;
  Saved saved_;
  std::uint32_t invariants_;
};

}  // namespace trimhorizon
