#include "sim/explore/monitor.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "sim/base/check.hpp"
#include "sim/world/step.hpp"

namespace trimhorizon {

RecordIndex::RecordIndex(const Plan& plan) {
  std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> dense;
  for (std::uint32_t p = 0; p < plan.producers.size(); ++p) {
    first_of_producer.push_back(records);
    const ProducerPlan& producer = plan.producers[p];
    const std::uint64_t count = producer.settings.load ? producer.settings.load->records.value_or(0)
                                                       : producer.records.size();
    for (std::uint64_t n = 0; n < count; ++n) {
      ids.push_back(RecordId::of({p}, n));
      key_ids.push_back(key_of_record_in(plan, {p}, n));
      const KeyPlan& key = plan.keys[key_ids.back().value];
      const auto [it, added] = dense.try_emplace({key.stream.value, key.name}, keys);
      if (added) ++keys;
      key_of_record.push_back(it->second);
    }
    records += static_cast<std::uint32_t>(count);
  }
  for (const MappingPlan& mapping : plan.mappings) note_promises(plan, mapping);
}

void RecordIndex::note_promises(const Plan& plan, const MappingPlan& mapping) {
  const std::size_t before = promised.size();
  promised.resize(before + records, true);
  if (mapping.settings.starting_position != StartingPosition::latest) return;
  for (std::uint32_t p = 0; p < plan.producers.size(); ++p) {
    for (const PutCallPlan& call : plan.producers[p].calls) {
      if (call.at >= mapping.settings.created) continue;
      for (std::uint32_t i = 0; i < call.count; ++i) {
        promised[before + first_of_producer[p] + call.first_number + i] = false;
      }
    }
  }
}

OutcomeMonitor::OutcomeMonitor(const RecordIndex& index, std::uint32_t mappings, bool watches_order)
    : index_(&index),
      mappings_(mappings),
      watches_order_(watches_order),
      effects_(std::size_t{mappings} * index.records),
      discarded_(std::size_t{mappings} * index.records),
      order_(watches_order ? std::size_t{mappings} * index.keys : 0) {}

void OutcomeMonitor::clear() {
  std::fill(effects_.begin(), effects_.end(), std::uint8_t{0});
  std::fill(discarded_.begin(), discarded_.end(), std::uint8_t{0});
  std::fill(order_.begin(), order_.end(), OrderState{});
  order_regressed_ = 0;
  order_of_first_broken_ = 0;
}

void OutcomeMonitor::on(const TraceEvent& event, const World& world) {
  if (event.kind == TraceKind::invoke_result) {
    on_effects(event, world);
  } else if (event.kind == TraceKind::destination && event.flag) {
    const std::uint32_t mapping = world.pollers[event.who].mapping.value;
    const RecordLog& log = world.shards[event.shard.value].log;
    for (Position p = event.span.first; p < event.span.end; ++p) {
      discarded_[mapping * index_->records + index_->of(log.record(p))] = 1;
    }
  }
}

// The finished invocation is still in its slot, only no longer in use.
void OutcomeMonitor::on_effects(const TraceEvent& event, const World& world) {
  const Invocation* done = nullptr;
  for (const Invocation& entry : world.invocations) {
    if (entry.number == event.value && !entry.used) done = &entry;
  }
  TH_CHECK(done != nullptr);
  const std::uint32_t mapping = world.pollers[event.who].mapping.value;
  const RecordLog& log = world.shards[event.shard.value].log;
  const std::vector<std::uint32_t>& without = done->outcome.without_effect;
  std::size_t next_without = 0;
  for (std::uint32_t offset = 0; offset < done->outcome.effects_until; ++offset) {
    if (next_without < without.size() && without[next_without] == offset) {
      ++next_without;
      continue;
    }
    effect(mapping, index_->of(log.record(done->span.first + offset)));
  }
}

// Explorer model: order_regress looks at the last effect of the key, order_first at the largest.
void OutcomeMonitor::effect(std::uint32_t mapping, std::uint32_t record) {
  std::uint8_t& count = effects_[mapping * index_->records + record];
  if (watches_order_) {
    OrderState& order = order_[mapping * index_->keys + index_->key_of_record[record]];
    const auto one_more = static_cast<std::uint16_t>(record + 1);
    if (order.last > one_more && order_regressed_ == 0) {
      order_regressed_ = 1;
      regressed_record_ = record;
    }
    if (count == 0 && order.largest > one_more && order_of_first_broken_ == 0) {
      order_of_first_broken_ = 1;
      first_broken_record_ = record;
    }
    order.last = one_more;
    order.largest = std::max(order.largest, one_more);
  }
  if (count < effects_saturated) ++count;
}

}  // namespace trimhorizon
