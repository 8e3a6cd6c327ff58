// The parts of the format that can be read already, but that a run does not do yet. A file that has
// one is refused, so that nothing is silently ignored.
#pragma once

#include "sim/format/key.hpp"

namespace trimhorizon::reader {

// What to write instead of a part that is still to come; empty when a run does it. `key` may also
// be words for a part that has no key of its own.
std::string_view coming_advice(std::string_view block, std::string_view key);

// The block, with its keys that are coming marked so.
Block until_modelled(Block block);

}  // namespace trimhorizon::reader
