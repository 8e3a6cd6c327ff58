// Searches with functions that remember, one whole run for each schedule, and checks at each run
// that their memory was really fresh.
#include "sim/explore/fresh_search.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "sim/base/hash.hpp"
#include "sim/explore/expander.hpp"
#include "sim/explore/search_parts.hpp"
#include "sim/history/invariants.hpp"
#include "sim/world/first_world.hpp"

namespace trimhorizon {
namespace {

// An answer that is not 0, and after which question of the run it comes.
struct MadeDecision {
  std::uint32_t question = 0;
  std::uint32_t answer = 0;

  friend auto operator<=>(const MadeDecision&, const MadeDecision&) = default;
};

// A run to be made: its decisions, and a hash of everything that must happen before the last one.
struct Schedule {
  std::vector<MadeDecision> made;
  std::uint64_t before = 0;  // hash of questions, answers and calls
};

std::vector<std::uint32_t> answers_of(const Schedule& schedule) {
  std::vector<std::uint32_t> answers;
  for (const MadeDecision& each : schedule.made) {
    answers.resize(each.question, 0);
    answers.push_back(each.answer);
  }
  return answers;
}

// Answers as a schedule says, and notes what else could have been answered after it.
class ScheduleChoices : public Choices {
 public:
  struct Asked {
    std::uint8_t site = 0;
    std::uint32_t arity = 0;
    std::uint64_t before = 0;
  };

  ScheduleChoices(const Schedule& schedule, SiteSet open, const FreshHandlers& handlers)
      : Choices(open.bits), schedule_(schedule), handlers_(handlers) {}

  bool used_up() const { return next_ == schedule_.made.size(); }
  // The questions after the last decision; the first of them has the number `first()`.
  const std::vector<Asked>& after() const { return after_; }
  std::uint32_t first() const { return at_ - static_cast<std::uint32_t>(after_.size()); }
  std::uint64_t all() const { return mix64(rolling() ^ handlers_.rolling()); }

 protected:
  std::uint32_t answer(const Question& q) override {
    const std::uint32_t question = at_++;
    const std::uint64_t before = all();
    if (used_up()) {
      after_.push_back({q.site, q.arity, before});
      return 0;
    }
    const MadeDecision& made = schedule_.made[next_];
    if (made.question != question) return 0;
    next_ += 1;
    if (used_up() && before != schedule_.before) {
      throw MemoryNotFresh("a run that was started again took another course");
    }
    return made.answer;
  }

 private:
  const Schedule& schedule_;
  const FreshHandlers& handlers_;
  std::uint32_t at_ = 0;
  std::size_t next_ = 0;
  std::vector<Asked> after_;
};

class FreshSearch {
 public:
  FreshSearch(const std::shared_ptr<const Plan>& plan, const RecordIndex& index,
              const ExploreOptions& options, FreshHandlers& handlers)
      : plan_(plan),
        options_(options),
        handlers_(handlers),
        codec_({*plan, options.open(), true}),
        watch_(index, plan->consumers(), true),
        no_effects_(index, plan->consumers(), false),
        layers_(options.faults + 1),
        limit_(options.seconds) {}

  std::uint64_t all_of_undisturbed_run() {
    const Schedule nothing;
    ScheduleChoices choices(nothing, options_.open(), handlers_);
    World world = begin();
    follow(world, choices);
    return choices.all();
  }

  Exploration run() {
    layers_[0].push_back({});
    const std::uint64_t as_ever = all_of_undisturbed_run();
    for (std::uint32_t layer = 0; layer <= options_.faults; ++layer) {
      if (!run_layer(layer)) break;
      found_.complete_through = static_cast<int>(layer);
    }
    if (all_of_undisturbed_run() != as_ever) {
      throw MemoryNotFresh("the run without faults took another course the second time");
    }
    fill();
    return std::move(found_);
  }

 private:
  struct Sighting {
    std::uint32_t layer = 0;
    Schedule schedule;
  };

  World begin() {
    handlers_.begin_run();
    watch_.monitor.clear();
    watch_.invariants.clear();
    return first_world(plan_);
  }

  // Steps until nothing is left to happen (true) or until the run repeats itself for ever (false).
  bool follow(World& world, ScheduleChoices& choices) {
    Outside outside{choices, handlers_, &watch_};
    std::map<Key, std::uint32_t> seen;
    while (!world.events.empty()) {
      if (choices.used_up() && is_state_point(world.events.earliest(), options_.open())) {
        codec_.encode(world, no_effects_, key_);
        if (++seen[key_] > same_state_max) break;
      }
      step(world, outside);
      found_.transitions += 1;
    }
    found_.situations |= watch_.situations.seen();
    found_.met.bits |= outside.met.bits;
    if (!world.events.empty()) return false;
    watch_.monitor.note_rest(world);
    return true;
  }

