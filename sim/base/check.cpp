#include "sim/base/check.hpp"

#include <fmt/format.h>

namespace trimhorizon {

void check_failed(const char* expression, const char* file, int line) {
  throw InternalError(
      fmt::format("{}:{}: bug in the simulator: this must be true: {}", file, line, expression));
}

}  // namespace trimhorizon
