// The sentences for decisions at choice sites.
#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/faults/site.hpp"
#include "sim/report/narrator.hpp"
#include "sim/report/record_words.hpp"
#include "sim/world/explored_reshards.hpp"

namespace trimhorizon {
namespace {

Span top_range(const World& world, ReaderId id) {
  const Reader& reader = world.reader(id);
  const std::vector<Range>& ranges = reader.lanes.front().ranges;
  if (!ranges.empty()) return ranges.back().batch.span;
  return {reader.checkpoint, reader.checkpoint};
}

Sentence about_range(const World& world, ReaderId id, std::string text) {
  return {std::move(text), records_in(world, world.reader(id).shard, top_range(world, id))};
}

Sentence say_function_error(const World& world, const Question& q, std::uint32_t answer) {
  const ReaderId id{q.entity};
  const Span span = top_range(world, id);
  const std::string call = fmt::format("invocation {} on {}", q.ordinal, place_words(world, id));
  const std::uint64_t k = answer - 1;
  if (k >= span.count()) return about_range(world, id, call + " fails after all its effects");
  return about_range(world, id,
                     fmt::format("{} fails at {}", call,
                                 record_at(world, world.reader(id).shard, span.first + k)));
}

Sentence say_lost_acknowledgement(const World& world, const Question& q, std::string_view then) {
  const RecordId record = RecordId::of({q.entity}, q.ordinal);
  return {fmt::format("the acknowledgement of {} is lost, and its producer puts it again {}",
                      world.plan->record_id(record), then),
          {record}};
}

Sentence say_one(const World& world, ReaderId id, std::string_view before, Position p,
                 std::string_view after) {
  const ShardId shard = world.reader(id).shard;
  const Span one{p, std::min(p + 1, world.shard(shard).log.end())};
  return {fmt::format("{}{}{}", before, record_words(world, shard, one), after),
          records_in(world, shard, one)};
}

Sentence say_poller_crash_anywhere(const World& world, const Question& q, std::uint32_t answer) {
  const ReaderId id{q.entity};
  if (answer == 1) {
    return about_range(
        world, id,
        fmt::format("the poller of {} crashes before it hands over {}", place_words(world, id),
                    record_words(world, world.reader(id).shard, top_range(world, id))));
  }
  return about_range(world, id,
                     fmt::format("the poller of {} crashes while invocation {} runs",
                                 place_words(world, id), world.last_call.value + 1));
}

Sentence say_batch_size(const World& world, const Question& q, std::uint32_t answer) {
  const ReaderId id{q.entity};
  const ShardId shard = world.reader(id).shard;
  const Span batch{q.ordinal, q.ordinal + q.arity - answer};
  return {fmt::format("the read of {} returns {} of {} records", place_words(world, id),
                      batch.count(), q.arity),
          records_in(world, shard, batch)};
}

Sentence say_put_throttled(const World& world, const Question& q) {
  const RecordId record = RecordId::of({q.entity}, q.ordinal);
  return {fmt::format("the put of {} is throttled", world.plan->record_id(record)), {record}};
}

Sentence say_reshard(const World& world, const Question& q, std::uint32_t answer) {
  const StreamId stream{q.entity};
  const auto offered = offered_reshards(world, stream);
  TH_CHECK(answer >= 1 && answer <= offered.size());
  const ApiCall& call = world.plan->reshards[offered[answer - 1]];
  const std::string& of = world.plan->stream(stream).name;
  const std::size_t next = world.streams[stream.value].shards.size();
  std::string text;
  if (const auto* split = std::get_if<SplitShardCall>(&call.action)) {
    text = fmt::format("shard {} of {} is split into shards {} and {}", split->shard, of, next,
                       next + 1);
  } else if (const auto* merge = std::get_if<MergeShardsCall>(&call.action)) {
    text = fmt::format("shards {} and {} of {} are merged into shard {}", merge->shard,
                       merge->adjacent, of, next);
  } else if (const auto* update = std::get_if<UpdateShardCountCall>(&call.action)) {
    text = fmt::format("{} gets {} shards", of, update->target);
  }
  return {std::move(text), {}};
}

}  // namespace

Sentence say_decision(const World& world, const Question& q, std::uint32_t answer) {
  const ReaderId id{q.entity};
  switch (static_cast<Site>(q.site)) {
    case Site::function_error: return say_function_error(world, q, answer);
    case Site::timeout:
      return about_range(world, id,
                         fmt::format("invocation {} on {} times out after its effects", q.ordinal,
                                     place_words(world, id)));
    case Site::poller_crash:
      return about_range(world, id,
                         fmt::format("the poller of {} crashes after invocation {}, before its "
                                     "checkpoint",
                                     place_words(world, id), q.ordinal));
    case Site::poller_crash_anywhere: return say_poller_crash_anywhere(world, q, answer);
    case Site::checkpoint_lost:
      return about_range(world, id,
                         fmt::format("the checkpoint of invocation {} on {} is lost", q.ordinal,
                                     place_words(world, id)));
    case Site::ack_lost: return say_lost_acknowledgement(world, q, "at once");
    case Site::ack_lost_late: return say_lost_acknowledgement(world, q, "after its other puts");
    case Site::trim: return say_one(world, id, "retention takes ", q.ordinal, " at the checkpoint");
    case Site::throttle:  // say_throttle() replaces this when the batch is known
      return {
          fmt::format("an invocation of {} is throttled", world.plan->function({q.entity}).name),
          {}};
    case Site::destination_failure:
      return say_one(world, id, "the destination does not take the message about ", q.ordinal, "");
    case Site::iterator_expired:
      return {fmt::format("the iterator of {} has expired: LATEST is resolved again",
                          place_words(world, id)),
              {}};
    case Site::overlapping_pollers:
      return about_range(world, id,
                         fmt::format("a second poller of {} invokes with the batch of invocation "
                                     "{} as well",
                                     place_words(world, id), q.ordinal));
    case Site::batch_size: return say_batch_size(world, q, answer);
    case Site::put_throttled: return say_put_throttled(world, q);
    case Site::read_throttled:
      return say_one(world, id, "AWS refuses to read from ", q.ordinal, " on: a limit is reached");
    case Site::reshard: return say_reshard(world, q, answer);
    default:
      return {fmt::format("{}: answer {}", info(static_cast<Site>(q.site)).name, answer), {}};
  }
}

}  // namespace trimhorizon
