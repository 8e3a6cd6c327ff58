#include "sim/history/result_builder.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <queue>

#include "sim/history/aws_message.hpp"
#include "sim/history/losses.hpp"
#include "sim/history/stream_results.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

Counts<Fate> fates_at(const RunSoFar& run, ConsumerId id, ShardId shard) {
  Counts<Fate> fates;
  const Account* account = run.history.ledger.find(id, shard);
  fates[Fate::pending] =
      run.world.shard(shard).log.end() - (account != nullptr ? account->settled() : 0);
  if (account == nullptr) return fates;
  for (const Fate fate : all_of<Fate>) fates[fate] += account->fates(fate);
  return fates;
}

Counts<Fate> fates_of(const RunSoFar& run, ConsumerId id) {
  Counts<Fate> fates;
  for (const ShardId shard : run.world.streams[run.world.plan->stream_of(id).value].shards) {
    const Counts<Fate> there = fates_at(run, id, shard);
    for (const Fate fate : all_of<Fate>) fates[fate] += there[fate];
  }
  return fates;
}

// Records that were given up although their work was done.
std::uint64_t dropped_with_effect(const Account& account) {
  std::uint64_t records = 0;
  for (const HistoryRun& run : account.runs()) {
    if (run.history.fate == Fate::dropped && run.history.effects > 0) records += run.span.count();
  }
  return records;
}

// The metrics that AWS does not show are computed from the ledger.
std::uint64_t value_of(const RunSoFar& run, ConsumerId id, MetricId metric, const Losses& losses) {
  switch (metric) {
    case MetricId::LostToRetention: return losses.by_cause[LossCause::retention];
    case MetricId::LatestGap: return losses.by_cause[LossCause::latest_gap];
    case MetricId::Swallowed: return losses.by_cause[LossCause::swallowed];
    case MetricId::ConcurrentExecutions:
      return run.history.metrics.most_in_flight(run.world.plan->mapping(id).function);
    default: return run.history.metrics.of(id).value(metric);
  }
}

void add_metrics(const RunSoFar& run, ConsumerId id, const Losses& losses, ConsumerResult& result) {
  const ConsumerMetrics& metrics = run.history.metrics.of(id);
  for (const MetricInfo& each : metric_table()) {
    Metric metric{each.id, value_of(run, id, each.id, losses), std::nullopt};
    if (const Histogram* samples = metrics.samples(each.id)) metric.samples = *samples;
    result.metrics.push_back(std::move(metric));
  }
  if (metrics.iterator_age_us.count() > 0) {
    result.max_iterator_age = microseconds(metrics.iterator_age_us.max());
  }
}

// How long the first record from here on has waited at the end of the run; 0 when there is none.
Duration oldest_wait(const World& world, const RecordLog& log, Position from) {
  return from < log.end() ? world.now - log.arrival(from) : Duration{0};
}

void add_shards(const RunSoFar& run, ConsumerId id, ConsumerResult& result) {
  const World& world = run.world;
  std::vector<bool> is_read(world.shards.size(), false);
  for (std::uint32_t i = 0; i < world.readers.size(); ++i) {
    const Reader& reader = world.readers[i];
    if (reader.consumer != id) continue;
    is_read[reader.shard.value] = true;
    const RecordLog& log = world.shard(reader.shard).log;
    ShardResult shard;
    shard.shard = shard_name(world, reader.shard);
    shard.stored = log.end();
    shard.pending = log.end() - reader.checkpoint;
    shard.fates = fates_at(run, id, reader.shard);
    shard.longest_wait =
        std::max(run.history.latency.longest({i}), oldest_wait(world, log, reader.checkpoint));
    // Only the simulator can show this: AWS shows no checkpoint (ESM-CHK-02).
    if (reader.has_checkpoint && reader.checkpoint > log.first()) {
      shard.checkpoint = record_name(world, reader.shard, reader.checkpoint - 1);
    }
    result.shards.push_back(std::move(shard));
  }
  // The mapping was created too late, or was never enabled: all that is stored there is pending.
  for (const ShardId shard : world.streams[world.plan->stream_of(id).value].shards) {
    if (is_read[shard.value]) continue;
    const RecordLog& log = world.shard(shard).log;
    result.shards.push_back({shard_name(world, shard), log.end(), std::nullopt, log.end(),
                             fates_at(run, id, shard), oldest_wait(world, log, log.first())});
  }
}

