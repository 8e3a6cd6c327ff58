#include "sim/explore/explorer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <thread>

#include "sim/base/check.hpp"
#include "sim/explore/expander.hpp"

namespace trimhorizon {
namespace {

struct Row {
  std::string_view name;
  std::string_view sentence;
};
constexpr std::array<Row, property_count> rows = {{
#define TH_ROW(name, sentence) {#name, sentence},
    TH_PROPERTIES(TH_ROW)
#undef TH_ROW
}};

SiteSet open_sites(const ExploreOptions& options) {
  SiteSet open = options.sites;
  if (options.any_batch_size) open.add(Site::batch_size);
  return open;
}

// What the end of a run shows of the outcome; the order is that of the report.
struct OutcomeKey {
  std::uint64_t stored = 0;
  std::vector<std::uint8_t> effects;
  std::vector<std::uint32_t> discarded;
  std::vector<std::uint32_t> lost;
  auto operator<=>(const OutcomeKey&) const = default;
};

struct Broken {
  std::uint32_t layer = 0;
  StateNumber state = no_state;  // the state at which it shows
};

}  // namespace

std::string_view name(Property property) { return rows[static_cast<std::size_t>(property)].name; }
std::string_view sentence(Property property) {
  return rows[static_cast<std::size_t>(property)].sentence;
}

struct Explorer::Search {
  Search(std::shared_ptr<const Plan> plan_, ExploreOptions options_)
      : plan(std::move(plan_)),
        options(std::move(options_)),
        index(*plan),
        layout(*plan),
        table(options.exact_states),
        layers(options.faults + 1) {
    for (std::uint32_t i = 0; i < std::max(1u, options.threads); ++i) {
      workers.push_back(std::make_unique<Expander>(plan, index, layout, options,
                                                   open_sites(options)));
    }
  }

  std::shared_ptr<const Plan> plan;
  ExploreOptions options;
  RecordIndex index;
  KeyLayout layout;
  StateTable table;
  std::vector<std::unique_ptr<Expander>> workers;
  std::vector<std::vector<StateNumber>> layers;   // states to expand, by faults used
  std::vector<StateNumber> zero_next;             // where answer 0 everywhere leads
  std::map<OutcomeKey, std::pair<std::uint32_t, StateNumber>> outcomes;
  std::map<Property, Broken> broken;
  std::array<Broken, invariant_count> broken_invariants{};
  std::uint64_t transitions = 0;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

  bool out_of_bounds() const {
    if (options.states > 0 && table.size() >= options.states) return true;
    if (options.seconds <= 0) return false;
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - started;
    return spent.count() >= options.seconds;
  }

