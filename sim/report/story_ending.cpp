// Why a record ended as it did, and what to learn from it.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/report/layout.hpp"
#include "sim/report/narrator.hpp"
#include "sim/report/story.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

std::string deliveries_words(const LifeInMapping& mapping) {
  if (mapping.deliveries == 0) return "It was never handed to the function";
  std::string text = "It was handed to the function " + times(mapping.deliveries);
  if (mapping.effects == 0) return text + ", and its work was never done";
  return text + ", and its work was done " + times(mapping.effects);
}

const LifeEntry* last_of(const LifeInMapping& mapping, LifeKind kind) {
  const LifeEntry* found = nullptr;
  for (const LifeEntry& entry : mapping.entries) {
    if (entry.kind == kind) found = &entry;
  }
  return found;
}

bool failed_itself(const LifeInMapping& mapping) {
  return std::any_of(mapping.entries.begin(), mapping.entries.end(),
                     [](const LifeEntry& entry) { return entry.failed_here; });
}

std::string retry_words(const LifeInMapping& mapping) {
  if (mapping.maximum_retry_attempts < 0) {
    return "MaximumRetryAttempts is -1: its batch was tried until retention took it.";
  }
  const auto retries = static_cast<std::uint64_t>(mapping.maximum_retry_attempts);
  return "MaximumRetryAttempts " + count_text(retries) + " allows " +
         counted(retries + 1, "invocation") + " of one batch.";
}

// The entry that says how it was given up; null if it was not.
const LifeEntry* giving_up(const LifeInMapping& mapping) {
  for (const LifeKind kind :
       {LifeKind::discarded, LifeKind::destination_failed, LifeKind::dropped}) {
    if (const LifeEntry* entry = last_of(mapping, kind)) return entry;
  }
  return nullptr;
}

// It was tried alone, and no event could hold it.
bool fits_nowhere(const LifeInMapping& mapping) {
  return last_of(mapping, LifeKind::too_large) != nullptr;
}

bool was_oversized(const LifeInMapping& mapping) {
  const LifeEntry* entry = giving_up(mapping);
  return entry != nullptr && entry->why == LossCause::oversized;
}

// KDS-SHD-15: do the timestamps of its copies say something else than their arrivals?
bool is_skewed(const RecordLife& life) {
  return std::any_of(life.copies.begin(), life.copies.end(),
                     [](const LifeCopy& each) { return each.timestamp != each.arrival; });
}

std::string given_up_words(const RecordLife& life, const LifeInMapping& mapping) {
  const LifeEntry* entry = giving_up(mapping);
  if (was_oversized(mapping)) {
    return "An event with this record alone exceeds the 6 MB of an invocation. It cannot be "
           "delivered, so it was given up.";
  }
  const bool too_old =
      (entry != nullptr && entry->why == LossCause::age) || mapping.lost_cause == LossCause::age;
  if (too_old && fits_nowhere(mapping)) {
    return "An event with this record alone exceeds the 6 MB of an invocation. It was tried until "
           "it "
           "was older than MaximumRecordAgeInSeconds " +
           std::to_string(mapping.maximum_record_age_s) + ", and was given up.";
  }
  if (too_old) {
    return std::string(mapping.deliveries == 0 ? "When its turn came" : "Then") +
           (is_skewed(life) ? " it was, by its timestamp, older" : " it was older") +
           " than MaximumRecordAgeInSeconds " + std::to_string(mapping.maximum_record_age_s) +
           " and was given up.";
  }
  return retry_words(mapping) + " Then the batch was given up.";
}

// An attempt that repeats work already done, and how the attempt before it ended.
struct Surplus {
  const LifeEntry* attempt = nullptr;
  bool after_malformed = false;
};

