// A sweep as JSON and back: what shards write, `merge` reads and Python pickles.
//
// Always:
//  1. Reading what was written gives the same sweep; any other text gives a message.
//  2. The JSON of a merged sweep has the same bytes as that of the sweep made at once.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/run/sweep.hpp"

namespace trimhorizon {

std::string sweep_json(const Sweep& sweep);

// The sweep, or what is wrong with the text.
std::variant<Sweep, std::string> read_sweep(std::string_view text);

// "trimhorizon sweep FILE --set … --grid … --seeds …"
std::string sweep_line(const SweepHead& head);
// "trimhorizon run FILE --seed …": repeats one run of the sweep.
std::string run_line(const SweepHead& head, std::uint64_t task);

}  // namespace trimhorizon
