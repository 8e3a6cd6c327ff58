// The sentences for everything that can happen, in one file, so that the explorer and `explain` use
// the same words for the same thing.
#include "sim/report/narrator.hpp"

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/lambda/call_outcome.hpp"
#include "sim/lambda/destination.hpp"
#include "sim/report/layout.hpp"
#include "sim/report/record_words.hpp"
#include "sim/report/timeline.hpp"
#include "sim/report/words.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

// ---- one wording for each thing that can happen; `who` is "it", "r0" or "r0 and r1"

// Which records the sentence is about, in words, and whether it is only one.
struct Who {
  std::string words;
  bool one = true;
};
const Who it{"it", true};

std::string_view outcome_words(CallOutcome outcome) {
  switch (outcome) {
    case CallOutcome::running: return "still runs when the run ends";
    case CallOutcome::success: return "succeeds";
    case CallOutcome::partial: return "returns a partial response";
    case CallOutcome::malformed:
      return "returns a report that names nothing of the batch, so all of it failed";
    case CallOutcome::error: return "ends in error";
    case CallOutcome::timeout: return "times out";
    case CallOutcome::crash: return "crashes";
  }
  return "";
}

std::string throttled_words(const Who& who, std::uint64_t count) {
  return fmt::format("the invocation with {} is throttled{} and waits", who.words,
                     count == 1 ? "" : " " + times(count));
}

std::string too_large_words(const Who& who, std::uint64_t count) {
  return fmt::format("an event with {} alone exceeds 6 MB: {} without a call", who.words,
                     count == 1 ? "an attempt fails" : counted(count, "attempt") + " fail");
}

std::string split_words(std::uint64_t batch_size) {
  return fmt::format("the batch of {} is split in two", count_text(batch_size));
}

std::string given_up_words(const Who& who, LossCause why) {
  const std::string_view because = why == LossCause::age         ? "as too old"
                                   : why == LossCause::oversized ? "as too large for one event"
                                                                 : "after the last attempt";
  return fmt::format("{} {} given up {}", who.words, who.one ? "is" : "are", because);
}

std::string nothing_has_words(const Who& who) {
  return who.one ? "; no destination has it" : "; no destination has them";
}

std::string message_words(const Who& who, std::string_view destination, bool taken) {
  return fmt::format("destination {} {} the message about {}", clean(destination),
                     taken ? "gets" : "does not take", who.words);
}

std::string settled_words(const Who& who, Fate fate) {
  switch (fate) {
    case Fate::filtered: return fmt::format("the filter takes {}", who.words);
    case Fate::expired:
      return fmt::format("retention takes {} before {} settled", who.words,
                         who.one ? "it is" : "they are");
    case Fate::unread:
      return fmt::format("{} before the starting position and {} never read",
                         who.words + (who.one ? " lies" : " lie"), who.one ? "is" : "are");
    default: return fmt::format("the checkpoint passes {}", who.words);
  }
}

// ESM-CHK-05: a mapping that is disabled may go on polling for some time.
std::string switched_words(std::string_view mapping, bool enabled, bool polls_on) {
  if (polls_on) return fmt::format("{} is being disabled, and still polls", mapping);
  return fmt::format("{} is {}", mapping, enabled ? "enabled" : "disabled");
}

std::string_view stale_words(bool worked) {
  return worked ? "its work counts, but the checkpoint stays" : "the checkpoint stays";
}

// ---- about the records of a batch

Sentence about_batch(const World& world, const Batch& batch, std::string text) {
  return {std::move(text), records_in(world, batch.shard, batch.span)};
}

Who who(const World& world, ShardId shard, Span records) {
  return {record_words(world, shard, records), records.count() == 1};
}

Who who(const World& world, const Batch& batch) { return who(world, batch.shard, batch.span); }