  void enter(const Candidate& candidate, std::span<const std::uint8_t> key);
  void expand_slice(Expander& worker, const std::vector<StateNumber>& queue, std::size_t from,
                    std::size_t to, std::uint32_t layer);
  bool expand_layer(std::uint32_t layer);
  void note_end(StateNumber n, std::uint32_t layer);
  void note_property(Property property, bool holds, StateNumber n, std::uint32_t layer);
  void find_loop(Exploration& result);
  std::vector<std::uint32_t> answers_to(StateNumber n);
  void fill(Exploration& result);
};

// A successor enters the table, or shortens the way to a state that is known.
void Explorer::Search::enter(const Candidate& candidate, std::span<const std::uint8_t> key) {
  ++transitions;
  const Parent& parent = candidate.parent;
  KeyHash hash = candidate.hash;
  if (!options.merge) hash.low ^= mix64(hash.high ^ transitions), hash.high += transitions;
  const StateTable::Found found = table.insert(hash, key, parent);
  if (found.is_new) {
    zero_next.push_back(no_state);
    layers[parent.layer].push_back(found.number);
  } else if (table.parent(found.number).layer > parent.layer) {
    table.parent(found.number) = parent;
    layers[parent.layer].push_back(found.number);
  }
  const Parent& from = table.parent(parent.state);
  if (parent.branch == 0 && parent.layer == from.layer) zero_next[parent.state] = found.number;
  if (candidate.broken_invariants == 0 || !options.check_invariants) return;
  for (std::size_t i = 0; i < invariant_count; ++i) {
    Broken& known = broken_invariants[i];
    const bool breaks = (candidate.broken_invariants >> i & 1u) != 0;
    if (breaks && (known.state == no_state || parent.layer < known.layer)) {
      known = {parent.layer, found.number};
    }
  }
}

void Explorer::Search::expand_slice(Expander& worker, const std::vector<StateNumber>& queue,
                                    std::size_t from, std::size_t to, std::uint32_t layer) {
  worker.clear_candidates();
  for (std::size_t i = from; i < to; ++i) {
    const StateNumber n = queue[i];
    const Parent& parent = table.parent(n);
    if (parent.layer != layer || parent.terminal) continue;
    worker.expand(n, table.key(n), layer);
  }
}

// Waves of one layer: workers expand slices side by side, successors enter in the order of the
// queue. Returns false when a bound was hit.
bool Explorer::Search::expand_layer(std::uint32_t layer) {
  constexpr std::size_t slice = 512;
  std::vector<StateNumber>& queue = layers[layer];
  for (std::size_t at = 0; at < queue.size();) {
    if (out_of_bounds()) return false;
    const std::size_t end = std::min(queue.size(), at + slice * workers.size());
    for (std::size_t i = at; i < end; ++i) note_end(queue[i], layer);
    std::vector<std::thread> threads;
    const std::size_t share = (end - at + workers.size() - 1) / workers.size();
    const auto work = [&](std::size_t w) {
      const std::size_t from = std::min(end, at + w * share);
      expand_slice(*workers[w], queue, from, std::min(end, from + share), layer);
    };
    for (std::size_t w = 1; w < workers.size() && end - at > 64; ++w) threads.emplace_back(work, w);
    work(0);
    if (threads.empty()) {
      for (std::size_t w = 1; w < workers.size(); ++w) work(w);
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& worker : workers) {
      for (const Candidate& c : worker->candidates()) enter(c, worker->key(c));
    }
    at = end;
    if (options.progress) options.progress(layer, table.size());
  }
  return true;
}

void Explorer::Search::note_property(Property property, bool holds, StateNumber n,
                                     std::uint32_t layer) {
  if (holds) return;
  const bool wanted = std::find(options.properties.begin(), options.properties.end(), property) !=
                      options.properties.end();
  if (wanted) broken.try_emplace(property, Broken{layer, n});
}

// A state at rest: an outcome, and where the properties are judged.
void Explorer::Search::note_end(StateNumber n, std::uint32_t layer) {
  if (table.parent(n).layer != layer || !table.parent(n).terminal) return;
  const OutcomeMonitor& monitor = workers[0]->look_at(table.key(n));
  OutcomeKey outcome;
  outcome.stored = workers[0]->world().history.stored;
  bool all = true;
  bool once = true;
  bool exclusive = true;
  for (std::uint32_t r = 0; r < index.records; ++r) {
    std::uint32_t effects = 0;
    bool discarded = false;
    bool lost = false;
    for (std::uint32_t m = 0; m < monitor.mappings(); ++m) {
      const std::uint32_t here = monitor.effects(m, r);
      effects += here;
      discarded = discarded || monitor.discarded(m, r);
      lost = lost || (here == 0 && !monitor.discarded(m, r));
      all = all && here > 0;
      once = once && here <= 1;
      exclusive = exclusive && !(here > 0 && monitor.discarded(m, r));
    }
    outcome.effects.push_back(static_cast<std::uint8_t>(std::min<std::uint32_t>(effects, 255)));
    if (discarded) outcome.discarded.push_back(r);
    if (lost) outcome.lost.push_back(r);
  }
  note_property(Property::no_loss, outcome.lost.empty(), n, layer);
  note_property(Property::all_processed, all, n, layer);
  note_property(Property::at_most_once, once, n, layer);
  note_property(Property::order_first, !monitor.order_of_first_broken(), n, layer);
  note_property(Property::order_regress, !monitor.order_regressed(), n, layer);
  note_property(Property::destination_exclusive, exclusive, n, layer);
  outcomes.try_emplace(std::move(outcome), std::pair{layer, n});
}

// The witness: from the first state to this one, the answers of every step.
std::vector<std::uint32_t> Explorer::Search::answers_to(StateNumber n) {
  std::vector<StateNumber> path;
  for (StateNumber at = n; at != no_state; at = table.parent(at).state) path.push_back(at);
  std::reverse(path.begin(), path.end());
  std::vector<std::uint32_t> answers;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const Parent& from = table.parent(path[i]);
    const Parent& to = table.parent(path[i + 1]);
    const auto step = workers[0]->answers_of(table.key(path[i]), from.layer, to.branch);
    answers.insert(answers.end(), step.begin(), step.end());
  }
  return answers;
}

