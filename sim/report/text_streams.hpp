// The section of the text report about streams: shards over time and their lineage, hot shards,
// what was refused, stored twice, never stored, or lost its order; calls of the API.
#pragma once

#include <string>

#include "sim/report/page.hpp"
#include "sim/report/report.hpp"

namespace trimhorizon {

// Nothing when there is nothing to say of any stream.
void add_streams(Page& page, const ReportRun& run);

// "given up to 2,345 records in a second (2.3 times its 1,000) and refused 4,320 records".
std::string hot_words(const LimitExceeded& over);

}  // namespace trimhorizon
