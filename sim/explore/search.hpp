// The data of a running search: its table, its layers, and what it has found so far. Shared by
// explorer.cpp, which searches, and search_paths.cpp, which finds ways through the result.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "sim/explore/expander.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/explore/search_parts.hpp"

namespace trimhorizon {

// A state that shows something, and the fewest faults that lead to it.
struct Sighting {
  std::uint32_t layer = 0;
  StateNumber state = no_state;
};

// Where a property is broken with the fewest faults: the first states that show it. The witness is
// the one with the least decision list among them.
struct Sightings {
  std::uint32_t layer = 0;
  std::vector<StateNumber> states;
};
inline constexpr std::size_t sightings_max = 1'000;

// A step without fault and without progress to a state with the same or a smaller number. Every
// loop contains one, so a search for loops starts from these.
struct BackEdge {
  StateNumber from = no_state;
  StateNumber to = no_state;
};

struct Explorer::Search {
  Search(std::shared_ptr<const Plan> plan, ExploreOptions options);

  Exploration run();

  // explorer.cpp
  bool out_of_bounds() const;
  void enter(const Candidate& candidate, std::span<const std::uint8_t> key);
  bool enter_wave();
  std::size_t next_wave(std::size_t states) const;
  void expand_slice(Expander& worker, std::size_t from, std::size_t to, std::uint32_t layer);
  void expand_wave(std::size_t from, std::size_t to, std::uint32_t layer);
  bool expand_layer(std::uint32_t layer);
  void note_end(StateNumber n, std::uint32_t layer);
  void fill(Exploration& result);

  // search_paths.cpp: ways through the table, found again by stepping from the first state.
  std::vector<std::uint32_t> answers_to(StateNumber n, Key* key_of_n = nullptr);
  std::uint64_t ways_to(StateNumber n) const;
  std::optional<ExploredLoop> find_loop();
  std::vector<std::uint32_t> least_answers_to(const std::vector<StateNumber>& states);

  std::shared_ptr<const Plan> plan;
  ExploreOptions options;
  RecordIndex index;
  KeyLayout layout;
  Key first;  // of the world before anything has happened
  StateTable table;
  std::vector<std::unique_ptr<Expander>> workers;
  std::vector<std::vector<StateNumber>> layers;  // states to expand, by faults used
  std::map<EndOfRun, Sighting> outcomes;
  std::map<Property, Sightings> broken;
  PerMember<Invariant, Sighting> broken_invariants;
  std::vector<BackEdge> back_edges;
  std::uint64_t transitions = 0;
  std::atomic<bool> stopping = false;  // a worker has failed
  TimeLimit limit;
};

}  // namespace trimhorizon
