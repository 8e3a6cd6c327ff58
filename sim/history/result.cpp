#include "sim/history/result.hpp"

#include <fmt/format.h>

#include "sim/base/format.hpp"

namespace trimhorizon {

std::string violation_text(const InvariantResult& broken) {
  return fmt::format("{} times, first at {} in {}, position {}", broken.violations,
                     duration_text(broken.at - Instant{0}), broken.reader, broken.position);
}

}  // namespace trimhorizon
