#include "sim/history/snapshots.hpp"

#include <algorithm>

#include "sim/history/stream_results.hpp"
#include "sim/world/reader.hpp"

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
    // KDS-SHD-12: what retention has taken waits no more, even if its reader has not noticed yet.
    const Position kept = trim_horizon(run.world, run.world.shard(shard),
                                       std::max(first_pending(run, id, shard), log.first()), at);
    then.backlog += log.end() - kept;
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