Sentence say_one(const World& world, const Put& put) {
  Sentence said;
  for (const PutEntry& each : put.entries) {
    if (each.copy == PutEntry::Copy::of_last) continue;
    said.about.push_back(RecordId::of(put.producer, each.number));
  }
  std::vector<std::string> names;
  for (const RecordId record : said.about) {
    if (names.size() < records_named_max) names.push_back(world.plan->record_id(record));
  }
  if (said.about.size() > records_named_max) names.push_back("…");
  said.text = listed(names) + (said.about.size() == 1 ? " is put" : " are put");
  if (put.tries > 1) said.text += " again";
  if (put.refused == 0) return said;
  const bool all = put.refused == put.entries.size();
  said.text += all ? ", and refused: the shard is above its limit"
                   : fmt::format(", and {} of them {} refused: the shard is above its limit",
                                 put.refused, put.refused == 1 ? "is" : "are");
  return said;
}

Sentence say_one(const World& world, const PutGivenUp& given_up) {
  Sentence said;
  std::vector<std::string> names;
  for (const PutEntry& each : given_up.entries) {
    said.about.push_back(RecordId::of(given_up.producer, each.number));
    if (names.size() < records_named_max) names.push_back(world.plan->record_id(said.about.back()));
  }
  if (said.about.size() > records_named_max) names.push_back("…");
  const std::string& producer = world.plan->producer(given_up.producer).name;
  said.text = given_up.knows
                  ? fmt::format("{} gives up {}", producer, listed(names))
                  : fmt::format("{} does not look at the answer, and takes {} for stored", producer,
                                listed(names));
  return said;
}

Sentence say_one(const World& world, const Delivered& delivered) {
  const std::string again =
      delivered.attempt > 1 ? fmt::format(", attempt {}", delivered.attempt) : "";
  return about_batch(
      world, delivered.batch,
      fmt::format("invocation {} on {} gets {}{}", delivered.call.value,
                  place_words(world, delivered.reader), who(world, delivered.batch).words, again));
}

Sentence say_one(const World& world, const Ended& ended) {
  const std::uint64_t n = ended.batch.count;
  std::uint64_t worked = 0;
  for (const Span& run : ended.worked) worked += run.count();
  const std::string effects = worked == n ? (n == 1 ? "its work is done" : "all work is done")
                              : worked == 0
                                  ? "no work is done"
                                  : fmt::format("the work for {} of {} is done", worked, n);
  const std::string stale =
      ended.stale ? fmt::format("; its poller is gone: {}", stale_words(worked > 0)) : "";
  return about_batch(
      world, ended.batch,
      fmt::format("invocation {} {}, {}{}", ended.call.value,
                  outcome_words(outcome_of(ended.ruling, ended.end)), effects, stale));
}

Sentence say_one(const World& world, const Throttled& throttled) {
  return about_batch(world, throttled.batch, throttled_words(who(world, throttled.batch), 1));
}

Sentence say_one(const World& world, const TooLarge& tried) {
  return about_batch(world, tried.batch, too_large_words(who(world, tried.batch), 1));
}

Sentence say_one(const World& world, const SplitInTwo& split) {
  const Batch whole =
      Batch::whole(split.first.shard, {split.first.span.first, split.second.span.end});
  return about_batch(world, whole,
                     fmt::format("{}: {} first, then {}", split_words(whole.count),
                                 split.first.count, split.second.count));
}

Sentence say_one(const World& world, const GaveUp& gave_up) {
  const Who records = who(world, gave_up.what.batch);
  std::string text = given_up_words(records, gave_up.what.why);
  if (!gave_up.to.valid()) text += nothing_has_words(records);
  return about_batch(world, gave_up.what.batch, std::move(text));
}

Sentence say_one(const World& world, const MessageSent& sent) {
  return about_batch(world, sent.what.batch,
                     message_words(who(world, sent.what.batch),
                                   world.plan->destinations[sent.to.value].name, sent.taken));
}

Sentence say_one(const World& world, const Settled& settled) {
  return about_batch(world, Batch::whole(settled.shard, settled.records),
                     settled_words(who(world, settled.shard, settled.records), settled.fate));
}

Sentence say_one(const World& world, const MappingSwitched& switched) {
  return {switched_words("mapping " + world.plan->mapping(switched.mapping).name, switched.enabled,
                         switched.polls_on),
          {}};
}

