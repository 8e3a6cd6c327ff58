// What every handler of an event receives: the world, the doors to everything that is undetermined,
// and the event that led here.
#pragma once

#include <vector>

#include "sim/base/choices.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/faults/site.hpp"
#include "sim/kinesis/put.hpp"
#include "sim/world/handlers.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/upcoming_puts.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// The doors of a run: choices and handlers. Draws need no door, because they are functions of the
// seed. Also: who observes the run, and which open questions it has met so far. All references must
// outlive this.
struct Outside {
  Choices& choices;
  Handlers& handlers;
  Observer* observer = nullptr;  // null: nobody observes
  AssumptionsMet met = {};
  // Up to this instant a producer may make its calls in one step, while nothing else happens.
  // REQUIRES, unless it is never: the observer takes runs.
  Instant joins_until{INT64_MIN};

  // Memory for the lists of an event. It is used again for each event, so that no event allocates.
  std::vector<PutEntry> entries = {};  // of the last call
  std::vector<PutEntry> given_up = {};
  std::vector<CallBytes> call_bytes = {};  // by ShardId
  std::uint64_t put_calls = 0;
  std::vector<PutRun::Call> calls = {};
  UpcomingPuts upcoming = {};
  std::vector<ReaderId> sleepers = {};
  std::vector<Span> worked = {};
  std::vector<Position> failed = {};
  std::vector<Position> reported = {};
};

struct Moment {
  World& world;
  Outside& outside;
  EventNumber cause;  // the event that led here; 0: the scenario itself

  const Plan& plan() const { return *world.plan; }
  // The same moment with another cause: an event that has just been told.
  Moment after(EventNumber event) const { return {world, outside, event}; }

  // Tells the observer what happened. Returns the number of the event, which becomes the cause of
  // what follows. A quiet event has no number; then this returns the number of its cause.
  template <class Event>
  EventNumber tell(const Event& what) const {
    constexpr bool numbered = !is_quiet<Event>;
    if (numbered) world.last_event.value += 1;
    if (outside.observer != nullptr) {
      const Happening happening = what;
      const EventNumber number = numbered ? world.last_event : EventNumber{};
      outside.observer->on({world.now, number, cause, happening}, world);
    }
    return numbered ? world.last_event : cause;
  }
  // Tells the observer of these calls. Returns the number of the last event.
  EventNumber tell_run(ProducerId producer, std::span<const PutRun::Call> calls) const {
    const EventNumber first{world.last_event.value + 1};
    world.last_event.value += 2 * calls.size();
    if (outside.observer != nullptr) outside.observer->on_run({producer, first, calls}, world);
    return world.last_event;
  }
  // Adds a pending event with this cause. REQUIRES: at >= world.now.
  void schedule(Instant at, const What& what) const;
  // Notes that this run met the open question of a switch, for the report.
  void met(Assumption question) const { outside.met.add(question); }

  // A question at a site of the table: is it asked in this run, and what is the answer? pick()
  // REQUIRES: asks(site). An answer is below `arity`; 0 is the ordinary course.
  bool asks(Site site) const { return outside.choices.asks(number(site)); }
  std::uint32_t pick(Site site, std::uint32_t entity, std::uint64_t ordinal,
                     std::uint32_t arity = 2, Probability weight = {}) const {
    return outside.choices.pick({number(site), entity, ordinal, arity, weight});
  }
  // Asks a yes-or-no question. False when the site is not asked.
  bool strikes(Site site, std::uint32_t entity, std::uint64_t ordinal) const {
    return asks(site) && pick(site, entity, ordinal) != 0;
  }
};

}  // namespace trimhorizon