  bool out_of_bounds() const {
    return (options_.states > 0 && found_.states >= options_.states) || limit_.is_over();
  }

  // False when a bound was hit.
  bool run_layer(std::uint32_t layer) {
    std::vector<Schedule>& waiting = layers_[layer];
    while (!waiting.empty()) {
      if (out_of_bounds()) return false;
      if (options_.poll_progress) options_.poll_progress();
      const Schedule schedule = std::move(waiting.back());
      waiting.pop_back();
      run_one(schedule, layer);
      found_.states += 1;
      if (options_.progress) options_.progress(layer, found_.states);
    }
    return true;
  }

  void run_one(const Schedule& schedule, std::uint32_t layer) {
    World world = begin();
    ScheduleChoices choices(schedule, options_.open(), handlers_);
    const bool at_rest = follow(world, choices);
    if (!choices.used_up())
      throw MemoryNotFresh("a run that was started again asked fewer questions");
    note_invariants(schedule, layer);
    if (at_rest) {
      note_end(schedule, layer);
    } else if (!loop_) {
      loop_ = Sighting{layer, schedule};
    }
    for (std::uint32_t i = 0; i < choices.after().size(); ++i) {
      add_schedules(schedule, choices.after()[i], choices.first() + i, layer);
    }
  }

  void add_schedules(const Schedule& from, const ScheduleChoices::Asked& asked,
                     std::uint32_t question, std::uint32_t layer) {
    const auto site = static_cast<Site>(asked.site);
    const std::uint32_t cost = info(site).cost;
    if (layer + cost > options_.faults) return;
    for (std::uint32_t answer = 1; answer < asked.arity; ++answer) {
      Schedule next{from.made, asked.before};
      next.made.push_back({question, answer});
      layers_[layer + cost].push_back(std::move(next));
    }
    if (cost > 0) found_.taken.add(site);
  }

  // The witness is the one whose decisions come first and are smallest.
  static void keep_least(std::optional<Sighting>& known, const Schedule& schedule,
                         std::uint32_t layer) {
    if (!known || (known->layer == layer && schedule.made < known->schedule.made)) {
      known = Sighting{layer, schedule};
    }
  }

  void note_end(const Schedule& schedule, std::uint32_t layer) {
    for (const Property property : options_.properties) {
      if (!holds(property, watch_.monitor)) {
        keep_least(broken_[property], schedule, layer);
      }
    }
    outcomes_.try_emplace(look_at_end(watch_.monitor), Sighting{layer, {}});
  }

  void note_invariants(const Schedule& schedule, std::uint32_t layer) {
    if (!options_.check_invariants) return;
    for (const Invariant each : all_of<Invariant>) {
      if (watch_.invariants.broken().has(each)) {
        keep_least(broken_invariants_[each], schedule, layer);
      }
    }
  }

  void fill() {
    found_.faults = options_.faults;
    found_.complete = found_.complete_through == static_cast<int>(options_.faults);
    found_.outcomes = complete_outcomes(outcomes_, found_.complete_through);
    const auto add = [&](std::string_view what, const std::optional<Sighting>& seen) {
      if (!seen) return;
      found_.violations.push_back({std::string(what), seen->layer, answers_of(seen->schedule)});
    };
    for (const Property each : options_.properties) add(name(each), broken_[each]);
    for (const Invariant each : all_of<Invariant>) add(name(each), broken_invariants_[each]);
    if (loop_) found_.loops.push_back({loop_->layer, answers_of(loop_->schedule), {}});
  }

  std::shared_ptr<const Plan> plan_;
  const ExploreOptions& options_;
  FreshHandlers& handlers_;
  StateCodec codec_;
  SearchWatch watch_;
  OutcomeMonitor no_effects_;  // hears no events: gives keys without effect counts
  Key key_;
  std::vector<std::vector<Schedule>> layers_;
  std::map<EndOfRun, Sighting> outcomes_;  // without their schedules
  PerMember<Property, std::optional<Sighting>> broken_;
  PerMember<Invariant, std::optional<Sighting>> broken_invariants_;
  std::optional<Sighting> loop_;
  Exploration found_;
  TimeLimit limit_;
};

}  // namespace

std::uint64_t undisturbed_run(const std::shared_ptr<const Plan>& plan, const RecordIndex& index,
                              const ExploreOptions& options, FreshHandlers& handlers) {
  return FreshSearch(plan, index, options, handlers).all_of_undisturbed_run();
}

Exploration search_from_the_beginning(const std::shared_ptr<const Plan>& plan,
                                      const RecordIndex& index, const ExploreOptions& options,
                                      FreshHandlers& handlers) {
  return FreshSearch(plan, index, options, handlers).run();
}

}  // namespace trimhorizon
