// Writes a world as a key and reads it back. One list of members serves both directions, so that
// they cannot disagree.
#include "sim/explore/state_key.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/explore/key_coder.hpp"
#include "sim/explore/producer_coder.hpp"
#include "sim/explore/stream_coder.hpp"
#include "sim/lambda/batching.hpp"

namespace trimhorizon {
namespace {

// Encoding and decoding use one list of members (key_coder.hpp). Each struct is taken apart by a
// structured binding, so a new member does not compile until it is coded or named in left_out().
template <class Coder>
struct StateCoder {
  Coder& c;
  World& world;
  OutcomeMonitor& monitor;
  const KeyLayout& layout;
  StateCodec::Scratch& scratch;
  Instant base{0};  // instants are relative to it: when the next event happens
  bool several_events = false;
  bool puts_pending = false;
  bool cuts_pending = false;  // or puts

  void run() {
    auto& [plan, now, steps, next_event_number, last_event, last_call, idle_events, used_slots,
           pending, shards, streams, surroundings, producers, functions, mappings, readers,
           invocations, destinations, shard_of_key] = world;
    left_out(plan, now, steps, next_event_number, last_event, last_call, idle_events, streams,
             surroundings, shard_of_key);  // the last three only where streams change
    if (c.reading) used_slots = 0;
    if (c.reading) world.now = decoded_now;
    if (c.reading) world.last_call = {};
    bool at_rest = false;
    c.flag(at_rest, pending.empty());
    monitor.code(c);
    if (at_rest) {
      if (c.reading) pending.clear();
      return;
    }
    c.flag(several_events, pending.size() > 1);
    c.flag(puts_pending, more_events(PutDue::rank));
    cuts_pending = false;
    if (layout.streams_change) c.flag(cuts_pending, more_events(ReshardDue::rank));
    clock();
    for (std::uint32_t p = 0; p < producers.size(); ++p) {
      ProducerCoder<Coder>{c, base, puts_pending}.code(producers[p], plan->producers[p]);
    }
    for (FunctionState& each : functions) code(each);
    for (DestinationState& each : destinations) code(each);
    for (MappingState& each : mappings) code(each);
    StreamCoder<Coder> stream_coder{c, world, layout, base, puts_pending};
    if (layout.streams_change) stream_coder.streams();
    scratch.bases.resize(shards.size());
    for (std::uint32_t s = 0; s < shards.size(); ++s) code(shards[s], {s}, stream_coder);
    c.size(readers);
    for (Reader& each : readers) code(each);
    if (c.reading) link_readers();
    code_used(invocations);
    events();
  }

  // Is an event of this class pending, or of one before it?
  bool more_events(std::uint32_t rank) const {
    return std::any_of(world.events.unordered().begin(), world.events.unordered().end(),
                       [rank](const Event& e) { return rank_of(e) <= rank; });
  }

  // Future puts and timeline actions are in the plan with absolute times, so the clock is coded
  // while there are any. Other boundaries need it up to the last of them.
  void clock() {
    base = c.reading ? decoded_now : world.events.earliest().at;
    Instant shown = base;
    if (puts_pending) {
      c.instant(shown);
    } else if (layout.absolute_time) {
      shown = std::min(shown, layout.last_boundary);
      c.instant(shown);
    }
    if (!c.reading) return;
    base = shown;
    world.now = shown;
  }

  void code(FunctionState& v) {
    auto& [in_flight, idle, throttled_until, outage_until, line] = v;
    c.later(throttled_until, base);
    c.later(outage_until, base);
    c.number_if(layout.environments, idle, 0u);
    c.number(in_flight);
    c.size(line);
    for (Waiter& each : line) {
      c.number(each.reader.value);
      c.number(each.lane.value);
    }
  }

  void code(DestinationState& v) {
    auto& [failing_until] = v;
    c.later(failing_until, base);
  }

  void code(MappingState& v) {
    auto& [exists, enabled, stops, resumes, handed] = v;
    c.number(exists);
    c.number(enabled);
    c.known(stops, false);  // set with its event
    c.later(resumes, base);
    code(handed);
  }

  void code(std::map<RecordId, std::uint32_t>& handed) {
    if (!layout.deliveries) return;
    const RecordIndex& index = monitor.index();
    std::uint64_t count = handed.size();
    c.number(count);
    if (c.reading) {
      handed.clear();
      for (std::uint64_t i = 0; i < count; ++i) {
        std::uint32_t dense = 0;
        std::uint32_t times = 0;
        c.number(dense);
        c.number(times);
        handed[index.ids[dense]] = times;
      }
      return;
    }
    for (auto& [record, times] : handed) {
      std::uint32_t dense = index.of(record);
      std::uint32_t shown = std::min(times, layout.deliveries);
      c.number(dense);
      c.number(shown);
    }
  }

