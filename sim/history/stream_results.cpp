#include "sim/history/stream_results.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "sim/base/check.hpp"
#include "sim/kinesis/listing.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/world/names.hpp"

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
std::vector<ListedShard> listing_of(const World& world, StreamId stream, bool user_records) {
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
    const Shard& itself = world.shard(row.shard);
    shard.stored = itself.packs.records_in({0, itself.log.end()});
    if (user_records && itself.log.first() == 0) {
      itself.log.each({0, itself.log.end()}, [&](const StoredRecord& record) {
        shard.user_records.push_back(world.plan->record_id(record.record));
        return true;
      });
    }
    listed.push_back(std::move(shard));
  }
  return listed;
}

std::vector<ShardLife> lives_of(const World& world, StreamId id) {
  const StreamState& stream = world.streams[id.value];
  std::vector<ShardLife> lives;
  for (std::uint32_t number = 0; number < stream.shards.size(); ++number) {
    const Shard& shard = world.shard(stream.shards[number]);
    if (shard.opens > world.now) continue;
    ShardLife life;
    life.number = number;
    life.opened = std::max(shard.opens, Instant{0});
    if (shard.closes <= world.now) life.closed = shard.closes;
    const auto parents = stream.lineage.parents_of(number);
    life.parents.assign(parents.begin(), parents.end());
    life.stored = shard.log.end();
    lives.push_back(std::move(life));
  }
  const bool changed = std::any_of(lives.begin(), lives.end(),
                                   [](const ShardLife& each) { return !each.parents.empty(); });
  if (!changed) lives.clear();
  return lives;
}

std::vector<StreamMetric> metrics_of(const RunSoFar& run, StreamId stream) {
  const StreamMetrics* metrics = run.history.traffic.stream(stream);
  const StreamMetrics none;
  if (metrics == nullptr) metrics = &none;
  std::vector<StreamMetric> values;
  for (const StreamMetricInfo& each : stream_metric_table()) {
    StreamMetric metric{each.id, metrics->value(each.id), std::nullopt};
    if (const Histogram* samples = metrics->samples(each.id)) metric.samples = *samples;
    values.push_back(std::move(metric));
  }
  return values;
}

void add_order(const RunSoFar& run, StreamId id, StreamResult& result) {
  const Plan& plan = *run.world.plan;
  const OrderOfStream& order = run.history.streams.order_of(id);
  result.stored_again = order.stored_again;
  result.order_lost = order.lost;
  for (const OrderLostAt& each : order.examples) {
    result.order_examples.push_back({each.why, plan.keys[each.key.value].name,
                                     plan.record_id(each.record), plan.record_id(each.earlier),
                                     shard_name(run.world, each.shard),
                                     shard_name(run.world, each.other)});
  }
}

}  // namespace

std::vector<StreamResult> stream_results(const RunSoFar& run, bool user_records) {
  const Plan& plan = *run.world.plan;
  std::vector<StreamResult> results;
  for (std::uint32_t s = 0; s < plan.streams.size(); ++s) {
    std::vector<ConsumerId> consumers;
    for (std::uint32_t c = 0; c < plan.consumers(); ++c) {
      if (plan.stream_of({c}) == StreamId{s}) consumers.push_back({c});
    }
    StreamResult result;
    result.name = plan.streams[s].name;
    result.metrics = metrics_of(run, {s});
    result.listed = listing_of(run.world, {s}, user_records);
    result.lives = lives_of(run.world, {s});
    add_order(run, {s}, result);
    for (const ShardId shard : run.world.streams[s].shards) {
      add_shard(run, shard, consumers, result.across);
    }
    results.push_back(std::move(result));
  }
  return results;
}

std::vector<ApiCallRow> api_call_rows(const RunSoFar& run) {
  std::vector<ApiCallRow> rows;
  for (const AnsweredCall& call : run.history.streams.calls()) {
    if (call.by == ApiCaller::aws) continue;  // a stream on demand: nobody called
    ApiCallRow row;
    row.at = call.at;
    row.action = name(call.action);
    row.stream = run.world.plan->stream(call.stream).name;
    if (call.refusal) {
      row.error = call.refusal->error;
      row.reason = call.refusal->reason;
    }
    if (call.in_force > call.at) row.in_force = call.in_force;
    row.timeline = call.timeline;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<ReadRow> read_rows(const RunSoFar& run) {
  const World& world = run.world;
  std::vector<ReadRow> rows;
  for (const AnsweredRead& each : run.history.streams.reads()) {
    const BareReadAnswered& answer = each.answer;
    const BareRead& read = *world.plan->timeline[answer.entry].read;
    ReadRow row;
    row.at = each.at;
    row.name = read.name;
    row.stream = world.plan->stream(read.stream).name;
    row.shard = shard_id_text(read.shard_number);
    row.timeline = answer.entry;
    row.millis_behind_latest = answer.millis_behind_latest;
    row.last = answer.last;
    row.trimmed = answer.trimmed;
    if (!answer.accepted) {
      row.error = answer.refusal.error;
      row.reason = answer.refusal.reason;
    }
    for (Position p = answer.records.first; p < answer.records.end; ++p) {
      row.records.push_back(record_name(world, answer.shard, p));
    }
    if (answer.last) {
      for (const ShardId child : world.shard(answer.shard).children) {
        if (child.valid()) row.children.push_back(shard_name(world, child));
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace trimhorizon
