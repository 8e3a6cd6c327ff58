// What a scaler of the user's own decides: every so often it looks at a metric of the stream over
// the last minute and asks UpdateShardCount for a few shards more or fewer. Not a part of AWS; it
// meets the same refusals as everybody (interface.md, section 7).
//
// The share of a limit that it looks at:
//   IncomingBytes                        of 1 MiB a second and shard (KDS-LIM-01)
//   IncomingRecords                      of 1,000 records a second and shard (KDS-LIM-01)
//   WriteProvisionedThroughputExceeded   throttled entries, of all that were tried; 0 without any
#pragma once

#include <cstdint>
#include <optional>

#include "sim/kinesis/api_call.hpp"
#include "sim/kinesis/minute_counter.hpp"

namespace trimhorizon {

// The target of the UpdateShardCount that it calls now, at least 1; nullopt: it calls nothing.
// `minute` is what the whole stream took in the last full minute, as CloudWatch shows it, and
// `open_shards` the OpenShardCount of DescribeStreamSummary. REQUIRES: open_shards > 0.
std::optional<std::uint32_t> scaler_target(const AutoscalerSettings& scaler,
                                           const MinuteTraffic& minute, std::uint32_t open_shards);

}  // namespace trimhorizon
