#include "sim/producer/arrivals.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/draws.hpp"
#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

using Wide = unsigned __int128;

// The last instant of the step; a record may still arrive at it.
Instant step_end(const GeneratedLoad& load, std::uint32_t step) {
  Instant end = load.lasts ? load.rate.front().from + *load.lasts : end_of_time;
  if (step + 1 < load.rate.size()) end = std::min(end, load.rate[step + 1].from);
  return end;
}

// Record k of a step (from 0) arrives after so many gaps.
std::uint64_t gaps_before(std::uint64_t k) {
  return TH_RULE(the_first_record_comes_after_one_gap, k + 1, k);
}

// The arrival of record k. Mostly 64 bits suffice, and a division of 128 costs more than all the
// rest of a put; the end of time: they do not.
Instant steady_arrival_in_64(const RateStep& step, std::uint64_t k) {
  const auto per = static_cast<std::uint64_t>(step.per.us);
  const auto events = static_cast<std::uint64_t>(step.events_millionths);
  constexpr auto most = static_cast<std::uint64_t>(end_of_time.us) / 4;
  if (per > most / 1'000'000) return end_of_time;
  // A gap, as a whole number of microseconds and a rest, which is mostly 0.
  const std::uint64_t gap = per * 1'000'000 / events;
  const std::uint64_t rest = per * 1'000'000 % events;
  std::uint64_t us = 0;
  if (__builtin_mul_overflow(gaps_before(k), gap, &us) || us > most) return end_of_time;
  if (rest > 0) {
    std::uint64_t rests = 0;
    if (__builtin_mul_overflow(gaps_before(k), rest, &rests)) return end_of_time;
    us += rests / events;
  }
  return step.from + microseconds(static_cast<std::int64_t>(us));
}

Instant steady_arrival(const RateStep& step, std::uint64_t k) {
  const Wide us = gaps_before(k) * static_cast<Wide>(step.per.us) * 1'000'000 /
                  static_cast<Wide>(step.events_millionths);
  return step.from + microseconds(static_cast<std::int64_t>(us));
}

// How many of the next `want` records of a steady step arrive at `end` or before, when `before`
// records of the step have arrived.
std::uint64_t steady_count(const RateStep& step, Instant end, std::uint64_t before,
                           std::uint64_t want) {
  if (end == end_of_time) return want;
  if (end <= step.from) return 0;
  const Wide span = static_cast<Wide>((end - step.from).us) + 1;  // floor(arrival) < span
  const Wide scaled = span * static_cast<Wide>(step.events_millionths);
  const Wide per = static_cast<Wide>(step.per.us) * 1'000'000;
  if ((Wide{before} + want) * per < scaled) return want;
  const auto all = static_cast<std::uint64_t>((scaled + per - 1) / per - 1);
  return all - std::min(all, before);
}

std::uint64_t remaining(const GeneratedLoad& load, const ArrivalCursor& cursor) {
  return load.records ? *load.records - cursor.planned : UINT64_MAX;
}

// The same as take_steady(), at the end of a step and where 64 bits do not suffice. It is not
// inlined because it is rare, and would slow down what is not.
[[gnu::noinline]] std::uint64_t take_last_steady(const RateStep& step, Instant end,
                                                 ArrivalCursor& cursor, std::uint64_t want) {
  const std::uint64_t take = std::min(want, steady_count(step, end, cursor.in_step, want));
  if (take == 0) return 0;
  cursor.in_step += take;
  cursor.last_arrival = steady_arrival(step, cursor.in_step - 1);
  return take;
}

// Moves the cursor over up to `want` steady records of the current step. Returns how many.
inline std::uint64_t take_steady(const GeneratedLoad& load, ArrivalCursor& cursor,
                                 std::uint64_t want) {
  const RateStep& step = load.rate[cursor.rate_step];
  if (step.events_millionths == 0) return 0;
  const Instant end = step_end(load, cursor.rate_step);
  const Instant mostly = steady_arrival_in_64(step, cursor.in_step + want - 1);
  if (mostly > end || mostly == end_of_time) return take_last_steady(step, end, cursor, want);
  cursor.in_step += want;
  cursor.last_arrival = mostly;
  return want;
}

