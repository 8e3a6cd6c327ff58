// The life of one record of a scenario: the run is made again and watched for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/history/life.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

// `record` is an id (`r5`) or `shardId-…:sequence`, the stream and `/` before it where several have
// that place (else AmbiguousPlace is thrown). Nothing when there is no such record.
std::optional<RecordLife> record_life(const Scenario& scenario, const std::string& record,
                                      std::optional<std::uint64_t> seed = {});

}  // namespace trimhorizon