// Quiescence: answer 0 everywhere leads back to a state that was seen on that way. Effects are
// saturated in the key, so such a loop makes no progress.
void Explorer::Search::find_loop(Exploration& result) {
  std::vector<std::uint32_t> seen_from(table.size(), 0);
  for (StateNumber start = 0; start < table.size(); ++start) {
    StateNumber at = start;
    while (at != no_state && seen_from[at] == 0) {
      seen_from[at] = start + 1;
      at = zero_next[at];
    }
    if (at == no_state || seen_from[at] != start + 1) continue;
    ExploredViolation violation{std::string(name(Property::quiescence)), table.parent(at).layer,
                                answers_to(at), {}};
    StateNumber turn = at;
    do {
      const auto step = workers[0]->answers_of(table.key(turn), table.parent(turn).layer, 0);
      violation.loop.insert(violation.loop.end(), step.begin(), step.end());
      turn = zero_next[turn];
    } while (turn != at);
    result.violations.push_back(std::move(violation));
    return;
  }
}

void Explorer::Search::fill(Exploration& result) {
  result.faults = options.faults;
  result.states = table.size();
  result.transitions = transitions;
  result.exact = table.exact();
  result.table_bytes = table.bytes();
  for (const auto& worker : workers) result.taken.bits |= worker->taken().bits;
  const auto complete = [&](std::uint32_t layer) {
    return static_cast<int>(layer) <= result.complete_through;
  };
  for (const auto& [key, found] : outcomes) {
    if (!complete(found.first)) continue;
    result.outcomes.push_back(
        {key.stored, key.effects, key.discarded, key.lost, found.first, found.second});
  }
  std::stable_sort(result.outcomes.begin(), result.outcomes.end(),
                   [](const ExploredOutcome& a, const ExploredOutcome& b) {
                     return std::tie(a.minimum_faults, a.stored, a.effects) <
                            std::tie(b.minimum_faults, b.stored, b.effects);
                   });
  for (const auto& [property, found] : broken) {
    if (!complete(found.layer)) continue;
    result.violations.push_back(
        {std::string(name(property)), found.layer, answers_to(found.state), {}});
  }
  for (std::size_t i = 0; i < invariant_count; ++i) {
    const Broken& found = broken_invariants[i];
    if (found.state == no_state || !complete(found.layer)) continue;
    result.violations.push_back({std::string(name(static_cast<Invariant>(i))), found.layer,
                                 answers_to(found.state), {}});
  }
  if (options.merge) find_loop(result);
}

Explorer::Explorer(std::shared_ptr<const Plan> plan, ExploreOptions options)
    : search_(std::make_unique<Search>(std::move(plan), std::move(options))) {}
Explorer::~Explorer() = default;

const RecordIndex& Explorer::index() const { return search_->index; }

Exploration Explorer::run() {
  Search& search = *search_;
  Key first;
  search.workers[0]->encode_first(first);
  search.table.insert(hash_key(first), first, Parent{});
  search.zero_next.push_back(no_state);
  search.layers[0].push_back(0);
  Exploration result;
  for (std::uint32_t layer = 0; layer <= search.options.faults; ++layer) {
    if (!search.expand_layer(layer)) break;
    result.complete_through = static_cast<int>(layer);
    std::vector<StateNumber>().swap(search.layers[layer]);
  }
  result.complete = result.complete_through == static_cast<int>(search.options.faults);
  search.fill(result);
  return result;
}

}  // namespace trimhorizon
