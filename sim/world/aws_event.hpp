// Texts that AWS would show: names, ids, and the event that a function receives. ESM-EVT-01..03.
// Account and region are fixed. Ids are a function of the seed and a number.
#pragma once

#include <string>

#include "sim/world/world.hpp"

namespace trimhorizon {

// The ARN of the stream, or of the function, with this name.
std::string stream_arn(const std::string& stream);
// What a mapping reads: its stream, or its stream consumer (ESM-DST-13).
std::string source_arn(const World& world, const MappingPlan& mapping);
std::string function_arn(const std::string& function);
std::string request_id(const Plan& plan, InvocationNumber number);
// The request id in a message about records that the function never received.
std::string request_id_of_nothing(const Plan& plan, ReaderId reader, Position first);

// The event that the function would receive, as JSON on one line (ESM-EVT-01). REQUIRES: the log
// still holds the records of the batch.
std::string invocation_event_json(const World& world, const Batch& batch);

}  // namespace trimhorizon
