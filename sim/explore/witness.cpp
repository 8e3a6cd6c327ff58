// Makes one run and writes its story. It also notices when a run repeats itself for ever.
#include "sim/explore/witness.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/format.hpp"
#include "sim/explore/expander.hpp"
#include "sim/history/invariants.hpp"
#include "sim/report/narrator.hpp"

namespace trimhorizon {

std::string StoryLine::with_time() const {
  std::string line = friendly_duration(at - Instant{0}) + "  ";
  if (fault > 0) line += fmt::format("fault {}: ", fault);
  return line + text;
}

namespace {

constexpr std::size_t story_lines_max = 100'000;

// Collects the story: events as an observer, decisions as the choices between run and source.
class StoryCollector : public Observer, public Choices {
 public:
  StoryCollector(Choices& source, const RecordIndex& index, Witness& witness, bool story)
      : Choices(source.open_sites()),
        source_(source),
        index_(index),
        witness_(witness),
        story_(story) {}

  void look_at(const World& world) { world_ = &world; }

  void on(const Happened& event, const World& world) override {
    if (!story_) return;
    if (const auto* throttled = std::get_if<Throttled>(&event.what)) {
      name_throttled_batch(*throttled, world);
    }
    add(say(world, event.what), world, false, 0);
    if (!std::holds_alternative<Put>(event.what)) return;
    // A decision about a put comes after the line of the put.
    for (StoryLine& line : after_put_) witness_.story.push_back(std::move(line));
    after_put_.clear();
  }

 protected:
  std::uint32_t answer(const Question& question) override {
    const std::uint32_t chosen = source_.pick(question);
    if (chosen == 0) return 0;
    const auto site = static_cast<Site>(question.site);
    const bool is_fault = info(site).cost > 0;
    if (is_fault) ++faults_;
    Sentence said = story_ ? say_decision(*world_, question, chosen) : Sentence{};
    const Decision decision{asked(),
                            question.site,
                            question.entity,
                            question.ordinal,
                            question.arity,
                            chosen,
                            rolling_after(question, chosen)};
    witness_.decisions_in_words.push_back({decision, said.text, is_fault});
    witness_.list.decisions.push_back(decision);
    add(std::move(said), *world_, true, is_fault ? faults_ : 0,
        site == Site::ack_lost || site == Site::ack_lost_late || site == Site::put_throttled);
    throttle_decided_ = site == Site::throttle;
    return chosen;
  }

 private:
  // The question names only the function; the event after it also names the batch.
  void name_throttled_batch(const Throttled& throttled, const World& world) {
    if (!throttle_decided_ || witness_.story.empty()) return;
    throttle_decided_ = false;
    const Sentence said = say_throttle(world, throttled);
    witness_.decisions_in_words.back().text = said.text;
    StoryLine& line = witness_.story.back();
    line.text = said.text;
    for (const RecordId record : said.about) line.about.push_back(index_.of(record));
  }

  void add(Sentence said, const World& world, bool is_decision, std::uint32_t fault,
           bool after_put = false) {
    if (said.text.empty() || witness_.story.size() >= story_lines_max) return;
    StoryLine line{world.now, world.steps, std::move(said.text), {}, is_decision, fault};
    for (const RecordId record : said.about) line.about.push_back(index_.of(record));
    (after_put ? after_put_ : witness_.story).push_back(std::move(line));
  }

