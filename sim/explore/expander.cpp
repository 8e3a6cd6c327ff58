// Takes every way through one step of a state. This is the inner loop of a search.
#include "sim/explore/expander.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/world/first_world.hpp"

namespace trimhorizon {
namespace {

// At most so many bytes for the successors of one state.
constexpr std::size_t step_bytes_max = std::size_t{1} << 30;
constexpr std::uint32_t ways_between_looks = 256;

bool watches_order(const ExploreOptions& options) {
  return std::any_of(options.properties.begin(), options.properties.end(), [](Property p) {
    return p == Property::order_first || p == Property::order_regress;
  });
}

}  // namespace

bool is_state_point(const Event& event, SiteSet open) {
  if (std::holds_alternative<PollDue>(event.what)) return true;
  if (std::holds_alternative<LaneReady>(event.what)) return true;
  if (std::holds_alternative<SlotFreed>(event.what)) return true;
  const bool refused = open.has(Site::put_throttled) || open.has(Site::reshard);
  if (std::holds_alternative<PutRetryDue>(event.what)) return refused;
  return std::holds_alternative<PutDue>(event.what) &&
         (refused || open.has(Site::ack_lost) || open.has(Site::ack_lost_late));
}

Expander::Expander(std::shared_ptr<const Plan> plan, const RecordIndex& index,
                   const KeyLayout& layout, const ExploreOptions& options)
    : options_(options),
      codec_(layout),
      world_(first_world(plan)),
      watch_(index, plan->consumers(), watches_order(options)),
      choices_(options.open()),
      outside_{choices_, options.handlers != nullptr ? *options.handlers : modelled_, &watch_},
      open_(options.open()) {}

void Expander::encode_first(Key& key) { codec_.encode(world_, watch_.monitor, key); }

void Expander::load(std::span<const std::uint8_t> key) {
  codec_.decode(key, world_, watch_.monitor);
  watch_.invariants.clear();
}

std::uint64_t Expander::progress() const {
  std::uint64_t sum = watch_.monitor.stored();
  for (const Reader& reader : world_.readers) sum += reader.checkpoint;
  return sum;
}

void Expander::advance() {
  do {
    step(world_, outside_);
  } while (!world_.events.empty() && !is_state_point(world_.events.earliest(), open_));
  if (world_.events.empty()) watch_.monitor.note_rest(world_);
}

void Expander::expand(StateNumber n, std::span<const std::uint8_t> key, std::uint32_t layer) {
  const std::uint32_t budget = options_.faults - layer;
  choices_.begin(budget);
  const std::size_t before_all = arena_.size();
  std::uint32_t branch = 0;
  do {
    if (branch == branches_max || arena_.size() - before_all > step_bytes_max) {
      throw TooManyWays(branch);
    }
    if (branch % ways_between_looks == ways_between_looks - 1 && enough_ && enough_(branch)) {
      was_enough_ = true;
      return;
    }
    load(key);
    choices_.rewind(budget);
    const std::uint64_t before = progress();
    advance();
    Candidate candidate;
    candidate.parent = {n, branch, layer + choices_.spent(), world_.events.empty()};
    candidate.makes_progress = progress() > before;
    candidate.broken_invariants = watch_.invariants.broken();
    codec_.encode(world_, watch_.monitor, key_);
    candidate.hash = hash_key(key_);
    candidate.key_start = arena_.size();
    candidate.key_size = static_cast<std::uint32_t>(key_.size());
    arena_.insert(arena_.end(), key_.begin(), key_.end());
    candidates_.push_back(candidate);
    if (choices_.spent() > 0) taken_.bits |= choices_.sites_taken().bits;
    ++branch;
  } while (choices_.next());
}

std::vector<std::uint32_t> Expander::take_branch(Key& key, std::uint32_t layer,
                                                 std::uint32_t branch) {
  const std::uint32_t budget = options_.faults - layer;
  choices_.begin(budget);
  for (std::uint32_t b = 0;; ++b) {
    load(key);
    choices_.rewind(budget);
    advance();
    if (b == branch) {
      codec_.encode(world_, watch_.monitor, key);
      return choices_.answers();
    }
    TH_CHECK(choices_.next());
  }
}

void Expander::free_ways(std::span<const std::uint8_t> key,
                         std::vector<std::vector<std::uint32_t>>& answers,
                         std::vector<Key>& successors) {
  choices_.begin(0);
  do {
    load(key);
    if (world_.events.empty()) return;
    choices_.rewind(0);
    const std::uint64_t before = progress();
    advance();
    if (progress() > before) continue;
    answers.push_back(choices_.answers());
    codec_.encode(world_, watch_.monitor, successors.emplace_back());
  } while (choices_.next());
}

const OutcomeMonitor& Expander::look_at(std::span<const std::uint8_t> key) {
  load(key);
  return watch_.monitor;
}

}  // namespace trimhorizon
