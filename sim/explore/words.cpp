#include "sim/explore/words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lambda/call_outcome.hpp"
#include "sim/report/words.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

constexpr std::uint64_t named_max = 8;

std::string name_at(const World& world, ShardId shard, Position p) {
  const RecordLog& log = world.shard(shard).log;
  const RecordId record = log.record(p);
  // A second copy is told apart from the first, as far as the log goes back.
  for (Position before = log.first(); before < p; ++before) {
    if (log.record(before) == record) return record_name(world, shard, p) + "'s copy";
  }
  return record_name(world, shard, p);
}

std::vector<RecordId> records_in(const World& world, ShardId shard, Span span) {
  std::vector<RecordId> records;
  const RecordLog& log = world.shard(shard).log;
  for (Position p = std::max(span.first, log.first()); p < std::min(span.end, log.end()); ++p) {
    records.push_back(log.record(p));
  }
  return records;
}

// "shard 0", with the mapping and the stream where there are several.
std::string place(const World& world, ReaderId id) {
  const Reader& reader = world.reader(id);
  std::string text = fmt::format("shard {}", world.shard(reader.shard).number);
  if (world.plan->mappings.size() > 1) text += " for " + world.plan->name(reader.consumer);
  return text;
}

Span top_range(const World& world, ReaderId id) {
  const Reader& reader = world.reader(id);
  const std::vector<Range>& ranges = reader.lanes.front().ranges;
  if (!ranges.empty()) return ranges.back().batch.span;
  return {reader.checkpoint, reader.checkpoint};
}

Said about_range(const World& world, ReaderId id, std::string text) {
  return {std::move(text), records_in(world, world.reader(id).shard, top_range(world, id))};
}

Said say_function_error(const World& world, const Question& q, std::uint32_t answer) {
  const ReaderId id{q.entity};
  const Span span = top_range(world, id);
  const std::string call = fmt::format("invocation {} on {}", q.ordinal, place(world, id));
  const std::uint64_t k = answer - 1;
  if (k >= span.count()) return about_range(world, id, call + " fails after all its effects");
  return about_range(
      world, id,
      fmt::format("{} fails at {}", call, name_at(world, world.reader(id).shard, span.first + k)));
}

Said say_lost_acknowledgement(const World& world, const Question& q, std::string_view then) {
  const RecordId record = RecordId::of({q.entity}, q.ordinal);
  return {fmt::format("the acknowledgement of {} is lost, and its producer puts it again {}",
                      world.plan->record_id(record), then),
          {record}};
}

Said say_one(const World& world, ReaderId id, std::string_view before, Position p,
             std::string_view behind) {
  const ShardId shard = world.reader(id).shard;
  const Span one{p, std::min(p + 1, world.shard(shard).log.end())};
  return {fmt::format("{}{}{}", before, ids_in(world, shard, one), behind),
          records_in(world, shard, one)};
}

Said say_poller_crash_anywhere(const World& world, const Question& q, std::uint32_t answer) {
  const ReaderId id{q.entity};
  if (answer == 1) {
    return about_range(
        world, id,
        fmt::format("the poller of {} crashes before it hands over {}", place(world, id),
                    ids_in(world, world.reader(id).shard, top_range(world, id))));
  }
  return about_range(world, id,
                     fmt::format("the poller of {} crashes while invocation {} runs",
                                 place(world, id), world.last_call.value + 1));
}

Said say_batch_size(const World& world, const Question& q, std::uint32_t answer) {
  const ReaderId id{q.entity};
  const ShardId shard = world.reader(id).shard;
  const Span batch{q.ordinal, q.ordinal + q.arity - answer};
  return {fmt::format("the read of {} brings {} of {} records", place(world, id), batch.count(),
                      q.arity),
          records_in(world, shard, batch)};
}

// ---- events
// --------------------------------------------------------------------------------------

Said about_batch(const World& world, const Batch& batch, std::string text) {
  return {std::move(text), records_in(world, batch.shard, batch.span)};
}

std::string ids_in(const World& world, const Batch& batch) {
  return ids_in(world, batch.shard, batch.span);
}

Said say(const World& world, const Put& put) {
  Said said;
  for (std::uint64_t n = put.numbers.first; n < put.numbers.end; ++n) {
    said.about.push_back(RecordId::of(put.producer, n));
  }
  std::vector<std::string> names;
  for (const RecordId record : said.about) {
    if (names.size() < named_max) names.push_back(world.plan->record_id(record));
  }
  if (said.about.size() > named_max) names.push_back("…");
  said.text = listed(names) + (said.about.size() == 1 ? " is put" : " are put");
  if (put.again) said.text += " again";
  return said;
}