  // The oldest position of a shard that a reader or an invocation in flight can still name.
  Position needed_from(ShardId shard) const {
    const RecordLog& log = world.shard(shard).log;
    if (layout.literal_positions) return log.first();
    Position needed = log.end();
    const StreamId stream = world.shard(shard).stream;
    for (std::uint32_t m = 0; m < world.mappings.size(); ++m) {
      if (world.plan->mappings[m].stream == stream && !world.mappings[m].exists) return log.first();
    }
    world.for_each_reader_at(
        shard, [&](ReaderId id) { needed = std::min(needed, world.reader(id).checkpoint); });
    for (const Invocation& call : world.invocations) {
      if (call.used && call.batch.shard == shard) needed = std::min(needed, call.batch.first());
    }
    return needed;
  }

  void code(Shard& v, ShardId id, StreamCoder<Coder>& stream_coder) {
    auto& [log, bytes, newest_reader, is_cut, limits, stream, number, range, created, opens, closes,
           listed, listed_closed, children, packs] = v;
    // StreamCoder has what a reshard changes. The explorer knows no limits, and lists no shards.
    left_out(stream, number, range, created, opens, closes, is_cut, listed, listed_closed, children,
             limits, packs, bytes, newest_reader);
    if (layout.streams_change) stream_coder.life(v);
    Position& from = scratch.bases[id.value];
    from = c.reading ? 0 : needed_from(id);
    std::uint64_t count = log.end() - from;
    c.number(count);
    if (c.reading) log.clear();
    for (std::uint64_t i = 0; i < count; ++i) one_record(log, from + i);
  }

  void one_record(RecordLog& log, Position p) {
    const RecordIndex& index = monitor.index();
    std::uint32_t dense = c.reading ? 0 : index.of(log.record(p));
    c.number(dense);
    Instant arrival = c.reading ? base : log.arrival(p);
    if (layout.literal_positions) {
      c.instant(arrival);
    } else {
      if (layout.ages) {
        Duration age{0};
        if (!c.reading) age = std::min(base - arrival, layout.oldest_age);
        c.duration(age);
        if (c.reading) arrival = base - age;
      }
      before_creations(arrival);
    }
    if (c.reading) log.append({arrival, index.ids[dense], index.key_ids[dense]});
  }

  // How many mappings were created before the record arrived. It may matter for records whose age
  // no longer matters.
  void before_creations(Instant& arrival) {
    if (layout.creations.empty()) return;
    std::size_t reached = 0;
    while (!c.reading && reached < layout.creations.size() &&
           layout.creations[reached] <= arrival) {
      ++reached;
    }
    c.number(reached);
    if (!c.reading || reached == layout.creations.size()) return;
    arrival = std::min(arrival, layout.creations[reached] - microseconds(1));
  }

  void link_readers() {
    for (Shard& each : world.shards) each.newest_reader = {};
    for (std::uint32_t i = 0; i < world.readers.size(); ++i) world.link({i});
  }

  void code(Reader& v) {
    auto& [consumer, shard, older, incarnation, phase, idles, has_checkpoint, positioned, has_read,
           restarted, stopping, retention_due, from_start, behind_parents, saw_end, finished,
           has_stale_calls, restart_reason, checkpoint, delivered_to, last_poll, last_call, held_to,
           bytes_read, refusals, has_iterator, fan_out, read_again, bytes_again, waits, calls,
           lanes] = v;
    c.number(consumer.value);
    c.number(shard.value);
    c.number(phase);
    c.position(checkpoint, scratch.bases[shard.value]);
    c.number(positioned);
    c.number(stopping);
    c.number(from_start);
    c.number(behind_parents);
    c.number(finished);
    c.known(saw_end, finished);
    c.number_if(layout.latest, has_checkpoint, positioned);
    c.number_if(layout.latest, has_read, positioned);
    c.number_if(layout.walks, restarted, false);
    c.capped_if(layout.refused_reads && (layout.waits_matter || several_events), refusals,
                layout.throttle_steps);
    if (finished || behind_parents) {
      c.known(last_poll, base);
    } else {
      code_rhythm(last_poll);
    }
    c.size(lanes);
    for (Lane& lane : lanes) code(lane, v);
    c.known(incarnation, 1u);
    c.known(retention_due, false);  // set with its event
    c.known(restart_reason, DeliveryReason::first);
    c.known(delivered_to, checkpoint);
    left_out(older, last_call, waits, calls);
    // The explorer knows no limits, and forgets no records.
    left_out(held_to, bytes_read, has_iterator, idles, has_stale_calls, read_again, bytes_again);
    if (c.reading) {
      fan_out.reset();
      if (world.plan->mapping(consumer).reads_as.valid()) fan_out = FanOut{};
    }
  }

