// A stream with its shards, for tests of the control plane.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "sim/kinesis/listing.hpp"
#include "sim/kinesis/resharding.hpp"
#include "sim/kinesis/stream_settings.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {

inline Instant second(std::int64_t s) { return Instant{0} + seconds(s); }

struct SomeStream {
  using Numbers = std::vector<std::uint32_t>;

  explicit SomeStream(std::uint32_t shard_count, ReshardRules with = {}) : rules(with) {
    state.lineage = Lineage(shard_count);
    for (const HashKeyRange& range : initial_hash_ranges(shard_count)) {
      state.shards.push_back({static_cast<std::uint32_t>(shards.size())});
      Shard& shard = shards.emplace_back();
      shard.stream = {0};
      shard.number = static_cast<std::uint32_t>(shards.size()) - 1;
      shard.range = range;
    }
  }

  Control control(Instant now) { return {{0}, state, shards, clock, now, rules}; }
  StreamAt at(Instant now) const { return {state, shards, clock, now}; }
  const Shard& shard(std::uint32_t number) const { return shards[state.shards[number].value]; }
  Shard& shard(std::uint32_t number) { return shards[state.shards[number].value]; }

  // Accepted calls.
  Cuts split(Instant now, std::uint32_t number, std::optional<HashKey> key = std::nullopt) {
    return accepted(split_shard(control(now), number, key));
  }
  Cuts merge(Instant now, std::uint32_t number, std::uint32_t adjacent) {
    return accepted(merge_shards(control(now), number, adjacent));
  }
  Cuts update(Instant now, std::uint32_t target) {
    return accepted(update_shard_count(control(now), target));
  }
  static Cuts accepted(const Reshard& answer) {
    REQUIRE(std::holds_alternative<Cuts>(answer));
    return std::get<Cuts>(answer);
  }

  // Those that take records, in hash order.
  Numbers open(Instant now) const {
    Numbers numbers;
    for (const std::uint32_t number : all()) {
      if (shard(number).is_open(now)) numbers.push_back(number);
    }
    return in_hash_order(numbers);
  }
  Numbers without_children() const { return shards_without_children(state, shards); }
  Numbers listed(Instant now, const ShardFilter& filter = {}) const {
    const auto answer = list_shards(at(now), filter);
    REQUIRE(std::holds_alternative<ShardRows>(answer));
    Numbers numbers;
    for (const ShardRow& row : std::get<ShardRows>(answer)) numbers.push_back(row.number);
    return numbers;
  }
  std::uint32_t listed_as_open(Instant now) const {
    return describe_stream_summary(at(now), 0).open_shard_count;
  }
  // The one that takes a record with this hash key.
  std::uint32_t route(HashKey key, Instant now) const {
    Numbers found;
    for (const std::uint32_t number : open(now)) {
      if (shard(number).range.contains(key)) found.push_back(number);
    }
    REQUIRE(found.size() == 1);  // KDS-SHD-05
    return found.front();
  }

  // "0->2,3; 1+2->4": who came from whom, in the order of the children's numbers.
  std::string history() const {
    std::string text;
    std::set<std::uint32_t> told;
    for (const std::uint32_t number : all()) {
      const auto parents = state.lineage.parents_of(number);
      if (parents.empty() || told.contains(number)) continue;
      if (!text.empty()) text += "; ";
      text += std::to_string(parents[0]);
      if (parents.size() > 1) text += "+" + std::to_string(parents[1]);
      text += "->";
      std::string comma;
      for (const std::uint32_t child : state.lineage.children_of(parents[0])) {
        text += comma + std::to_string(child);
        comma = ",";
        told.insert(child);
      }
    }
    return text;
  }

  Numbers all() const {
    Numbers numbers;
    for (std::uint32_t i = 0; i < state.shards.size(); ++i) numbers.push_back(i);
    return numbers;
  }
  Numbers in_hash_order(Numbers numbers) const {
    std::sort(numbers.begin(), numbers.end(), [&](std::uint32_t a, std::uint32_t b) {
      return shard(a).range.first < shard(b).range.first;
    });
    return numbers;
  }

  // Both change: a refused call must leave them equal.
  friend bool operator==(const SomeStream& a, const SomeStream& b) {
    return a.state == b.state && a.shards == b.shards;
  }

  StreamState state;
  std::vector<Shard> shards;
  WallClock clock{1'700'000'000'000};
  ReshardRules rules;
};

// The call is refused so, and nothing has changed.
template <class Call>
void check_refused(SomeStream& stream, ApiError error, ApiReason reason, Call&& call) {
  const SomeStream before = stream;
  const std::optional<ApiRefusal> refusal = call();
  INFO("wanted: " << name(reason)
                  << (refusal ? ", got: " + std::string(name(refusal->reason)) : ""));
  CHECK(refusal == ApiRefusal{error, reason});
  CHECK(stream == before);
}

inline std::optional<ApiRefusal> refusal_of(const Reshard& answer) {
  const ApiRefusal* refusal = std::get_if<ApiRefusal>(&answer);
  return refusal ? std::optional(*refusal) : std::nullopt;
}

}  // namespace trimhorizon::testing