ConsumerResult consumer_result(const RunSoFar& run, ConsumerId id) {
  const Plan& plan = *run.world.plan;
  const MappingPlan& mapping = plan.mapping(id);
  ConsumerResult result;
  result.name = mapping.name;
  result.stream = plan.stream(mapping.stream).name;
  result.function = plan.function(mapping.function).name;
  const Ledger& ledger = run.history.ledger;
  for (std::uint32_t i = 0; i < ledger.size(); ++i) {
    if (ledger.account({i}).consumer() != id) continue;
    const Totals& totals = ledger.totals({i});
    result.dropped_with_effect += dropped_with_effect(ledger.account({i}));
    result.invocations += totals.invocations;
    result.deliveries += totals.deliveries;
    result.effects += totals.effects;
    for (const DeliveryReason reason : all_of<DeliveryReason>) {
      result.duplicates_by_cause[reason] += totals.duplicates[reason];
    }
  }
  result.duplicates = sum_of(result.duplicates_by_cause);
  result.duplicate_examples = find_duplicates(ledger, run.world, id);
  result.fates = fates_of(run, id);
  const Losses losses = find_losses(ledger, run.world, id);
  result.lost = sum_of(losses.by_cause);
  result.lost_by_cause = losses.by_cause;
  result.lost_examples = losses.examples;
  add_metrics(run, id, losses, result);
  add_shards(run, id, result);
  result.waits = run.history.latency.waits(id);
  result.caught_up = run.history.latency.caught_up(id, run.world);
  return result;
}

std::vector<InvariantResult> invariant_results(const RunSoFar& run) {
  std::vector<InvariantResult> results;
  for (const Invariant invariant : all_of<Invariant>) {
    const InvariantState& state = run.history.invariants.of(invariant);
    InvariantResult result{invariant, state.checks, state.violations, {}, {}, 0};
    if (state.violations > 0) {
      result.at = state.first.at;
      if (state.first.reader.valid()) result.reader = reader_name(run.world, state.first.reader);
      result.position = state.first.position;
    }
    results.push_back(std::move(result));
  }
  return results;
}

// When the checkpoint of the consumer passed this record.
std::optional<std::int64_t> settled_us(const RunSoFar& run, ConsumerId consumer, ShardId shard,
                                       Position p) {
  for (const ReaderId reader : run.history.ledger.readers_at(shard)) {
    if (run.world.reader(reader).consumer != consumer) continue;
    const std::optional<Instant> at = run.history.latency.settled_at(reader, p);
    if (at) return at->us;
  }
  return std::nullopt;
}

RecordRow record_row(const RunSoFar& run, ShardId shard_id, Position p) {
  const World& world = run.world;
  const Plan& plan = *world.plan;
  const Shard& shard = world.shard(shard_id);
  const RecordId record = shard.log.record(p);
  RecordRow row;
  row.id = plan.record_id(record);
  row.producer = plan.producer(record.producer()).name;
  row.key = plan.keys[shard.log.key(p).value].name;
  row.shard = shard_name(world, shard_id);
  row.sequence_number = sequence_number_of(world, shard_id, p);
  row.arrival_us = shard.log.arrival(p).us;
  for (std::uint32_t c = 0; c < plan.consumers(); ++c) {
    if (plan.stream_of({c}) != shard.stream) continue;
    const Account* account = run.history.ledger.find({c}, shard_id);
    const RecordHistory history = account != nullptr ? account->at(p) : RecordHistory{};
    row.consumers.push_back({plan.name(ConsumerId{c}), history.fate, history.deliveries,
                             history.effects, settled_us(run, {c}, shard_id, p)});
  }
  return row;
}

