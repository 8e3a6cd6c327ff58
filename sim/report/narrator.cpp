#include "sim/report/narrator.hpp"

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/lambda/call_outcome.hpp"
#include "sim/report/layout.hpp"
#include "sim/report/record_words.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

Sentence about_batch(const World& world, const Batch& batch, std::string text) {
  return {std::move(text), records_in(world, batch.shard, batch.span)};
}

std::string record_words(const World& world, const Batch& batch) {
  return record_words(world, batch.shard, batch.span);
}

Sentence say_one(const World& world, const Put& put) {
  Sentence said;
  for (std::uint64_t n = put.numbers.first; n < put.numbers.end; ++n) {
    said.about.push_back(RecordId::of(put.producer, n));
  }
  std::vector<std::string> names;
  for (const RecordId record : said.about) {
    if (names.size() < records_named_max) names.push_back(world.plan->record_id(record));
  }
  if (said.about.size() > records_named_max) names.push_back("…");
  said.text = listed(names) + (said.about.size() == 1 ? " is put" : " are put");
  if (put.again) said.text += " again";
  return said;
}

Sentence say_one(const World& world, const Delivered& delivered) {
  const std::string again =
      delivered.attempt > 1 ? fmt::format(", attempt {}", delivered.attempt) : "";
  return about_batch(world, delivered.batch,
                     fmt::format("invocation {} on {} gets {}{}", delivered.call.value,
                                 place_words(world, delivered.reader),
                                 record_words(world, delivered.batch), again));
}

std::string end_words(CallOutcome outcome) {
  switch (outcome) {
    case CallOutcome::success: return "succeeds";
    case CallOutcome::partial: return "returns a partial response";
    case CallOutcome::malformed: return "returns a report that names nothing of the batch";
    case CallOutcome::timeout: return "times out";
    case CallOutcome::crash: return "crashes";
    case CallOutcome::error:
    case CallOutcome::running: break;
  }
  return "ends in error";
}

Sentence say_one(const World& world, const Ended& ended) {
  const std::uint64_t n = ended.batch.count;
  std::uint64_t worked = 0;
  for (const Span& run : ended.worked) worked += run.count();
  const std::string effects = worked == n ? (n == 1 ? "its work is done" : "all work is done")
                              : worked == 0
                                  ? "no work is done"
                                  : fmt::format("the work for {} of {} is done", worked, n);
  const std::string moves = ended.stale ? "; its poller is gone, so nothing moves" : "";
  return about_batch(world, ended.batch,
                     fmt::format("invocation {} {}, {}{}", ended.call.value,
                                 end_words(outcome_of(ended.ruling, ended.end)), effects, moves));
}

Sentence say_one(const World& world, const Throttled& throttled) {
  return about_batch(world, throttled.batch,
                     fmt::format("the invocation with {} is throttled and waits",
                                 record_words(world, throttled.batch)));
}

Sentence say_one(const World& world, const SplitInTwo& split) {
  const Batch whole =
      Batch::whole(split.first.shard, {split.first.span.first, split.second.span.end});
  return about_batch(
      world, whole,
      fmt::format("the batch is split: {} of {} records first", split.first.count, whole.count));
}

Sentence say_one(const World& world, const GaveUp& gave_up) {
  const Batch& batch = gave_up.what.batch;
  const bool age = gave_up.what.why == LossCause::age;
  const bool one = batch.count == 1;
  std::string text = fmt::format("{} {} given up {}", record_words(world, batch),
                                 one ? "is" : "are", age ? "as too old" : "after the last attempt");
  if (!gave_up.to.valid()) text += one ? ": nothing has it" : ": nothing has them";
  return about_batch(world, batch, std::move(text));
}

Sentence say_one(const World& world, const MessageSent& sent) {
  return about_batch(
      world, sent.what.batch,
      fmt::format("destination {} {} the message about {}",
                  world.plan->destinations[sent.to.value].name,
                  sent.taken ? "gets" : "does not take", record_words(world, sent.what.batch)));
}

Sentence say_one(const World& world, const Settled& settled) {
  const std::string names = record_words(world, settled.shard, settled.records);
  const std::string text = settled.fate == Fate::expired ? "retention has taken " + names
                           : settled.fate == Fate::unread
                               ? names + (settled.records.count() == 1 ? " is" : " are") +
                                     " before the starting position: never read"
                               : "the checkpoint passes " + names;
  return about_batch(world, Batch::whole(settled.shard, settled.records), text);
}

Sentence say_one(const World& world, const MappingSwitched& switched) {
  return {fmt::format("mapping {} {}", world.plan->mapping(switched.mapping).name,
                      switched.enabled ? "is enabled" : "is disabled"),
          {}};
}

