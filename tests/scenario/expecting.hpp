// Scenarios with an `expect:`, and what is read of it.
#pragma once

#include <string>

#include "tests/scenario/reading.hpp"

namespace trimhorizon::tests {

inline std::string one(const std::string& expect) {
  return with_mapping(from_trim_horizon, "expect:\n" + expect);
}
inline std::string two(const std::string& expect) {
  std::string text = with_mapping(
      from_trim_horizon,
      "  audit-orders: {EventSourceArn: orders, FunctionName: audit, StartingPosition: LATEST}\n"
      "expect:\n" +
          expect);
  text.replace(text.find("{billing: {}}"), 13, "{billing: {}, audit: {}}");
  return text;
}

// "name | scope | subject | wanted" for each expectation, one a line.
inline std::string summary(const std::string& text, Coming coming = Coming::refused) {
  std::string all;
  for (const Expectation& each : read(text, {}, coming).expect) {
    if (!all.empty()) all += '\n';
    all += each.name + " | " + each.scope + " | " + each.subject + " | " + each.wanted_text;
  }
  return all;
}

}  // namespace trimhorizon::tests
