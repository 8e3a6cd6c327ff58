// The page of all keys of a scenario file, docs/keys.md. It is made from the table that the reader
// and the schema use, so it cannot say anything else.
#pragma once

#include <string>

namespace trimhorizon {

// Markdown, at most 80 columns wide.
std::string key_page();

}  // namespace trimhorizon
