// Finds ways through a finished search: the run that leads to a state, and loops. Keys of expanded
// states may have been freed, so a way is stepped again from the first state.
#include <algorithm>
#include <unordered_map>

#include "sim/base/check.hpp"
#include "sim/explore/search.hpp"

namespace trimhorizon {
namespace {

// A state on the way of the depth-first search for loops.
struct OnPath {
  StateNumber state = no_state;
  std::vector<std::vector<std::uint32_t>> answers;  // of each free way out of it
  std::vector<Key> keys;                            // where it leads
  std::size_t next = 0;                             // the next way to take
};

}  // namespace

std::vector<std::uint32_t> Explorer::Search::answers_to(StateNumber n, Key* key_of_n) {
  std::vector<StateNumber> path;
  for (StateNumber at = n; at != no_state; at = table.parent(at).state) path.push_back(at);
  std::reverse(path.begin(), path.end());
  Expander& worker = *workers[0];
  Key key = first;
  std::vector<std::uint32_t> answers;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const std::uint32_t layer = table.parent(path[i]).layer;
    const auto step = worker.take_branch(key, layer, table.parent(path[i + 1]).branch);
    answers.insert(answers.end(), step.begin(), step.end());
  }
  if (key_of_n != nullptr) *key_of_n = key;
  return answers;
}

// How many ways must be stepped to find the way to the state again.
std::uint64_t Explorer::Search::ways_to(StateNumber n) const {
  std::uint64_t ways = 0;
  for (StateNumber at = n; table.parent(at).state != no_state; at = table.parent(at).state) {
    ways += table.parent(at).branch + 1;
  }
  return ways;
}

namespace {

// At most so many ways are stepped again to compare witnesses; after that the best so far is used.
constexpr std::uint64_t ways_compared_most = 2'000'000;

// As lists of decisions: what is decided earlier comes first, then the smaller answer.
bool is_less(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i] == b[i]) continue;
    return a[i] != 0 && (b[i] == 0 || a[i] < b[i]);
  }
  return false;
}

}  // namespace

std::vector<std::uint32_t> Explorer::Search::least_answers_to(
    const std::vector<StateNumber>& states) {
  std::vector<std::uint32_t> least;
  std::uint64_t ways = 0;
  for (const StateNumber n : states) {
    ways += ways_to(n);
    if (n != states.front() && ways > ways_compared_most) break;
    std::vector<std::uint32_t> answers = answers_to(n);
    if (least.empty() || is_less(answers, least)) least = std::move(answers);
  }
  return least;
}

// Quiescence: is there a cycle among the ways that cost no fault? Effects saturate in the key, so
// a turn of it makes no progress. Depth-first from the targets of back edges, fewest faults first;
// each state is expanded once.
std::optional<ExploredLoop> Explorer::Search::find_loop() {
  std::stable_sort(back_edges.begin(), back_edges.end(), [&](const BackEdge& a, const BackEdge& b) {
    const std::uint32_t of_a = table.parent(a.to).layer;
    const std::uint32_t of_b = table.parent(b.to).layer;
    return of_a != of_b ? of_a < of_b : a.to < b.to;
  });
  Expander& worker = *workers[0];
  std::unordered_map<StateNumber, bool> on_path;  // absent: not seen; false: done with
  std::vector<OnPath> path;
  const auto push = [&](StateNumber n, const Key& key) {
    OnPath& top = path.emplace_back();
    top.state = n;
    worker.free_ways(key, top.answers, top.keys);
    on_path[n] = true;
  };
  for (const BackEdge& edge : back_edges) {
    if (on_path.contains(edge.to)) continue;
    Key key;
    answers_to(edge.to, &key);
    push(edge.to, key);
    while (!path.empty()) {
      OnPath& top = path.back();
      if (top.next == top.keys.size()) {
        on_path[top.state] = false;
        path.pop_back();
        continue;
      }
      const Key next = top.keys[top.next++];
      const StateNumber n = table.find(hash_key(next), next);
      if (n == no_state) continue;  // a bound cut the search before it
      const auto known = on_path.find(n);
      if (known == on_path.end()) {
        push(n, next);
      } else if (known->second) {
        ExploredLoop loop{table.parent(n).layer, answers_to(n), {}};
        auto from =
            std::find_if(path.begin(), path.end(), [&](const OnPath& p) { return p.state == n; });
        for (; from != path.end(); ++from) {
          const auto& step = from->answers[from->next - 1];
          loop.turn.insert(loop.turn.end(), step.begin(), step.end());
        }
        return loop;
      }
    }
  }
  return std::nullopt;
}

}  // namespace trimhorizon
