#include "sim/ledger/ledger.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

template <class T>
void insert_sorted(std::vector<T>& sorted, const T& value) {
  const auto it = std::lower_bound(sorted.begin(), sorted.end(), value);
  if (it == sorted.end() || *it != value) sorted.insert(it, value);
}

}  // namespace

void Ledger::open_account(ReaderId reader, MappingId mapping, ShardId shard) {
  if (!on) return;
  TH_CHECK(reader.value == accounts_.size());
  accounts_.emplace_back(mapping, shard);
  totals_.emplace_back();
}

void Ledger::note_copy(RecordId record, ShardId shard, Position position) {
  if (!on) return;
  insert_sorted(by_record_, CopyEntry{record, shard, position});
  insert_sorted(by_position_, CopyAt{shard, position, record});
}

void Ledger::deliver(ReaderId reader, Span span) {
  if (!on) return;
  Totals& totals = totals_[reader.value];
  totals.invocations += 1;
  totals.deliveries += span.count();
  accounts_[reader.value].update(span, [](Span, RecordHistory& h) { h.deliveries += 1; });
}

void Ledger::effects(ReaderId reader, Span span, const std::vector<std::uint32_t>& without,
                     const Handover& handover) {
  if (!on) return;
  const auto enter = [&](Position first, Position end) {
    const Position fresh = std::clamp(handover.fresh_from, first, std::max(first, end));
    effects_on(reader, {first, fresh}, handover.reason, handover.reason);
    const DeliveryReason copied =
        TH_RULE(a_copy_is_the_producers_doing, DeliveryReason::producer_retry, handover.reason);
    effects_on(reader, {fresh, end}, handover.repeated_by, copied);
  };
  Position at = span.first;
  for (const std::uint32_t offset : without) {
    const Position hole = span.first + offset;
    if (hole >= span.end) break;
    enter(at, hole);
    at = hole + 1;
  }
  enter(at, span.end);
}

void Ledger::effects_on(ReaderId reader, Span span, DeliveryReason again, DeliveryReason copied) {
  if (span.empty()) return;
  Totals& totals = totals_[reader.value];
  Account& account = accounts_[reader.value];
  totals.effects += span.count();
  if (!by_position_.empty()) {
    // A first effect of this copy is still a surplus one if another copy had its effect.
    for (const CopyEntry& copy : copies_within(account.shard(), span)) {
      const RecordHistory history = account.at(copy.position);
      if (history.effects > 0 || !other_copy_has_effect(account, copy, span)) continue;
      totals.duplicates[static_cast<std::size_t>(copied)] += 1;
      account.update({copy.position, copy.position + 1},
                     [&](Span, RecordHistory& h) { h.surplus = copied; });
    }
  }
  account.update(span, [&](Span part, RecordHistory& h) {
    if (TH_RULE(only_an_effect_is_a_duplicate, h.effects > 0, h.deliveries > 1)) {
      totals.duplicates[static_cast<std::size_t>(again)] += part.count();
      h.surplus = again;
    }
    h.effects += 1;
    h.cause = LossCause::none;
  });
}

// Had another copy its effect before, or just before this one, in the span that is done `now`?
bool Ledger::other_copy_has_effect(const Account& account, const CopyEntry& copy, Span now) const {
  for (const CopyEntry& other : copies_of(copy.record)) {
    if (other == copy) continue;
    const bool earlier_in_span =
        other.shard == copy.shard && now.contains(other.position) && other.position < copy.position;
    if (TH_RULE(copies_in_one_batch_count, earlier_in_span, false)) return true;
    const Account* holder =
        other.shard == account.shard() ? &account : find(account.mapping(), other.shard);
    if (holder != nullptr && holder->at(other.position).effects > 0) return true;
  }
  return false;
}

void Ledger::settle(ReaderId reader, Position end, Fate fate, LossCause cause) {
  if (!on) return;
  accounts_[reader.value].settle(end, fate, cause);
}

bool Ledger::all_delivered(ReaderId reader, Span span) const {
  bool all = true;
  accounts_[reader.value].for_each(
      span, [&](Span, const RecordHistory& h) { all = all && h.deliveries > 0; });
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

const Account* Ledger::find(MappingId mapping, ShardId shard) const {
  for (const Account& account : accounts_) {
    if (account.mapping() == mapping && account.shard() == shard) return &account;
  }
  return nullptr;
}

}  // namespace trimhorizon