std::vector<Surplus> surplus_of(const LifeInMapping& mapping) {
  std::vector<Surplus> surplus;
  bool first_effect = true;
  const LifeEntry* before = nullptr;
  for (const LifeEntry& entry : mapping.entries) {
    if (entry.kind != LifeKind::attempt) continue;
    if (entry.effect && !first_effect) {
      surplus.push_back({&entry, before && before->end == CallOutcome::malformed &&
                                     entry.reason == DeliveryReason::retry_after_partial_response});
    }
    first_effect = first_effect && !entry.effect;
    before = &entry;
  }
  return surplus;
}

std::string surplus_words(const LifeInMapping& mapping) {
  if (mapping.duplicates == 0) return "";
  std::vector<std::string> causes;  // in the order in which they happened
  for (const Surplus& each : surplus_of(mapping)) {
    const std::string cause(each.after_malformed
                                ? "the batch was tried again after a response that names none of it"
                                : words(each.attempt->reason));
    if (std::find(causes.begin(), causes.end(), cause) == causes.end()) causes.push_back(cause);
  }
  if (causes.empty()) return "";
  return " The work was repeated because " + listed(causes) + ".";
}

// While exploring, retention may take a record at any age, so the age is named only if it is right.
std::string expired_words(const RecordLife& life, const LifeInMapping& mapping) {
  const LifeEntry* entry = last_of(mapping, LifeKind::expired);
  const bool known = entry != nullptr && entry->waited > Duration{0};  // it may change in a run
  const Duration retention = known ? entry->waited : mapping.retention;
  const bool in_time = entry != nullptr && entry->copy < life.copies.size() &&
                       entry->at - life.copies[entry->copy].arrival >= retention;
  if (!in_time) return "It was still unsettled when retention took it.";
  const Duration age = entry->at - life.copies[entry->copy].arrival;
  if (age > retention + minutes(1)) {  // its stream kept records for longer until then
    return fmt::format(
        "It was still unsettled at the age of {}, when its stream came to keep "
        "records for {} only, and retention took it.",
        friendly_duration(age), friendly_duration(retention));
  }
  return "It was still unsettled when it was " + friendly_duration(retention) +
         " old, and retention took it.";
}

// KDS-PRD-21: was a copy dropped with its aggregate?
bool was_left_out(const LifeInMapping& mapping) {
  const LifeEntry* dropped = last_of(mapping, LifeKind::dropped);
  return dropped != nullptr && dropped->why == LossCause::deaggregation;
}

std::string fate_ending(const RecordLife& life, const LifeInMapping& mapping, Fate fate) {
  switch (fate) {
    case Fate::processed:
      return mapping.effects == 0 && mapping.lost_cause != LossCause::none
                 ? "The checkpoint passed it as if it were processed: it is lost."
                 : "The checkpoint passed it: it is processed.";
    case Fate::filtered: return "The filter took it: the function never sees it, as intended.";
    case Fate::discarded:
      return given_up_words(life, mapping) + " A destination has a message about it.";
    case Fate::dropped:
      if (was_left_out(mapping)) {
        return "Its aggregate has a record that does not belong to the shard, so the mapping "
               "dropped "
               "all of it without a call. Nobody is told.";
      }
      return given_up_words(life, mapping) +
             (mapping.has_destination ? " The destination did not take the message"
                                      : " There is no OnFailure destination") +
             (mapping.effects > 0 ? ", but its work was done." : ": nothing has it.");
    case Fate::expired:
      return expired_words(life, mapping) + " No message and no AWS counter reports it.";
    case Fate::unread:
      return mapping.deliveries > 0
                 ? "Then the mapping started again behind it: it is not read again."
                 : "It was stored before the position from which the mapping reads: it was never "
                   "read.";
    case Fate::pending: return "When the run ended it was not settled yet.";
  }
  return "";
}

