#include "sim/explore/state_key.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/explore/key_coder.hpp"
#include "sim/lambda/batching.hpp"

namespace trimhorizon {
namespace {

// Encoding and decoding are one list of members (key_coder.hpp); a member that is forgotten in one
// direction is forgotten in both, and the property test of decode finds it.
template <class Coder>
struct StateCoder {
  Coder& c;
  World& world;
  OutcomeMonitor& monitor;
  const KeyLayout& layout;
  bool several_events = false;
  bool puts_pending = false;

  void run() {
    c.flag(several_events, world.events.size() > 1);
    c.flag(puts_pending, more_puts());
    // Puts to come stand in the plan with their times.
    if (layout.absolute_time || puts_pending) c.instant(world.now);
    producers();
    functions();
    destinations();
    mappings();
    logs();
    pollers();
    invocations();
    events();
    tally();
    c.number(world.history.stored);
  }

  bool more_puts() const {
    return std::any_of(world.events.unordered().begin(), world.events.unordered().end(),
                       [](const Event& e) { return rank_of(e) <= 1; });
  }
  bool delays_matter() const { return several_events || layout.ages; }

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
        c.relative(state.cursor.last_arrival, world.now);
      }
      c.later(state.lose_until, world.now);
      c.number(state.lose_weight.parts_per_billion);
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
      c.later(state.throttled_until, world.now);
      c.later(state.outage_until, world.now);
      if (layout.environments) {
        c.number(state.idle);
      } else {
        c.tell(state.idle, 0u);
      }
      c.number(state.in_flight);
    }
  }

  void destinations() {
    for (DestinationState& state : world.destinations) c.later(state.failing_until, world.now);
  }

  void mappings() {
    for (MappingState& state : world.mappings) {
      c.number(state.exists);
      c.number(state.enabled);
      c.number(state.first_poller);
      c.number(state.pollers);
    }
  }

  // The oldest position of a shard that a poller or an invocation in flight can still name.
  Position needed_from(ShardId shard) const {
    const RecordLog& log = world.shards[shard.value].log;
    Position needed = log.end();
    const StreamId stream = world.shards[shard.value].stream;
    for (std::uint32_t m = 0; m < world.mappings.size(); ++m) {
      if (world.plan->mappings[m].stream == stream && !world.mappings[m].exists) return log.first();
    }
    for (const Poller& p : world.pollers) {
      if (p.shard == shard) needed = std::min(needed, p.checkpoint);
    }
    for (const Invocation& i : world.invocations) {
      if (i.used && world.poller(i.poller).shard == shard) needed = std::min(needed, i.span.first);
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
    Duration age =
        c.reading ? Duration{0} : std::min(world.now - log.arrival(p), layout.oldest_age);
    if (layout.ages) c.duration(age);
    if (!c.reading) return;
    const RecordId record = index.record(dense);
    log.append({world.now - age, record,
                key_of_record_in(*world.plan, record.producer(), record.number())});
  }

  void pollers() {
    c.size(world.pollers);
    for (std::uint32_t i = 0; i < world.pollers.size(); ++i) one_poller(world.pollers[i], i);
  }

  // Mapping and shard of a poller follow from its number.
  void identify(Poller& poller, std::uint32_t id) {
    for (std::uint32_t m = 0; m < world.mappings.size(); ++m) {
      const MappingState& mapping = world.mappings[m];
      if (!mapping.exists || id < mapping.first_poller ||
          id >= mapping.first_poller + mapping.pollers) {
        continue;
      }
      poller.mapping = {m};
      poller.shard = {world.plan->stream(world.plan->mapping({m}).stream).first_shard + id -
                      mapping.first_poller};
    }
  }

  void one_poller(Poller& poller, std::uint32_t id) {
    if (c.reading) identify(poller, id);
    const Position base = bases[poller.shard.value];
    c.small_enum(poller.phase);
    c.position(poller.checkpoint, base);
    if (layout.iterator_positions) {
      c.number(poller.has_checkpoint);
      c.number(poller.positioned);
    } else {
      c.number(poller.positioned);
      c.tell(poller.has_checkpoint, poller.positioned);
    }
    if (layout.windows) {
      c.relative(poller.window_started, world.now);
    } else {
      c.tell(poller.window_started, world.now);
    }
    if (puts_pending) {
      Duration since = std::min(world.now - poller.last_poll, hours(1));
      since.us = poller.last_poll > world.now ? since.us : since.us % poll_interval.us;
      c.duration(since);
      if (c.reading) poller.last_poll = world.now - since;
    } else {
      c.tell(poller.last_poll, world.now);
    }
    lane(poller.lane, poller.checkpoint, world.plan->settings(poller.mapping));
    if (!c.reading) return;
    poller.incarnation = 1;
    poller.retention_due = false;
    poller.polled_to = poller.checkpoint;
    poller.delivered_to = poller.checkpoint;
    poller.restart_reason = DeliveryReason::first;
    poller.last_invocation = 0;
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
      std::uint32_t tries = std::min(range.invocations, layout.attempts);
      c.number(tries);
      if (c.reading) range.invocations = tries;
      c.tell(range.reason, DeliveryReason::first);
    }
    // A back-off step says how long the next wait is: nothing, when nothing else is pending.
    if (delays_matter()) {
      c.capped(lane.retry_step, 16);
      c.capped(lane.throttle_step, 16);
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
      for (Invocation& entry : world.invocations) entry.used = false;
      if (world.invocations.size() < used) world.invocations.resize(used);
    }
    for (std::uint64_t i = 0; i < used; ++i) one_invocation(world.invocations[i]);
  }

  void one_invocation(Invocation& entry) {
    c.number(entry.used);
    if (!entry.used) return;
    c.number(entry.poller.value);
    bool stale = c.reading ? false : entry.incarnation != world.poller(entry.poller).incarnation;
    c.number(stale);
    const Position base = bases[world.poller(entry.poller).shard.value];
    c.position(entry.span.first, base);
    c.position(entry.span.end, base);
    Outcome& outcome = entry.outcome;
    c.small_enum(outcome.end);
    c.number(outcome.effects_until);
    c.size(outcome.without_effect);
    for (std::uint32_t& offset : outcome.without_effect) c.number(offset);
    c.small_enum(outcome.answer.kind);
    c.number(outcome.answer.any_valid);
    c.number(outcome.answer.any_invalid);
    c.number(outcome.answer.lowest);
    c.tell(outcome.swallowed, false);
    if (!c.reading) return;
    entry.incarnation = stale ? 0 : 1;
    entry.number = ++world.history.invocation_number;
    entry.attempt = 1;
    entry.reason = DeliveryReason::first;
    entry.started = entry.work_started = world.now;
  }

  void events() {
    if constexpr (Coder::reading) {
      read_events();
    } else {
      write_events();
    }
  }

  void write_events() {
    sorted = world.events.in_order();
    std::uint64_t count = sorted.size();
    c.number(count);
    for (Event& event : sorted) {
      Duration due = delays_matter() ? event.at - world.now : Duration{0};
      c.duration(due);
      std::uint32_t kind = static_cast<std::uint32_t>(event.what.index());
      std::uint32_t who = entity_of(event);
      std::uint32_t slot = 0;
      if (const auto* retry = std::get_if<PutRetryDue>(&event.what)) slot = retry->slot;
      c.number(kind);
      c.number(who);
      c.number(slot);
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
      std::uint32_t slot = 0;
      c.duration(due);
      c.number(kind);
      c.number(who);
      c.number(slot);
      world.events.add({world.now + due, world.next_event_number++, 0, what_of(kind, who, slot)});
    }
  }

  static What what_of(std::uint32_t kind, std::uint32_t who, std::uint32_t slot) {
    switch (kind) {
      case 0:
        return TimelineDue{who};
      case 1:
        return MappingCreated{{who}};
      case 2:
        return PutDue{{who}};
      case 3:
        return PutRetryDue{{who}, slot};
      case 4:
        return InvocationDone{{who}};
      case 5:
        return RetentionDue{{who}};
      case 6:
        return PollDue{{who}};
      default:
        return LaneReady{{who}};
    }
  }

  void tally() {
    c.nibbles(monitor.effects_state());
    c.bits(monitor.discarded_state());
    if (!monitor.watches_order()) return;
    for (OrderState& order : monitor.order_state()) {
      c.number(order.last);
      c.number(order.largest);
    }
    c.number(monitor.regressed_state());
    c.number(monitor.first_broken_state());
  }

  std::vector<Position>& bases;
  std::vector<Event>& sorted;
};

