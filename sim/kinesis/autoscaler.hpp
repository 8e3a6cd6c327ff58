// A scaler of the user's own: every so often it looks at a metric of the stream over the last
// minute and asks UpdateShardCount for a few shards more or fewer. Not a part of AWS; it meets the
// same refusals as everybody (interface.md, section 7).
#pragma once

#include <cstdint>
#include <optional>

#include "sim/base/draws.hpp"
#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/minute_counter.hpp"

namespace trimhorizon {

// The share of a limit that is looked at:
//   IncomingBytes                        of 1 MiB a second and shard (KDS-LIM-01)
//   IncomingRecords                      of 1,000 records a second and shard (KDS-LIM-01)
//   WriteProvisionedThroughputExceeded   throttled entries, of all that were tried; 0 without any
#define TH_SCALER_METRICS(X) \
  X(IncomingBytes)           \
  X(IncomingRecords)         \
  X(WriteProvisionedThroughputExceeded)
TH_NAMED_ENUM(ScalerMetric, TH_SCALER_METRICS)

struct Autoscaler {
  Duration check_every = minutes(1);  // above 0
  Probability up_above{800'000'000};  // 80 %: more shards above this share
  Probability down_below{0};          // fewer shards below this share; 0: never
  std::uint32_t step = 1;             // shards, at least 1
  ScalerMetric metric = ScalerMetric::IncomingBytes;

  friend bool operator==(const Autoscaler&, const Autoscaler&) = default;
};

// The target of the UpdateShardCount that it calls now, at least 1; nullopt: it calls nothing.
// `minute` is what the whole stream took in the last full minute, as CloudWatch shows it, and
// `open_shards` the OpenShardCount of DescribeStreamSummary. REQUIRES: open_shards > 0.
std::optional<std::uint32_t> scaler_target(const Autoscaler& scaler, const MinuteTraffic& minute,
                                           std::uint32_t open_shards);

}  // namespace trimhorizon
