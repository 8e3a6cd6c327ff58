#include "sim/base/rule.hpp"

#include <string>

namespace trimhorizon {
namespace {

// The only global variable of the project. It is set before the first test runs. Only test builds
// read it.
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