  Choices& source_;
  const RecordIndex& index_;
  Witness& witness_;
  bool story_;
  const World* world_ = nullptr;
  std::uint32_t faults_ = 0;
  bool throttle_decided_ = false;  // just now
  std::vector<StoryLine> after_put_;
};

// Notices a run that repeats itself: it comes back to one remembered state many times. The
// remembered state is replaced after 1, 2, 4, ... states (the algorithm of Brent), so a loop of any
// length is found without keeping all states.
class LoopDetector {
 public:
  LoopDetector(const Plan& plan, const RecordIndex& index, SiteSet open, bool own_functions)
      : codec_({plan, open, own_functions}),
        open_(open),
        nothing_(index, plan.consumers(), false),
        from_step_(2'000 + std::uint64_t{20} * index.records) {}

  // Between two steps.
  bool noticed(const World& world) {
    if (world.steps < from_step_ || world.events.empty()) return false;
    if (!is_state_point(world.events.earliest(), open_)) return false;
    codec_.encode(world, nothing_, key_);
    if (key_ == remembered_) return ++rounds_ == rounds_enough;
    if (++seen_ == renewal_) {
      remembered_ = key_;
      renewal_ *= 2;
      rounds_ = 0;
    }
    return false;
  }

 private:
  // More than one: faults or free choices may still lead out of the first rounds.
  static constexpr std::uint32_t rounds_enough = 16;

  StateCodec codec_;
  SiteSet open_;
  OutcomeMonitor nothing_;   // keys without effect counts
  std::uint64_t from_step_;  // a run that ends has usually ended before
  Key key_;
  Key remembered_;
  std::uint64_t seen_ = 0;
  std::uint64_t renewal_ = 1;
  std::uint32_t rounds_ = 0;
};

// The record at which the first broken invariant showed.
void note_invariants(const Simulation& run, const RecordIndex& index, Witness& witness) {
  const World& world = run.world();
  for (const Invariant each : all_of<Invariant>) {
    const InvariantState& state = run.history().invariants.of(each);
    if (state.violations == 0) continue;
    witness.broken_invariants.add(each);
    if (!state.first.reader.valid()) continue;  // it is about shards, not about a record
    const RecordLog& log = world.shard(world.reader(state.first.reader).shard).log;
    const Position p = state.first.position;
    if (witness.invariant_records.empty() && p >= log.first() && p < log.end()) {
      witness.invariant_records.push_back(index.of(log.record(p)));
    }
  }
}

}  // namespace

bool Witness::breaks(std::string_view property) const {
  if (const auto known = member_named<Property>(property)) {
    if (*known == Property::quiescence) return !at_rest;
    return at_rest && broken.has(*known);
  }
  const auto invariant = member_named<Invariant>(property);
  return invariant && broken_invariants.has(*invariant);
}

Standing Witness::judge(std::string_view property) const {
  if (breaks(property)) return Standing::broken;
  if (at_rest) return Standing::holds;
  const auto known = member_named<Property>(property);
  if (!known || !cannot_recover(*known) || holds(*known, *monitor)) return Standing::not_judged;
  return Standing::broken;
}

Witness run_witness(std::shared_ptr<const Plan> plan, const RecordIndex& index, Choices& choices,
                    const WitnessOptions& options) {
  TH_CHECK(plan->exploring);
  Witness witness;
  StoryCollector collector(choices, index, witness, options.story);
  auto monitor = std::make_shared<OutcomeMonitor>(index, plan->consumers(), true);
  ModelledFunction modelled;
  Handlers& handlers = options.handlers != nullptr ? *options.handlers : modelled;
  handlers.begin_run();
  LoopDetector rounds(*plan, index, {choices.open_sites()}, options.handlers != nullptr);
  witness.list.origin = plan->origin;
  Simulation simulation(std::move(plan), collector, handlers);
  simulation.ignore_duration();
  collector.look_at(simulation.world());
  simulation.watch(collector);
  simulation.watch(*monitor);
  bool stopped = options.before_first && !options.before_first(simulation, *monitor);
  while (!stopped && simulation.world().steps < options.steps && simulation.step()) {
    stopped = options.after_step && !options.after_step(simulation, *monitor);
    witness.repeats = !stopped && rounds.noticed(simulation.world());
    stopped = stopped || witness.repeats;
  }
  witness.at_rest = simulation.world().events.empty();
  if (witness.at_rest) monitor->note_rest(simulation.world());
  witness.end = look_at_end(*monitor);
  for (const Property each : all_of<Property>) {
    if (witness.at_rest && !holds(each, *monitor)) witness.broken.add(each);
  }
  note_invariants(simulation, index, witness);
  witness.list.open = {collector.open_sites()};
  witness.list.to_rest = witness.at_rest;
  witness.list.questions = collector.asked();
  witness.list.rolling = collector.rolling();
  witness.monitor = std::move(monitor);
  witness.situations = simulation.history().situations.seen();
  witness.met = simulation.met();
  return witness;
}

}  // namespace trimhorizon
