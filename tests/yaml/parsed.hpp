// Trees in tests.
#pragma once

#include <optional>
#include <string>

#include "sim/base/diagnostic.hpp"
#include "sim/yaml/tree.hpp"

namespace trimhorizon::tests {

inline reader::Node parsed(const std::string& text) {
  reader::Mistakes mistakes("t", text);
  return reader::parse_yaml(text, {}, mistakes).value();
}

// "1:5 message" of the first one.
inline std::optional<std::string> first_mistake(const reader::Mistakes& mistakes) {
  if (!mistakes.any()) return std::nullopt;
  try {
    mistakes.raise();
  } catch (const ScenarioError& error) {
    const Diagnostic& first = error.diagnostics().front();
    return std::to_string(first.line) + ":" + std::to_string(first.column) + " " + first.message;
  }
}

}  // namespace trimhorizon::tests