// Hands out the row of every stored record, by arrival, then by producer and number. A log is
// sorted by arrival, so only the records that arrived at one instant are sorted, and no list of all
// records is needed.
void hand_out_rows(const RunSoFar& run, const std::function<void()>& poll_progress,
                   const std::function<void(RecordRow&&)>& take) {
  struct Place {
    RecordId record;
    ShardId shard;
    Position position;
    auto operator<=>(const Place&) const = default;
  };
  struct Next {
    Instant arrival;
    ShardId shard;
    Position position;
    auto operator<=>(const Next&) const = default;
  };
  const std::vector<Shard>& shards = run.world.shards;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> next;
  const auto queue = [&](ShardId shard, Position p) {
    const RecordLog& log = shards[shard.value].log;
    if (p < log.end()) next.push({log.arrival(p), shard, p});
  };
  for (std::uint32_t s = 0; s < shards.size(); ++s) queue({s}, shards[s].log.first());
  std::uint64_t rows = 0;
  std::vector<Place> together;  // records that arrived at one instant
  while (!next.empty()) {
    const Instant arrival = next.top().arrival;
    together.clear();
    while (!next.empty() && next.top().arrival == arrival) {
      const auto [_, shard, first] = next.top();
      next.pop();
      const RecordLog& log = shards[shard.value].log;
      Position p = first;
      for (; p < log.end() && log.arrival(p) == arrival; ++p) {
        together.push_back({log.record(p), shard, p});
      }
      queue(shard, p);
    }
    std::sort(together.begin(), together.end());
    for (const Place& place : together) {
      take(record_row(run, place.shard, place.position));
      if (poll_progress && ++rows % 4096 == 0) poll_progress();
    }
  }
}

// Copies of a world and of its history share the logs, so this keeps little more than the run did.
EachRow each_row_of(const RunSoFar& run) {
  const auto world = std::make_shared<const World>(run.world);
  const auto history = std::make_shared<const History>(run.history);
  return [world, history](const std::function<void(const RecordRow&)>& take) {
    const RunSoFar kept{*world, *history, RunEnd::running, {}, {}};
    hand_out_rows(kept, {}, [&](RecordRow&& row) { take(row); });
  };
}

std::vector<RecordRow> watched_rows(const RunSoFar& run, const std::vector<std::string>& ids) {
  const World& world = run.world;
  std::vector<RecordRow> rows;
  if (ids.empty()) return rows;
  for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
    const RecordLog& log = world.shards[s].log;
    for (Position p = log.first(); p < log.end(); ++p) {
      const std::string id = record_name(world, {s}, p);
      if (std::find(ids.begin(), ids.end(), id) != ids.end()) {
        rows.push_back(record_row(run, {s}, p));
      }
    }
  }
  return rows;
}

// A producer that does not look at the answer loses records that were never stored: for each
// consumer of its stream (KDS-PRD-04).
void add_ignored_failures(const RunSoFar& run, StreamId stream, ConsumerResult& result) {
  const Plan& plan = *run.world.plan;
  constexpr LossCause cause = LossCause::producer_ignored_failure;
  for (std::uint32_t p = 0; p < plan.producers.size(); ++p) {
    if (plan.producer({p}).stream != stream) continue;
    const GivenUpRecords records = run.history.traffic.given_up({p});
    result.lost += records.unknown;
    result.lost_by_cause[cause] += records.unknown;
    std::vector<std::string>& examples = result.lost_examples[cause];
    for (const std::uint64_t number : records.examples) {
      if (examples.size() == GivenUpRecords::examples_max) break;
      examples.push_back(plan.producer({p}).record_id(number));
    }
  }
}

// Does a consumer read the stream?
bool is_read(const Plan& plan, StreamId stream) {
  for (std::uint32_t c = 0; c < plan.consumers(); ++c) {
    if (plan.stream_of({c}) == stream) return true;
  }
  return false;
}

