#include "sim/history/snapshots.hpp"

#include <algorithm>

#include "sim/history/stream_results.hpp"

namespace trimhorizon {
namespace {

// The first record of the shard that the consumer has not settled.
Position first_pending(const RunSoFar& run, ConsumerId consumer, ShardId shard) {
  const Account* account = run.history.ledger.find(consumer, shard);
  return account != nullptr ? account->settled() : 0;
}

ConsumerThen consumer_then(const RunSoFar& run, ConsumerId id, Instant at) {
  const Plan& plan = *run.world.plan;
  ConsumerThen then;
  then.name = plan.name(id);
  for (const ShardId shard : run.world.streams[plan.stream_of(id).value].shards) {
    const RecordLog& log = run.world.shard(shard).log;
    const Position pending = first_pending(run, id, shard);
    then.backlog += log.end() - pending;
    const Position kept = std::max(pending, log.first());
    if (kept < log.end()) then.oldest = std::max(then.oldest, at - log.arrival(kept));
  }
  const ConsumerMetrics& metrics = run.history.metrics.of(id);
  for (const MetricInfo& each : metric_table()) {
    if (is_sum_of_events(each)) {
      then.metrics.push_back({each.id, metrics.value(each.id), std::nullopt});
    }
  }
  return then;
}

}  // namespace

Snapshot snapshot_of(const RunSoFar& run, Instant at, bool before) {
  Snapshot out;
  out.at = at;
  out.before = before;
  out.streams = stream_results(run);
  for (std::uint32_t c = 0; c < run.world.plan->consumers(); ++c) {
    out.consumers.push_back(consumer_then(run, {c}, at));
  }
  return out;
}

}  // namespace trimhorizon
