// What every handler works with: the world, the doors to what is undetermined, and the event that
// led here.
#pragma once

#include <vector>

#include "sim/base/choices.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/faults/site.hpp"
#include "sim/world/handlers.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// The doors of a run (choices and handlers; draws need none: they are functions of the seed), who
// watches it, and which switches' questions it has met so far.
struct Outside {
  Choices& choices;
  Handlers& handlers;
  Observer* observer = nullptr;
  AssumptionsMet met = {};

  // Memory for the lists of an event, used again and again.
  std::vector<StoredRecordAt> stored = {};
  std::vector<Span> worked = {};
  std::vector<Position> failed = {};
};

struct Moment {
  World& world;
  Outside& outside;
  EventNumber cause;  // what has led here; none: the scenario itself

  const Plan& plan() const { return *world.plan; }
  // The same moment, as something that was just told leads on.
  Moment after(EventNumber told) const { return {world, outside, told}; }

  // Tells what happened. Returns its number, to be the cause of what follows from it; of a quiet
  // event, the number of its cause.
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
  void schedule(Instant at, const What& what) const;
  void met(Assumption question) const { outside.met.add(question); }

  // A question at a site of the table: is it asked, and what is the answer?
  bool asks(Site site) const { return outside.choices.asks(number(site)); }
  std::uint32_t pick(Site site, std::uint32_t entity, std::uint64_t ordinal,
                     std::uint32_t arity = 2, Probability weight = {}) const {
    return outside.choices.pick({number(site), entity, ordinal, arity, weight});
  }
  // The same where it is a yes or no that may not be asked at all.
  bool strikes(Site site, std::uint32_t entity, std::uint64_t ordinal) const {
    return asks(site) && pick(site, entity, ordinal) != 0;
  }
};

}  // namespace trimhorizon
