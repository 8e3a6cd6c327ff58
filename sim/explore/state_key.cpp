#include "sim/explore/state_key.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/explore/key_coder.hpp"
#include "sim/lambda/batching.hpp"

namespace trimhorizon {
namespace {

// Scratch memory of both directions; a search calls them millions of times.
struct Scratch {
  std::vector<Position> bases;  // by shard: where positions are counted from
  std::vector<Event> sorted;
};
Scratch& scratch() {
  static thread_local Scratch memory;
  return memory;
}

// Encoding and decoding are one list of members (key_coder.hpp); a member that is forgotten in one
// direction is forgotten in both, and the property test of decode finds it.
template <class Coder>
struct StateCoder {
  Coder& c;
  World& world;
  OutcomeMonitor& monitor;
  const KeyLayout& layout;
  std::vector<Position>& bases = scratch().bases;
  std::vector<Event>& sorted = scratch().sorted;
  Instant base{0};  // instants are relative to it: when the next event happens
  bool several_events = false;
  bool puts_pending = false;

  void run() {
    bool at_rest = false;
    c.flag(at_rest, world.events.empty());
    c.number(world.history.stored);
    tally();
    if (at_rest) {
      if (c.reading) world.events.clear();
      return;
    }
    c.flag(several_events, world.events.size() > 1);
    c.flag(puts_pending, more_puts());
    clock();
    producers();
    functions();
    destinations();
    mappings();
    logs();
    readers();
    invocations();
    events();
  }

  void tally() {
    c.nibbles(monitor.effects_state());
    c.bits(monitor.discarded_state());
    c.bits(monitor.gone_state());
    c.bits(monitor.pending_state());
    if (!monitor.watches_order()) return;
    for (OrderState& order : monitor.order_state()) {
      c.number(order.last);
      c.number(order.largest);
    }
    c.number(monitor.regressed_state());
    c.number(monitor.first_broken_state());
  }

  bool more_puts() const {
    return std::any_of(world.events.unordered().begin(), world.events.unordered().end(),
                       [](const Event& e) { return rank_of(e) <= 1; });
  }

  // Puts and timeline actions to come stand in the plan with their times; other boundaries count
  // up to the last of them.
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

  void producers() {
    for (std::uint32_t p = 0; p < world.producers.size(); ++p) {
      ProducerState& state = world.producers[p];
      c.number(state.next_number);
      c.number(state.next_call);
      c.number(state.planned);
      if (world.plan->producers[p].settings.load) {
        c.number(state.cursor.rate_step);
        c.number(state.cursor.in_step);
        c.number(state.cursor.gap_draws);
        c.number(state.cursor.planned);
        if (puts_pending) c.relative(state.cursor.last_arrival, base);
      }
      c.size(state.losing);
      for (LostAnswers& each : state.losing) {
        c.later(each.until, base);
        c.number(each.weight.parts_per_billion);
      }
      c.size(state.pending);
      for (PendingPut& put : state.pending) {
        c.number(put.used);
        c.number(put.numbers.first);
        c.number(put.numbers.end);
        c.number(put.retries_left);
        c.tell(put.tries, 2u);
      }
      c.size(state.late);
      for (std::uint64_t& n : state.late) c.number(n);
    }
  }

  void functions() {
    for (FunctionState& state : world.functions) {
      c.later(state.throttled_until, base);
      c.later(state.outage_until, base);
      if (layout.environments) {
        c.number(state.idle);
      } else {
        c.tell(state.idle, 0u);
      }
      c.number(state.in_flight);
    }
  }

  void destinations() {
    for (DestinationState& state : world.destinations) c.later(state.failing_until, base);
  }

  void mappings() {
    for (MappingState& state : world.mappings) {
      c.number(state.exists);
      c.number(state.enabled);
      c.later(state.resumes, base);
      c.number(state.first_reader);
      c.number(state.readers);
    }
  }

  // The oldest position of a shard that a poller or an invocation in flight can still name.
  Position needed_from(ShardId shard) const {
    const RecordLog& log = world.shards[shard.value].log;
    if (layout.literal_positions) return log.first();
    Position needed = log.end();
    const StreamId stream = world.shards[shard.value].stream;
    for (std::uint32_t m = 0; m < world.mappings.size(); ++m) {
      if (world.plan->mappings[m].stream == stream && !world.mappings[m].exists) return log.first();
    }
    for (const Reader& p : world.readers) {
      if (p.shard == shard) needed = std::min(needed, p.checkpoint);
    }
    for (const Invocation& i : world.invocations) {
      if (i.used && world.reader(i.reader).shard == shard) needed = std::min(needed, i.span.first);
    }
    return needed;
  }

