#include "sim/lambda/outcome.hpp"

#include <algorithm>

namespace trimhorizon {
namespace {

// The record that made the function stop, if a record did: the answer names it, or the outcome says
// so.
std::optional<std::uint32_t> stopped_at(const Outcome& outcome) {
  if (outcome.end != InvocationEnd::returned || outcome.failed_at) return outcome.failed_at;
  const bool named = outcome.answer.any_valid && outcome.answer.lowest == outcome.effects_until;
  return named ? std::optional(outcome.effects_until) : std::nullopt;
}

}  // namespace

bool has_effect(const Outcome& outcome, std::uint64_t offset) {
  return offset < outcome.effects_until &&
         !std::binary_search(outcome.without_effect.begin(), outcome.without_effect.end(), offset);
}

void list_effects(const Outcome& outcome, const Batch& batch, std::vector<Span>& worked,
                  std::vector<Position>& failed) {
  std::uint32_t from = 0;
  const auto add_run = [&](std::uint32_t end) {
    if (from < end) worked.push_back({batch.at(from), batch.at(end - 1) + 1});
  };
  for (const std::uint32_t hole : outcome.without_effect) {
    failed.push_back(batch.at(hole));
    if (hole >= outcome.effects_until) continue;
    add_run(hole);
    from = hole + 1;
  }
  add_run(outcome.effects_until);
  if (const auto stop = stopped_at(outcome); stop && *stop < batch.span.count()) {
    failed.push_back(batch.at(*stop));
  }
}

}  // namespace trimhorizon
