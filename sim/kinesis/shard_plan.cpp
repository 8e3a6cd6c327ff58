#include "sim/kinesis/shard_plan.hpp"

#include <algorithm>
#include <deque>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

// A border fewer keys away from an existing one is that existing one (KDS-RSH-13).
constexpr HashKey border_tolerance = HashKey{1} << 20;

// The plan so far, and the number of the next child.
class Planner {
 public:
  explicit Planner(std::uint32_t next_number) : next_number_(next_number) {}

  struct Halves {
    OpenShard lower;
    OpenShard upper;
  };
  Halves split(const OpenShard& shard, HashKey at) {
    steps_.push_back({shard.number, std::nullopt, at});
    const OpenShard lower{next_number_++, {shard.range.first, at - 1}};
    const OpenShard upper{next_number_++, {at, shard.range.last}};
    return {lower, upper};
  }
  // REQUIRES: `upper` begins where `lower` ends.
  OpenShard merge(const OpenShard& lower, const OpenShard& upper) {
    steps_.push_back({lower.number, upper.number, 0});
    return {next_number_++, {lower.range.first, upper.range.last}};
  }
  std::vector<PlanStep> take_steps() { return std::move(steps_); }

 private:
  std::vector<PlanStep> steps_;
  std::uint32_t next_number_;
};

HashKey distance(HashKey a, HashKey b) { return a < b ? b - a : a - b; }

// The last key of an existing shard that is nearly this one, else this one.
HashKey rounded_border(const std::vector<OpenShard>& open, HashKey last) {
  const HashKey tolerance = TH_RULE(borders_are_rounded_to_existing_ones, border_tolerance, 0);
  HashKey nearest = last;
  HashKey nearest_distance = tolerance;
  const auto after = std::partition_point(
      open.begin(), open.end(), [&](const OpenShard& shard) { return shard.range.last < last; });
  const auto consider = [&](const OpenShard& shard) {
    const HashKey away = distance(shard.range.last, last);
    // The end of the last shard is no border.
    if (away >= nearest_distance || shard.range.last == open.back().range.last) return;
    nearest = shard.range.last;
    nearest_distance = away;
  };
  if (after != open.begin()) consider(*(after - 1));
  if (after != open.end()) consider(*after);
  return nearest;
}

}  // namespace

bool can_be_split_at(const HashKeyRange& range, HashKey new_starting_hash_key) {
  if (new_starting_hash_key <= range.first || new_starting_hash_key >= range.last) return false;
  const HashKey below = new_starting_hash_key - range.first;
  return below > TH_RULE(a_split_leaves_two_keys_below, HashKey{1}, HashKey{0});
}

std::vector<PlanStep> equal_ranges_plan(const std::vector<OpenShard>& open,
                                        std::uint32_t next_number, std::uint32_t target) {
  TH_CHECK(!open.empty() && target > 0);
  Planner planner(next_number);
  std::deque<OpenShard> rest(open.begin(), open.end());
  for (const HashKeyRange& range : initial_hash_ranges(target)) {
    const bool is_last = range.last == last_hash_key;
    const HashKey last = is_last ? last_hash_key : rounded_border(open, range.last);
    std::vector<OpenShard> pieces;  // of this range: its split comes before its merges
    while (!rest.empty() && rest.front().range.last <= last) {
      pieces.push_back(rest.front());
      rest.pop_front();
    }
    if (!rest.empty() && rest.front().range.first <= last) {
      const auto [lower, upper] = planner.split(rest.front(), last + 1);
      pieces.push_back(lower);
      rest.front() = upper;
    }
    TH_CHECK(!pieces.empty());
    OpenShard whole = pieces.front();
    for (std::size_t i = 1; i < pieces.size(); ++i) whole = planner.merge(whole, pieces[i]);
  }
  return planner.take_steps();
}

std::vector<PlanStep> split_then_merge_plan(std::vector<OpenShard> open, std::uint32_t next_number,
                                            std::uint32_t target) {
  TH_CHECK(!open.empty() && target > 0);
  Planner planner(next_number);
  while (open.size() < target) {
    std::vector<OpenShard> by_number = open;
    std::sort(by_number.begin(), by_number.end(),
              [](const OpenShard& a, const OpenShard& b) { return a.number < b.number; });
    open.clear();
    for (const OpenShard& shard : by_number) {
      if (!can_be_split_at(shard.range, middle_of(shard.range))) {
        open.push_back(shard);
        continue;
      }
      const auto [lower, upper] = planner.split(shard, middle_of(shard.range));
      open.push_back(lower);
      open.push_back(upper);
    }
    std::sort(open.begin(), open.end(),
              [](const OpenShard& a, const OpenShard& b) { return a.range.first < b.range.first; });
  }
  while (open.size() > target) {
    std::size_t too_many = open.size() - target;
    std::vector<OpenShard> after;  // this round
    for (std::size_t i = 0; i < open.size(); ++i) {
      const bool has_partner = i + 1 < open.size();
      if (too_many == 0 || !has_partner) {
        after.push_back(open[i]);
        continue;
      }
      after.push_back(planner.merge(open[i], open[i + 1]));
      ++i;
      --too_many;
    }
    open = std::move(after);
  }
  return planner.take_steps();
}

}  // namespace trimhorizon
