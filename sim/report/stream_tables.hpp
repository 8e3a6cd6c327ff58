// What a result says of streams as tables, so that Python can show it.
#pragma once

#include <memory>

#include "sim/report/table.hpp"

namespace trimhorizon {

// One row per shard that ListShards shows at the end, of all streams.
std::shared_ptr<const Table> shards_table(const Result& result);
// One row per action of the API that the scenario called: `error` is null when it was accepted.
std::shared_ptr<const Table> api_calls_table(const Result& result);
// As metrics_table(), of streams.
std::shared_ptr<const Table> stream_metrics_table(const Result& result);

}  // namespace trimhorizon
