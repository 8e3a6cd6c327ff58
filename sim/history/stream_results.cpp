#include "sim/history/stream_results.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "sim/base/check.hpp"
#include "sim/kinesis/listing.hpp"
#include "sim/kinesis/sequence_number.hpp"

namespace trimhorizon {
namespace {

// Adds the records of one shard: how many consumers worked on each stretch of it.
void add_shard(const RunSoFar& run, ShardId shard, const std::vector<ConsumerId>& consumers,
               AcrossConsumers& across) {
  const Span all{0, run.world.shard(shard).log.end()};
  std::vector<std::pair<Position, int>> borders;  // where one consumer more, or one fewer, worked
  for (const ConsumerId consumer : consumers) {
    const Account* account = run.history.ledger.find(consumer, shard);
    if (account == nullptr) continue;
    account->for_each(all, [&](Span part, const RecordHistory& history) {
      if (history.effects == 0) return;
      borders.emplace_back(part.first, 1);
      borders.emplace_back(part.end, -1);
    });
  }
  std::sort(borders.begin(), borders.end());
  Position from = 0;
  int workers = 0;
  const auto count_to = [&](Position to) {
    if (workers == 0) across.nobody += to - from;
    if (workers > 1) across.several += to - from;
    from = to;
  };
  for (const auto& [position, change] : borders) {
    count_to(position);
    workers += change;
  }
  count_to(all.end);
}

// A closed shard whose records have all expired is not listed (KDS-RSH-05).
std::vector<ListedShard> listing_of(const World& world, StreamId stream) {
  const StreamAt at{world.streams[stream.value], world.shards, world.plan->clock(), world.now};
  const auto answer = list_shards(at);
  const auto* rows = std::get_if<ShardRows>(&answer);
  TH_CHECK(rows != nullptr);  // without a filter nothing is refused
  std::vector<ListedShard> listed;
  for (const ShardRow& row : *rows) {
    ListedShard shard;
    shard.id = shard_id_text(row.number);
    if (row.parent) shard.parent = shard_id_text(*row.parent);
    if (row.adjacent_parent) shard.adjacent = shard_id_text(*row.adjacent_parent);
    std::tie(shard.first_hash_key, shard.last_hash_key) = hash_key_range_texts(row);
    shard.starting_sequence_number = sequence_number_text(row.starting);
    if (row.ending) shard.ending_sequence_number = sequence_number_text(*row.ending);
    shard.open = row.is_open();
    shard.stored = world.shard(row.shard).log.end();
    listed.push_back(std::move(shard));
  }
  return listed;
}

}  // namespace

std::vector<StreamResult> stream_results(const RunSoFar& run) {
  const Plan& plan = *run.world.plan;
  std::vector<StreamResult> results;
  for (std::uint32_t s = 0; s < plan.streams.size(); ++s) {
    std::vector<ConsumerId> consumers;
    for (std::uint32_t c = 0; c < plan.consumers(); ++c) {
      if (plan.stream_of({c}) == StreamId{s}) consumers.push_back({c});
    }
    StreamResult result;
    result.name = plan.streams[s].name;
    result.listed = listing_of(run.world, {s});
    for (const ShardId shard : run.world.streams[s].shards) {
      add_shard(run, shard, consumers, result.across);
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace trimhorizon
