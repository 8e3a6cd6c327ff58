// Can a record still be saved? Searches all continuations of a moment without a further fault, and
// stops at the first one that saves it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "sim/explore/expander.hpp"

namespace trimhorizon {

class SavingContinuation {
 public:
  SavingContinuation(const SavingContinuation&) = delete;
  // `saved`: does the end of a run hold what it must? `invariant`: one that must not
  // break on the way.
  using Saved = std::function<bool(const OutcomeMonitor&)>;
  SavingContinuation(std::shared_ptr<const Plan> plan, const RecordIndex& index,
                     const ExploreOptions& options, Saved saved,
                     std::optional<Invariant> invariant);

  // Is there a continuation from this moment (between two steps) that ends, and whose end is saved?
  // None: there are more than `states_max` states.
  std::optional<bool> exists(const World& world, OutcomeMonitor& monitor);
  // The same from before a step, if its first questions get these answers.
  std::optional<bool> exists_after(const World& before, const OutcomeMonitor& monitor,
                                   const std::vector<std::uint32_t>& answers, SiteSet open);

 private:
  static constexpr std::uint64_t states_max = 20'000;

  KeyLayout layout_;
  StateCodec codec_;
  Expander expander_;
  Handlers* handlers_;
  std::function<void()> poll_progress_;
  Saved saved_;
  std::optional<Invariant> invariant_;
};

}  // namespace trimhorizon
