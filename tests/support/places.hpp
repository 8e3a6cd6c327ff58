#pragma once

// Where the checkout and the program lie: known to one file, so that a second clone need not
// compile the others again.

#include <string>

namespace trimhorizon::tests {

std::string source_dir();  // the top of the checkout
std::string program();     // the program trimhorizon; empty: it was not built

}  // namespace trimhorizon::tests
