// How an invocation ended, as one word for tables and reports.
#pragma once

#include "sim/base/named_enum.hpp"
#include "sim/lambda/failure.hpp"

namespace trimhorizon {

#define TH_CALL_OUTCOMES(X)                                    \
  X(success)                                                   \
  X(partial)   /* a valid report */                            \
  X(malformed) /* an invalid report: the whole batch failed */ \
  X(error)                                                     \
  X(timeout)                                                   \
  X(crash)                                                     \
  X(running) /* it had not ended when the run ended */
TH_NAMED_ENUM(CallOutcome, TH_CALL_OUTCOMES)

// `end` matters only for a function error.
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

}  // namespace trimhorizon