// The shards that refused something, with the limits that they were above.
void add_hot_shards(const RunSoFar& run, Result& result) {
  const World& world = run.world;
  for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
    const ShardTraffic traffic = run.history.traffic.shard({s});
    const std::string& stream = world.plan->stream(world.shards[s].stream).name;
    const auto add = [&](ShardLimit limit, std::int64_t rate, std::uint64_t refused) {
      if (refused == 0) return;
      result.limits_exceeded.push_back(
          {stream, shard_name(world, {s}), limit, rate, allowed_a_second(limit), refused});
    };
    // Both limits of puts refuse records alike; the one that was exceeded more is told.
    const Flow::Amount written = traffic.written.most();
    const bool bytes = written.bytes * 1'000 > written.number * mib;
    add(bytes ? ShardLimit::bytes_written : ShardLimit::records_written,
        bytes ? written.bytes : written.number, traffic.records_refused);
    add(ShardLimit::reads, traffic.read.most().number, traffic.refused_by_limit[ShardLimit::reads]);
    add(ShardLimit::bytes_read, traffic.read.most().bytes,
        traffic.refused_by_limit[ShardLimit::bytes_read]);
  }
}

std::vector<DestinationResult> destination_results(const RunSoFar& run) {
  std::vector<DestinationResult> results;
  std::shared_ptr<const World> kept;
  for (std::uint32_t d = 0; d < run.world.destinations.size(); ++d) {
    DestinationResult result{
        run.world.plan->destinations[d].name, {}, run.history.letters.left_out({d})};
    for (const Message& message : run.history.letters.messages({d})) {
      if (kept == nullptr) kept = std::make_shared<const World>(run.world);
      result.messages.push_back(destination_message(run.world, message, kept));
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace

Result build_result(const RunSoFar& run, const ResultOptions& options) {
  const World& world = run.world;
  Result result;
  result.seed = world.plan->seed;
  result.ended = run.end;
  result.simulated = world.now - Instant{0};
  result.trace_digest = run.trace_digest;
  result.produced = run.history.produced;
  for (std::uint32_t p = 0; p < world.producers.size(); ++p) {
    const ProducerPlan& producer = world.plan->producer({p});
    const GivenUpRecords given_up = run.history.traffic.given_up({p});
    result.producers.push_back({producer.name, world.plan->stream(producer.stream).name,
                                world.producers[p].next_number, given_up.known, given_up.unknown});
    result.never_accepted += given_up.known;
    if (producer.settings.kpl) result.produced += world.producers[p].next_number;
  }
  result.stored = run.history.stored;
  result.streams = stream_results(run, options.user_records);
  result.api_calls = api_call_rows(run);
  result.reads = read_rows(run);
  result.events = world.steps;
  for (std::uint32_t c = 0; c < world.plan->consumers(); ++c) {
    result.consumers.push_back(consumer_result(run, {c}));
    add_ignored_failures(run, world.plan->stream_of({c}), result.consumers.back());
    result.lost += result.consumers.back().lost;
    result.duplicates += result.consumers.back().duplicates;
  }
  for (std::uint32_t p = 0; p < world.plan->producers.size(); ++p) {
    if (is_read(*world.plan, world.plan->producer({p}).stream)) continue;
    result.lost_without_consumer += run.history.traffic.given_up({p}).unknown;
  }
  result.lost += result.lost_without_consumer;
  result.destinations = destination_results(run);
  result.invariants = invariant_results(run);
  result.situations = run.history.situations.seen();
  result.assumptions_met = run.met;
  add_hot_shards(run, result);
  result.watched = watched_rows(run, options.watched);
  if (options.rows) {
    hand_out_rows(run, options.poll_progress,
                  [&](RecordRow&& row) { result.rows.push_back(std::move(row)); });
  }
  if (options.each_row) result.each_row = each_row_of(run);
  return result;
}

}  // namespace trimhorizon
