#include "sim/history/ledger.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {
namespace {

template <class T>
void insert_sorted(std::vector<T>& sorted, const T& value) {
  const auto it = std::lower_bound(sorted.begin(), sorted.end(), value);
  if (it == sorted.end() || *it != value) sorted.insert(it, value);
}

}  // namespace

// Notes only records that may have copies: those of a call that is made again, and each copy.
void Ledger::on(const Put& put, const World& world) {
  const bool may_have_copies = put.again || put.will_repeat;
  if (!may_have_copies && !put.has_copies) return;
  for (const StoredRecordAt& each : put.stored) {
    const RecordId record = RecordId::of(put.producer, put.number_of(each));
    if (each.copy == StoredRecordAt::Copy::of_last) {
      note_copy(record, each.shard, each.position - 1);
    } else if (!may_have_copies) {
      continue;
    }
    // Its first copy was not noted: nobody knew of the repeat then.
    if (put.again && copies_of(record).empty()) {
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

void Ledger::on(const Delivered& delivered, const World&) {
  const std::uint32_t reader = delivered.reader.value;
  const Span span = delivered.batch.span;
  const Position fresh_from = std::max(span.first, delivered_to_[reader]);
  open_.push_back({delivered.call, delivered.reader, delivered.reason, fresh_from});
  if (delivered.reason == DeliveryReason::overlapping_pollers) {
    if (OpenCall* first = open_call(current_[reader])) first->replaced_by = delivered.reason;
  } else {
    current_[reader] = delivered.call;
  }
  delivered_to_[reader] = std::max(delivered_to_[reader], span.end);
  totals_[reader].invocations += 1;
  totals_[reader].deliveries += span.count();
  accounts_[reader].update(span, [](Span, RecordHistory& h) { h.deliveries += 1; });
}

void Ledger::on(const Ended& ended, const World&) {
  const OpenCall* found = open_call(ended.call);
  TH_CHECK(found != nullptr);
  const OpenCall call = *found;
  std::erase_if(open_, [&](const OpenCall& each) { return each.number == ended.call; });
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
  if (OpenCall* call = open_call(current)) call->replaced_by = restarted.reason;
  current = {};
}

void Ledger::note_copy(RecordId record, ShardId shard, Position position) {
  insert_sorted(by_record_, CopyEntry{record, shard, position});
  insert_sorted(by_position_, CopyAt{shard, position, record});
}

void Ledger::effects_on(ReaderId reader, Span span, DeliveryReason again, DeliveryReason copied) {
  if (span.empty()) return;
  Totals& totals = totals_[reader.value];
  Account& account = accounts_[reader.value];
  totals.effects += span.count();
  if (!by_position_.empty()) {
    // A first effect of this copy is still a surplus effect when another copy had its effect.
    for (const CopyEntry& copy : copies_within(account.shard(), span)) {
      const RecordHistory history = account.at(copy.position);
      if (history.effects > 0 || !other_copy_has_effect(account, copy, span)) continue;
      totals.duplicates[copied] += 1;
      account.update({copy.position, copy.position + 1},
                     [&](Span, RecordHistory& h) { h.surplus = copied; });
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

// Did another copy have its effect before this one? Also true when it has it in the same span
// `now`, just before this one.
bool Ledger::other_copy_has_effect(const Account& account, const CopyEntry& copy, Span now) const {
  for (const CopyEntry& other : copies_of(copy.record)) {
    if (other == copy) continue;
    const bool earlier_in_span =
        other.shard == copy.shard && now.contains(other.position) && other.position < copy.position;
    if (TH_RULE(copies_in_one_batch_count, earlier_in_span, false)) return true;
    const Account* holder =
        other.shard == account.shard() ? &account : find(account.consumer(), other.shard);
    if (holder != nullptr && holder->at(other.position).effects > 0) return true;
  }
  return false;
}

OpenCall* Ledger::open_call(InvocationNumber number) {
  const auto it = std::find_if(open_.begin(), open_.end(),
                               [&](const OpenCall& each) { return each.number == number; });
  return it == open_.end() ? nullptr : &*it;
}

bool Ledger::repeats_only_delivered(InvocationNumber call, const Batch& batch) const {
  const auto it = std::find_if(open_.begin(), open_.end(),
                               [&](const OpenCall& each) { return each.number == call; });
  TH_CHECK(it != open_.end());
  if (it->fresh_from <= batch.span.first) return true;  // all of them are fresh
  bool all = true;
  accounts_[it->reader.value].for_each(
      {batch.span.first, std::min(batch.span.end, it->fresh_from)},
      [&](Span, const RecordHistory& h) { all = all && h.deliveries > 1; });
  return all;
}

std::vector<CopyEntry> Ledger::copies_within(ShardId shard, Span span) const {
  std::vector<CopyEntry> found;
  auto it = std::lower_bound(by_position_.begin(), by_position_.end(),
                             CopyAt{shard, span.first, RecordId{0}});
  for (; it != by_position_.end() && it->shard == shard && it->position < span.end; ++it) {
    found.push_back({it->record, shard, it->position});
  }
  return found;
}

std::vector<CopyEntry> Ledger::copies_of(RecordId record) const {
  const auto from =
      std::lower_bound(by_record_.begin(), by_record_.end(), CopyEntry{record, ShardId{0}, 0});
  std::vector<CopyEntry> found;
  for (auto it = from; it != by_record_.end() && it->record == record; ++it) {
    found.push_back(*it);
  }
  return found;
}

const Account* Ledger::find(ConsumerId consumer, ShardId shard) const {
  for (const Account& account : accounts_) {
    if (account.consumer() == consumer && account.shard() == shard) return &account;
  }
  return nullptr;
}

}  // namespace trimhorizon