// Scratch memory of the two directions; a search calls them millions of times.
struct Scratch {
  std::vector<Position> bases;
  std::vector<Event> sorted;
};
Scratch& scratch() {
  static thread_local Scratch memory;
  return memory;
}

}  // namespace

KeyLayout::KeyLayout(const Plan& plan) {
  for (const MappingPlan& mapping : plan.mappings) {
    const MappingSettings& settings = mapping.settings;
    ages = ages || settings.age_is_limited();
    windows = windows || settings.batching_window_s > 0;
    retries = retries || settings.retries_are_limited();
    absolute_time = absolute_time || settings.starting_position == StartingPosition::at_timestamp;
    iterator_positions =
        iterator_positions || settings.starting_position == StartingPosition::latest;
    if (settings.age_is_limited()) {
      oldest_age = std::max(oldest_age, settings.maximum_record_age() + microseconds(1));
    }
  }
  for (const FunctionPlan& function : plan.functions) {
    environments = environments || function.settings.cold_start > Duration{0};
    for (const FailRulePlan& entry : function.fail) {
      absolute_time = absolute_time || entry.rule.from || entry.rule.until;
      for (const std::uint32_t n : entry.rule.attempts) attempts = std::max(attempts, n + 1);
    }
  }
}

void encode_state(const World& world, OutcomeMonitor& monitor, const KeyLayout& layout, Key& key) {
  key.clear();
  KeyWriter writer(key);
  // The writer changes nothing it is given; one list of members serves both directions.
  StateCoder<KeyWriter> coder{writer, const_cast<World&>(world), monitor,         layout, false,
                              false,  scratch().bases,           scratch().sorted};
  coder.run();
}

void decode_state(std::span<const std::uint8_t> key, const KeyLayout& layout, World& world,
                  OutcomeMonitor& monitor) {
  KeyReader reader(key);
  world.now = decoded_now;
  world.history.invocation_number = 0;
  StateCoder<KeyReader> coder{reader, world, monitor,         layout,
                              false,  false, scratch().bases, scratch().sorted};
  coder.run();
  TH_CHECK(reader.at_end());
}

}  // namespace trimhorizon
