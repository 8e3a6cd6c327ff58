// A message to a failure destination in the exact JSON that Lambda writes. ESM-DST-01..04, CON-10.
#pragma once

#include "sim/run/result.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// RetryAttemptsExhausted or RecordAgeExceeded (ESM-DST-03).
std::string condition_of(LossCause cause);
// approximateInvokeCount, as AWS says it (CON-10).
std::uint64_t shown_count(const World& world, LossCause cause, std::uint64_t invocations);

DestinationMessage destination_message(const World& world, const Message& message);

// Names that AWS would give: fixed account and region, ids that follow from seed and number.
std::string stream_arn(const std::string& stream);
std::string function_arn(const std::string& function);
std::string request_id(const World& world, std::uint64_t invocation_number);

// The event of ESM-EVT-01 as the function would receive it.
std::string invocation_event_json(const World& world, ShardId shard, Span records);

}  // namespace trimhorizon
