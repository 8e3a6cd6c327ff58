#include "sim/history/losses.hpp"

#include <algorithm>

#include "sim/base/rule.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

// One more than reports show, to know whether there are more.
constexpr std::size_t examples_max = 7;

bool saves_a_record(const RecordHistory& history) {
  return TH_RULE(an_effect_saves_a_record, history.effects > 0, false) ||
         history.fate == Fate::discarded || history.fate == Fate::pending ||
         history.fate == Fate::filtered;
}

bool can_be_lost(const RecordHistory& history) {
  return !saves_a_record(history) && history.cause != LossCause::none;
}

// True when the record is not lost here: another copy has an effect, is in a destination, is
// pending or was filtered. Also true when an earlier copy is lost: a business record counts as lost
// once, at its first copy.
bool counted_or_saved_elsewhere(const Ledger& ledger, const Account& account,
                                const CopyEntry& copy) {
  for (const CopyEntry& other : ledger.copies_of(copy.record)) {
    if (other == copy) continue;
    const Account* holder = ledger.find(account.consumer(), other.shard);
    if (holder == nullptr) return true;  // pending: nobody reads that shard yet
    const RecordHistory history = holder->at(other.position);
    if (TH_RULE(a_copy_saves_its_record, saves_a_record(history), false)) return true;
    if (can_be_lost(history) && other < copy) return true;
  }
  return false;
}

void add_losses(const Ledger& ledger, const World& world, const Account& account,
                const HistoryRun& run, Losses& losses) {
  const LossCause cause = run.history.cause;
  std::vector<Position> elsewhere;
  for (const CopyEntry& copy : ledger.copies_within(account.shard(), run.span)) {
    if (counted_or_saved_elsewhere(ledger, account, copy)) elsewhere.push_back(copy.position);
  }
  losses.by_cause[cause] += run.span.count() - elsewhere.size();
  for (Position p = run.span.first;
       p < run.span.end && losses.examples[cause].size() < examples_max; ++p) {
    if (std::binary_search(elsewhere.begin(), elsewhere.end(), p)) continue;
    if (p < world.shard(account.shard()).log.first()) break;
    losses.examples[cause].push_back(record_name(world, account.shard(), p));
  }
}

}  // namespace

Losses find_losses(const Ledger& ledger, const World& world, ConsumerId consumer) {
  Losses losses;
  for (std::uint32_t i = 0; i < ledger.size(); ++i) {
    const Account& account = ledger.account({i});
    if (account.consumer() != consumer) continue;
    for (const HistoryRun& run : account.runs()) {
      if (can_be_lost(run.history)) add_losses(ledger, world, account, run, losses);
    }
  }
  return losses;
}

Examples<DeliveryReason> find_duplicates(const Ledger& ledger, const World& world,
                                         ConsumerId consumer) {
  Examples<DeliveryReason> examples;
  for (std::uint32_t i = 0; i < ledger.size(); ++i) {
    const Account& account = ledger.account({i});
    if (account.consumer() != consumer) continue;
    for (const HistoryRun& run : account.runs()) {
      if (run.history.surplus == DeliveryReason::first) continue;
      std::vector<std::string>& list = examples[run.history.surplus];
      for (Position p = run.span.first; p < run.span.end && list.size() < examples_max; ++p) {
        if (p < world.shard(account.shard()).log.first()) break;
        list.push_back(record_name(world, account.shard(), p));
      }
    }
  }
  return examples;
}

}  // namespace trimhorizon
