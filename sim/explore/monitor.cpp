// Counts effects, discards and order for each record, and numbers records and keys without gaps.
#include "sim/explore/monitor.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <tuple>

#include "sim/base/check.hpp"
#include "sim/producer/arrivals.hpp"

namespace trimhorizon {

namespace {

// May a stored record be unread when nothing is left to happen, or be stored before a mapping that
// starts after it? If not, every record has been passed at the end, and fates need not be watched.
bool may_leave_records(const Plan& plan) {
  if (plan.natural_retention) return true;
  for (const MappingPlan& mapping : plan.mappings) {
    if (mapping.settings.starting_position != StartingPosition::trim_horizon) return true;
    if (!mapping.settings.enabled || mapping.payload_may_exceed) return true;
  }
  return std::any_of(plan.timeline.begin(), plan.timeline.end(), [](const TimelineAction& action) {
    return action.kind == ActionKind::update_event_source_mapping;
  });
}

// When a record is put for the first time; copies come later.
struct FirstPut {
  Instant at;
  std::uint32_t producer = 0;
  std::uint32_t record = 0;

  friend auto operator<=>(const FirstPut&, const FirstPut&) = default;
};

void add_first_puts(const Plan& plan, std::uint32_t producer, std::uint32_t first_record,
                    std::vector<FirstPut>& puts) {
  const ProducerPlan& made = plan.producers[producer];
  for (const PutCallPlan& call : made.calls) {
    for (std::uint32_t i = 0; i < call.count; ++i) {
      const auto number = static_cast<std::uint32_t>(call.first_number + i);
      puts.push_back({call.at, producer, first_record + number});
    }
  }
  if (!made.settings.load) return;
  ArrivalCursor cursor;
  std::uint32_t record = first_record;
  while (true) {
    const NextCall call = next_call(*made.settings.load, cursor, plan.seed, producer);
    if (call.records == 0) return;
    for (std::uint32_t i = 0; i < call.records; ++i) puts.push_back({call.at, producer, record++});
  }
}

}  // namespace

RecordIndex::RecordIndex(const Plan& plan) : watches_fates(may_leave_records(plan)) {
  for (const MappingPlan& mapping : plan.mappings) stream_of_consumer.push_back(mapping.stream);
  add_records(plan);
  note_stored_order(plan);
  note_keys(plan);
}

void RecordIndex::add_records(const Plan& plan) {
  for (std::uint32_t p = 0; p < plan.producers.size(); ++p) {
    first_of_producer.push_back(records);
    const std::uint64_t count = plan.producers[p].records_made();
    for (std::uint64_t n = 0; n < count; ++n) {
      ids.push_back(RecordId::of({p}, n));
      key_ids.push_back(key_of_record_in(plan, {p}, n));
      stream_of_record.push_back(plan.producers[p].stream);
    }
    records += static_cast<std::uint32_t>(count);
  }
}

// Puts of one instant come in the order of the file.
void RecordIndex::note_stored_order(const Plan& plan) {
  std::vector<FirstPut> puts;
  for (std::uint32_t p = 0; p < plan.producers.size(); ++p) {
    add_first_puts(plan, p, first_of_producer[p], puts);
  }
  std::stable_sort(puts.begin(), puts.end(), [](const FirstPut& a, const FirstPut& b) {
    return a.at != b.at ? a.at < b.at : a.producer < b.producer;
  });
  stored_order.resize(records);
  for (std::uint32_t i = 0; i < puts.size(); ++i) stored_order[puts[i].record] = i;
}

void RecordIndex::note_keys(const Plan& plan) {
  std::vector<std::vector<HashKeyRange>> ranges;
  for (const StreamPlan& stream : plan.streams) {
    ranges.push_back(initial_hash_ranges(stream.settings.shard_count));
  }
  const bool by_hash = plan.changes_streams();
  std::map<std::tuple<std::uint32_t, std::string, HashKey>, std::uint32_t> dense;
  for (const KeyId id : key_ids) {
    const KeyPlan& key = plan.keys[id.value];
    const std::vector<HashKeyRange>& shards = ranges[key.stream.value];
    std::size_t shard = 0;
    while (!shards[shard].contains(key.hash)) ++shard;
    const HashKey place = by_hash ? key.hash : shards[shard].first;
    const auto [it, added] = dense.try_emplace({key.stream.value, key.name, place}, keys);
    if (added) ++keys;
    key_of_record.push_back(it->second);
  }
  for (auto it = dense.begin(); it != dense.end(); ++it) {
    const auto next = std::next(it);
    if (next == dense.end() || std::get<0>(next->first) != std::get<0>(it->first) ||
        std::get<1>(next->first) != std::get<1>(it->first)) {
      continue;
    }
    const std::string& name = std::get<1>(it->first);
    if (keys_on_several_shards.empty() || keys_on_several_shards.back() != name) {
      keys_on_several_shards.push_back(name);
    }
  }
}

OutcomeMonitor::OutcomeMonitor(const RecordIndex& index, std::uint32_t consumers,
                               bool watches_order)
    : index_(&index),
      consumers_(consumers),
      watches_order_(watches_order),
      ranks_(index.records),
      given_up_(index.records),
      effects_(std::size_t{consumers} * index.records),
      discarded_(std::size_t{consumers} * index.records),
      gone_(index.watches_fates ? discarded_.size() : 0),
      pending_(gone_.size()),
      order_(watches_order ? std::size_t{consumers} * index.keys : 0) {}

void OutcomeMonitor::clear() {
  stored_ = 0;
  refused_ = 0;
  std::fill(effects_.begin(), effects_.end(), std::uint8_t{0});
  std::fill(discarded_.begin(), discarded_.end(), std::uint8_t{0});
  std::fill(gone_.begin(), gone_.end(), std::uint8_t{0});
  std::fill(pending_.begin(), pending_.end(), std::uint8_t{0});
  std::fill(order_.begin(), order_.end(), OrderState{});
  order_regressed_ = 0;
  order_of_first_broken_ = 0;
}

template <class F>
void OutcomeMonitor::for_records(ReaderId reader, ShardId shard, Span span, const World& world,
                                 F f) {
  const std::size_t row = world.reader(reader).consumer.value * index_->records;
  const RecordLog& log = world.shard(shard).log;
  for (Position p = span.first; p < span.end; ++p) f(row + index_->of(log.record(p)));
}

// At the first refusal, the records that are stored are those whose puts came before this one.
void OutcomeMonitor::note_order(const Put& put) {
  const auto place = [&](const PutEntry& entry) {
    return index_->of(RecordId::of(put.producer, entry.number));
  };
  if (refused_ == 0) {
    const std::uint32_t first = index_->stored_order[place(put.entries.front())];
    for (std::uint32_t r = 0; r < index_->records; ++r) {
      const std::uint32_t order = index_->stored_order[r];
      ranks_[r] = order < first ? static_cast<std::uint16_t>(order + 1) : std::uint16_t{0};
    }
    std::fill(given_up_.begin(), given_up_.end(), std::uint8_t{0});
    refused_ = 1;
  }
  std::uint16_t last = *std::max_element(ranks_.begin(), ranks_.end());
  for (const PutEntry& entry : put.entries) {
    std::uint16_t& rank = ranks_[place(entry)];
    if (entry.is_stored() && rank == 0) rank = ++last;
  }
}

// A record that no try has stored is lost for its mappings only if its producer does not know
// (KDS-PRD-04).
void OutcomeMonitor::on(const PutGivenUp& given_up, const World&) {
  for (const PutEntry& each : given_up.entries) {
    const std::uint32_t record = index_->of(RecordId::of(given_up.producer, each.number));
    if (given_up.knows) given_up_[record] = 1;
    if (given_up.knows || gone_.empty()) continue;
    for (std::uint32_t m = 0; m < consumers_; ++m) {
      if (index_->reads(m, record)) gone_[m * index_->records + record] = 1;
    }
  }
}

void OutcomeMonitor::on(const MessageSent& sent, const World& world) {
  if (!sent.taken) return;
  for_records(sent.reader, sent.what.batch.shard, sent.what.batch.span, world, [&](std::size_t at) {
    discarded_[at] = 1;
    if (!gone_.empty()) gone_[at] = 0;
  });
}

// When records are settled, their effects or their message have already happened, if there are any.
// A mapping promises nothing about records stored before it was created.
void OutcomeMonitor::on(const Settled& settled, const World& world) {
  const bool promised = settled.fate != Fate::unread || settled.cause == LossCause::latest_gap;
  if (gone_.empty() || !promised) return;
  for_records(settled.reader, settled.shard, settled.records, world, [&](std::size_t at) {
    if (effects_[at] == 0 && discarded_[at] == 0) gone_[at] = 1;
  });
}

void OutcomeMonitor::note_rest(const World& world) {
  if (pending_.empty()) return;
  for (std::uint32_t i = 0; i < world.readers.size(); ++i) {
    const Reader& reader = world.readers[i];
    const Span unsettled{reader.checkpoint, world.shard(reader.shard).log.end()};
    for_records({i}, reader.shard, unsettled, world, [&](std::size_t at) {
      if (effects_[at] == 0 && discarded_[at] == 0) pending_[at] = 1;
    });
  }
}

void OutcomeMonitor::on(const Ended& ended, const World& world) {
  const ConsumerId consumer = world.reader(ended.reader).consumer;
  const RecordLog& log = world.shard(ended.batch.shard).log;
  for (const Span& run : ended.worked) {
    for (Position p = run.first; p < run.end; ++p) {
      effect(consumer.value, index_->of(log.record(p)));
    }
  }
}

// order_regress compares with the last effect of the key, order_first with the latest record of the
// key that has one.
void OutcomeMonitor::effect(std::uint32_t consumer, std::uint32_t record) {
  const std::size_t at = consumer * index_->records + record;
  std::uint8_t& count = effects_[at];
  if (!gone_.empty()) gone_[at] = 0;
  if (watches_order_) {
    OrderState& order = order_[consumer * index_->keys + index_->key_of_record[record]];
    const std::uint16_t one_more = rank(record);
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
