// What a run says of each stream, without its consumers.
#pragma once

#include <vector>

#include "sim/history/result.hpp"
#include "sim/history/result_builder.hpp"

namespace trimhorizon {

// One for each stream of the plan, in its order.
// `user_records`: fill ListedShard::user_records.
std::vector<StreamResult> stream_results(const RunSoFar& run, bool user_records = false);

// The actions of the API that the timeline and scalers called, and what AWS answered, by time.
std::vector<ApiCallRow> api_call_rows(const RunSoFar& run);
std::vector<ReadRow> read_rows(const RunSoFar& run);

}  // namespace trimhorizon