// Moves the cursor over one Poisson record of the current step, if its gap ends inside the step. A
// gap that crosses the end is dropped, and the next step draws a new one. That changes no
// probability, because a Poisson process has no memory.
[[gnu::noinline]] std::uint64_t take_poisson(const GeneratedLoad& load, ArrivalCursor& cursor,
                                             std::uint64_t seed, std::uint32_t producer) {
  const RateStep& step = load.rate[cursor.rate_step];
  if (step.events_millionths == 0) return 0;
  const Wide mean_q32 = (static_cast<Wide>(step.per.us) * 1'000'000 << 32) /
                        static_cast<Wide>(step.events_millionths);
  const Instant since = cursor.in_step == 0 ? step.from : cursor.last_arrival;
  const std::uint64_t bits = draw_bits(seed, producer, Purpose::arrival_gap, cursor.gap_draws);
  cursor.gap_draws += 1;
  const Instant at = since + exponential_gap(bits, mean_q32);
  if (TH_RULE(a_gap_that_crosses_the_end_is_void, at > step_end(load, cursor.rate_step), false)) {
    return 0;
  }
  cursor.in_step += 1;
  cursor.last_arrival = at;
  return 1;
}

}  // namespace

namespace {

// A call of `want` records, `got` of which are counted. It may collect them over changes of the
// rate.
[[gnu::noinline]] NextCall call_over_steps(const GeneratedLoad& load, ArrivalCursor& cursor,
                                           std::uint64_t seed, std::uint32_t producer,
                                           std::uint64_t want, std::uint64_t got) {
  while (got < want && cursor.rate_step < load.rate.size()) {
    const std::uint64_t taken = load.arrivals == Arrivals::steady
                                    ? take_steady(load, cursor, want - got)
                                    : take_poisson(load, cursor, seed, producer);
    got += taken;
    if (taken == 0) {
      cursor.rate_step += 1;
      cursor.in_step = 0;
    }
  }
  cursor.planned += got;
  return {static_cast<std::uint32_t>(got), cursor.last_arrival};
}

}  // namespace

NextCall next_call(const GeneratedLoad& load, ArrivalCursor& cursor, std::uint64_t seed,
                   std::uint32_t producer) {
  const std::uint64_t want = std::min<std::uint64_t>(load.batch, remaining(load, cursor));
  std::uint64_t got = 0;
  // Mostly all records of the call are steady and in one step.
  if (load.arrivals == Arrivals::steady && want > 0 && cursor.rate_step < load.rate.size()) {
    got = take_steady(load, cursor, want);
  }
  if (got < want) return call_over_steps(load, cursor, seed, producer, want, got);
  cursor.planned += got;
  return {static_cast<std::uint32_t>(got), cursor.last_arrival};
}

std::vector<std::uint64_t> records_by_step(const GeneratedLoad& load) {
  std::vector<std::uint64_t> counts;
  std::uint64_t left = load.records.value_or(UINT64_MAX);
  for (std::uint32_t i = 0; i < load.rate.size(); ++i) {
    const RateStep& step = load.rate[i];
    const bool none = step.events_millionths == 0;
    counts.push_back(none ? 0 : std::min(left, steady_count(step, step_end(load, i), 0, left)));
    left -= counts.back();
  }
  return counts;
}

WholeLoad whole_load(GeneratedLoad load) {
  load.arrivals = Arrivals::steady;
  load.batch = UINT32_MAX;
  WholeLoad whole;
  ArrivalCursor cursor;
  while (true) {
    const NextCall call = next_call(load, cursor, 0, 0);
    if (call.records == 0) return whole;
    whole.records += call.records;
    whole.last = call.at;
  }
}

}  // namespace trimhorizon
