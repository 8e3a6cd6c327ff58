// Reshards for the explorer in drawn scenarios: those of the timeline and those of `explore`.
#pragma once

#include "sim/scenario/scenario.hpp"
#include "tests/support/rapidcheck.hpp"

namespace trimhorizon::testing {

inline std::int64_t drawn_number(std::int64_t low, std::int64_t high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(low, high + 1));
}

// A reshard of the first stream; AWS refuses some of them.
inline ApiCall drawn_reshard() {
  const auto shard = static_cast<std::uint32_t>(drawn_number(0, 2));
  switch (drawn_number(0, 5)) {
    case 0: return {{0}, MergeShardsCall{shard, shard == 0 ? 1u : shard - 1}};
    case 1: return {{0}, UpdateShardCountCall{drawn_number(1, 3)}};
    case 2: return {{0}, SplitShardCall{shard, last_hash_key / 3 * 2}};
    default: return {{0}, SplitShardCall{shard, std::nullopt}};
  }
}

// The explorer may reshard the first stream, the timeline may as well; the switches about children
// are drawn.
inline void add_reshards(Scenario& s) {
  for (std::int64_t n = drawn_number(0, 2); n > 0; --n) {
    s.explore.reshards.push_back(drawn_reshard());
  }
  for (std::int64_t n = drawn_number(0, 2) / 2; n > 0; --n) {
    TimelineAction action;
    action.kind = ActionKind::api_call;
    action.at = Instant{0} + milliseconds(100 * drawn_number(0, 20));
    action.call = drawn_reshard();
    s.timeline.push_back(action);
  }
  s.streams[0].settings.reshard_duration = milliseconds(500 * drawn_number(0, 3));
  s.assumptions.child_start_delay = milliseconds(500 * drawn_number(0, 2));
  if (drawn_number(0, 2) == 0) s.assumptions.child_shards = assume::child_shards::at_once;
  if (drawn_number(0, 2) == 0) {
    s.assumptions.child_start = assume::child_start::starting_position;
  }
}

}  // namespace trimhorizon::testing
