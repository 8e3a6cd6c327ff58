#include "sim/base/version.hpp"

namespace trimhorizon {

std::string_view version() { return TH_VERSION; }
std::string_view edition() { return "2026-11"; }
std::string_view build() { return TH_BUILD; }

}  // namespace trimhorizon
