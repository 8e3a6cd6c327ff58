#include "sim/history/stream_log.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "sim/world/world.hpp"

namespace trimhorizon {

StreamLog::StreamLog(const Plan& plan)
    : orders_(plan.streams.size()), shards_known_(plan.streams.size()) {
  std::map<std::pair<std::uint32_t, std::string>, std::vector<KeyId>> by_name;
  std::vector<bool> has_explicit(plan.streams.size());
  // Only explicit puts have an ExplicitHashKey, and they are few: generated keys need no look.
  for (const ProducerPlan& producer : plan.producers) {
    for (const PutCall& call : producer.settings.put) {
      for (const PutRecordSpec& record : call.records) {
        if (record.explicit_hash_key) has_explicit[producer.stream.value] = true;
      }
    }
  }
  for (std::uint32_t k = 0; k < plan.keys.size(); ++k) {
    const KeyPlan& key = plan.keys[k];
    if (has_explicit[key.stream.value]) by_name[{key.stream.value, key.name}].push_back({k});
  }
  for (auto& [name, keys] : by_name) {
    if (keys.size() < 2) continue;
    const auto group = static_cast<std::uint32_t>(groups_.size());
    for (const KeyId key : keys) twins_[key].group = group;
    groups_.push_back({std::move(keys)});
  }
}

void StreamLog::add(const OrderLostAt& lost, OrderOfStream& order) {
  order.lost[lost.why] += 1;
  const auto alike = std::count_if(order.examples.begin(), order.examples.end(),
                                   [&](const OrderLostAt& each) { return each.why == lost.why; });
  if (static_cast<std::size_t>(alike) < OrderOfStream::examples_max) {
    order.examples.push_back(lost);
  }
}

void StreamLog::forget_refused(KeyId key, RecordId record) {
  const auto found = refused_.find(key);
  if (found == refused_.end()) return;
  Refused& waiting = found->second;
  waiting.in_order.erase(record);
  waiting.behind.erase(record);
  if (waiting.in_order.empty() && waiting.behind.empty()) refused_.erase(found);
}

// KDS-PRD-05: what is put again comes after all that was stored meanwhile.
void StreamLog::note_stored(RecordId record, const PutEntry& entry, OrderOfStream& order) {
  const auto found = refused_.find(entry.key);
  if (found == refused_.end()) return;
  Refused& waiting = found->second;
  // Record ids are sorted by producer, then by number.
  auto each = waiting.in_order.lower_bound(RecordId::of(record.producer(), 0));
  while (each != waiting.in_order.end() && *each < record) {
    waiting.behind.emplace(*each, record);
    each = waiting.in_order.erase(each);
  }
  if (const auto late = waiting.behind.find(record); late != waiting.behind.end()) {
    add({OrderLoss::late_retry, record, late->second, entry.key, entry.shard, entry.shard}, order);
  }
  forget_refused(entry.key, record);
}

// KDS-SHD-02: two shards that take records of one key at the same time. A parent and its child do
// not: the child is read after it.
void StreamLog::note_twin(RecordId record, const PutEntry& entry, OrderOfStream& order,
                          const World& world) {
  const auto found = twins_.find(entry.key);
  if (found == twins_.end()) return;
  const auto takes = [&](ShardId shard, KeyId key) {
    return world.shard(shard).range.contains(world.plan->keys[key.value].hash);
  };
  Group& group = groups_[found->second.group];
  for (const KeyId other : group.keys) {
    const Twin& twin = twins_[other];
    if (group.told || other == entry.key || !twin.shard.valid()) continue;
    if (takes(twin.shard, entry.key) || takes(entry.shard, other)) continue;
    group.told = true;
    add({OrderLoss::two_shards, record, twin.last, entry.key, entry.shard, twin.shard}, order);
  }
  found->second.last = record;
  found->second.shard = entry.shard;
}

void StreamLog::note(ProducerId producer, const PutEntry& entry, const World& world) {
  OrderOfStream& order = orders_[world.plan->producer(producer).stream.value];
  const RecordId record = RecordId::of(producer, entry.number);
  if (entry.is_stored()) {
    using Copy = PutEntry::Copy;
    if (entry.copy == Copy::again || entry.copy == Copy::of_last) {
      order.stored_again += 1;
    } else {
      note_stored(record, entry, order);
    }
    if (!twins_.empty()) note_twin(record, entry, order, world);
    return;
  }
  Refused& waiting = refused_[entry.key];
  if (!waiting.behind.contains(record)) waiting.in_order.insert(record);
}

void StreamLog::on(const Happened&, const Put& put, const World& world) {
  const bool plain = put.refused == 0 && !put.again && !put.has_copies;
  if (plain && refused_.empty() && twins_.empty()) return;
  for (const PutEntry& each : put.entries) note(put.producer, each, world);
}

void StreamLog::on_run(const PutRun& run, const World& world) {
  if (refused_.empty() && twins_.empty()) return;
  for (const PutRun::Call& call : run.calls) note(run.producer, call.entry, world);
}

void StreamLog::on(const Happened&, const PutGivenUp& given_up, const World&) {
  for (const PutEntry& each : given_up.entries) {
    forget_refused(each.key, RecordId::of(given_up.producer, each.number));
  }
}

void StreamLog::on(const Happened& event, const ApiAnswered& answered, const World& world) {
  AnsweredCall call;
  call.at = call.in_force = event.at;
  call.stream = answered.stream;
  call.by = answered.by;
  call.action = answered.action;
  if (!answered.accepted) call.refusal = answered.refusal;
  if (last_acted_.valid() && event.cause == last_acted_) call.timeline = last_entry_;
  // Its shards are there already, and open at its cuts.
  const std::vector<ShardId>& shards = world.streams[answered.stream.value].shards;
  std::size_t& known = shards_known_[answered.stream.value];
  for (; known < shards.size(); ++known) {
    call.in_force = std::max(call.in_force, world.shard(shards[known]).opens);
  }
  calls_.push_back(call);
}

void StreamLog::on(const Happened& event, const BareReadAnswered& answered, const World&) {
  reads_.push_back({event.at, answered});
}

void StreamLog::on(const Happened& event, const TimelineActed& acted, const World&) {
  last_acted_ = event.number;
  last_entry_ = acted.index;
}

}  // namespace trimhorizon