Sentence say_one(const World& world, const TimelineActed& acted) {
  const TimelineAction& action = world.plan->timeline[acted.index];
  switch (action.kind) {
    case ActionKind::throttle: return {"timeline: the function is throttled", {}};
    case ActionKind::outage: return {"timeline: the function has an outage", {}};
    case ActionKind::crash_poller: return {"timeline: a poller crashes", {}};
    case ActionKind::lose_acknowledgements: return {"timeline: acknowledgements are lost", {}};
    case ActionKind::fail_destination: return {"timeline: the destination fails", {}};
    case ActionKind::api_call:
    case ActionKind::get_records: return {};  // the answer says it
    case ActionKind::stream_failures: return {"timeline: calls of the stream fail", {}};
    default:
      return {
          action.enabled ? "timeline: the mapping is enabled" : "timeline: the mapping is disabled",
          {}};
  }
}

// These need no line: they follow from the lines before them.
template <class Event>
requires is_quiet<Event> Sentence say_one(const World&, const Event&) { return {}; }
Sentence say_one(const World&, const PutAnswered&) { return {}; }
Sentence say_one(const World& world, const ShardFinished& finished) {
  return {fmt::format("{} is read to its end", place_words(world, finished.reader)), {}};
}
Sentence say_one(const World& world, const ApiAnswered& answered) {
  const std::string_view whose = answered.by == ApiCaller::autoscaler ? "the autoscaler's "
                                 : answered.by == ApiCaller::aws      ? "on demand: AWS's "
                                                                      : "";
  std::string text = fmt::format("{}{} of {}", whose, name(answered.action),
                                 world.plan->stream(answered.stream).name);
  text += answered.accepted ? " is accepted"
                            : fmt::format(" is refused with {}: {}", name(answered.refusal.error),
                                          sentence(answered.refusal.reason));
  return {std::move(text), {}};
}
Sentence say_one(const World& world, const BareReadAnswered& answered) {
  const BareRead& read = *world.plan->timeline[answered.entry].read;
  std::string text = fmt::format("a read of {} {}", world.plan->stream(read.stream).name,
                                 shard_id_text(read.shard_number));
  text += answered.accepted ? " gives " + counted(answered.records.count(), "record")
                            : fmt::format(" is refused with {}: {}", name(answered.refusal.error),
                                          sentence(answered.refusal.reason));
  return {std::move(text), {}};
}
Sentence say_one(const World& world, const ShardsCut& cut) {
  const auto names = [&](const std::array<ShardId, 2>& shards) {
    std::string text = shard_name(world, shards[0]);
    if (shards[1].valid()) text += " and " + shard_name(world, shards[1]);
    return text;
  };
  return {fmt::format("{} {} closed, {} {} open now", names(cut.parents),
                      cut.parents[1].valid() ? "are" : "is", names(cut.children),
                      cut.children[1].valid() ? "are" : "is"),
          {}};
}
Sentence say_one(const World&, const Positioned&) { return {}; }
Sentence say_one(const World& world, const ReadRefused& refused) {
  if (refused.why == ReadRefusal::trimmed) {
    return {fmt::format("GetShardIterator of {} is refused: retention has taken the record of its "
                        "sequence number",
                        place_words(world, refused.reader)),
            {}};
  }
  if (!refused.holds_up) return {};
  const std::string call = refused.why == ReadRefusal::iterators       ? "GetShardIterator"
                           : refused.why == ReadRefusal::subscriptions ? "SubscribeToShard"
                                                                       : "GetRecords";
  const std::string why = refused.fault ? "fails, as the timeline says"
                                        : "is refused: the shard is read above its limit";
  return {fmt::format("{} of {} {}", call, place_words(world, refused.reader), why), {}};
}
Sentence say_one(const World&, const Read&) { return {}; }
Sentence say_one(const World&, const FaultStruck&) { return {}; }  // say_decision() has said it

// ---- about the one record of a life

// Why it comes again, where the line before does not say so already.
std::string reason_words(DeliveryReason reason) {
  if (reason == DeliveryReason::overlapping_pollers) return "by a second poller at the same time, ";
  if (reason == DeliveryReason::recreated) return "by the mapping after it was created again, ";
  return "";
}

