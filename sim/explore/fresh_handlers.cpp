#include "sim/explore/fresh_handlers.hpp"

#include "sim/base/hash.hpp"

namespace trimhorizon {
namespace {

std::uint64_t mixed(std::uint64_t rolling, std::uint64_t value) {
  return mix64(rolling ^ mix64(value + 1));
}

std::uint64_t mixed(std::uint64_t rolling, const Outcome& outcome) {
  rolling = mixed(rolling, static_cast<std::uint64_t>(outcome.end));
  rolling = mixed(rolling, static_cast<std::uint64_t>(outcome.duration.us));
  rolling = mixed(rolling, outcome.effects_until);
  for (const std::uint32_t offset : outcome.without_effect) rolling = mixed(rolling, offset);
  rolling = mixed(rolling, static_cast<std::uint64_t>(outcome.answer.kind));
  return mixed(rolling, std::uint64_t{outcome.answer.lowest} << 2 |
                            (outcome.answer.any_valid ? 2u : 0u) |
                            (outcome.answer.any_invalid ? 1u : 0u));
}

}  // namespace

void FreshHandlers::begin_run() {
  forget_();
  rolling_ = 0;
  handlers_ = RecordedHandlers();
  for (const auto& [function, call] : functions_) handlers_.answer_with(function, call);
}

Outcome FreshHandlers::invoke(const InvocationRequest& request, const World& world,
                              Choices& choices) {
  Outcome outcome = handlers_.invoke(request, world, choices);
  rolling_ = mixed(rolling_, outcome);
  return outcome;
}

}  // namespace trimhorizon
