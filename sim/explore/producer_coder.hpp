// The part of a key that is about a producer: its next call, and the calls that it will make again.
#pragma once

#include <cstdint>

#include "sim/explore/key_coder.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

// `base`: instants are relative to it. `puts_pending`: may puts and the timeline still do
// something?
template <class Coder>
struct ProducerCoder {
  Coder& c;
  Instant base;
  bool puts_pending;

  void code(ProducerState& v, const ProducerPlan& plan) {
    auto& [next_number, next_call, cursor, planned, calls, losing, pending, free, late, kpl] = v;
    left_out(calls, free, kpl);  // no producer of an exploration uses KPL
    c.number(next_number);
    c.number(next_call);
    c.number(planned);
    if (plan.settings.load) code(cursor);
    c.size(losing);
    for (LostAnswers& each : losing) code(each);
    c.size(pending);
    for (PendingPut& each : pending) code(each, plan.settings.retry);
    if (c.reading) find_free(v);
    c.size(late);
    for (std::uint64_t& n : late) c.number(n);
  }

  void code(ArrivalCursor& v) {
    auto& [rate_step, in_step, gap_draws, last_arrival, planned] = v;
    c.number(rate_step);
    c.number(in_step);
    c.number(gap_draws);
    c.number(planned);
    if (puts_pending) c.relative(last_arrival, base);
  }

  void code(LostAnswers& v) {
    auto& [until, weight] = v;
    c.later(until, base);
    c.number(weight.parts_per_billion);
  }

  void code(PendingPut& v, const ProducerRetry& retry) {
    auto& [numbers, again, retries_left, tries, put_records, used] = v;
    c.known(numbers, Span{});  // those of the first try
    c.number(used);
    c.size(again);
    for (PendingEntry& each : again) {
      c.number(each.number);
      c.number(each.stored);
    }
    c.number(retries_left);
    c.number(put_records);
    c.known(tries, retry.retries() - retries_left + 1);
  }
};

}  // namespace trimhorizon
