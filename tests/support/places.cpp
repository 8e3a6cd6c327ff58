#include "tests/support/places.hpp"

namespace trimhorizon::tests {

std::string source_dir() { return TH_SOURCE_DIR; }

std::string program() { return TH_PROGRAM; }

}  // namespace trimhorizon::tests