  void logs() {
    bases.resize(world.shards.size());
    for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
      RecordLog& log = world.shards[s].log;
      bases[s] = c.reading ? 0 : needed_from({s});
      std::uint64_t count = log.end() - bases[s];
      c.number(count);
      if (c.reading) log.clear();
      for (std::uint64_t i = 0; i < count; ++i) one_record(log, bases[s] + i);
    }
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

  // Stored before which mappings were created? Where that matters, arrivals of records that are
  // too old for anything else still say it.
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

  void readers() {
    c.size(world.readers);
    for (std::uint32_t i = 0; i < world.readers.size(); ++i) one_reader(world.readers[i], i);
  }

  // Mapping and shard of a poller follow from its number.
  void identify(Reader& reader, std::uint32_t id) {
    for (std::uint32_t m = 0; m < world.mappings.size(); ++m) {
      const MappingState& mapping = world.mappings[m];
      if (!mapping.exists || id < mapping.first_reader ||
          id >= mapping.first_reader + mapping.readers) {
        continue;
      }
      reader.mapping = {m};
      reader.shard = {world.plan->stream(world.plan->mapping({m}).stream).first_shard + id -
                      mapping.first_reader};
    }
  }

  void one_reader(Reader& reader, std::uint32_t id) {
    if (c.reading) identify(reader, id);
    const MappingSettings& settings = world.plan->settings(reader.mapping);
    c.number(reader.phase);
    c.position(reader.checkpoint, bases[reader.shard.value]);
    c.number(reader.positioned);
    c.number(reader.stopping);
    if (layout.latest) {
      c.number(reader.has_checkpoint);
    } else {
      c.tell(reader.has_checkpoint, reader.positioned);
    }
    window(reader, settings);
    last_poll(reader);
    lane(reader.lane, reader.checkpoint, settings);
    if (!c.reading) return;
    reader.incarnation = 1;
    reader.retention_due = false;
    reader.polled_to = reader.checkpoint;
    reader.delivered_to = reader.checkpoint;
    reader.restart_reason = DeliveryReason::first;
    reader.last_invocation = 0;
  }

  // Once the window is over it stays so until it is started anew.
  void window(Reader& reader, const MappingSettings& settings) {
    if (!layout.windows) {
      c.tell(reader.window_started, base);
      return;
    }
    Instant started = reader.window_started;
    if (!c.reading) started = std::max(started, base - seconds(settings.batching_window_s));
    c.relative(started, base);
    if (c.reading) reader.window_started = started;
  }

  // The rhythm of polls, for a put to come; and a first poll that is still to come.
  void last_poll(Reader& reader) {
    Instant start = reader.last_poll;
    c.later(start, base);
    Duration since{0};
    if (start <= base && puts_pending) {
      if (!c.reading) since.us = (base - reader.last_poll).us % poll_interval.us;
      c.duration(since);
    }
    if (c.reading) reader.last_poll = start > base ? start : base - since;
  }

  // The ranges lie one behind the other from the checkpoint on, the last of the stack first.
  void lane(Lane& lane, Position checkpoint, const MappingSettings& settings) {
    c.size(lane.ranges);
    Position at = checkpoint;
    for (std::size_t i = lane.ranges.size(); i-- > 0;) {
      Range& range = lane.ranges[i];
      TH_CHECK(c.reading || range.span.first == at);
      std::uint64_t count = range.span.count();
      c.number(count);
      range.span = {at, at + count};
      at = range.span.end;
      if (settings.retries_are_limited()) {
        c.number(range.retries_used);
      } else {
        c.tell(range.retries_used, 0u);
      }
      if (layout.attempts > 0) {
        c.capped(range.invocations, layout.attempts);
      } else {
        c.tell(range.invocations, 0u);
      }
      c.tell(range.reason, DeliveryReason::first);
    }
    if (layout.waits_matter || several_events) {
      c.capped(lane.retry_step, layout.retry_steps);
      c.capped(lane.throttle_step, layout.throttle_steps);
    } else {
      c.tell(lane.retry_step, 0u);
      c.tell(lane.throttle_step, 0u);
    }
    c.number(lane.in_flight.value);
  }

