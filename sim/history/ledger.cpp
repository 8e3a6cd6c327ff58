#include "sim/history/ledger.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/event_records.hpp"

namespace trimhorizon {
namespace {

// A new entry comes last, except for a first copy that is noted late.
void insert_sorted(std::vector<CopyEntry>& sorted, const CopyEntry& entry) {
  const auto place = [](const CopyEntry& e) { return std::pair(e.shard, e.position); };
  const auto it = std::find_if(sorted.rbegin(), sorted.rend(), [&](const CopyEntry& each) {
                    return place(each) <= place(entry);
                  }).base();
  if (it == sorted.begin() || *(it - 1) != entry) sorted.insert(it, entry);
}

template <class T>
T& grown_to(std::vector<T>& items, std::size_t index) {
  if (items.size() <= index) items.resize(index + 1);
  return items[index];
}

}  // namespace

// Notes only records that may have copies: those of a call that is made again, and each copy.
void Ledger::on(const Put& put, const World& world) {
  const bool may_have_copies = put.again || put.will_repeat;
  if (!may_have_copies && !put.has_copies) return;
  for (const PutEntry& each : put.entries) {
    if (!each.is_stored()) continue;
    const RecordId record = RecordId::of(put.producer, each.number);
    if (each.copy == PutEntry::Copy::of_last) {
      note_copy(record, each.shard, each.position - 1);
    } else if (!may_have_copies) {
      continue;
    }
    // Its first copy was not noted: nobody knew of the repeat then.
    if (each.copy == PutEntry::Copy::again && copies_of(record).empty()) {
      const RecordLog& log = world.shard(each.shard).log;
      for (Position p = log.first(); p < each.position; ++p) {
        if (log.record(p) == record) note_copy(record, each.shard, p);
      }
    }
    note_copy(record, each.shard, each.position);
  }
}

void Ledger::on(const ReaderOpened& opened, const World&) {
  TH_CHECK(opened.reader.value == accounts_.size());
  accounts_.emplace_back(opened.consumer, opened.shard);
  totals_.emplace_back();
  current_.emplace_back();
  open_.emplace_back();
  grown_to(readers_at_, opened.shard.value).push_back(opened.reader);
  delivered_to_.push_back(0);
}

void Ledger::on(const Settled& settled, const World&) {
  Account& account = accounts_[settled.reader.value];
  account.settle(settled.records.end, settled.fate, settled.cause);
  for (const Position p : settled.reported) {
    account.update({p, p + 1}, [](Span, RecordHistory& h) {
      if (h.cause != LossCause::none) h.cause = LossCause::report_ignored;
    });
  }
}

void Ledger::on(const Delivered& delivered, const World& world) {
  const std::uint32_t reader = delivered.reader.value;
  const Span span = delivered.batch.span;
  const Position fresh_from = std::max(span.first, delivered_to_[reader]);
  open_[reader].push_back({delivered.call, delivered.reason, fresh_from});
  if (delivered.reason == DeliveryReason::overlapping_pollers) {
    if (OpenCall* first = open_call(delivered.reader, current_[reader]))
      first->replaced_by = delivered.reason;
  } else {
    current_[reader] = delivered.call;
  }
  delivered_to_[reader] = std::max(delivered_to_[reader], span.end);
  totals_[reader].invocations += 1;
  each_run(world, delivered.batch, [&](Span run) {
    totals_[reader].deliveries += run.count();
    accounts_[reader].update(run, [](Span, RecordHistory& h) { h.deliveries += 1; });
  });
}

void Ledger::on(const Ended& ended, const World&) {
  const OpenCall* found = open_call(ended.reader, ended.call);
  TH_CHECK(found != nullptr);
  const OpenCall call = *found;
  std::erase_if(open_[ended.reader.value],
                [&](const OpenCall& each) { return each.number == ended.call; });
  InvocationNumber& current = current_[ended.reader.value];
  if (current == ended.call) current = {};
  const DeliveryReason copied =
      TH_RULE(a_copy_is_the_producers_doing, DeliveryReason::producer_retry, call.reason);
  for (const Span& run : ended.worked) {
    const Position fresh = std::clamp(call.fresh_from, run.first, run.end);
    effects_on(ended.reader, {run.first, fresh}, call.reason, call.reason);
    effects_on(ended.reader, {fresh, run.end}, call.replaced_by, copied);
  }
}

void Ledger::on(const ReaderRestarted& restarted, const World&) {
  InvocationNumber& current = current_[restarted.reader.value];
  if (OpenCall* call = open_call(restarted.reader, current)) call->replaced_by = restarted.reason;
  current = {};
}

void Ledger::note_copy(RecordId record, ShardId shard, Position position) {
  const CopyEntry entry{record, shard, position};
  insert_sorted(by_record_[record], entry);
  insert_sorted(grown_to(by_shard_, shard.value), entry);
}

void Ledger::effects_on(ReaderId reader, Span span, DeliveryReason again, DeliveryReason copied) {
  if (span.empty()) return;
  Totals& totals = totals_[reader.value];
  Account& account = accounts_[reader.value];
  totals.effects += span.count();
  const std::span<const CopyEntry> copies = copies_within(account.shard(), span);
  if (!copies.empty()) {
    // A first effect of this copy is still a surplus effect when another copy had its effect, maybe
    // in the same span just before.
    std::set<RecordId>& worked = grown_to(worked_, account.consumer().value);
    for (const CopyEntry& copy : copies) {
      if (account.at(copy.position).effects > 0) continue;
      if (TH_RULE(copies_in_one_batch_count, worked.insert(copy.record).second,
                  !worked.contains(copy.record))) {
        continue;
      }
      totals.duplicates[copied] += 1;
      account.update({copy.position, copy.position + 1},
                     [&](Span, RecordHistory& h) { h.surplus = copied; });
    }
    TH_WRONG(copies_in_one_batch_count) {
      for (const CopyEntry& copy : copies) worked.insert(copy.record);
    }
  }
  account.update(span, [&](Span part, RecordHistory& h) {
    if (TH_RULE(only_an_effect_is_a_duplicate, h.effects > 0, h.deliveries > 1)) {
      totals.duplicates[again] += part.count();
      h.surplus = again;
    }
    h.effects += 1;
    h.cause = LossCause::none;
  });
}

OpenCall* Ledger::open_call(ReaderId reader, InvocationNumber number) {
  for (OpenCall& each : open_[reader.value]) {
    if (each.number == number) return &each;
  }
  return nullptr;
}

bool Ledger::repeats_only_delivered(ReaderId reader, InvocationNumber call,
                                    const Batch& batch) const {
  const std::vector<OpenCall>& open = open_[reader.value];
  const auto it = std::find_if(open.begin(), open.end(),
                               [&](const OpenCall& each) { return each.number == call; });
  TH_CHECK(it != open.end());
  if (it->fresh_from <= batch.span.first) return true;  // all of them are fresh
  bool all = true;
  accounts_[reader.value].for_each({batch.span.first, std::min(batch.span.end, it->fresh_from)},
                                   [&](Span, const RecordHistory& h) {
                                     const bool left_out =
                                         batch.unpacked && h.deliveries == 0;  // KDS-PRD-21
                                     all = all && (h.deliveries > 1 || left_out);
                                   });
  return all;
}

std::span<const CopyEntry> Ledger::copies_within(ShardId shard, Span span) const {
  if (by_shard_.size() <= shard.value) return {};
  const std::vector<CopyEntry>& copies = by_shard_[shard.value];
  const auto at = [&](Position p) {
    return std::partition_point(copies.begin(), copies.end(),
                                [p](const CopyEntry& each) { return each.position < p; });
  };
  return {at(span.first), at(span.end)};
}

std::span<const CopyEntry> Ledger::copies_of(RecordId record) const {
  const auto found = by_record_.find(record);
  if (found == by_record_.end()) return {};
  return found->second;
}

std::span<const ReaderId> Ledger::readers_at(ShardId shard) const {
  if (readers_at_.size() <= shard.value) return {};
  return readers_at_[shard.value];
}

const Account* Ledger::find(ConsumerId consumer, ShardId shard) const {
  for (const ReaderId reader : readers_at(shard)) {
    if (account(reader).consumer() == consumer) return &account(reader);
  }
  return nullptr;
}

}  // namespace trimhorizon
