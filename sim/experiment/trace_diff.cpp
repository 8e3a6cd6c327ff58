// Finds the first event in which two runs differ by running both again, step by step.
#include "sim/experiment/trace_diff.hpp"

#include <deque>

#include "sim/history/digest.hpp"
#include "sim/history/trace_writer.hpp"
#include "sim/scenario/build_world.hpp"

namespace trimhorizon {
namespace {

// One of the two runs, step by step.
class Side : public Observer {
 public:
  explicit Side(const RunAgain& again)
      : handlers_(again.handlers),
        recipe_(again.recipe),
        simulation_(make_plan(*again.scenario, {again.seed, true}), handlers_) {
    simulation_.watch(*this);
  }

  // Quiet events have no line, and only repeat what other events say.
  void on(const Happened& event, const World& world) override {
    if (!event.number.valid()) return;
    seen_.emplace_back().on(event);
    if (event.number.value == wanted_) line_ = trace_line(event, world);
  }

  // A digest of the next event; nullptr after the last.
  const TraceDigest* next() {
    if (!seen_.empty()) seen_.pop_front();
    while (seen_.empty() && advance()) {
    }
    return seen_.empty() ? nullptr : &seen_.front();
  }

  // Event number `n` as a line, if the run has so many.
  std::optional<std::string> line(std::uint64_t n) {
    wanted_ = n;
    while (!line_ && next() != nullptr) {
    }
    return line_;
  }

 private:
  bool advance() {
    const std::uint64_t steps = simulation_.world().steps;
    if (injected_ < recipe_.injections.size() &&
        recipe_.injections[injected_].after_steps == steps) {
      simulation_.inject(recipe_.injections[injected_++].action);
      return true;
    }
    if (recipe_.stop && steps >= recipe_.stop->after_steps) return false;
    return simulation_.step();
  }

  RecordedHandlers handlers_;
  Recipe recipe_;
  Simulation simulation_;
  std::size_t injected_ = 0;
  std::deque<TraceDigest> seen_;
  std::uint64_t wanted_ = 0;
  std::optional<std::string> line_;
};

}  // namespace

std::optional<FirstDifference> first_difference(const RunAgain& a, const RunAgain& b) {
  FirstDifference difference;
  {
    Side left(a);
    Side right(b);
    const TraceDigest* x = left.next();
    const TraceDigest* y = right.next();
    difference.event = 1;
    while (x != nullptr && y != nullptr && *x == *y) {
      difference.event += 1;
      x = left.next();
      y = right.next();
    }
    if (x == nullptr && y == nullptr) return std::nullopt;
  }
  difference.a = Side(a).line(difference.event);
  difference.b = Side(b).line(difference.event);
  return difference;
}

}  // namespace trimhorizon
