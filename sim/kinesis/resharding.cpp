#include "sim/kinesis/resharding.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/shard_plan.hpp"
#include "sim/kinesis/stream_settings.hpp"

namespace trimhorizon {
namespace {

// Recorded on AWS (KDS-RSH-09, KDS-RSH-15); all from the call, if not said otherwise.
constexpr Duration listed_after = seconds(4);
constexpr Duration listed_after_level_before = seconds(5);
constexpr Duration count_update_active_after = seconds(17);
constexpr Duration between_first_level_cuts = seconds(1);
constexpr Duration cut_after_creation = seconds(5);  // of a parent that the same call has made
constexpr Duration shortest_life = seconds(1);       // of a shard: sequence numbers name seconds

struct StepTimes {
  Instant cut;
  Instant listed;
};

using RefusedReshard = std::optional<ApiRefusal>;

ApiRefusal bad_reshard(ApiReason reason) { return {ApiError::InvalidArgumentException, reason}; }

// ---------- may it be done? ----------

RefusedReshard refuse_on_demand(const Control& control) {
  if (control.stream.mode == StreamMode::PROVISIONED) return std::nullopt;
  return ApiRefusal{ApiError::ValidationException, ApiReason::on_demand_stream};
}

bool is_listed(const Control& control, std::uint32_t number) {
  return number < control.stream.shards.size() && control.shard(number).listed <= control.now;
}

// What SplitShard and MergeShards ask for first.
RefusedReshard refuse_shards(const Control& control, const std::vector<std::uint32_t>& numbers) {
  if (const RefusedReshard refusal = refuse_on_demand(control)) return refusal;
  for (const std::uint32_t number : numbers) {
    if (!is_listed(control, number)) {
      return ApiRefusal{ApiError::ResourceNotFoundException, ApiReason::no_such_shard};
    }
  }
  if (const RefusedReshard refusal = refuse_updating(control.stream, control.now)) return refusal;
  for (const std::uint32_t number : numbers) {
    // KDS-RSH-15: a shard is closed for the API as soon as it is listed so. Its cut may be ahead.
    if (control.shard(number).has_children()) return bad_reshard(ApiReason::shard_is_closed);
  }
  return std::nullopt;
}

// Does `upper` begin right after `lower`? The last key and the first one are not neighbours.
bool touch(const HashKeyRange& lower, const HashKeyRange& upper) {
  const bool in_order = TH_RULE(the_ends_of_the_hash_range_do_not_touch, lower.last < upper.first,
                                lower.last != upper.first);
  return in_order && lower.last + 1 == upper.first;
}

bool are_neighbours(const HashKeyRange& a, const HashKeyRange& b) {
  return touch(a, b) || touch(b, a);
}

// KDS-LIM-08. AWS does not document which error it gives for a target out of bounds.
RefusedReshard refuse_target(const Control& control, std::uint32_t target, std::uint32_t open) {
  if (target > shards_of_a_stream_max) {
    return ApiRefusal{ApiError::LimitExceededException, ApiReason::too_many_shards};
  }
  if (target > 2 * std::uint64_t{open}) return bad_reshard(ApiReason::more_than_double);
  // Rounded down, but never to 0: 3 -> 1 was accepted.
  const std::uint32_t half = TH_RULE(half_of_the_shards_is_rounded_down, open / 2, (open + 1) / 2);
  if (target < std::max(half, 1u)) return bad_reshard(ApiReason::less_than_half);
  const std::size_t used = calls_in_last_day(control.stream.count_updates, control.now);
  if (used < TH_RULE(ten_count_updates_a_day, count_updates_max, count_updates_max + 1)) {
    return std::nullopt;
  }
  return ApiRefusal{ApiError::LimitExceededException, ApiReason::updates_used_up};
}

}  // namespace

std::optional<ApiRefusal> refuse_split(const Control& control, std::uint32_t number,
                                       std::optional<HashKey> key) {
  if (const RefusedReshard refusal = refuse_shards(control, {number})) return refusal;
  const HashKeyRange& range = control.shard(number).range;
  if (can_be_split_at(range, key.value_or(middle_of(range)))) return std::nullopt;
  return bad_reshard(ApiReason::hash_key_outside);
}

std::optional<ApiRefusal> refuse_merge(const Control& control, std::uint32_t number,
                                       std::uint32_t adjacent) {
  if (const RefusedReshard refusal = refuse_shards(control, {number, adjacent})) return refusal;
  if (number == adjacent) return bad_reshard(ApiReason::same_shard);
  if (are_neighbours(control.shard(number).range, control.shard(adjacent).range)) {
    return std::nullopt;
  }
  return bad_reshard(ApiReason::not_adjacent);
}

std::optional<ApiRefusal> refuse_shard_count(const Control& control, std::uint32_t target) {
  if (const RefusedReshard refusal = refuse_on_demand(control)) return refusal;
  if (const RefusedReshard refusal = refuse_updating(control.stream, control.now)) return refusal;
  const std::size_t open = shards_without_children(control.stream, control.shards).size();
  if (target == open) return std::nullopt;
  return refuse_target(control, target, static_cast<std::uint32_t>(open));
}

namespace {

// ---------- doing it ----------

// Children are created one second after the cut, in whole seconds of the wall clock (KDS-SHD-09).
Instant created_after(const Control& control, const std::vector<std::uint32_t>& parents,
                      Instant cut) {
  const Duration apart =
      TH_RULE(children_are_created_a_second_after_the_cut, seconds(1), Duration{});
  Instant created = control.clock.at(control.clock.s(cut) * 1'000) + apart;
  for (const std::uint32_t parent : parents) {
    created = std::max(created, control.shard(parent).created + seconds(1));
  }
  return created;
}

ShardId add_shard(const Control& control, const std::vector<std::uint32_t>& parents,
                  HashKeyRange range, const StepTimes& times, Instant created) {
  const ShardId id{static_cast<std::uint32_t>(control.shards.size())};
  Shard shard;
  shard.stream = control.id;
  shard.number = control.stream.lineage.add_child(parents);
  shard.range = range;
  shard.created = created;
  shard.opens = times.cut;
  shard.listed = times.listed;
  TH_CHECK(shard.number == control.stream.shards.size());
  control.stream.shards.push_back(id);
  control.shards.push_back(std::move(shard));
  return id;
}

// The parents close for these new ranges. REQUIRES: it may be done.
Cut reshard(const Control& control, const std::vector<std::uint32_t>& parents,
            const std::vector<HashKeyRange>& ranges, const StepTimes& times) {
  const Instant created = created_after(control, parents, times.cut);
  Cut cut{.at = times.cut, .parents = {}, .children = {}};
  for (const HashKeyRange& range : ranges) {
    cut.children.push_back(add_shard(control, parents, range, times, created));
  }
  for (const std::uint32_t number : parents) {
    Shard& parent = control.shard(number);
    TH_CHECK(!parent.has_children() && parent.opens <= times.cut);
    parent.closes = times.cut;
    parent.listed_closed = times.listed;
    std::copy(cut.children.begin(), cut.children.end(), parent.children.begin());
    cut.parents.push_back(control.stream.shards[number]);
  }
  return cut;
}

Cut apply(const Control& control, const PlanStep& step, const StepTimes& times) {
  const HashKeyRange range = control.shard(step.shard).range;
  if (!step.adjacent) {
    const HashKey key = step.new_starting_hash_key;
    return reshard(control, {step.shard}, {{range.first, key - 1}, {key, range.last}}, times);
  }
  const HashKeyRange other = control.shard(*step.adjacent).range;
  return reshard(control, {step.shard, *step.adjacent},
                 {{std::min(range.first, other.first), std::max(range.last, other.last)}}, times);
}

PlanStep split_of(const Control& control, std::uint32_t number, std::optional<HashKey> key) {
  return {number, std::nullopt, key.value_or(middle_of(control.shard(number).range))};
}

// ---------- when ----------

// A shard takes records for a second at least.
Instant not_before_parents(const Control& control, const PlanStep& step, Instant cut) {
  cut = std::max(cut, control.shard(step.shard).opens + shortest_life);
  if (step.adjacent) cut = std::max(cut, control.shard(*step.adjacent).opens + shortest_life);
  return cut;
}

// The listing changes some time after the call, but never after the cut.
Instant listing_of(const Control& control, Duration after, Instant cut) {
  const bool early = control.rules.early_listing;
  return early ? std::min(control.now + after, cut) : cut;
}

Cuts reshard_once(const Control& control, const PlanStep& step) {
  const Instant cut = not_before_parents(control, step, control.now + control.rules.duration);
  const StepTimes times{cut, listing_of(control, listed_after, cut)};
  // KDS-RSH-15: ACTIVE returns with the listing, long before the cut.
  const Instant active = TH_RULE(active_returns_with_the_listing, times.listed, cut);
  control.stream.active_from = std::max(control.stream.active_from, active);
  return {apply(control, step, times)};
}

// A shard that is announced can be cut when it opens.
Instant cut_at_once(const Control& control, const PlanStep& step) {
  Instant cut = std::max(control.now, control.shard(step.shard).opens);
  if (step.adjacent) cut = std::max(cut, control.shard(*step.adjacent).opens);
  return cut;
}

Cuts reshard_now(const Control& control, const PlanStep& step) {
  const Instant cut = cut_at_once(control, step);
  return {apply(control, step, {cut, cut})};
}

// The steps of one UpdateShardCount. Those on shards that the same call has made are of a later
// level than those that make them.
class CountUpdate {
 public:
  // `now`: all cuts come as soon as their shards are open.
  CountUpdate(const Control& control, bool now)
      : control_(control),
        at_once_(now),
        first_new_(static_cast<std::uint32_t>(control.stream.shards.size())),
        last_cut_(control.now),
        last_listing_(control.now) {}

  void apply_step(const PlanStep& step) {
    const std::uint32_t level =
        1 + std::max(level_of(step.shard), step.adjacent ? level_of(*step.adjacent) : 0);
    const Instant cut = at_once_ ? cut_at_once(control_, step)
                                 : not_before_parents(control_, step, cut_of(step, level));
    const Instant listed =
        listing_of(control_, listed_after + listed_after_level_before * (level - 1), cut);
    cuts_.push_back(apply(control_, step, {cut, listed}));
    levels_.resize(control_.stream.shards.size() - first_new_, level);
    last_cut_ = std::max(last_cut_, cut);
    last_listing_ = std::max(last_listing_, listed);
  }

  Cuts finish() {
    const Instant earliest = control_.now + count_update_active_after;
    control_.stream.active_from = std::max(last_listing_, std::min(earliest, last_cut_));
    std::stable_sort(cuts_.begin(), cuts_.end(),
                     [](const Cut& a, const Cut& b) { return a.at < b.at; });
    return std::move(cuts_);
  }

 private:
  bool is_new(std::uint32_t number) const { return number >= first_new_; }
  std::uint32_t level_of(std::uint32_t number) const {
    return is_new(number) ? levels_[number - first_new_] : 0;
  }

  // KDS-RSH-09: one second after the first-level step before, or after the oldest new parent.
  Instant cut_of(const PlanStep& step, std::uint32_t level) {
    if (level == 1) {
      return control_.now + control_.rules.duration + between_first_level_cuts * first_level_++;
    }
    Instant oldest = end_of_time;
    if (is_new(step.shard)) oldest = control_.shard(step.shard).created;
    if (step.adjacent && is_new(*step.adjacent)) {
      oldest = std::min(oldest, control_.shard(*step.adjacent).created);
    }
    return oldest + cut_after_creation;
  }

  const Control& control_;
  bool at_once_;
  std::uint32_t first_new_;
  std::int64_t first_level_ = 0;       // steps so far
  std::vector<std::uint32_t> levels_;  // of the new shards, by number
  Instant last_cut_;
  Instant last_listing_;
  Cuts cuts_;
};

std::vector<PlanStep> plan_for(const Control& control, const std::vector<std::uint32_t>& numbers,
                               std::uint32_t target) {
  std::vector<OpenShard> open;
  for (const std::uint32_t number : numbers) open.push_back({number, control.shard(number).range});
  const auto next_number = static_cast<std::uint32_t>(control.stream.shards.size());
  return control.rules.split_then_merge
             ? split_then_merge_plan(std::move(open), next_number, target)
             : equal_ranges_plan(open, next_number, target);
}

Reshard update_count(const Control& control, std::uint32_t target, bool now) {
  if (const RefusedReshard refusal = refuse_shard_count(control, target)) return *refusal;
  const std::vector<std::uint32_t> open = shards_without_children(control.stream, control.shards);
  if (target == open.size()) return Cuts{};
  note_call(control.stream.count_updates, control.now);
  CountUpdate update(control, now);
  for (const PlanStep& step : plan_for(control, open, target)) update.apply_step(step);
  return update.finish();
}

bool may_reshard_by_itself(const Control& control, std::uint32_t number) {
  return control.stream.mode == StreamMode::ON_DEMAND && !control.shard(number).has_children();
}

}  // namespace

std::vector<std::uint32_t> shards_without_children(const StreamState& stream,
                                                   const std::vector<Shard>& shards) {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t number = 0; number < stream.shards.size(); ++number) {
    if (!shards[stream.shards[number].value].has_children()) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end(), [&](std::uint32_t a, std::uint32_t b) {
    return shards[stream.shards[a].value].range.first < shards[stream.shards[b].value].range.first;
  });
  return numbers;
}

Reshard split_shard(const Control& control, std::uint32_t number,
                    std::optional<HashKey> new_starting_hash_key) {
  if (const RefusedReshard refusal = refuse_split(control, number, new_starting_hash_key))
    return *refusal;
  return reshard_once(control, split_of(control, number, new_starting_hash_key));
}

Reshard merge_shards(const Control& control, std::uint32_t number, std::uint32_t adjacent) {
  if (const RefusedReshard refusal = refuse_merge(control, number, adjacent)) return *refusal;
  return reshard_once(control, {number, adjacent, 0});
}

Reshard update_shard_count(const Control& control, std::uint32_t target) {
  return update_count(control, target, false);
}

Reshard update_shard_count_now(const Control& control, std::uint32_t target) {
  return update_count(control, target, true);
}

Reshard split_shard_now(const Control& control, std::uint32_t number,
                        std::optional<HashKey> new_starting_hash_key) {
  if (const RefusedReshard refusal = refuse_split(control, number, new_starting_hash_key))
    return *refusal;
  return reshard_now(control, split_of(control, number, new_starting_hash_key));
}

Reshard merge_shards_now(const Control& control, std::uint32_t number, std::uint32_t adjacent) {
  if (const RefusedReshard refusal = refuse_merge(control, number, adjacent)) return *refusal;
  return reshard_now(control, {number, adjacent, 0});
}

Cuts split_on_demand(const Control& control, std::uint32_t number) {
  if (!may_reshard_by_itself(control, number)) return {};
  const HashKeyRange& range = control.shard(number).range;
  if (!can_be_split_at(range, middle_of(range))) return {};
  return reshard_once(control, split_of(control, number, std::nullopt));
}

Cuts merge_on_demand(const Control& control, std::uint32_t lower, std::uint32_t upper) {
  if (!may_reshard_by_itself(control, lower) || !may_reshard_by_itself(control, upper)) return {};
  if (!touch(control.shard(lower).range, control.shard(upper).range)) return {};
  return reshard_once(control, {lower, upper, 0});
}

}  // namespace trimhorizon
