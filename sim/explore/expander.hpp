// One worker of a search: decodes a state, takes every way through its step, and encodes the
// results. Workers share only the immutable plan and layout, so they need no locks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/explore/branching.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/explore/search_watch.hpp"
#include "sim/explore/state_key.hpp"
#include "sim/explore/state_table.hpp"
#include "sim/world/step.hpp"

namespace trimhorizon {

// A successor. Its key is in the worker's arena, so that no successor allocates memory of its own.
struct Candidate {
  KeyHash hash;
  std::uint64_t key_start = 0;
  std::uint32_t key_size = 0;
  Parent parent;
  EnumSet<Invariant> broken_invariants;
  bool makes_progress = false;  // a checkpoint moved or something was put: no way leads back
};

// One step has too many possible results: for example hundreds of records put at one instant.
class TooManyWays : public std::runtime_error {
 public:
  explicit TooManyWays(std::uint32_t most)
      : std::runtime_error("one step has more than " + std::to_string(most) + " possible results") {
  }
};

class Expander {
 public:
  Expander(std::shared_ptr<const Plan> plan, const RecordIndex& index, const KeyLayout& layout,
           const ExploreOptions& options);

  // The key of the world before anything has happened.
  void encode_first(Key& key);
  // `enough` gets the number of ways that the current step has had so far; true stops the step. It
  // is called once every few hundred ways.
  void stop_when(std::function<bool(std::uint64_t ways)> enough) { enough_ = std::move(enough); }
  // Appends the successors of state `n` (of layer `layer`) to `candidates()`; not all of them if it
  // was stopped. Throws TooManyWays.
  void expand(StateNumber n, std::span<const std::uint8_t> key, std::uint32_t layer);
  void clear_candidates() {
    candidates_.clear();
    arena_.clear();
    was_enough_ = false;
  }
  // Are successors missing?
  bool was_enough() const { return was_enough_; }
  void give_up() { was_enough_ = true; }
  std::uint64_t candidate_bytes() const {
    return arena_.size() + candidates_.size() * sizeof(Candidate);
  }
  const std::vector<Candidate>& candidates() const { return candidates_; }
  std::span<const std::uint8_t> key(const Candidate& c) const {
    return {arena_.data() + c.key_start, c.key_size};
  }

  // Takes branch `branch` of that state: its answers, one per question; `key` becomes the
  // successor's.
  std::vector<std::uint32_t> take_branch(Key& key, std::uint32_t layer, std::uint32_t branch);
  // Every way through the step that costs no fault and makes no progress.
  void free_ways(std::span<const std::uint8_t> key,
                 std::vector<std::vector<std::uint32_t>>& answers, std::vector<Key>& successors);
  // Decodes into the scratch world, to look at a state.
  const OutcomeMonitor& look_at(std::span<const std::uint8_t> key);
  // What all steps so far have shown, and which switches they have met.
  const Situations& situations() const { return watch_.situations; }
  AssumptionsMet met() const { return outside_.met; }
  SiteSet taken() const { return taken_; }

 private:
  // Records put plus records that checkpoints have passed. It never decreases, so a step that
  // increases it cannot be part of a loop.
  std::uint64_t progress() const;
  void load(std::span<const std::uint8_t> key);
  void advance();

  ExploreOptions options_;
  StateCodec codec_;
  World world_;
  SearchWatch watch_;
  ModelledFunction modelled_;
  BranchChoices choices_;
  Outside outside_;
  SiteSet open_;
  SiteSet taken_;
  Key key_;
  std::vector<std::uint8_t> arena_;
  std::vector<Candidate> candidates_;
  std::function<bool(std::uint64_t)> enough_;
  bool was_enough_ = false;
};

// Does a new state begin before this event? Other events belong to the step that led to them, which
// keeps the number of states small.
bool is_state_point(const Event& event, SiteSet open);

}  // namespace trimhorizon
