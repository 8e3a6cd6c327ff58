#include "sim/kinesis/on_demand.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/resharding.hpp"

namespace trimhorizon {
namespace {

constexpr Duration peak_window = hours(30 * 24);
constexpr Duration longest_delay = minutes(15);
constexpr std::int64_t smallest_capacity = 4 * mib;  // bytes a second (KDS-LIM-10)
constexpr std::int64_t seconds_of_a_minute = 60;

// KDS-LIM-12: either limit is enough.
bool is_busy_minute(const MinuteTraffic& minute) {
  const bool many_records = minute.records > busy_records_a_second * seconds_of_a_minute;
  const bool many_bytes = minute.bytes > busy_bytes_a_second * seconds_of_a_minute;
  return TH_RULE(on_demand_splits_at_half_of_either_limit, many_records || many_bytes,
                 many_records && many_bytes);
}

bool are_quiet_together(const MinuteTraffic& minute) {
  return minute.records < quiet_records_a_second * seconds_of_a_minute &&
         minute.bytes < quiet_bytes_a_second * seconds_of_a_minute;
}

OnDemandState::OfShard& state_of(OnDemandState& state, std::uint32_t number) {
  if (number >= state.shards.size()) state.shards.resize(number + std::size_t{1});
  return state.shards[number];
}

const Shard& shard_of(const StreamState& stream, const std::vector<Shard>& shards,
                      std::uint32_t number) {
  return shards[stream.shards[number].value];
}

// Since when have these two neighbours been quiet? Notes it for the lower one.
Instant quiet_since(OnDemandState& state, std::uint32_t lower, std::uint32_t upper, Instant now) {
  MinuteTraffic both = state_of(state, lower).traffic.last_minute(now);
  both += state_of(state, upper).traffic.last_minute(now);
  OnDemandState::OfShard& kept = state_of(state, lower);
  if (!are_quiet_together(both)) {
    kept.quiet_since = end_of_time;
  } else if (kept.neighbour != upper || kept.quiet_since == end_of_time) {
    kept.quiet_since = now - minutes(1);  // the beginning of this quiet minute
  }
  kept.neighbour = upper;
  return kept.quiet_since;
}

// When the stream is on demand again, it begins as a new one.
void forget_plans(OnDemandState& state) {
  for (OnDemandState::OfShard& shard : state.shards) {
    shard.split_is_planned = false;
    shard.quiet_since = end_of_time;
  }
}

}  // namespace

void PeakTraffic::add_minute(Instant end, std::int64_t bytes) {
  TH_CHECK(recent_.empty() || recent_.back().end < end);
  recent_.push_back({end, bytes});
  const auto settled = std::find_if(recent_.begin(), recent_.end(), [&](const Minute& minute) {
    return minute.end > end - longest_delay;
  });
  for (auto minute = recent_.begin(); minute != settled; ++minute) {
    while (!peaks_.empty() && peaks_.back().bytes <= minute->bytes) peaks_.pop_back();
    peaks_.push_back(*minute);
  }
  recent_.erase(recent_.begin(), settled);
  std::erase_if(peaks_, [&](const Minute& minute) { return minute.end + peak_window < end; });
}

std::int64_t PeakTraffic::capacity(Instant now, Duration delay) const {
  std::int64_t peak = 0;
  const auto consider = [&](const Minute& minute) {
    const bool counts = minute.end + delay <= now && now <= minute.end + peak_window;
    if (counts) peak = std::max(peak, minute.bytes);
  };
  std::for_each(peaks_.begin(), peaks_.end(), consider);
  std::for_each(recent_.begin(), recent_.end(), consider);
  return std::max(smallest_capacity, 2 * peak / seconds_of_a_minute);
}

void count_traffic(OnDemandState& state, std::uint32_t number, Instant now,
                   const MinuteTraffic& more) {
  state_of(state, number).traffic.add(now, more);
}

MinuteTraffic last_minute(const OnDemandState& state, Instant now) {
  MinuteTraffic all;
  for (const OnDemandState::OfShard& shard : state.shards) all += shard.traffic.last_minute(now);
  return all;
}

OnDemandSteps end_minute(OnDemandState& state, const StreamState& stream,
                         const std::vector<Shard>& shards, Instant now,
                         const OnDemandRules& rules) {
  TH_CHECK(now.us % minutes(1).us == 0);
  state.peak.add_minute(now, last_minute(state, now).bytes);
  OnDemandSteps steps;
  if (stream.mode != StreamMode::ON_DEMAND) {
    forget_plans(state);
    return steps;
  }
  const std::vector<std::uint32_t> open = shards_without_children(stream, shards);
  for (const std::uint32_t number : open) {
    OnDemandState::OfShard& shard = state_of(state, number);
    if (shard.split_is_planned || !is_busy_minute(shard.traffic.last_minute(now))) continue;
    shard.split_is_planned = true;
    steps.splits.push_back({number, now + rules.split_delay});
  }
  std::sort(steps.splits.begin(), steps.splits.end(),
            [](const PlannedSplit& a, const PlannedSplit& b) { return a.number < b.number; });
  if (!rules.scale_down_after_24h) return steps;

  std::size_t left = open.size();
  for (std::size_t i = 0; i + 1 < open.size(); ++i) {
    const bool is_long_enough =
        quiet_since(state, open[i], open[i + 1], now) <= now - quiet_before_merge;
    const bool is_free = steps.merges.empty() || steps.merges.back().upper != open[i];
    const bool both_are_open = shard_of(stream, shards, open[i]).is_open(now) &&
                               shard_of(stream, shards, open[i + 1]).is_open(now);
    if (!is_long_enough || !is_free || !both_are_open || left <= on_demand_shards_min) continue;
    steps.merges.push_back({open[i], open[i + 1]});
    --left;
  }
  return steps;
}

}  // namespace trimhorizon
