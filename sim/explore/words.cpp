#include "sim/explore/words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/words.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

constexpr std::uint64_t named_max = 8;

std::string name_at(const World& world, ShardId shard, Position p) {
  const RecordLog& log = world.shards[shard.value].log;
  const RecordId record = log.record(p);
  // A second copy is told apart from the first, as far as the log goes back.
  for (Position before = log.first(); before < p; ++before) {
    if (log.record(before) == record) return record_name(world, shard, p) + "'s copy";
  }
  return record_name(world, shard, p);
}

std::vector<RecordId> records_in(const World& world, ShardId shard, Span span) {
  std::vector<RecordId> records;
  const RecordLog& log = world.shards[shard.value].log;
  for (Position p = std::max(span.first, log.first()); p < std::min(span.end, log.end()); ++p) {
    records.push_back(log.record(p));
  }
  return records;
}

// "shard 0", with the mapping and the stream where there are several.
std::string place(const World& world, ReaderId id) {
  const Reader& reader = world.reader(id);
  std::string text = fmt::format("shard {}", world.shards[reader.shard.value].number);
  if (world.plan->mappings.size() > 1) text += " for " + world.plan->mapping(reader.mapping).name;
  return text;
}

Span top_range(const World& world, ReaderId id) {
  const Reader& reader = world.reader(id);
  if (!reader.lane.ranges.empty()) return reader.lane.ranges.back().span;
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
  const Span one{p, std::min(p + 1, world.shards[shard.value].log.end())};
  return {fmt::format("{}{}{}", before, names_of(world, shard, one), behind),
          records_in(world, shard, one)};
}

Said say_poller_crash_anywhere(const World& world, const Question& q, std::uint32_t answer) {
  const ReaderId id{q.entity};
  if (answer == 1) {
    return about_range(
        world, id,
        fmt::format("the poller of {} crashes before it hands over {}", place(world, id),
                    names_of(world, world.reader(id).shard, top_range(world, id))));
  }
  return about_range(world, id,
                     fmt::format("the poller of {} crashes while invocation {} runs",
                                 place(world, id), world.history.invocation_number + 1));
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

Said about_span(const World& world, const TraceEvent& event, std::string text) {
  return {std::move(text), records_in(world, event.shard, event.span)};
}

Said say_put(const World& world, const TraceEvent& event) {
  Said said;
  for (std::uint64_t n = event.span.first; n < event.span.end; ++n) {
    said.about.push_back(RecordId::of({event.who}, n));
  }
  std::vector<std::string> names;
  for (const RecordId record : said.about) {
    if (names.size() < named_max) names.push_back(world.plan->record_id(record));
  }
  if (said.about.size() > named_max) names.push_back("…");
  said.text = listed(names) + (said.about.size() == 1 ? " is put" : " are put");
  if (event.flag) said.text += " again";
  return said;
}

std::string end_words(const TraceEvent& event) {
  switch (event.ruling) {
    case Ruling::success: return "succeeds";
    case Ruling::partial: return "returns a partial response";
    case Ruling::malformed: return "returns a report that names nothing of the batch";
    default: break;
  }
  switch (static_cast<InvocationEnd>(event.detail)) {
    case InvocationEnd::timeout: return "times out";
    case InvocationEnd::crash: return "crashes";
    default: return "ends in error";
  }
}

Said say_result(const World& world, const TraceEvent& event) {
  const std::uint64_t n = event.span.count();
  const std::string effects = event.count == n ? (n == 1 ? "its work is done" : "all work is done")
                              : event.count == 0
                                  ? "no work is done"
                                  : fmt::format("the work for {} of {} is done", event.count, n);
  const std::string moves = event.flag ? "; its poller is gone, so nothing moves" : "";
  return about_span(
      world, event,
      fmt::format("invocation {} {}, {}{}", event.value, end_words(event), effects, moves));
}

Said say_invoke(const World& world, const TraceEvent& event) {
  return about_span(world, event,
                    fmt::format("invocation {} on {} gets {}{}", event.value,
                                place(world, {event.who}), names_of(world, event.shard, event.span),
                                event.count > 1 ? fmt::format(", attempt {}", event.count) : ""));
}

Said say_discard(const World& world, const TraceEvent& event) {
  const std::string names = names_of(world, event.shard, event.span);
  const bool age = static_cast<LossCause>(event.detail) == LossCause::age;
  const bool one = event.span.count() == 1;
  std::string text = fmt::format("{} {} given up {}", names, one ? "is" : "are",
                                 age ? "as too old" : "after the last attempt");
  if (!event.flag) text += one ? ": nothing has it" : ": nothing has them";
  return about_span(world, event, std::move(text));
}

Said say_timeline(const World& world, const TraceEvent& event) {
  const TimelineAction& action = world.plan->timeline[event.value];
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

}  // namespace

std::string names_of(const World& world, ShardId shard, Span span) {
  const Position first = std::max(span.first, world.shards[shard.value].log.first());
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

Said say_throttle(const World& world, const TraceEvent& event) {
  const FunctionId function = world.plan->mapping(world.reader({event.who}).mapping).function;
  return about_span(world, event,
                    fmt::format("an invocation of {} on {} with {} is throttled",
                                world.plan->function(function).name, place(world, {event.who}),
                                names_of(world, event.shard, event.span)));
}

Said say_event(const World& world, const TraceEvent& event) {
  switch (event.kind) {
    case TraceKind::put: return say_put(world, event);
    case TraceKind::invoke: return say_invoke(world, event);
    case TraceKind::throttled:
      return about_span(world, event,
                        fmt::format("the invocation with {} is throttled and waits",
                                    names_of(world, event.shard, event.span)));
    case TraceKind::invoke_result: return say_result(world, event);
    case TraceKind::checkpoint:
      return about_span(
          world, event,
          fmt::format("the checkpoint passes {}", names_of(world, event.shard, event.span)));
    case TraceKind::split_batch:
      return about_span(world, event,
                        fmt::format("the batch is split: {} of {} records first", event.count,
                                    event.span.count()));
    case TraceKind::discard: return say_discard(world, event);
    case TraceKind::destination:
      return about_span(world, event,
                        fmt::format("destination {} {} the message about {}",
                                    world.plan->destinations[event.value].name,
                                    event.flag ? "gets" : "does not take",
                                    names_of(world, event.shard, event.span)));
    case TraceKind::expire:
      return about_span(
          world, event,
          fmt::format("retention has taken {}", names_of(world, event.shard, event.span)));
    case TraceKind::unread:
      return about_span(world, event,
                        fmt::format("{} before the starting position: never read",
                                    names_of(world, event.shard, event.span) +
                                        (event.span.count() == 1 ? " is" : " are")));
    case TraceKind::mapping_state:
      return {fmt::format("mapping {} {}", world.plan->mapping({event.who}).name,
                          event.flag ? "is enabled" : "is disabled"),
              {}};
    case TraceKind::fault: return event.flag ? say_timeline(world, event) : Said{};
    default: return {};
  }
}

}  // namespace trimhorizon
