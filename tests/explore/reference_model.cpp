#include "tests/explore/reference_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace trimhorizon::testing {
namespace {

using Payload = std::uint32_t;

struct SubBatch {
  std::uint32_t lo = 0, h = 0, attempts = 0;
  auto operator<=>(const SubBatch&) const = default;
};

struct State {
  std::vector<Payload> log;
  std::vector<Payload> late;  // copies that follow all others
  std::uint32_t produced = 0;
  std::uint32_t cp = 0;
  std::vector<SubBatch> stack;  // the last one is the top
  std::vector<std::uint32_t> eff;
  std::set<Payload> dlq;
  std::uint32_t f = 0;
  std::vector<int> last, largest;  // per key; -1 none
  bool regress = false, first_broken = false;

  auto operator<=>(const State&) const = default;
};

class Enumerator {
 public:
  explicit Enumerator(const ModelConfig& config) : c_(config) {}

  ReferenceResult run() {
    State start;
    start.eff.assign(c_.records, 0);
    start.last.assign(c_.keys, -1);
    start.largest.assign(c_.keys, -1);
    visit(start);
    while (!open_.empty()) {
      const State next = open_.back();
      open_.pop_back();
      expand(next);
    }
    result_.states = seen_.size();
    return result_;
  }

 private:
  void visit(const State& s) {
    if (seen_.insert(s).second) open_.push_back(s);
  }
  bool affordable(const State& s) const { return s.f + 1 <= c_.faults; }

  void expand(const State& s) {
    if (s.produced < c_.records) return produce(s);
    if (!s.late.empty()) {
      State done = s;
      std::sort(done.late.begin(), done.late.end());
      done.log.insert(done.log.end(), done.late.begin(), done.late.end());
      done.late.clear();
      return visit(done);
    }
    if (s.stack.empty() && s.cp == s.log.size()) return terminate(s);
    if (c_.trim && s.cp < s.log.size() && affordable(s)) trim(s);
    if (!s.stack.empty()) return invoke(s);
    const auto most =
        std::min<std::uint32_t>(c_.batch, static_cast<std::uint32_t>(s.log.size()) - s.cp);
    for (std::uint32_t n = c_.any ? 1 : most; n <= most; ++n) {
      State formed = s;
      formed.stack.push_back({s.cp, s.cp + n, 0});
      invoke(formed);  // no trim between forming and invoking
    }
  }

  void produce(const State& s) {
    State once = s;
    once.log.push_back(s.produced);
    once.produced += 1;
    visit(once);
    if (!c_.dup || !affordable(s)) return;
    State adjacent = once;
    adjacent.log.push_back(s.produced);
    adjacent.f += 1;
    visit(adjacent);
    State late = once;
    late.late.push_back(s.produced);
    late.f += 1;
    visit(late);
  }

  void trim(State s) {
    s.f += 1;
    s.cp += 1;
    if (!s.stack.empty()) {
      s.stack.back().lo += 1;
      if (s.stack.back().lo == s.stack.back().h) s.stack.pop_back();
    }
    visit(s);
  }

  void effect(State& s, std::uint32_t position) const {
    const Payload p = s.log[position];
    const std::uint32_t x = p % c_.keys;
    const int here = static_cast<int>(p);
    if (s.last[x] > here) s.regress = true;
    if (s.eff[p] == 0 && s.largest[x] > here) s.first_broken = true;
    s.last[x] = here;
    s.largest[x] = std::max(s.largest[x], here);
    s.eff[p] = std::min(s.eff[p] + 1, 15u);
  }

  void invoke(const State& s) {
    const SubBatch top = s.stack.back();
    std::uint32_t z = top.lo;
    while (z < top.h && s.log[z] != c_.poison) ++z;
    if (z == top.h) {
      State done = s;
      for (std::uint32_t i = top.lo; i < top.h; ++i) effect(done, i);
      State crashed = done;
      done.cp = top.h;
      done.stack.pop_back();
      visit(done);
      if (c_.crash && affordable(s)) {
        crashed.f += 1;
        crashed.stack.clear();
        visit(crashed);
      }
      for (std::uint32_t k = top.lo; k <= top.h && affordable(s); ++k) fail(s, k, 1);
      return;
    }
    fail(s, z, 0);
    for (std::uint32_t k = top.lo; k < z && affordable(s); ++k) fail(s, k, 1);
  }

