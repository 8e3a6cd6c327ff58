#include "sim/base/rule.hpp"

#include <string>

namespace trimhorizon {
namespace {

// The one global of the project: set before the first test runs, read by test builds only.
std::string& selected() {
  static std::string id;
  return id;
}

}  // namespace

void select_wrong_rule(std::string_view id) { selected() = id; }

bool wrong_rule_selected(std::string_view id) {
  const std::string& chosen = selected();
  return !chosen.empty() && chosen == id;
}

}  // namespace trimhorizon
