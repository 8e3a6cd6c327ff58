#include "sim/base/check.hpp"

#include <fmt/format.h>

namespace trimhorizon {

void check_failed(const char* expression, const char* file, int line) {
  throw InternalError(fmt::format("{}:{}: a promise of the simulator's own code is broken: {}",
                                  file, line, expression));
}

}  // namespace trimhorizon
