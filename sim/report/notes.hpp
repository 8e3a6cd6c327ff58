// What a reader of a run must know beside its verdict: for example, traffic that AWS would have
// throttled.
#pragma once

#include <string>
#include <vector>

#include "sim/report/report.hpp"

namespace trimhorizon {

// One sentence each, without a newline.
std::vector<std::string> notes_of(const ReportRun& run);

}  // namespace trimhorizon
