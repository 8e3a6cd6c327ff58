// How an invocation ended, as the mapping reads it, in one word.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/lambda/failure.hpp"

namespace trimhorizon {

enum class CallOutcome : std::uint8_t {
  success,
  partial,    // a valid report
  malformed,  // a report that names nothing of the batch: all of it failed
  error,
  timeout,
  crash,
  running,  // when the run ended
};

constexpr CallOutcome outcome_of(Ruling ruling, InvocationEnd end) {
  switch (ruling) {
    case Ruling::success: return CallOutcome::success;
    case Ruling::partial: return CallOutcome::partial;
    case Ruling::malformed: return CallOutcome::malformed;
    case Ruling::function_error: break;
  }
  if (end == InvocationEnd::timeout) return CallOutcome::timeout;
  return end == InvocationEnd::crash ? CallOutcome::crash : CallOutcome::error;
}

constexpr std::string_view name(CallOutcome outcome) {
  constexpr std::array<std::string_view, 7> names = {"success", "partial", "malformed", "error",
                                                     "timeout", "crash",   "running"};
  return names[static_cast<std::size_t>(outcome)];
}

}  // namespace trimhorizon