// What the way in which it was lost teaches: facts, no advice.
std::string_view loss_lesson(LossCause cause) {
  switch (cause) {
    case LossCause::none: return "";
    case LossCause::retries:
      return "Without an OnFailure destination, records that are given up are gone.";
    case LossCause::age:
      return "An age limit without an OnFailure destination throws away what waited too long.";
    case LossCause::retention: return "";  // retention_lesson() has numbers
    case LossCause::latest_gap:
      return "LATEST begins when the poller really starts, not when the mapping is created.";
    case LossCause::swallowed:
      return "A handler that catches every error and returns loses records silently.";
    case LossCause::report_ignored:
      return "batchItemFailures are read only with FunctionResponseTypes "
             "[ReportBatchItemFailures].";
    case LossCause::skipped_by_handler:
      return "A response settles every record before the lowest identifier that it names, done or "
             "not.";
    case LossCause::oversized:
      return "BatchSize does not help against one record that is too large.";
    case LossCause::destination_failed:
      return "A destination can fail too; the metric DestinationDeliveryFailures counts it.";
    case LossCause::deaggregation:
      return "After a reshard an aggregate may hold records of several shards. Who drops those "
             "that "
             "do not belong to the shard drops the whole aggregate, although KPL may have counted "
             "it "
             "as stored.";
    case LossCause::producer_ignored_failure:
      return "PutRecords can fail in part and still answer 200; FailedRecordCount says how many "
             "failed.";
  }
  return "";
}

// The record did not fail itself: another record of the batch did, or the function.
std::string innocent_words(const LifeInMapping& mapping) {
  const LifeEntry* attempt = last_of(mapping, LifeKind::attempt);
  if (attempt == nullptr) return "";
  if (attempt->outage) {
    return "It did nothing wrong, and neither did another record: the function failed with every "
           "input while the outage lasted.";
  }
  if (attempt->end == CallOutcome::timeout) {
    return "It did nothing wrong: the invocation ran into its Timeout.";
  }
  if (attempt->batch_size == 1 && attempt->failed_record.empty()) {
    return "It did nothing wrong, and it was alone in its batch: the function itself failed.";
  }
  if (!attempt->failed_record.empty()) {
    return "It did nothing wrong: it was in a batch with " + clean(attempt->failed_record) +
           ", which failed.";
  }
  return "It did nothing wrong: the function failed with the whole batch.";
}

std::string_view duplicate_lesson(DeliveryReason reason, bool of_kpl) {
  if (of_kpl && reason == DeliveryReason::producer_retry) {
    return "KPL sends records again when it does not know whether they are stored where they "
           "belong. "
           "Each copy has another sequence number: only your own id shows that they are the same.";
  }
  switch (reason) {
    case DeliveryReason::retry_after_error:
    case DeliveryReason::retry_after_crash:
      return "After a failed invocation the whole batch comes again, with the records that were "
             "done.";
    case DeliveryReason::retry_after_timeout:
      return "A timeout after the work is a duplicate: Lambda cannot know that it was done.";
    case DeliveryReason::retry_after_partial_response:
      return "A partial response brings everything from the lowest reported record again, also "
             "what was done after it.";
    case DeliveryReason::bisect:
      return "A split tries both parts again, with the records that were done.";
    case DeliveryReason::producer_retry:
      return "A producer that retries after a lost acknowledgement stores a second record with "
             "another sequence number: only your own id shows that they are the same.";
    case DeliveryReason::first: return "";
    default:
      return "The checkpoint is written after the work: when something fails between the two, the "
             "work is done again. Delivery is at least once.";
  }
}

// What the record waited for longest before it was lost.
std::string waited_too_long(const LifeInMapping& mapping) {
  const LifeEntry* longest = nullptr;
  for (const LifeEntry& each : mapping.entries) {
    if (each.kind != LifeKind::waited) continue;
    if (longest == nullptr || each.waited > longest->waited) longest = &each;
  }
  if (longest == nullptr) return "";
  if (longest->wait == WaitFor::blocked && longest->behind.empty()) {
    return "An event with this record alone exceeds the 6 MB of an invocation, and under "
           "oversized_record: block it stands at the head of its shard until retention takes it.";
  }
  return "Its turn came too late: it " + say(*longest) + ".";
}

