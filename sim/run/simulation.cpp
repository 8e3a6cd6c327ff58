#include "sim/run/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/format.hpp"
#include "sim/world/first_world.hpp"

namespace trimhorizon {

void ObserverList::on(const Happened& event, const World& world) {
  history_.on(event, world);
  for (Observer* observer : observers_) observer->on(event, world);
}

bool ObserverList::takes_runs() const {
  return std::all_of(observers_.begin(), observers_.end(),
                     [](const Observer* each) { return each->takes_runs(); });
}

void ObserverList::on_run(const PutRun& run, const World& world) {
  history_.on_run(run, world);
  for (Observer* observer : observers_) observer->on_run(run, world);
}

namespace {

std::optional<ReplayChoices> replay_of(const Plan& plan) {
  if (plan.decisions == nullptr) return std::nullopt;
  return std::make_optional<ReplayChoices>(*plan.decisions);
}

std::optional<SeededChoices> seeded_by(const Plan& plan) {
  if (plan.decisions != nullptr) return std::nullopt;
  return std::make_optional<SeededChoices>(plan.seed, plan.seeded_sites.bits);
}

}  // namespace

Simulation::Simulation(std::shared_ptr<const Plan> plan, Choices* choices, Handlers* handlers)
    : world_(first_world(std::move(plan))),
      observers_(*world_.plan),
      seeded_(choices == nullptr ? seeded_by(*world_.plan) : std::nullopt),
      replayed_(choices == nullptr ? replay_of(*world_.plan) : std::nullopt),
      outside_{choices != nullptr ? *choices : own_choices(),
               handlers != nullptr ? *handlers : modelled_, &observers_} {}

Choices& Simulation::own_choices() {
  if (seeded_) return *seeded_;
  TH_CHECK(replayed_.has_value());  // a caller's own choices cannot be copied here
  return *replayed_;
}

Simulation::Simulation(const Simulation& other, Handlers* handlers)
    : world_(other.world_),
      observers_(other.observers_.unwatched()),
      seeded_(other.seeded_),
      replayed_(other.replayed_),
      outside_{own_choices(), handlers == &other.modelled_ ? modelled_ : *handlers, &observers_,
               other.outside_.met},
      ended_(other.ended_),
      ignores_duration_(other.ignores_duration_) {}

AssumptionsMet Simulation::met() const {
  return {outside_.met.bits | history().letters.met().bits};
}

RunSoFar so_far(const Simulation& simulation) {
  return {simulation.world(), simulation.history(), simulation.ended(), simulation.met(),
          simulation.trace_digest()};
}

Result build_result(const Simulation& simulation, const ResultOptions& options) {
  return build_result(so_far(simulation), options);
}

// The end of `duration` does not end a replay of a run that was recorded until no event was left.
// Other runs end with `duration`, but not before all decisions of the replay are used.
bool Simulation::time_is_up() const {
  if (ignores_duration_ || world_.events.earliest().at <= Instant{0} + plan().duration) {
    return false;
  }
  return !replayed_ || (replayed_->used_up() && !replayed_->list().to_rest);
}

// Readers that read empty shards once a second do so for ever.
bool Simulation::nothing_left() const { return world_.events.size() == world_.idle_events; }

bool Simulation::at_end() {
  if (ended_ != RunEnd::running) return true;
  if (nothing_left()) {
    ended_ = RunEnd::drained;
  } else if (time_is_up()) {
    world_.now = std::max(world_.now, Instant{0} + plan().duration);
    ended_ = RunEnd::duration;
  }
  if (ended_ == RunEnd::running) return false;
  if (replayed_) replayed_->check_end(ended_ == RunEnd::drained);
  return true;
}

bool Simulation::step() {
  if (at_end()) return false;
  make_step();
  return true;
}

void Simulation::make_step() {
  torn_ = true;
  try {
    trimhorizon::step(world_, outside_);
  } catch (const InternalError& bug) {
    throw InternalError(fmt::format("{}\n  at simulated time {}, event {}, seed {}", bug.what(),
                                    duration_text(world_.now - Instant{0}), world_.last_event.value,
                                    plan().seed));
  }
  torn_ = false;
}

void Simulation::run_until(Instant t, const std::function<void(double)>& progress) {
  // Small enough that a user can stop a run of slow events without a noticeable wait.
  constexpr std::uint64_t events_between_reports = 256;
  std::uint64_t events = 0;
  // A replay may end at an event, and not with `duration`.
  if (observers_.takes_runs() && !replayed_) {
    outside_.joins_until = ignores_duration_ ? t : std::min(t, Instant{0} + plan().duration);
  }
  while (!world_.events.empty() && world_.events.earliest().at <= t && !at_end()) {
    make_step();
    if (++events % events_between_reports != 0 || !progress) continue;
    progress(static_cast<double>(world_.now.us) / static_cast<double>(plan().duration.us));
  }
  outside_.joins_until = Instant{INT64_MIN};
  // The events after `duration` do not happen. So the run ends when somebody waits until then, and
  // not before.
  if (nothing_left() || t >= Instant{0} + plan().duration) at_end();
  if (ended_ == RunEnd::running && world_.now < t) world_.now = t;
}

void Simulation::wait_until(Instant t) {
  if (ended_ != RunEnd::drained) return;
  world_.now = std::max(world_.now, std::min(t, Instant{0} + plan().duration));
}

void Simulation::stand_at(Instant t) {
  TH_CHECK(nothing_left() || world_.events.earliest().at >= t);
  if (nothing_left() || t >= Instant{0} + plan().duration) {
    at_end();
  } else {
    world_.now = std::max(world_.now, t);
  }
}

void Simulation::run(const std::function<void(double)>& progress) {
  run_until(end_of_time, progress);
}

void Simulation::inject(TimelineAction action) {
  TH_CHECK(ended_ != RunEnd::duration);
  const auto is_due = [](const World& world, std::uint32_t index) {
    for (const Event& event : world.events.unordered()) {
      const TimelineDue* due = std::get_if<TimelineDue>(&event.what);
      if (due != nullptr && due->index == index) return true;
    }
    return false;
  };
  if (replayed_) replayed_->forget_end();
  action.at = std::max(world_.now, action.at);
  // Where nothing was left, idle readers have gone on reading until now.
  while (!world_.events.empty() && world_.events.earliest().at < action.at) {
    TH_CHECK(ended_ == RunEnd::drained);
    make_step();
  }
  world_.now = action.at;
  auto plan = std::make_shared<Plan>(*world_.plan);
  const auto index = static_cast<std::uint32_t>(plan->timeline.size());
  plan->timeline.push_back(action);
  world_.plan = std::move(plan);
  if (action.kind == ActionKind::lose_acknowledgements) {
    outside_.choices.open(static_cast<std::uint8_t>(Site::lost_acknowledgement));
  }
  schedule(world_, world_.now, {}, TimelineDue{index});
  ended_ = RunEnd::running;
  while (is_due(world_, index)) step();
}

}  // namespace trimhorizon
