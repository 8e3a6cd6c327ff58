// The search itself: layer by layer, wave by wave. Workers expand the states of a wave in parallel;
// the successors enter the table in a fixed order, so the result does not depend on the threads.
#include "sim/explore/explorer.hpp"

#include <algorithm>
#include <exception>
#include <thread>

#include "sim/base/check.hpp"
#include "sim/explore/search.hpp"

namespace trimhorizon {
namespace {

// States of one wave. They do not depend on the number of threads, so neither does the result. The
// first wave of a layer is small; later ones are as large as the memory for their successors
// allows.
constexpr std::size_t wave_states_first = 64;
constexpr std::size_t wave_states_most = 4096;
constexpr std::size_t wave_growth_most = 8;
constexpr std::uint64_t wave_bytes = 64u << 20;
// The caller's thread calls `poll_progress` after so many states.
constexpr std::size_t poll_states = 64;
// Fewer are not worth a thread.
constexpr std::size_t states_for_threads = 128;
constexpr std::size_t samples_most = 32;
// A sample is taken only if its run can be found again among at most so many ways.
constexpr std::uint64_t sample_ways_most = 20'000;

}  // namespace

Explorer::Search::Search(std::shared_ptr<const Plan> plan_, ExploreOptions options_)
    : plan(std::move(plan_)),
      options(std::move(options_)),
      index(*plan),
      layout(*plan, options.open(), options.handlers != nullptr),
      table(options.exact_states),
      layers(options.faults + 1),
      limit(options.seconds) {
  for (std::uint32_t i = 0; i < std::max(1u, options.threads); ++i) {
    workers.push_back(std::make_unique<Expander>(plan, index, layout, options));
    workers.back()->stop_when([this, first_worker = i == 0](std::uint64_t ways) {
      if (first_worker && options.poll_progress) options.poll_progress();
      return (options.states > 0 && ways >= options.states) || limit.is_over();
    });
  }
  workers[0]->encode_first(first);
}

bool Explorer::Search::out_of_bounds() const {
  return (options.states > 0 && table.size() >= options.states) || limit.is_over();
}

// A successor enters the table, or shortens the way to a state that is known.
void Explorer::Search::enter(const Candidate& candidate, std::span<const std::uint8_t> key) {
  ++transitions;
  const Parent& parent = candidate.parent;
  KeyHash hash = candidate.hash;
  if (!options.merge) hash.low ^= mix64(hash.high ^ transitions), hash.high += transitions;
  const StateTable::Found found = table.insert(hash, key, parent);
  if (found.is_new) {
    layers[parent.layer].push_back(found.number);
  } else if (table.parent(found.number).layer > parent.layer) {
    table.parent(found.number) = parent;
    layers[parent.layer].push_back(found.number);
  } else if (found.number <= parent.state && !candidate.makes_progress &&
             parent.layer == table.parent(parent.state).layer) {
    back_edges.push_back({parent.state, found.number});
  }
  if (candidate.broken_invariants.empty() || !options.check_invariants) return;
  for (const Invariant each : all_of<Invariant>) {
    Sighting& known = broken_invariants[each];
    const bool breaks = candidate.broken_invariants.has(each);
    if (breaks && (known.state == no_state || parent.layer < known.layer)) {
      known = {parent.layer, found.number};
    }
  }
}

void Explorer::Search::expand_slice(Expander& worker, std::size_t from, std::size_t to,
                                    std::uint32_t layer) {
  for (std::size_t i = from; i < to; ++i) {
    const StateNumber n = layers[layer][i];
    const Parent& parent = table.parent(n);
    if (parent.layer != layer || parent.terminal) continue;
    if (stopping.load(std::memory_order_relaxed)) return;
    if (options.poll_progress && &worker == workers[0].get() && i % poll_states == 0)
      options.poll_progress();
    worker.expand(n, table.key(n), layer);
    if (limit.is_over()) return worker.give_up();
  }
}

// Workers expand slices in parallel. They only read the table and write only to themselves.
void Explorer::Search::expand_wave(std::size_t from, std::size_t to, std::uint32_t layer) {
  const std::size_t share = (to - from + workers.size() - 1) / workers.size();
  const auto work = [&](std::size_t w) {
    workers[w]->clear_candidates();
    const std::size_t first = std::min(to, from + w * share);
    expand_slice(*workers[w], first, std::min(to, first + share), layer);
  };
  // An exception in a thread is thrown again in the caller's thread.
  std::vector<std::exception_ptr> failures(workers.size());
  const auto guarded = [&](std::size_t w) {
    try {
      work(w);
    } catch (...) {
      failures[w] = std::current_exception();
      stopping = true;
    }
  };
  std::vector<std::thread> threads;
  const bool alone = to - from < states_for_threads;
  for (std::size_t w = 1; w < workers.size(); ++w) {
    if (alone) {
      guarded(w);
    } else {
      threads.emplace_back(guarded, w);
    }
  }
  guarded(0);
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

// Successors enter in the order of the queue, so their numbers do not depend on which worker found
// them. False if a limit was reached.
bool Explorer::Search::enter_wave() {
  bool all = true;
  for (const auto& worker : workers) {
    for (const Candidate& c : worker->candidates()) {
      if (options.states > 0 && table.size() >= options.states) return false;
      enter(c, worker->key(c));
    }
    all = all && !worker->was_enough();
  }
  return all;
}

// The size of the next wave, after one of `states` states.
std::size_t Explorer::Search::next_wave(std::size_t states) const {
  std::uint64_t bytes = 1;
  for (const auto& worker : workers) bytes += worker->candidate_bytes();
  const auto fits = static_cast<std::size_t>(wave_bytes * states / bytes);
  return std::clamp<std::size_t>(fits, 1, std::min(wave_states_most, states * wave_growth_most));
}

// False if a limit was reached.
bool Explorer::Search::expand_layer(std::uint32_t layer) {
  std::size_t wave = wave_states_first;
  for (std::size_t at = 0; at < layers[layer].size();) {
    if (out_of_bounds()) return false;
    const std::size_t end = std::min(layers[layer].size(), at + wave);
    for (std::size_t i = at; i < end; ++i) note_end(layers[layer][i], layer);
    expand_wave(at, end, layer);
    for (std::size_t i = at; i < end; ++i) {
      if (table.parent(layers[layer][i]).layer == layer) table.done_with(layers[layer][i]);
    }
    if (!enter_wave()) return false;
    wave = next_wave(end - at);
    at = end;
    if (options.progress) options.progress(layer, table.size());
  }
  return true;
}

// Nothing is left to happen in this state: it is an outcome, and the properties are judged in it.
void Explorer::Search::note_end(StateNumber n, std::uint32_t layer) {
  if (table.parent(n).layer != layer || !table.parent(n).terminal) return;
  const OutcomeMonitor& monitor = workers[0]->look_at(table.key(n));
  for (const Property property : options.properties) {
    if (holds(property, monitor)) continue;
    Sightings& seen = broken.try_emplace(property, Sightings{layer, {}}).first->second;
    if (seen.layer == layer && seen.states.size() < sightings_max) seen.states.push_back(n);
  }
  outcomes.try_emplace(look_at_end(monitor), Sighting{layer, n});
}

void Explorer::Search::fill(Exploration& result) {
  result.faults = options.faults;
  result.states = table.size();
  result.transitions = transitions;
  result.exact = table.exact();
  result.table_bytes = table.bytes();
  for (const auto& worker : workers) {
    result.taken.bits |= worker->taken().bits;
    result.situations |= worker->situations().seen();
    result.met.bits |= worker->met().bits;
  }
  result.outcomes = complete_outcomes(outcomes, result.complete_through);
  for (const ExploredOutcome& each : result.outcomes) {
    if (result.samples.size() == samples_most) break;
    const StateNumber n = outcomes.at(each.end).state;
    if (ways_to(n) <= sample_ways_most) result.samples.push_back(answers_to(n));
  }
  for (const auto& [property, seen] : broken) {
    result.violations.push_back(
        {std::string(name(property)), seen.layer, least_answers_to(seen.states)});
  }
  for (const Invariant each : all_of<Invariant>) {
    const Sighting& found = broken_invariants[each];
    if (found.state == no_state) continue;
    result.violations.push_back({std::string(name(each)), found.layer, answers_to(found.state)});
  }
  if (!options.merge) return;
  if (auto loop = find_loop()) result.loops.push_back(std::move(*loop));
}

Exploration Explorer::Search::run() {
  table.insert(hash_key(first), first, Parent{});
  layers[0].push_back(0);
  Exploration result;
  for (std::uint32_t layer = 0; layer <= options.faults; ++layer) {
    if (!expand_layer(layer)) break;
    result.complete_through = static_cast<int>(layer);
    std::vector<StateNumber>().swap(layers[layer]);
  }
  result.complete = result.complete_through == static_cast<int>(options.faults);
  fill(result);
  return result;
}

Explorer::Explorer(std::shared_ptr<const Plan> plan, ExploreOptions options)
    : search_(std::make_unique<Search>(std::move(plan), std::move(options))) {
  TH_CHECK(search_->plan->exploring);
}
Explorer::~Explorer() = default;

const RecordIndex& Explorer::index() const { return search_->index; }

Exploration Explorer::run() { return search_->run(); }

}  // namespace trimhorizon