std::string effect_words(const LifeEntry& entry) {
  const bool settles = entry.end == CallOutcome::success || entry.end == CallOutcome::partial;
  if (entry.end == CallOutcome::running) return "";
  if (entry.effect) return settles ? ", its work is done" : ", but its work is done";
  if (entry.failed_here) {
    return entry.end == CallOutcome::success ? ", though the work for it failed"
                                             : ", the work for it fails";
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
  return fmt::format("{}: {}{}", text, outcome_words(entry.end), effect_words(entry));
}

std::string_view stale_whose(DeliveryReason reason) {
  if (reason == DeliveryReason::overlapping_pollers) return "of the second poller";
  if (reason == DeliveryReason::re_enabled) return "from before the mapping was disabled";
  return "of the crashed poller";
}

// ", tried 3 times"; nothing when no try began while it waited. Tries before it came do not count.
std::string meanwhile_words(std::string_view verb, const LifeEntry& entry) {
  if (entry.repeats == 0) return "";
  const bool since_before = entry.since < entry.at && !entry.in_all;
  return fmt::format(", {} {}{}", verb, times(entry.repeats), since_before ? " meanwhile" : "");
}

// "a batch that fails" or "3 batches that fail".
std::string failing(std::uint64_t batches, std::string_view one, std::string_view many) {
  if (batches == 1) return fmt::format("a batch that {}", one);
  return fmt::format("{} batches that {}", count_text(batches), many);
}

// How the batch ahead fails, and how often it was tried.
std::string behind_words(const LifeEntry& entry) {
  const std::string tried = meanwhile_words("tried", entry);
  if (entry.end == CallOutcome::running || entry.end == CallOutcome::success) {
    return entry.repeats <= 1
               ? "behind the batch ahead of it"
               : "behind " + counted(entry.repeats, "batch", "batches") + " ahead of it";
  }
  const std::string tried_in_all = entry.batches > 1 && !tried.empty() ? tried + " in all" : tried;
  if (entry.outage) {
    return "behind " + failing(entry.batches, "fails", "fail") + " in the outage" + tried_in_all;
  }
  if (!entry.behind.empty()) return "behind " + clean(entry.behind) + ", which fails" + tried;
  const std::string how =
      entry.end == CallOutcome::timeout ? failing(entry.batches, "times out", "time out")
      : entry.end == CallOutcome::crash ? failing(entry.batches, "crashes", "crash")
                                        : failing(entry.batches, "fails", "fail");
  return "behind " + how + tried_in_all;
}

// `unread`: one shard, or two with "and" between them.
std::string parents_words(const std::string& unread) {
  if (unread.empty()) return "until the parents of its shard are read to their end";
  const bool two = unread.find(' ') != std::string::npos;
  return fmt::format("until {}, the {} of its shard, {} read to {} end", unread,
                     two ? "parents" : "parent", two ? "are" : "is", two ? "their" : "its");
}

std::string wait_reason(const LifeEntry& entry) {
  const std::string refused = meanwhile_words("refused", entry);
  switch (entry.wait) {
    case WaitFor::nothing: return "";
    case WaitFor::ahead: return behind_words(entry);
    case WaitFor::too_large:
      return fmt::format("behind {}, which fits into no event{}", clean(entry.behind),
                         meanwhile_words("tried", entry));
    case WaitFor::slot: return "for a free slot of the function" + refused;
    case WaitFor::throttle: return "because the function is throttled" + refused;
    case WaitFor::disabled: return "because the mapping is disabled";
    case WaitFor::creation: return "because the mapping does not exist yet";
    case WaitFor::start: return "until polling starts";
    case WaitFor::failover: return "until another poller takes over";
    case WaitFor::window: return "in the batching window";
    case WaitFor::parents: return parents_words(entry.behind);
    case WaitFor::child: return "because a new shard is not read the moment its parents are done";
    case WaitFor::refused: return "because AWS refuses reads of its shard";
    case WaitFor::walk: return "because reads from a trimmed number come back empty";
    case WaitFor::empty: return "because a read gave nothing, though records were there";
    case WaitFor::blocked:
      if (entry.behind.empty()) return "because it fits into no event, and blocks the shard";
      return fmt::format("behind {}, which fits into no event and blocks the shard",
                         clean(entry.behind));
  }
  return "";
}

std::string waited_words(const LifeEntry& entry) {
  std::string text = "waits " + friendly_duration(entry.waited) + " ";
  text += (entry.in_all ? "in all " : "") + wait_reason(entry);
  // Batches that succeed have no common beginning.
  const bool succeeds = entry.wait == WaitFor::ahead &&
                        (entry.end == CallOutcome::running || entry.end == CallOutcome::success);
  if (entry.since < entry.at && !entry.in_all && !succeeds) {
    text += ", since " + friendly_duration(entry.since - Instant{0});
  }
  return text;
}

std::string timeline_words(const LifeEntry& entry) {
  if (entry.call) {
    const std::string answer = entry.refusal
                                   ? fmt::format("refused, {}: {}", name(entry.refusal->error),
                                                 sentence(entry.refusal->reason))
                                   : "accepted";
    return fmt::format("timeline: {}; {}", call_words(*entry.call, clean(entry.target)), answer);
  }
  const std::string lasts =
      entry.lasts ? " for " + friendly_duration(*entry.lasts) : " to the end of the run";
  return "timeline: " + action_words(entry.action, entry.target, entry.enabled) + lasts;
}

std::string gave_up_words(const LifeEntry& entry) {
  return fmt::format("{} ({}); {}", given_up_words(it, entry.why), condition_of(entry.why),
                     message_words(it, entry.destination, entry.kind == LifeKind::discarded));
}

}  // namespace

