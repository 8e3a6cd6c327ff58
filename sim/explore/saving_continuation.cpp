// Searches all continuations without another fault, to find out whether one of them saves the
// record.
#include "sim/explore/saving_continuation.hpp"

#include "sim/base/check.hpp"

namespace trimhorizon {
namespace {

// Gives fixed answers first, then every combination of answers that are no faults.
class BeginsWith : public Choices {
 public:
  BeginsWith(std::vector<std::uint32_t> answers, SiteSet open)
      : Choices(open.bits), answers_(std::move(answers)), given_(answers_.size()) {
    arities_.assign(given_, 1);
  }
  bool next() {
    at_ = 0;
    while (answers_.size() > given_ && answers_.back() + 1 == arities_.back()) {
      answers_.pop_back();
      arities_.pop_back();
    }
    if (answers_.size() == given_) return false;
    ++answers_.back();
    return true;
  }

 protected:
  std::uint32_t answer(const Question& q) override {
    if (at_ == answers_.size()) {
      answers_.push_back(0);
      arities_.push_back(info(static_cast<Site>(q.site)).cost > 0 ? 1 : q.arity);
    }
    return answers_[at_++];
  }

 private:
  std::vector<std::uint32_t> answers_;
  std::vector<std::uint32_t> arities_;
  std::size_t given_;
  std::size_t at_ = 0;
};

ExploreOptions without_faults(ExploreOptions options) {
  options.faults = 0;
  options.properties = {Property::order_first,
                        Property::order_regress};  // so that the order is watched
  return options;
}

}  // namespace

SavingContinuation::SavingContinuation(std::shared_ptr<const Plan> plan, const RecordIndex& index,
                                       const ExploreOptions& options, Saved saved,
                                       std::optional<Invariant> invariant)
    : layout_(*plan, options.open(), options.handlers != nullptr),
      codec_(layout_),
      expander_(plan, index, layout_, without_faults(options)),
      handlers_(options.handlers),
      poll_progress_(options.poll_progress),
      saved_(std::move(saved)),
      invariant_(invariant) {}

std::optional<bool> SavingContinuation::exists(const World& world, OutcomeMonitor& monitor) {
  if (world.events.empty()) {
    monitor.note_rest(world);
    return saved_(monitor);
  }
  Key key;
  codec_.encode(world, monitor, key);
  StateTable table(states_max + 1);
  table.insert(hash_key(key), key, Parent{});
  for (StateNumber n = 0; n < table.size(); ++n) {
    if (table.size() > states_max) return std::nullopt;
    if (poll_progress_ && n % 256 == 0) poll_progress_();
    const Key at(table.key(n).begin(), table.key(n).end());
    if (table.parent(n).terminal) {
      if (saved_(expander_.look_at(at))) return true;
      continue;
    }
    expander_.clear_candidates();
    expander_.expand(n, at, 0);
    for (const Candidate& c : expander_.candidates()) {
      if (invariant_ && c.broken_invariants.has(*invariant_)) continue;
      table.insert(c.hash, expander_.key(c), c.parent);
    }
  }
  return false;
}

std::optional<bool> SavingContinuation::exists_after(const World& before,
                                                     const OutcomeMonitor& monitor,
                                                     const std::vector<std::uint32_t>& answers,
                                                     SiteSet open) {
  BeginsWith choices(answers, open);
  ModelledFunction modelled;
  Handlers& function = handlers_ != nullptr ? *handlers_ : modelled;
  do {
    World world = before;
    OutcomeMonitor watching = monitor;
    Outside outside{choices, function, &watching};
    step(world, outside);
    const std::optional<bool> saved = exists(world, watching);
    if (!saved || *saved) return saved;
  } while (choices.next());
  return false;
}

}  // namespace trimhorizon
