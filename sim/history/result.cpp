#include "sim/history/result.hpp"

#include <fmt/format.h>

#include "sim/base/format.hpp"

namespace trimhorizon {

std::string violation_text(const InvariantResult& broken) {
  const std::string first = fmt::format("{} times, first at {}", broken.violations,
                                        duration_text(broken.at - Instant{0}));
  if (broken.reader.empty()) return first;  // it is about a stream
  return fmt::format("{} in {}, position {}", first, broken.reader, broken.position);
}

}  // namespace trimhorizon
