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

Instant steady_arrival(const RateStep& step, std::uint64_t k) {
  const Wide gaps = TH_RULE(the_first_record_comes_after_one_gap, Wide{k + 1}, Wide{k});
  // Mostly 64 bits suffice, and a division of 128 costs more than all the rest of a put.
  std::uint64_t scaled = 0;
  const auto a_gap = static_cast<std::uint64_t>(step.per.us);
  if (!__builtin_mul_overflow(static_cast<std::uint64_t>(gaps), a_gap * 1'000'000, &scaled) &&
      a_gap < UINT64_MAX / 1'000'000) {
    const std::uint64_t us = scaled / static_cast<std::uint64_t>(step.events_millionths);
    return step.from + microseconds(static_cast<std::int64_t>(us));
  }
  const Wide us =
      gaps * static_cast<Wide>(step.per.us) * 1'000'000 / static_cast<Wide>(step.events_millionths);
  return step.from + microseconds(static_cast<std::int64_t>(us));
}

// How many of the next `want` records of a steady step arrive at `end` or before, when `before`
// records of the step have arrived.
std::uint64_t steady_count(const RateStep& step, Instant end, std::uint64_t before,
                           std::uint64_t want) {
  if (end <= step.from) return 0;
  const Wide span = static_cast<Wide>((end - step.from).us) + 1;  // floor(arrival) < span
  const Wide scaled = span * static_cast<Wide>(step.events_millionths);
  const Wide per = static_cast<Wide>(step.per.us) * 1'000'000;
  if ((Wide{before} + want) * per < scaled) return want;  // mostly; it needs no division
  const auto all = static_cast<std::uint64_t>((scaled + per - 1) / per - 1);
  return all - std::min(all, before);
}

std::uint64_t remaining(const GeneratedLoad& load, const ArrivalCursor& cursor) {
  return load.records ? *load.records - cursor.planned : UINT64_MAX;
}

// Moves the cursor over up to `want` steady records of the current step. Returns how many.
std::uint64_t take_steady(const GeneratedLoad& load, ArrivalCursor& cursor, std::uint64_t want) {
  const RateStep& step = load.rate[cursor.rate_step];
  if (step.events_millionths == 0) return 0;
  const Instant end = step_end(load, cursor.rate_step);
  const std::uint64_t take =
      end < end_of_time ? std::min(want, steady_count(step, end, cursor.in_step, want)) : want;
  if (take == 0) return 0;
  cursor.in_step += take;
  cursor.last_arrival = steady_arrival(step, cursor.in_step - 1);
  return take;
}

// Moves the cursor over one Poisson record of the current step, if its gap ends inside the step. A
// gap that crosses the end is dropped, and the next step draws a new one. That changes no
// probability, because a Poisson process has no memory.
bool take_poisson(const GeneratedLoad& load, ArrivalCursor& cursor, std::uint64_t seed,
                  std::uint32_t producer) {
  const RateStep& step = load.rate[cursor.rate_step];
  if (step.events_millionths == 0) return false;
  const Wide mean_q32 = (static_cast<Wide>(step.per.us) * 1'000'000 << 32) /
                        static_cast<Wide>(step.events_millionths);
  const Instant since = cursor.in_step == 0 ? step.from : cursor.last_arrival;
  const std::uint64_t bits = draw_bits(seed, producer, Purpose::arrival_gap, cursor.gap_draws);
  cursor.gap_draws += 1;
  const Instant at = since + exponential_gap(bits, mean_q32);
  if (TH_RULE(a_gap_that_crosses_the_end_is_void, at > step_end(load, cursor.rate_step), false)) {
    return false;
  }
  cursor.in_step += 1;
  cursor.last_arrival = at;
  return true;
}

}  // namespace

NextCall next_call(const GeneratedLoad& load, ArrivalCursor& cursor, std::uint64_t seed,
                   std::uint32_t producer) {
  const std::uint64_t want = std::min<std::uint64_t>(load.batch, remaining(load, cursor));
  std::uint64_t got = 0;
  while (got < want && cursor.rate_step < load.rate.size()) {
    const std::uint64_t taken = load.arrivals == Arrivals::steady
                                    ? take_steady(load, cursor, want - got)
                                    : (take_poisson(load, cursor, seed, producer) ? 1 : 0);
    got += taken;
    if (taken == 0) {
      cursor.rate_step += 1;
      cursor.in_step = 0;
    }
  }
  cursor.planned += got;
  return {static_cast<std::uint32_t>(got), cursor.last_arrival};
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