  // When polls happen, which matters if a put or a cut can still wake the reader; and when the
  // first poll happens.
  void code_rhythm(Instant& last_poll) {
    Instant start = last_poll;
    c.later(start, base);
    Duration since{0};
    if (start <= base && (puts_pending || cuts_pending)) {
      if (!c.reading) since.us = (base - last_poll).us % poll_interval.us;
      c.duration(since);
    }
    if (c.reading) last_poll = start > base ? start : base - since;
  }

  // The ranges follow one another from the checkpoint on, the last of the stack first.
  void code(Lane& v, const Reader& reader) {
    auto& [phase, ranges, retry_step, throttle_step, in_flight, window_started] = v;
    const MappingSettings& settings = world.settings(reader);
    c.number(phase);
    c.size(ranges);
    Position at = reader.checkpoint;
    for (std::size_t i = ranges.size(); i-- > 0;) code(ranges[i], settings, reader.shard, at);
    const bool waits_matter = layout.waits_matter || several_events;
    c.capped_if(waits_matter, retry_step, layout.retry_steps);
    c.capped_if(waits_matter, throttle_step, layout.throttle_steps);
    c.number(in_flight.value);
    code_window(window_started, settings);
  }

  // A window that is over stays over until it is started again.
  void code_window(Instant& started, const MappingSettings& settings) {
    if (!layout.windows) return c.known(started, base);
    Instant shown = started;
    if (!c.reading) shown = std::max(shown, base - seconds(settings.batching_window_s));
    c.relative(shown, base);
    if (c.reading) started = shown;
  }

  void code(Range& v, const MappingSettings& settings, ShardId shard, Position& at) {
    auto& [batch, retries_used, attempts, reason, request, split_at] = v;
    left_out(request);
    TH_CHECK(c.reading || batch.span.first == at);
    std::uint64_t count = batch.count;
    c.number(count);
    c.known(batch, Batch::whole(shard, {at, at + count}));
    at += count;
    c.number_if(settings.retries_are_limited(), retries_used, 0u);
    c.capped_if(layout.attempts > 0, attempts, layout.attempts);
    // The rest after progress may still be filled.
    bool is_rest = reason == DeliveryReason::retry_after_partial_response;
    c.number_if(layout.tops_up, is_rest, false);
    c.known(reason, is_rest ? DeliveryReason::retry_after_partial_response : DeliveryReason::first);
    code_split(split_at);
  }

  // When the batch was split last, if the age of a record counts from then on.
  void code_split(Instant& split_at) {
    if (!layout.split_ages) return c.known(split_at, never_split);
    Instant shown = std::max(split_at, base - layout.oldest_age);
    c.relative(shown, base);
    if (c.reading) split_at = shown;
  }

  // Free slots at the end make no difference.
  void code_used(std::vector<Invocation>& slots) {
    std::uint64_t used = slots.size();
    while (!c.reading && used > 0 && !slots[used - 1].used) --used;
    c.number(used);
    if (c.reading) {
      for (Invocation& each : slots) each.used = false, each.number = {};
      if (slots.size() < used) slots.resize(used);
    }
    for (std::uint64_t i = 0; i < used; ++i) code(slots[i]);
  }

  void code(Invocation& v) {
    auto& [used, reader, incarnation, batch, outcome, number, attempt, started, work_started] = v;
    c.number(used);
    if (!used) return;
    c.number(reader.value);
    const Reader& of = world.reader(reader);
    bool stale = c.reading ? false : incarnation != of.incarnation;
    c.number(stale);
    c.known(incarnation, stale ? no_incarnation : 1);
    // An invocation that takes no time makes its retry wait a moment.
    bool just_now = c.reading ? false : started == base;
    c.number(just_now);
    c.known(started, just_now ? base : base - microseconds(1));
    Span span = batch.span;
    c.position(span.first, scratch.bases[of.shard.value]);
    c.position(span.end, scratch.bases[of.shard.value]);
    c.known(batch, Batch::whole(of.shard, span));
    code(outcome);
    c.known(attempt, 1u);
    c.known(work_started, started);
    if (c.reading) number.value = ++world.last_call.value;
  }