std::string in_vain_words(const TriedInVain& tried) {
  if (tried.runs == 0) return "No change of a setting is known that might help it.";
  if (tried.some_do_harm) {
    return counted(tried.runs, "change") + (tried.runs == 1 ? " was" : " were") +
           " tried, each in a run of its own: what helps this record loses others, or "
           "has work done again and again.";
  }
  if (tried.runs == 1) {
    return "One change of a setting was tried in a second run: it does not help.";
  }
  return count_text(tried.runs) +
         " changes of settings were tried, each in a run of its own: none helps.";
}

std::string advice_words(const LifeInMapping& mapping) {
  if (mapping.tried_in_vain) return in_vain_words(*mapping.tried_in_vain);
  if (!mapping.advice) return "";
  const Advice& advice = *mapping.advice;
  const auto ended = [&](Fate fate) {
    return std::find(advice.fates.begin(), advice.fates.end(), fate) != advice.fates.end();
  };
  const bool processed = advice.fates == std::vector<Fate>(advice.fates.size(), Fate::processed);
  std::string how = processed ? "it is processed and its work is done " : "its work is done ";
  how += times(advice.effects);
  if (advice.effects == 0) {
    how = ended(Fate::discarded) ? "a destination has a message about it" : "it still waits";
  }
  std::vector<std::string> changes;
  for (const std::string& each : advice.changes) changes.push_back(clean(each));
  return "With " + listed(changes) + ", " + how + ": a second run shows it.";
}

std::string restart_words(const Restart& restart) {
  switch (restart.why) {
    case DeliveryReason::poller_crash: return "the poller crashed";
    case DeliveryReason::overlapping_pollers: return "a second poller read the shard";
    case DeliveryReason::re_enabled:
      return restart.updated ? "the mapping was updated" : "the mapping was disabled";
    default: return "the reader started again";
  }
}

// "the poller crashed at 1s, at 2s and the mapping was disabled at 3s". The last ones are told:
// they decided when it began.
std::string restarts_words(const std::vector<Restart>& restarts) {
  constexpr std::size_t told_max = 3;
  if (restarts.empty()) return "its iterator expired";
  const std::size_t untold = restarts.size() - std::min(restarts.size(), told_max);
  std::vector<std::string> parts;
  for (std::size_t i = untold; i < restarts.size(); ++i) {
    const std::string words = restart_words(restarts[i]);
    const bool is_said = i > untold && restart_words(restarts[i - 1]) == words;
    parts.push_back((is_said ? "" : words + " ") + "at " +
                    friendly_duration(restarts[i].at - Instant{0}));
  }
  const std::string before = untold == 0 ? "" : "after " + counted(untold, "other start") + ", ";
  return before + listed(parts);
}

// IteratorAge is measured when a batch is sent. So it may say nothing while records expire.
std::string retention_lesson(const LifeInMapping& mapping) {
  if (!mapping.max_iterator_age) {
    return "Not even IteratorAge warned: nothing was sent, so it has no samples.";
  }
  const std::string most = friendly_duration(*mapping.max_iterator_age);
  if (*mapping.max_iterator_age * 2 < mapping.retention) {
    return "Not even IteratorAge warned: it is measured when a batch is sent, and was at "
           "most " +
           most + ".";
  }
  return "IteratorAge is the only warning: it reached " + most + ".";
}

// LATEST passed over the record: when it was resolved first, or when it was resolved again.
std::string gap_words(const LifeInMapping& mapping) {
  const std::string lesson(loss_lesson(LossCause::latest_gap));
  const LifeEntry* unread = last_of(mapping, LifeKind::unread);
  if (unread == nullptr || (!unread->resolved_again && unread->restarts.empty())) return lesson;
  const std::string at = friendly_duration(unread->at - Instant{0});
  const std::string why = restarts_words(unread->restarts);
  if (!unread->resolved_again)
    return lesson + " It started only at " + at + ", because " + why + ".";
  return "LATEST was resolved again at " + at + ", because " + why +
         " before the position was kept. From when a position is kept, AWS does not document: the "
         "switch latest_position says it.";
}

