// Whole texts as files: a test compares with tests/FOLDER/approved/NAME, and TH_ACCEPT=1 writes
// what it got instead, to be read in the next diff.
#pragma once

#include <string>

namespace trimhorizon::tests {

// Empty when `text` is the approved one, else where they part: "tests/cli/approved/x.txt:3: …".
std::string approved_difference(const std::string& folder, const std::string& name,
                                const std::string& text);

}  // namespace trimhorizon::tests

// Shows the first line that differs.
#define CHECK_APPROVED(folder, name, text) \
  CHECK(::trimhorizon::tests::approved_difference((folder), (name), (text)) == "")