  void code(Outcome& v) {
    auto& [end, duration, effects_until, without_effect, answer, swallowed, outage, failed_at] = v;
    left_out(duration, outage, failed_at);  // its event says when it ends
    c.number(end);
    c.number(effects_until);
    c.size(without_effect);
    for (std::uint32_t& offset : without_effect) c.number(offset);
    code(answer);
    c.number(swallowed);
  }

  void code(Answer& v) {
    auto& [kind, any_valid, any_invalid, lowest, named] = v;
    left_out(named);  // only the cause of a loss depends on it
    c.number(kind);
    c.number(any_valid);
    c.number(any_invalid);
    c.number(lowest);
  }

  void events() {
    if constexpr (Coder::reading) {
      read_events();
    } else {
      write_events();
    }
  }

  void write_events() {
    std::vector<Event>& sorted = scratch.sorted;
    sorted.assign(world.events.unordered().begin(), world.events.unordered().end());
    std::uint64_t count = sorted.size();
    c.number(count);
    if (count > 1) world.events.sort(sorted);
    for (const Event& event : sorted) {
      c.duration(event.at - base);
      c.number(event.what.index());
      std::visit([&](auto what) { code(what); }, event.what);
    }
  }

  void read_events() {
    world.events.clear();
    world.next_event_number = 0;
    std::uint64_t count = 0;
    c.number(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      Duration due{0};
      std::size_t kind = 0;
      c.duration(due);
      c.number(kind);
      read_event(kind, base + due);
    }
  }

  // An event of the kind-th alternative. They are written in their order.
  template <std::size_t Kind = 0>
  void read_event(std::size_t kind, Instant at) {
    if constexpr (Kind < std::variant_size_v<What>) {
      if (kind != Kind) return read_event<Kind + 1>(kind, at);
      std::variant_alternative_t<Kind, What> what;
      code(what);
      world.events.add_last({at, world.next_event_number++, {}, what});
    } else {
      TH_CHECK(!"an event that is in no key");
    }
  }

  void code(TimelineDue& v) {
    auto& [index] = v;
    c.number(index);
  }
  void code(MappingCreated& v) {
    auto& [mapping] = v;
    c.number(mapping.value);
  }
  void code(MappingStops& v) {
    auto& [mapping] = v;
    c.number(mapping.value);
    if (c.reading) world.mapping(mapping).stops = true;
  }
  void code(SlotFreed& v) {
    auto& [function] = v;
    c.number(function.value);
  }
  void code(PutDue& v) {
    auto& [producer] = v;
    c.number(producer.value);
  }
  void code(PutRetryDue& v) {
    auto& [producer, slot] = v;
    c.number(producer.value);
    c.number(slot);
  }
  void code(KplDue&) { TH_CHECK(!"no KPL while exploring"); }
  void code(KplAnswerDue&) { TH_CHECK(!"no KPL while exploring"); }
  void code(ReshardDue& v) {
    auto& [parent] = v;
    c.number(parent.value);
  }
  // The explorer scales nothing.
  void code(MinuteDue&) { TH_CHECK(!"no minutes while exploring"); }
  void code(OnDemandSplitDue&) { TH_CHECK(!"no minutes while exploring"); }
  void code(ScalerDue&) { TH_CHECK(!"no scalers while exploring"); }
  void code(InvocationDone& v) {
    auto& [slot] = v;
    c.number(slot.value);
  }
  void code(RetentionDue& v) {
    auto& [reader] = v;
    c.number(reader.value);
    if (c.reading) world.reader(reader).retention_due = true;
  }
  void code(PollDue& v) {
    auto& [reader] = v;
    c.number(reader.value);
  }
  void code(LaneReady& v) {
    auto& [reader, lane] = v;
    c.number(reader.value);
    c.number(lane.value);
  }
};

}  // namespace

void StateCodec::encode(const World& world, const OutcomeMonitor& monitor, Key& key) {
  KeyWriter writer(key);
  // The writer changes nothing it is given; one list of members serves both directions.
  StateCoder<KeyWriter>{writer, const_cast<World&>(world), const_cast<OutcomeMonitor&>(monitor),
                        layout_, scratch_}
      .run();
  writer.finish();
}

void StateCodec::decode(std::span<const std::uint8_t> key, World& world, OutcomeMonitor& monitor) {
  KeyReader reader(key);
  StateCoder<KeyReader>{reader, world, monitor, layout_, scratch_}.run();
  TH_CHECK(reader.at_end());
}

}  // namespace trimhorizon