Said say(const World& world, const Delivered& delivered) {
  const std::string again =
      delivered.attempt > 1 ? fmt::format(", attempt {}", delivered.attempt) : "";
  return about_batch(
      world, delivered.batch,
      fmt::format("invocation {} on {} gets {}{}", delivered.call.value,
                  place(world, delivered.reader), ids_in(world, delivered.batch), again));
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

Said say(const World& world, const Ended& ended) {
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

Said say(const World& world, const Throttled& throttled) {
  return about_batch(
      world, throttled.batch,
      fmt::format("the invocation with {} is throttled and waits", ids_in(world, throttled.batch)));
}

Said say(const World& world, const SplitInTwo& split) {
  const Batch whole =
      Batch::whole(split.first.shard, {split.first.span.first, split.second.span.end});
  return about_batch(
      world, whole,
      fmt::format("the batch is split: {} of {} records first", split.first.count, whole.count));
}

Said say(const World& world, const GaveUp& gave_up) {
  const Batch& batch = gave_up.what.batch;
  const bool age = gave_up.what.why == LossCause::age;
  const bool one = batch.count == 1;
  std::string text = fmt::format("{} {} given up {}", ids_in(world, batch), one ? "is" : "are",
                                 age ? "as too old" : "after the last attempt");
  if (!gave_up.to.valid()) text += one ? ": nothing has it" : ": nothing has them";
  return about_batch(world, batch, std::move(text));
}

Said say(const World& world, const MessageSent& sent) {
  return about_batch(
      world, sent.what.batch,
      fmt::format("destination {} {} the message about {}",
                  world.plan->destinations[sent.to.value].name,
                  sent.taken ? "gets" : "does not take", ids_in(world, sent.what.batch)));
}

Said say(const World& world, const Settled& settled) {
  const std::string names = ids_in(world, settled.shard, settled.records);
  const std::string text = settled.fate == Fate::expired ? "retention has taken " + names
                           : settled.fate == Fate::unread
                               ? names + (settled.records.count() == 1 ? " is" : " are") +
                                     " before the starting position: never read"
                               : "the checkpoint passes " + names;
  return about_batch(world, Batch::whole(settled.shard, settled.records), text);
}

Said say(const World& world, const MappingSwitched& switched) {
  return {fmt::format("mapping {} {}", world.plan->mapping(switched.mapping).name,
                      switched.enabled ? "is enabled" : "is disabled"),
          {}};
}

Said say(const World& world, const TimelineActed& acted) {
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
requires is_quiet<Event> Said say(const World&, const Event&) { return {}; }
Said say(const World&, const PutAnswered&) { return {}; }
Said say(const World&, const Positioned&) { return {}; }
Said say(const World&, const Read&) { return {}; }
Said say(const World&, const FaultStruck&) { return {}; }  // told as the decision it was

}  // namespace

std::string ids_in(const World& world, ShardId shard, Span span) {
  const Position first = std::max(span.first, world.shard(shard).log.first());
  if (first >= span.end) return "nothing";
  if (span.end - first > named_max) {
    return fmt::format("{} … {} ({} records)", name_at(world, shard, first),
                       name_at(world, shard, span.end - 1), span.count());
  }
  std::vector<std::string> names;
  for (Position p = first; p < span.end; ++p) names.push_back(name_at(world, shard, p));
  return listed(names);
}

Said say_decision(const World& world, const Question& q, std::uint32_t answer) {
  const ReaderId id{q.entity};
  switch (static_cast<Site>(q.site)) {
    case Site::function_error: return say_function_error(world, q, answer);
    case Site::timeout:
      return about_range(world, id,
                         fmt::format("invocation {} on {} times out after its effects", q.ordinal,
                                     place(world, id)));
    case Site::poller_crash:
      return about_range(world, id,
                         fmt::format("the poller of {} crashes after invocation {}, before its "
                                     "checkpoint",
                                     place(world, id), q.ordinal));
    case Site::poller_crash_anywhere: return say_poller_crash_anywhere(world, q, answer);
    case Site::checkpoint_lost:
      return about_range(world, id,
                         fmt::format("the checkpoint of invocation {} on {} is lost", q.ordinal,
                                     place(world, id)));
    case Site::ack_lost: return say_lost_acknowledgement(world, q, "at once");
    case Site::ack_lost_late: return say_lost_acknowledgement(world, q, "behind its other puts");
    case Site::trim: return say_one(world, id, "retention takes ", q.ordinal, " at the checkpoint");
    case Site::throttle:  // say_throttle() says more when it is known
      return {
          fmt::format("an invocation of {} is throttled", world.plan->function({q.entity}).name),
          {}};
    case Site::destination_failure:
      return say_one(world, id, "the destination does not take the message about ", q.ordinal, "");
    case Site::iterator_expired:
      return {
          fmt::format("the iterator of {} has expired: LATEST is resolved again", place(world, id)),
          {}};
    case Site::overlapping_pollers:
      return about_range(world, id,
                         fmt::format("a second poller of {} invokes with the batch of invocation "
                                     "{} as well",
                                     place(world, id), q.ordinal));
    case Site::batch_size: return say_batch_size(world, q, answer);
    default:
      return {fmt::format("{}: answer {}", info(static_cast<Site>(q.site)).name, answer), {}};
  }
}

Said say_throttle(const World& world, const Throttled& throttled) {
  const FunctionId function = world.mapping_of(world.reader(throttled.reader)).function;
  return about_batch(world, throttled.batch,
                     fmt::format("an invocation of {} on {} with {} is throttled",
                                 world.plan->function(function).name,
                                 place(world, throttled.reader), ids_in(world, throttled.batch)));
}

Said say_event(const World& world, const Happening& event) {
  return std::visit([&](const auto& e) { return say(world, e); }, event);
}

}  // namespace trimhorizon