Sentence say_one(const World& world, const TimelineActed& acted) {
  const TimelineAction& action = world.plan->timeline[acted.index];
  switch (action.kind) {
    case ActionKind::throttle: return {"timeline: the function is throttled", {}};
    case ActionKind::outage: return {"timeline: the function is out", {}};
    case ActionKind::crash_poller: return {"timeline: a poller crashes", {}};
    case ActionKind::lose_acknowledgements: return {"timeline: acknowledgements are lost", {}};
    case ActionKind::fail_destination: return {"timeline: the destination fails", {}};
    default:
      return {
          action.enabled ? "timeline: the mapping is enabled" : "timeline: the mapping is disabled",
          {}};
  }
}

// Not worth a line: they follow from what stands before them.
template <class Event>
requires is_quiet<Event> Sentence say_one(const World&, const Event&) { return {}; }
Sentence say_one(const World&, const PutAnswered&) { return {}; }
Sentence say_one(const World&, const Positioned&) { return {}; }
Sentence say_one(const World&, const Read&) { return {}; }
Sentence say_one(const World&, const FaultStruck&) { return {}; }  // told as the decision it was

std::string outcome_noun(CallOutcome end) {
  switch (end) {
    case CallOutcome::running: return "still running when the run ended";
    case CallOutcome::success: return "success";
    case CallOutcome::partial: return "partial response";
    case CallOutcome::malformed:
      return "a response that names nothing of the batch: all of it failed";
    case CallOutcome::error: return "error";
    case CallOutcome::timeout: return "timeout";
    case CallOutcome::crash: return "the function crashed";
  }
  return "";
}

// Why it comes again, where the line before does not say so already.
std::string reason_words(DeliveryReason reason) {
  if (reason == DeliveryReason::overlapping_pollers) return "by a second poller at the same time, ";
  if (reason == DeliveryReason::recreated) return "by the mapping created anew, ";
  return "";
}

std::string effect_words(const LifeEntry& entry) {
  const bool settles = entry.end == CallOutcome::success || entry.end == CallOutcome::partial;
  if (entry.end == CallOutcome::running) return "";
  if (entry.effect) return settles ? ", its work is done" : ", but its work is done";
  if (entry.failed_here) {
    return entry.end == CallOutcome::success ? ", though it failed itself" : ", it fails itself";
  }
  return entry.end == CallOutcome::success ? ", but its work is not done"
                                           : ", its work is not done";
}

std::string attempt_words(const LifeEntry& entry) {
  std::string text = "invocation " + count_text(entry.invocation) + ", ";
  text += reason_words(entry.reason);
  text += entry.batch_size == 1 ? "alone"
                                : "number " + count_text(entry.place + 1) + " of a batch of " +
                                      count_text(entry.batch_size);
  if (entry.attempt > 1) text += ", attempt " + count_text(entry.attempt);
  return text + ": " + outcome_noun(entry.end) + effect_words(entry);
}

std::string stale_words(DeliveryReason reason) {
  const std::string_view whose =
      reason == DeliveryReason::overlapping_pollers ? "of the second poller"
      : reason == DeliveryReason::re_enabled        ? "from before the mapping was switched off"
                                                    : "of the crashed poller";
  return "the invocation " + std::string(whose) + " ends: its work counts, the checkpoint stays";
}

}  // namespace

Sentence say_throttle(const World& world, const Throttled& throttled) {
  const FunctionId function = world.mapping_of(world.reader(throttled.reader)).function;
  return about_batch(
      world, throttled.batch,
      fmt::format("an invocation of {} on {} with {} is throttled",
                  world.plan->function(function).name, place_words(world, throttled.reader),
                  record_words(world, throttled.batch)));
}

Sentence say(const World& world, const Happening& event) {
  return std::visit([&](const auto& e) { return say_one(world, e); }, event);
}

std::string say(const LifeEntry& entry) {
  switch (entry.kind) {
    case LifeKind::attempt: return attempt_words(entry);
    case LifeKind::throttled:
      return "throttled " + times(entry.repeats) +
             "; that is no attempt, and nothing is lost by it";
    case LifeKind::split:
      return "its batch of " + count_text(entry.batch_size) +
             " is split; it is now in a batch of " + count_text(entry.new_batch_size);
    case LifeKind::progress:
      return "what stood before it is settled; the rest is a new batch of " +
             count_text(entry.new_batch_size);
    case LifeKind::checkpoint: return "the checkpoint passes it";
    case LifeKind::checkpoint_lost: return "the checkpoint of this success is lost";
    case LifeKind::filtered: return "the filter takes it";
    case LifeKind::unread: return "it lies before the position where reading starts";
    case LifeKind::discarded:
      return "given up (" + entry.condition + "); a message about it goes to " +
             clean(entry.destination);
    case LifeKind::dropped: return "given up; nothing has it";
    case LifeKind::destination_failed:
      return "given up (" + entry.condition + "); " + clean(entry.destination) +
             " does not take the message";
    case LifeKind::expired: return "retention takes it, unsettled";
    case LifeKind::poller_crashed: return "the poller crashes; a new one starts at the checkpoint";
    case LifeKind::stale: return stale_words(entry.reason);
    case LifeKind::disabled: return "the mapping is switched off";
    case LifeKind::enabled: return "the mapping is switched on";
  }
  return "";
}

}  // namespace trimhorizon
