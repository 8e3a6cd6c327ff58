#include "sim/history/stream_results.hpp"

#include <algorithm>
#include <utility>

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
    for (const ShardId shard : run.world.streams[s].shards) {
      add_shard(run, shard, consumers, result.across);
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace trimhorizon