// Was it handed over, and then passed over by a LATEST that was resolved again?
bool was_left_behind(const LifeInMapping& mapping) {
  return mapping.deliveries > 0 && last_of(mapping, LifeKind::unread) != nullptr;
}

std::string facts_of(const LifeInMapping& mapping, bool of_kpl) {
  if (mapping.lost_cause == LossCause::latest_gap || was_left_behind(mapping)) {
    return gap_words(mapping);
  }
  if (mapping.lost_cause == LossCause::retention && mapping.deliveries == 0) {
    const std::string waited = waited_too_long(mapping);
    return waited + (waited.empty() ? "" : " ") + retention_lesson(mapping);
  }
  if (mapping.lost_cause == LossCause::retention) return retention_lesson(mapping);
  const bool innocent = !failed_itself(mapping) && mapping.deliveries > 0;
  if (mapping.lost_cause == LossCause::retries && innocent) {
    return innocent_words(mapping) + " " + std::string(loss_lesson(mapping.lost_cause));
  }
  if (mapping.lost_cause != LossCause::none) return std::string(loss_lesson(mapping.lost_cause));
  const std::vector<Surplus> surplus = surplus_of(mapping);
  if (!surplus.empty() && surplus.front().after_malformed) {
    return "An answer that names no record of the batch fails all of it, whatever was done.";
  }
  if (!surplus.empty()) {
    return std::string(duplicate_lesson(surplus.front().attempt->reason, of_kpl)) +
           " Work that does no harm when it is repeated (idempotent work) is safe from all of "
           "this.";
  }
  const bool given_up =
      std::find(mapping.fates.begin(), mapping.fates.end(), Fate::discarded) != mapping.fates.end();
  if (given_up && was_oversized(mapping)) return std::string(loss_lesson(LossCause::oversized));
  if (given_up && failed_itself(mapping)) {
    return "The message is a pointer (shard and sequence numbers): the record itself is gone when "
           "retention takes it.";
  }
  if (given_up && fits_nowhere(mapping)) return std::string(loss_lesson(LossCause::oversized));
  if (given_up && mapping.deliveries == 0) {
    return "It did nothing wrong: it was too old before its turn came. The limit counts from its "
           "arrival in the stream, as its timestamp says, also while the shard is blocked or not "
           "read.";
  }
  return given_up ? innocent_words(mapping) : "";
}

// "It waited 9m 12s in all before it was first handed over.", when that is long and has several
// reasons. From the put on, whatever stood in the way.
std::string waited_in_all(const RecordLife& life, const LifeInMapping& mapping) {
  std::size_t waits = 0;
  for (const LifeEntry& each : mapping.entries) {
    if (each.kind == LifeKind::waited) ++waits;
    if (each.kind != LifeKind::attempt) continue;
    const Duration waited = each.at - life.copies[0].arrival;
    if (waits < 2 || waited < seconds(10) || life.copies.size() != 1) return "";
    return " It waited " + friendly_duration(waited) + " in all before it was first handed over.";
  }
  return "";
}

}  // namespace

std::string ending_of(const RecordLife& life, const LifeInMapping& mapping) {
  if (life.copies.empty()) return "Without a stored copy nothing can be delivered.";
  std::string text = deliveries_words(mapping) + "." + surplus_words(mapping);
  std::vector<Fate> described;
  for (const Fate fate : mapping.fates) {
    if (std::find(described.begin(), described.end(), fate) != described.end()) continue;
    described.push_back(fate);
    text += " " + fate_ending(life, mapping, fate);
  }
  return text + waited_in_all(life, mapping);
}

std::string lesson_of(const LifeInMapping& mapping, bool of_kpl) {
  std::string text = facts_of(mapping, of_kpl);
  const std::string advice = advice_words(mapping);
  if (!text.empty() && !advice.empty()) text += " ";
  return text + advice;
}

}  // namespace trimhorizon
