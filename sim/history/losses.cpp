#include "sim/history/losses.hpp"

#include <algorithm>
#include <map>
#include <optional>

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

// What the copies of a record say about its loss.
struct CopiesOfRecord {
  // Another copy has an effect, is in a destination, is pending or was filtered.
  bool saved = false;
  // A business record counts as lost once, at its first copy that is lost.
  std::optional<CopyEntry> first_lost;
};

class LossFinder {
 public:
  LossFinder(const Ledger& ledger, const World& world, ConsumerId consumer)
      : ledger_(ledger), world_(world), consumer_(consumer) {}

  void add(const Account& account, const HistoryRun& run);
  Losses losses;

 private:
  const CopiesOfRecord& copies_of(RecordId record);

  const Ledger& ledger_;
  const World& world_;
  ConsumerId consumer_;
  std::map<RecordId, CopiesOfRecord> copies_;  // each record's copies are looked at once
};

const CopiesOfRecord& LossFinder::copies_of(RecordId record) {
  const auto [found, added] = copies_.try_emplace(record);
  CopiesOfRecord& copies = found->second;
  if (!added) return copies;
  for (const CopyEntry& copy : ledger_.copies_of(record)) {
    const Account* holder = ledger_.find(consumer_, copy.shard);
    if (holder == nullptr) {  // pending: nobody reads that shard yet
      copies.saved = true;
      break;
    }
    const RecordHistory history = holder->at(copy.position);
    if (TH_RULE(a_copy_saves_its_record, saves_a_record(history), false)) copies.saved = true;
    if (!copies.first_lost && can_be_lost(history)) copies.first_lost = copy;
  }
  return copies;
}

void LossFinder::add(const Account& account, const HistoryRun& run) {
  const LossCause cause = run.history.cause;
  std::vector<Position> elsewhere;
  for (const CopyEntry& copy : ledger_.copies_within(account.shard(), run.span)) {
    const CopiesOfRecord& all = copies_of(copy.record);
    if (all.saved || all.first_lost < copy) elsewhere.push_back(copy.position);
  }
  losses.by_cause[cause] += run.span.count() - elsewhere.size();
  for (Position p = run.span.first;
       p < run.span.end && losses.examples[cause].size() < examples_max; ++p) {
    if (std::binary_search(elsewhere.begin(), elsewhere.end(), p)) continue;
    if (p < world_.shard(account.shard()).log.first()) break;
    losses.examples[cause].push_back(record_name(world_, account.shard(), p));
  }
}

}  // namespace

Losses find_losses(const Ledger& ledger, const World& world, ConsumerId consumer) {
  LossFinder finder(ledger, world, consumer);
  for (std::uint32_t i = 0; i < ledger.size(); ++i) {
    const Account& account = ledger.account({i});
    if (account.consumer() != consumer) continue;
    for (const HistoryRun& run : account.runs()) {
      if (can_be_lost(run.history)) finder.add(account, run);
    }
  }
  return std::move(finder.losses);
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