Sentence say_throttle(const World& world, const Throttled& throttled) {
  const FunctionId function = world.mapping_of(world.reader(throttled.reader)).function;
  return about_batch(
      world, throttled.batch,
      fmt::format("an invocation of {} on {} with {} is throttled",
                  world.plan->function(function).name, place_words(world, throttled.reader),
                  who(world, throttled.batch).words));
}

Sentence say(const World& world, const Happening& event) {
  return std::visit([&](const auto& e) { return say_one(world, e); }, event);
}

std::string say(const LifeEntry& entry) {
  switch (entry.kind) {
    case LifeKind::attempt: return attempt_words(entry);
    case LifeKind::throttled:
      return throttled_words(it, entry.repeats) + "; this does not count as an attempt";
    case LifeKind::too_large: return too_large_words(it, entry.repeats);
    case LifeKind::split:
      return fmt::format("{}: it is now in a batch of {}", split_words(entry.batch_size),
                         count_text(entry.new_batch_size));
    case LifeKind::progress:
      return "the records before it are settled; the rest is a new batch of " +
             count_text(entry.new_batch_size);
    case LifeKind::checkpoint: return settled_words(it, Fate::processed);
    case LifeKind::checkpoint_lost: return "the checkpoint of this success is lost";
    case LifeKind::filtered: return settled_words(it, Fate::filtered);
    case LifeKind::unread: return settled_words(it, Fate::unread);
    case LifeKind::expired: return "it is gone: retention took it before it was settled";
    case LifeKind::dropped:
      if (entry.why == LossCause::deaggregation) {
        return "its aggregate has a record of another shard, so the mapping drops it whole";
      }
      return given_up_words(it, entry.why) + nothing_has_words(it);
    case LifeKind::discarded:
    case LifeKind::destination_failed: return gave_up_words(entry);
    case LifeKind::poller_crashed: return "the poller crashes; a new one starts at the checkpoint";
    case LifeKind::stale:
      return fmt::format("the invocation {} ends: {}", stale_whose(entry.reason),
                         stale_words(entry.effect));
    case LifeKind::disabled: return switched_words("the mapping", false, entry.polls_on);
    case LifeKind::enabled: return switched_words("the mapping", true, false);
    case LifeKind::waited: return waited_words(entry);
    case LifeKind::timeline: return timeline_words(entry);
  }
  return "";
}

}  // namespace trimhorizon
