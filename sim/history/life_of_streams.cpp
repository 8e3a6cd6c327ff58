// What the life of a record has from its stream and from the timeline: its puts, the shard of each
// copy, and the entries of the timeline that concern it.
#include <algorithm>

#include "sim/history/life_collector.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {

void LifeCollector::on_put(const Put& put) {
  if (put.producer != record_.producer()) return;
  for (const PutEntry& each : put.entries) {
    if (each.number == record_.number()) on_put_entry(each);
  }
}

void LifeCollector::on_put_entry(const PutEntry& entry) {
  if (last_put_ != event_->number) {
    last_put_ = event_->number;
    first_of_last_put_ = copies_.size();
  }
  put_tries_ += 1;
  if (!entry.is_stored()) return note_refusal(entry);
  const bool copied_at_once = copies_.size() > first_of_last_put_;
  if (copied_at_once && entry.copy == PutEntry::Copy::of_last) copies_.back().acknowledged = false;
  copies_.push_back(
      {entry.shard, entry.position, entry.copy != PutEntry::Copy::follows, entry.because});
  waits_.open(static_cast<std::uint32_t>(copies_.size() - 1), entry.shard, entry.position, *world_);
}

void LifeCollector::note_refusal(const PutEntry& entry) {
  LifeRefusal refusal;
  refusal.first = refusal.last = event_->at;
  refusal.end = entry.end;
  refusal.fault = entry.fault;
  refusal.shard = shard_name(*world_, entry.shard);
  refusal.copies = copies_.size();
  const bool alike = !refusals_.empty() && refusals_.back().copies == refusal.copies &&
                     refusals_.back().end == refusal.end &&
                     refusals_.back().fault == refusal.fault &&
                     refusals_.back().shard == refusal.shard;
  if (!alike) return refusals_.push_back(refusal);
  refusals_.back().last = event_->at;
  refusals_.back().times += 1;
}

void LifeCollector::on_put_given_up(const PutGivenUp& given_up) {
  if (given_up.producer != record_.producer()) return;
  for (const PutEntry& each : given_up.entries) {
    given_up_ = given_up_ || each.number == record_.number();
  }
}

void LifeCollector::on_put_answered(const PutAnswered& answer) {
  if (event_->cause != last_put_ || answer.acknowledged) return;
  if (copies_.size() > first_of_last_put_) copies_.back().acknowledged = false;
}

LifeCopy LifeCollector::told_copy(const Copy& copy, const World& world) {
  const Shard& shard = world.shard(copy.shard);
  const StreamState& stream = world.streams[shard.stream.value];
  LifeCopy told{shard_name(world, copy.shard), sequence_number_of(world, copy.shard, copy.position),
                shard.log.arrival(copy.position),
                world.stamped_log(copy.shard).timestamp(copy.position), copy.acknowledged};
  for (const std::uint32_t parent : stream.lineage.parents_of(shard.number)) {
    told.parents.push_back(shard_name(world, stream.shards[parent]));
  }
  if (!told.parents.empty()) told.shard_opened = shard.opens;
  if (copy.because) told.because = sentence(*copy.because);
  if (const Pack* pack = shard.packs.at(copy.position)) {
    told.user_record = copy.position - pack->first + 1;
    told.user_records = pack->count;
  }
  return told;
}

// Calls f(consumer, copy) for each copy that the readers of this consumer have not settled.
template <class F>
void LifeCollector::for_unsettled_copies(ConsumerId consumer, F f) const {
  for (const Reader& reader : world_->readers) {
    if (reader.consumer != consumer) continue;
    for (std::uint32_t c = 0; c < copies_.size(); ++c) {
      if (copies_[c].shard == reader.shard && copies_[c].position >= reader.checkpoint) f(c);
    }
  }
}

// An entry of the timeline happens: it is told for each copy that is stored and not settled. One
// that began before the copy was stored is not: its wait or its failed attempt names it.
void LifeCollector::on_timeline(std::uint32_t index) {
  const TimelineAction& action = world_->plan->timeline[index];
  last_acted_ = event_->number;
  last_action_ = index;
  const bool by_destination = action.kind == ActionKind::fail_destination;
  const bool by_function = action.kind == ActionKind::throttle || action.kind == ActionKind::outage;
  if (!by_destination && !by_function) return;  // told by other entries
  for (std::uint32_t m = 0; m < world_->plan->consumers(); ++m) {
    const MappingPlan& mapping = world_->plan->mapping(ConsumerId{m});
    const bool concerned = by_destination ? mapping.on_failure == action.destination
                                          : mapping.function == action.function;
    if (!concerned) continue;
    for_unsettled_copies({m}, [&](std::uint32_t c) {
      LifeEntry told = entry(LifeKind::timeline, c);
      told.action = action.kind;
      told.target = by_destination ? world_->plan->destinations[action.destination.value].name
                                   : world_->plan->function(action.function).name;
      told.lasts = action.lasts;
      entries_[m].push_back(std::move(told));
    });
  }
}

// Is this call about the shard, or about the whole stream?
bool LifeCollector::concerns(const ApiCall& call, std::uint32_t shard) {
  if (const auto* split = std::get_if<SplitShardCall>(&call.action)) return split->shard == shard;
  if (const auto* merge = std::get_if<MergeShardsCall>(&call.action)) {
    return merge->shard == shard || merge->adjacent == shard;
  }
  return true;
}

// AWS answers a call of the timeline. Those of a scaler are many, and are not told.
void LifeCollector::on_api_answered(const ApiAnswered& answered) {
  if (!last_acted_.valid() || event_->cause != last_acted_) return;
  const TimelineAction& action = world_->plan->timeline[last_action_];
  if (!action.call) return;
  for (std::uint32_t m = 0; m < world_->plan->consumers(); ++m) {
    if (world_->plan->stream_of({m}) != answered.stream) continue;
    for_unsettled_copies({m}, [&](std::uint32_t c) {
      if (!concerns(*action.call, world_->shard(copies_[c].shard).number)) return;
      LifeEntry told = entry(LifeKind::timeline, c);
      told.action = action.kind;
      told.target = world_->plan->stream(answered.stream).name;
      told.call = action.call;
      if (!answered.accepted) told.refusal = answered.refusal;
      entries_[m].push_back(std::move(told));
    });
  }
}

}  // namespace trimhorizon
