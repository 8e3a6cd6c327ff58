// Random sequences of calls to the control plane at random times.
#include <algorithm>

#include "sim/kinesis/on_demand.hpp"
#include "tests/kinesis/some_stream.hpp"
#include "tests/support/rapidcheck.hpp"

namespace trimhorizon::testing {
namespace {

ReshardRules drawn_rules() {
  const bool split_then_merge = *rc::gen::arbitrary<bool>();
  const bool early = *rc::gen::arbitrary<bool>();
  const Duration duration = milliseconds(*rc::gen::element(0, 1, 500, 3'000, 25'000, 120'000));
  return {split_then_merge, early, duration};
}

std::uint32_t drawn_shard(const SomeStream& stream) {
  const auto count = static_cast<std::uint32_t>(stream.state.shards.size());
  return *rc::gen::inRange<std::uint32_t>(0, count + 1);  // one too many as well
}

// The one after it in hash order, mostly; it makes merges that are accepted.
std::uint32_t drawn_neighbour(const SomeStream& stream, std::uint32_t number) {
  const SomeStream::Numbers open = stream.without_children();
  const auto found = std::find(open.begin(), open.end(), number);
  const bool usual = *rc::gen::inRange(0, 4) > 0;
  return usual && found != open.end() && found + 1 != open.end() ? *(found + 1)
                                                                 : drawn_shard(stream);
}

Reshard drawn_reshard(SomeStream& stream, Instant now) {
  const Control control = stream.control(now);
  const std::uint32_t number = drawn_shard(stream);
  switch (*rc::gen::inRange(0, 5)) {
    case 0: {
      const bool in_the_middle = *rc::gen::arbitrary<bool>();
      if (in_the_middle) return split_shard(control, number, std::nullopt);
      const HashKey key = HashKey{*rc::gen::inRange<std::uint64_t>(0, UINT64_MAX)} << 64;
      return split_shard(control, number, key);
    }
    case 1: return merge_shards(control, number, drawn_neighbour(stream, number));
    case 2: return update_shard_count(control, *rc::gen::inRange<std::uint32_t>(0, 16));
    case 3: return split_shard_now(control, number, std::nullopt);
    default: return merge_shards_now(control, number, drawn_neighbour(stream, number));
  }
}

// What AWS does to a stream on demand, when it pleases.
Reshard drawn_scaling(SomeStream& stream, Instant now) {
  const SomeStream::Numbers open = stream.without_children();
  const auto place = *rc::gen::inRange<std::size_t>(0, open.size());
  if (place + 1 == open.size() || *rc::gen::arbitrary<bool>()) {
    return split_on_demand(stream.control(now), open[place]);
  }
  return merge_on_demand(stream.control(now), open[place], open[place + 1]);
}

// Open shards cover each key once. Says at which shard they do not.
bool covers_all_keys(const SomeStream& stream, Instant now) {
  HashKey next = 0;
  const SomeStream::Numbers open = stream.open(now);
  for (const std::uint32_t number : open) {
    if (stream.shard(number).range.first != next) return false;
    next = stream.shard(number).range.last + 1;
  }
  return next == 0 && !open.empty();  // after the last key comes 0
}

// All instants at which something changes, and those right before and after.
std::vector<Instant> moments_of(const SomeStream& stream) {
  std::vector<Instant> moments{Instant{0}};
  for (const Shard& shard : stream.shards) {
    for (const Instant t : {shard.opens, shard.closes, shard.listed, shard.listed_closed}) {
      if (t == start_of_time || t == end_of_time) continue;
      moments.insert(moments.end(), {t - microseconds(1), t, t + microseconds(1)});
    }
  }
  return moments;
}

bool is_in_order(const SomeStream& stream, std::uint32_t number) {
  const Shard& shard = stream.shard(number);
  const ShardRow child = shard_row(stream.at(end_of_time - hours(9'000)), number);
  for (const std::uint32_t parent : stream.state.lineage.parents_of(number)) {
    const Shard& before = stream.shard(parent);
    const ShardRow row = shard_row(stream.at(end_of_time - hours(9'000)), parent);
    const bool numbers =
        parent < number && row.starting.shard_created_s < child.starting.shard_created_s;
    const bool times = before.closes == shard.opens && before.opens <= before.closes &&
                       before.listed <= shard.listed && before.listed_closed == shard.listed;
    if (!numbers || !times || !row.ending) return false;
    if (compare_sequence_numbers(sequence_number_text(*row.ending),
                                 sequence_number_text(child.starting)) >= 0) {
      return false;
    }
  }
  return shard.listed <= std::max(shard.opens, Instant{0}) && shard.listed_closed <= shard.closes;
}

bool are_ordered(const Cuts& cuts) {
  return std::is_sorted(cuts.begin(), cuts.end(),
                        [](const Cut& a, const Cut& b) { return a.at < b.at; });
}

struct Tally {
  int accepted = 0;
  int refused = 0;
};

void one_call(SomeStream& stream, Instant now, Tally& tally) {
  const SomeStream before = stream;
  if (*rc::gen::inRange(0, 6) == 0) {
    const StreamMode mode =
        *rc::gen::arbitrary<bool>() ? StreamMode::ON_DEMAND : StreamMode::PROVISIONED;
    const bool refused = update_stream_mode(stream.state, mode, now).has_value();
    if (refused) RC_ASSERT(stream == before);
    return;
  }
  const bool by_itself = stream.state.mode == StreamMode::ON_DEMAND && *rc::gen::inRange(0, 3) > 0;
  const Reshard answer = by_itself ? drawn_scaling(stream, now) : drawn_reshard(stream, now);
  if (std::holds_alternative<ApiRefusal>(answer)) {
    ++tally.refused;
    RC_ASSERT(stream == before);
    return;
  }
  ++tally.accepted;
  const Cuts& cuts = std::get<Cuts>(answer);
  RC_ASSERT(are_ordered(cuts));
  RC_ASSERT(cuts.empty() == (stream.shards.size() == before.shards.size()));
  if (!cuts.empty()) RC_ASSERT(cuts.front().at >= now);
}

}  // namespace

TEST_CASE("any sequence of reshards keeps the promises of the shards [KDS-SHD-05] [KDS-SHD-06]") {
  Tally tally;
  check_property(
      "open shards cover each hash key once, at every instant",
      [&tally] {
        SomeStream stream(*rc::gen::inRange<std::uint32_t>(1, 6), drawn_rules());
        stream.clock.epoch_ms += *rc::gen::inRange(0, 1'000);
        Instant now{0};
        const int calls = *rc::gen::inRange(1, 12);
        for (int call = 0; call < calls; ++call) {
          one_call(stream, now, tally);
          now = now + milliseconds(*rc::gen::element(0, 1, 700, 4'000, 5'500, 17'000, 60'000));
        }
        for (const Instant t : moments_of(stream)) RC_ASSERT(covers_all_keys(stream, t));
        for (const std::uint32_t number : stream.all()) {
          RC_ASSERT(stream.shard(number).number == number);
          RC_ASSERT(is_in_order(stream, number));
        }
        RC_ASSERT(stream.state.lineage.reading_order() == stream.all());
      },
      4);
  // Both ways must have been tried, else the property says nothing.
  CHECK(tally.accepted > property_count() / 20);
  CHECK(tally.refused > property_count() / 20);
}

}  // namespace trimhorizon::testing