  void fail(State s, std::uint32_t k, std::uint32_t cost) {
    s.f += cost;
    SubBatch& top = s.stack.back();
    const bool goes_on = c_.report == 2 && k < top.h;
    for (std::uint32_t i = top.lo; i < (goes_on ? top.h : k); ++i) {
      if (goes_on && (i == k || s.log[i] == c_.poison)) continue;
      effect(s, i);
    }
    const bool unlimited = c_.retries == 255;
    if (c_.report > 0 && k < top.h) {
      top.attempts = c_.reset && k > top.lo ? 0 : top.attempts + 1;
      s.cp = k;
      top.lo = k;
    } else if (c_.bisect && top.h - top.lo > 1) {
      const std::uint32_t n = top.h - top.lo;
      const std::uint32_t m = top.lo + (c_.ceil ? (n + 1) / 2 : n / 2);
      const std::uint32_t inherited = c_.split0 ? 0 : top.attempts;
      const SubBatch second{m, top.h, inherited};
      const SubBatch first{top.lo, m, inherited};
      s.stack.back() = second;
      s.stack.push_back(first);
      return visit(s);
    } else {
      top.attempts += 1;
    }
    if (unlimited) {
      top.attempts = 0;
    } else if (top.attempts > c_.retries) {
      return discard(s);
    }
    visit(s);
  }

  void discard(State& s) {
    const SubBatch top = s.stack.back();
    for (std::uint32_t i = top.lo; i < top.h && c_.destination; ++i) s.dlq.insert(s.log[i]);
    s.cp = top.h;
    s.stack.pop_back();
    visit(s);
  }

  void broken(const char* property, const State& s) {
    const auto [it, added] = result_.violations.try_emplace(property, s.f);
    if (!added) it->second = std::min(it->second, s.f);
  }

  void terminate(const State& s) {
    std::uint32_t dlq = 0;
    std::uint32_t lost = 0;
    std::string effects;
    bool all = true;
    bool once = true;
    bool exclusive = true;
    for (Payload p = 0; p < c_.records; ++p) {
      const bool there = s.dlq.contains(p);
      if (there) dlq |= 1u << p;
      if (s.eff[p] == 0 && !there) lost |= 1u << p;
      all = all && s.eff[p] >= 1;
      once = once && s.eff[p] <= 1;
      exclusive = exclusive && !(there && s.eff[p] >= 1);
      effects += s.eff[p] < 10 ? std::to_string(s.eff[p]) : fmt::format("({})", s.eff[p]);
    }
    const std::string outcome = fmt::format("{}:{}:{}:{}", s.log.size(), effects, dlq, lost);
    const auto [it, added] = result_.outcomes.try_emplace(outcome, s.f);
    if (!added) it->second = std::min(it->second, s.f);
    if (lost != 0) broken("no_loss", s);
    if (!all) broken("all_processed", s);
    if (!once) broken("at_most_once", s);
    if (s.regress) broken("order_regress", s);
    if (s.first_broken) broken("order_first", s);
    if (!exclusive) broken("destination_exclusive", s);
  }

  const ModelConfig c_;
  std::set<State> seen_;
  std::vector<State> open_;
  ReferenceResult result_;
};

}  // namespace

ReferenceResult run_reference_model(const ModelConfig& config) { return Enumerator(config).run(); }

std::string describe(const ModelConfig& c) {
  return fmt::format(
      "records {} batch {} faults {} keys {} bisect {:d} retries {} destination {:d} report {} "
      "reset {:d} split0 {:d} ceil {:d} crash {:d} dup {:d} trim {:d} any {:d} poison {}",
      c.records, c.batch, c.faults, c.keys, c.bisect, c.retries, c.destination, c.report, c.reset,
      c.split0, c.ceil, c.crash, c.dup, c.trim, c.any, c.poison);
}

}  // namespace trimhorizon::testing
