#include "sim/kinesis/stream_settings.hpp"

#include <algorithm>

#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

using RefusedSetting = std::optional<ApiRefusal>;

bool is_in_last_day(Instant call, Instant now) { return now - call < hours(24); }

ApiRefusal refused(ApiError error, ApiReason reason) { return {error, reason}; }

RefusedSetting refuse_retention(const StreamState& stream, std::int64_t retention_hours,
                                Instant now) {
  if (retention_hours < retention_hours_min || retention_hours > retention_hours_max) {
    return refused(ApiError::InvalidArgumentException, ApiReason::retention_out_of_bounds);
  }
  return refuse_updating(stream, now);
}

}  // namespace

Instant trim_horizon(const StreamState& stream, Instant now) {
  return std::max(stream.horizon, now - stream.retention);
}

RefusedSetting refuse_updating(const StreamState& stream, Instant now) {
  if (stream.status(now) == StreamStatus::ACTIVE) return std::nullopt;
  return refused(ApiError::ResourceInUseException, ApiReason::stream_is_updating);
}

std::size_t calls_in_last_day(const std::vector<Instant>& calls, Instant now) {
  return static_cast<std::size_t>(std::count_if(
      calls.begin(), calls.end(), [&](Instant call) { return is_in_last_day(call, now); }));
}

void note_call(std::vector<Instant>& calls, Instant now) {
  std::erase_if(calls, [&](Instant call) { return !is_in_last_day(call, now); });
  calls.push_back(now);
}

RefusedSetting update_stream_mode(StreamState& stream, StreamMode mode, Instant now) {
  if (const RefusedSetting refusal = refuse_updating(stream, now)) return refusal;
  if (mode == stream.mode) return std::nullopt;
  const std::size_t used = calls_in_last_day(stream.mode_switches, now);
  if (used >= TH_RULE(two_mode_switches_a_day, mode_switches_max, mode_switches_max + 1)) {
    return refused(ApiError::LimitExceededException, ApiReason::mode_switches_used_up);
  }
  note_call(stream.mode_switches, now);
  stream.mode = mode;
  return std::nullopt;
}

RefusedSetting increase_retention(StreamState& stream, std::int64_t retention_hours, Instant now) {
  if (const RefusedSetting refusal = refuse_retention(stream, retention_hours, now)) return refusal;
  if (hours(retention_hours) <= stream.retention) {
    return refused(ApiError::InvalidArgumentException, ApiReason::retention_not_longer);
  }
  // What was gone with the old retention does not come back.
  const Instant horizon = trim_horizon(stream, now);
  stream.horizon = TH_RULE(a_longer_retention_brings_nothing_back, horizon, stream.horizon);
  stream.retention = hours(retention_hours);
  return std::nullopt;
}

RefusedSetting decrease_retention(StreamState& stream, std::int64_t retention_hours, Instant now) {
  if (const RefusedSetting refusal = refuse_retention(stream, retention_hours, now)) return refusal;
  if (hours(retention_hours) >= stream.retention) {
    return refused(ApiError::InvalidArgumentException, ApiReason::retention_not_shorter);
  }
  stream.retention = hours(retention_hours);
  return std::nullopt;
}

}  // namespace trimhorizon
