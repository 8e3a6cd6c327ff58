#include "sim/experiment/ranges.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "sim/base/format.hpp"
#include "sim/faults/assumption_words.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"

namespace trimhorizon {
namespace {

constexpr std::uint64_t events_max = 4'000'000;  // of as many runs as this one: a second or two
constexpr std::uint64_t records_an_event = 2;    // records of large calls cost less than an event
// A run under another value may have so many events, or twice those of the run if that is more.
constexpr std::uint64_t events_of_one_max = 1'000'000;
// The same of deliveries: a large batch that is tried again and again has few events.
constexpr std::uint64_t deliveries_of_one_max = 10'000'000;

constexpr std::array<std::string_view, 6> number_names = {
    "lost", "duplicates", "given_up", "expired", "invocations", "iterator_age_ms"};
using Numbers = std::array<std::uint64_t, number_names.size()>;

Numbers numbers_of(const Result& result) {
  Numbers numbers{};
  numbers[0] = result.lost;
  numbers[1] = result.duplicates;
  for (const ConsumerResult& each : result.consumers) {
    numbers[2] += each.fates[Fate::discarded] + each.fates[Fate::dropped];
    numbers[3] += each.fates[Fate::expired];
    numbers[4] += each.invocations;
    const Duration age = each.max_iterator_age.value_or(Duration{0});
    numbers[5] = std::max(numbers[5], static_cast<std::uint64_t>(age.us / 1'000));
  }
  return numbers;
}

void add_backoffs(const Assumptions& assumptions, Assumption which, Backoff Assumptions::*member,
                  std::vector<OtherValue>& others) {
  const Backoff now = assumptions.*member;
  const auto add = [&](Backoff other, std::string text) {
    if (other == now || other.cap < other.first) return;
    OtherValue value{which, std::move(text), assumptions};
    value.assumptions.*member = other;
    others.push_back(std::move(value));
  };
  const Assumptions usual;
  if (!now.on) return add(usual.*member, assumption_value(usual, which));
  Backoff other = usual.*member;
  other.on = false;
  add(other, "none");
  for (const Duration cap : {seconds(5), seconds(60)}) {
    other = now;
    other.cap = cap;
    add(other, "cap " + friendly_duration(cap));
  }
  other = now;
  const bool drawn = now.jitter == Backoff::Jitter::full;
  other.jitter = drawn ? Backoff::Jitter::none : Backoff::Jitter::full;
  add(other, drawn ? "no jitter" : "full jitter");
}

void add_durations(const Assumptions& assumptions, Assumption which, Duration Assumptions::*member,
                   std::initializer_list<Duration> delays, std::vector<OtherValue>& others) {
  for (const Duration delay : delays) {
    if (delay == assumptions.*member) continue;
    OtherValue value{which, friendly_duration(delay), assumptions};
    value.assumptions.*member = delay;
    others.push_back(std::move(value));
  }
}

// How large a run under another value may grow.
struct Bounds {
  std::uint64_t events = events_of_one_max;
  std::uint64_t deliveries = deliveries_of_one_max;
};

Bounds bounds_of(const Result& result) {
  std::uint64_t deliveries = 0;
  for (const ConsumerResult& each : result.consumers) deliveries += each.deliveries;
  return {std::max(2 * result.events, events_of_one_max),
          std::max(2 * deliveries, deliveries_of_one_max)};
}

std::uint64_t deliveries_so_far(const Simulation& simulation) {
  std::uint64_t deliveries = 0;
  for (std::uint32_t i = 0; i < simulation.world().readers.size(); ++i) {
    deliveries += simulation.history().ledger.totals({i}).deliveries;
  }
  return deliveries;
}

// The numbers under this value, or none when its run grows larger than this.
std::optional<Numbers> numbers_under(const OtherValue& other, const Scenario& scenario,
                                     std::uint64_t seed, const Bounds& most,
                                     const std::function<void()>& poll) {
  Scenario changed = scenario;
  changed.assumptions = other.assumptions;
  Simulation simulation(make_plan(changed, {seed}));
  constexpr std::uint64_t events_between_polls = 256;
  constexpr std::uint64_t events_between_counts = 1024;  // a count looks at every reader
  while (simulation.step()) {
    const std::uint64_t events = simulation.world().steps;
    if (events > most.events) return std::nullopt;
    if (events % events_between_polls == 0) poll();
    if (events % events_between_counts == 0 && deliveries_so_far(simulation) > most.deliveries) {
      return std::nullopt;
    }
  }
  return numbers_of(build_result(simulation, {}));
}

void widen(Ranges& ranges, const Numbers& found, std::string_view by) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    NumberRange& number = ranges.numbers[i];
    number.least = std::min(number.least, found[i]);
    number.most = std::max(number.most, found[i]);
    const bool known = !number.switches.empty() && number.switches.back() == by;
    if (found[i] != number.value && !known) number.switches.emplace_back(by);
  }
}

}  // namespace

std::vector<OtherValue> other_values(const Assumptions& assumptions, Assumption which) {
  std::vector<OtherValue> others;
  if (which == Assumption::retry_backoff) {
    add_backoffs(assumptions, which, &Assumptions::retry_backoff, others);
  } else if (which == Assumption::throttle_backoff) {
    add_backoffs(assumptions, which, &Assumptions::throttle_backoff, others);
  } else if (which == Assumption::poller_failover) {
    add_durations(assumptions, which, &Assumptions::poller_failover,
                  {Duration{0}, seconds(10), seconds(60)}, others);
  } else if (which == Assumption::child_start_delay) {
    add_durations(assumptions, which, &Assumptions::child_start_delay, {Duration{0}, seconds(60)},
                  others);
  } else if (which == Assumption::kpl_call_time) {
    add_durations(assumptions, which, &Assumptions::kpl_call_time,
                  {milliseconds(1), milliseconds(100)}, others);
  } else if (which == Assumption::on_demand_split_delay) {
    add_durations(assumptions, which, &Assumptions::on_demand_split_delay,
                  {Duration{0}, minutes(15)}, others);
  }
  const AssumptionInfo& info = assumption_table()[static_cast<std::size_t>(which)];
  for (std::uint32_t value = 0; value < info.values.size(); ++value) {
    if (value == get_assumption(assumptions, which)) continue;
    OtherValue other{which, std::string(info.values[value]), assumptions};
    set_assumption(other.assumptions, which, value);
    others.push_back(std::move(other));
  }
  return others;
}

std::vector<OtherValue> other_values(const Assumptions& assumptions, AssumptionsMet met) {
  std::vector<OtherValue> all;
  for (const AssumptionInfo& info : assumption_table()) {
    if (!met.has(info.which)) continue;
    const std::vector<OtherValue> others = other_values(assumptions, info.which);
    all.insert(all.end(), others.begin(), others.end());
  }
  return all;
}

Ranges ranges_of(const Scenario& scenario, const Result& result,
                 const std::function<void(double)>& progress) {
  Ranges ranges;
  if (scenario.decisions) return ranges;
  std::vector<OtherValue> others = other_values(scenario.assumptions, result.assumptions_met);
  std::erase_if(others, [](const OtherValue& each) { return only_measures(each.which); });
  const std::uint64_t cost = std::max(result.events, result.stored / records_an_event);
  if (cost * others.size() > events_max) return ranges;
  const Numbers base = numbers_of(result);
  for (std::size_t i = 0; i < base.size(); ++i) {
    ranges.numbers.push_back({std::string(number_names[i]), base[i], base[i], base[i], {}});
  }
  ranges.tried = true;
  const Bounds most = bounds_of(result);
  const auto poll = [&] {
    if (progress) progress(static_cast<double>(ranges.runs) / static_cast<double>(others.size()));
  };
  for (const OtherValue& other : others) {
    poll();
    const std::string_view by = name(other.which);
    const auto found = numbers_under(other, scenario, result.seed, most, poll);
    ranges.runs += 1;
    if (found) widen(ranges, *found, by);
    if (!found) ranges.stopped.push_back(std::string(by) + " = " + other.text);
  }
  std::erase_if(ranges.numbers, [](const NumberRange& each) { return each.switches.empty(); });
  return ranges;
}

}  // namespace trimhorizon