  void invocations() {
    // Free slots at the end make no difference.
    std::uint64_t used = world.invocations.size();
    while (!c.reading && used > 0 && !world.invocations[used - 1].used) --used;
    c.number(used);
    if (c.reading) {
      for (Invocation& entry : world.invocations) entry.used = false, entry.number = 0;
      if (world.invocations.size() < used) world.invocations.resize(used);
    }
    for (std::uint64_t i = 0; i < used; ++i) one_invocation(world.invocations[i]);
  }

  void one_invocation(Invocation& entry) {
    c.number(entry.used);
    if (!entry.used) return;
    c.number(entry.reader.value);
    bool stale = c.reading ? false : entry.incarnation != world.reader(entry.reader).incarnation;
    c.number(stale);
    // One that takes no time at all makes its retry wait a moment.
    bool just_now = c.reading ? false : entry.started == base;
    c.number(just_now);
    const Position first = bases[world.reader(entry.reader).shard.value];
    c.position(entry.span.first, first);
    c.position(entry.span.end, first);
    Outcome& outcome = entry.outcome;
    c.number(outcome.end);
    c.number(outcome.effects_until);
    c.size(outcome.without_effect);
    for (std::uint32_t& offset : outcome.without_effect) c.number(offset);
    c.number(outcome.answer.kind);
    c.number(outcome.answer.any_valid);
    c.number(outcome.answer.any_invalid);
    c.number(outcome.answer.lowest);
    c.number(outcome.swallowed);
    if (!c.reading) return;
    entry.incarnation = stale ? no_incarnation : 1;
    entry.number = ++world.history.invocation_number;
    entry.attempt = 1;
    entry.reason = entry.repeated_by = DeliveryReason::first;
    entry.fresh_from = entry.span.first;
    entry.started = entry.work_started = just_now ? base : base - microseconds(1);
  }

  void events() {
    if constexpr (Coder::reading) {
      read_events();
    } else {
      write_events();
    }
  }

  void write_events() {
    sorted.assign(world.events.unordered().begin(), world.events.unordered().end());
    std::uint64_t count = sorted.size();
    c.number(count);
    if (count > 1) world.events.sort(sorted);
    for (const Event& event : sorted) {
      c.duration(event.at - base);
      c.number(event.what.index());
      c.number(entity_of(event) & ~behind_creations);
      if (const auto* retry = std::get_if<PutRetryDue>(&event.what)) c.number(retry->slot);
    }
  }

  void read_events() {
    world.events.clear();
    world.next_event_number = 0;
    std::uint64_t count = 0;
    c.number(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      Duration due{0};
      std::uint32_t kind = 0;
      std::uint32_t who = 0;
      c.duration(due);
      c.number(kind);
      c.number(who);
      world.events.add({base + due, world.next_event_number++, 0, what_of(kind, who)});
    }
  }

  What what_of(std::uint32_t kind, std::uint32_t who) {
    switch (kind) {
      case 0: return TimelineDue{who};
      case 1: return MappingCreated{{who}};
      case 2: return PutDue{{who}};
      case 3: {
        std::uint32_t slot = 0;
        c.number(slot);
        return PutRetryDue{{who}, slot};
      }
      case 4: return InvocationDone{{who}};
      case 5: world.readers[who].retention_due = true; return RetentionDue{{who}};
      case 6: return PollDue{{who}};
      default: TH_CHECK(kind == 7); return LaneReady{{who}};
    }
  }
};

}  // namespace

void encode_state(const World& world, OutcomeMonitor& monitor, const KeyLayout& layout, Key& key) {
  KeyWriter writer(key);
  // The writer changes nothing it is given; one list of members serves both directions.
  StateCoder<KeyWriter>{writer, const_cast<World&>(world), monitor, layout}.run();
  writer.finish();
}

void decode_state(std::span<const std::uint8_t> key, const KeyLayout& layout, World& world,
                  OutcomeMonitor& monitor) {
  KeyReader reader(key);
  world.now = decoded_now;
  world.history.invocation_number = 0;
  StateCoder<KeyReader>{reader, world, monitor, layout}.run();
  TH_CHECK(reader.at_end());
}

}  // namespace trimhorizon
