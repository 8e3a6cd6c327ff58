#include "sim/kinesis/autoscaler.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/limits.hpp"

namespace trimhorizon {
namespace {

// A share as a fraction, so that it is compared without rounding.
struct Share {
  std::int64_t part = 0;
  std::int64_t whole = 1;  // above 0
};

Share of_limit(std::int64_t amount, ShardLimit limit, std::uint32_t shards) {
  return {amount, allowed_a_second(limit) * 60 * std::int64_t{shards}};
}

Share share_of(const Autoscaler& scaler, const MinuteTraffic& minute, std::uint32_t shards) {
  switch (scaler.metric) {
    case ScalerMetric::IncomingBytes:
      return of_limit(minute.bytes, ShardLimit::bytes_written, shards);
    case ScalerMetric::IncomingRecords:
      return of_limit(minute.records, ShardLimit::records_written, shards);
    case ScalerMetric::WriteProvisionedThroughputExceeded:
      return {minute.throttled, std::max<std::int64_t>(minute.records + minute.throttled, 1)};
  }
  return {};
}

// Below 0, 0, above 0: the share is below, at, above the threshold.
int compare(const Share& share, Probability threshold) {
  const auto part = static_cast<__int128>(share.part) * 1'000'000'000;
  const auto limit = static_cast<__int128>(share.whole) * threshold.parts_per_billion;
  return part < limit ? -1 : part > limit ? 1 : 0;
}

}  // namespace

std::optional<std::uint32_t> scaler_target(const Autoscaler& scaler, const MinuteTraffic& minute,
                                           std::uint32_t open_shards) {
  TH_CHECK(open_shards > 0);
  const Share share = share_of(scaler, minute, open_shards);
  if (compare(share, scaler.up_above) > 0) return open_shards + scaler.step;
  const bool is_low = compare(share, scaler.down_below) < 0;
  if (!is_low || open_shards == 1) return std::nullopt;
  return TH_RULE(a_scaler_keeps_one_shard, open_shards > scaler.step, true)
             ? open_shards - scaler.step
             : 1;
}

}  // namespace trimhorizon
