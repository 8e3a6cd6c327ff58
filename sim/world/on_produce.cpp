// A producer makes its next PutRecord(s) call:
//
//   1. each record goes to the shard of its key's hash (KDS-SHD-01). The records keep the order of
//      the call, because PutRecords has no parameter that orders them (KDS-PRD-06)
//   2. a shard refuses what is above its limits, entry by entry (KDS-LIM-01, KDS-PRD-04)
//   3. the acknowledgement may be lost: the records are stored, but the producer does not know it
//      (KDS-PRD-07)
//   4. then the producer does what its `retry` says. Each copy is a stored record with its own
//      sequence number, because Kinesis does not deduplicate
//   5. parked readers of these shards wake at their next rhythm point, because there is something
//      to read now
//
// A put takes no time. An immediate retry happens at the same instant. Calls of one record that
// follow one another, while nothing else happens and nothing goes wrong, are made in one step.
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/explored_reshards.hpp"
#include "sim/world/failing_calls.hpp"
#include "sim/world/on_scale.hpp"
#include "sim/world/produce.hpp"
#include "sim/world/putting.hpp"
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

// Sites ack_lost and ack_lost_late. They are asked once for each record that is stored, and never
// for its copy. True when there is, or will be, a copy.
bool ask_lost_acknowledgement(const Moment& moment, ProducerId id) {
  using Copy = PutEntry::Copy;
  const std::uint64_t record = moment.outside.entries.back().number;
  if (moment.strikes(Site::ack_lost, id.value, record)) {
    PutEntry copy = moment.outside.entries.back();
    store(moment.world, id, copy);
    copy.copy = Copy::of_last;
    moment.outside.entries.push_back(copy);
    return true;
  }
  if (!moment.strikes(Site::ack_lost_late, id.value, record)) return false;
  moment.outside.entries.back().copy = Copy::follows;
  moment.world.producers[id.value].late.push_back(record);
  return true;
}

// KDS-LIM-01, KDS-LIM-17: does the shard of this entry refuse it? The explorer asks instead of
// counting.
bool is_throttled(const Moment& moment, PutCallAtService& service, ProducerId id,
                  const PutEntry& entry) {
  const ProducerPlan& producer = moment.plan().producer(id);
  if (producer.limited) {
    return !service.admit(entry.shard, producer.limits, entry.bytes);
  }
  return moment.strikes(Site::put_throttled, id.value, entry.number);
}

// What a try of a call came to, beside the entries.
struct TriedCall {
  std::uint32_t refused = 0;
  bool whole = false;       // the call failed, not its entries
  bool again = false;       // some entries are copies
  bool has_copies = false;  // of the sites ack_lost and ack_lost_late
};

// Puts the records of one call, one after the other. KDS-PRD-04, KDS-PRD-05: a refused entry does
// not stop the entries after it.
TriedCall try_call(const Moment& moment, ProducerId id, const PendingPut& call) {
  TH_CHECK(call.records() <= put_records_max);
  World& world = moment.world;
  std::vector<PutEntry>& entries = moment.outside.entries;
  entries.clear();
  entries.reserve(call.records());
  PutCallAtService service = call_at_service(moment);
  TriedCall tried;
  const bool from_rate = moment.plan().producer(id).settings.load.has_value() && call.again.empty();
  const bool asks = moment.asks(Site::ack_lost) || moment.asks(Site::ack_lost_late);
  const StreamId stream = moment.plan().producer(id).stream;
  FailuresOfPut failures(moment, stream);
  tried.whole = failures.whole();
  for (std::size_t i = 0; i < call.records(); ++i) {
    const bool copy = call.stored_before(i);
    // KDS-PRD-07: Kinesis stores a repeated record a second time.
    if (TH_RULE(the_service_does_not_deduplicate, false, copy)) continue;
    PutEntry& entry = entries.emplace_back();
    entry.number = call.number(i);
    if (from_rate) moment.outside.upcoming.come(world, id, entry.number);
    place(world, id, entry);
    entry.end = failures.next();
    entry.fault = !entry.is_stored();
    if (entry.is_stored() && is_throttled(moment, service, id, entry)) {
      entry.end = PutEnd::throttled;
      if (call.put_records) moment.met(Assumption::put_rounding);
    }
    if (!entry.is_stored()) {
      tried.refused += 1;
      if (TH_RULE(a_refused_entry_stops_no_other, false, true)) break;
      continue;
    }
    store(world, id, entry);
    if (copy) entry.copy = PutEntry::Copy::again;
    tried.again = tried.again || copy;
    if (asks && call.tries == 1) {
      tried.has_copies = ask_lost_acknowledgement(moment, id) || tried.has_copies;
    }
  }
  return tried;
}

// What the producer knows of a try that failed.
PutFailure failure_of(const Moment& moment, bool lost, bool whole) {
  if (lost) return PutFailure::unanswered;
  if (whole) return PutFailure::whole;
  PutFailure worst = PutFailure::none;
  for (const PutEntry& each : moment.outside.entries) {
    if (each.end == PutEnd::throttled) return PutFailure::throttled;
    if (each.end == PutEnd::failed) worst = PutFailure::internal;
  }
  return worst;
}

// Calls f(entry, stored_before) for each record of the last try of the call.
template <class F>
void for_each_record(const Moment& moment, const PendingPut& call, F f) {
  std::size_t i = 0;
  for (const PutEntry& each : moment.outside.entries) {
    if (each.copy != PutEntry::Copy::of_last) f(each, call.stored_before(i++));
  }
}

// The entries of the next try. KDS-PRD-08: without an answer, or by its setting, the producer puts
// all again, and every stored entry becomes a copy. KDS-PRD-05: else only what failed comes again,
// behind everything that was stored meanwhile.
void list_what_comes_again(const Moment& moment, const ProducerRetry& retry, bool lost,
                           PendingPut& call) {
  const bool all = lost || retry.scope == RetryScope::whole_request;
  std::vector<PendingEntry> again;
  for_each_record(moment, call, [&](const PutEntry& each, bool stored_before) {
    const bool stored = each.is_stored() || stored_before;
    if (all || !each.is_stored()) again.push_back({each.number, stored});
  });
  call.again = std::move(again);
}

// KDS-PRD-05, KDS-PRD-09: no more tries. What no try has stored is lost, or never accepted if the
// producer knows.
EventNumber give_up_records(const Moment& moment, ProducerId id, const PendingPut& call) {
  const ProducerRetry& retry = moment.plan().producer(id).settings.retry;
  std::vector<PutEntry>& given_up = moment.outside.given_up;
  given_up.clear();
  for_each_record(moment, call, [&](const PutEntry& each, bool stored_before) {
    if (!each.is_stored() && !stored_before) given_up.push_back(each);
  });
  if (given_up.empty()) return moment.cause;
  return moment.tell(PutGivenUp{id, retry.mode != RetryMode::ignore, given_up});
}

// The draw of a wait of the SDK. The explorer takes the longest one.
std::uint64_t wait_bits(const Moment& moment, ProducerId id) {
  const Plan& plan = moment.plan();
  if (plan.exploring) return UINT64_MAX;
  return draw_bits(plan.seed, plan.producer(id).draws_as, Purpose::put_backoff,
                   moment.world.producers[id.value].calls);
}

// Makes a call, and its retries as long as they are immediate. Returns the last event's number.
EventNumber make_call(Moment moment, ProducerId id, PendingPut call) {
  const ProducerRetry& retry = moment.plan().producer(id).settings.retry;
  ProducerState& producer = moment.world.producers[id.value];
  const std::vector<PutEntry>& entries = moment.outside.entries;
  Duration wait{0};
  while (true) {
    const bool lost = acknowledgement_is_lost(moment, id);
    producer.calls += 1;
    const TriedCall tried = try_call(moment, id, call);
    const PutFailure failure = failure_of(moment, lost, tried.whole);
    // KDS-PRD-09: how often a producer tries again is a setting of its client.
    const bool again = puts_again(retry, call, failure);
    const bool repeats = again && (lost || retry.scope == RetryScope::whole_request);
    const StreamId stream = moment.plan().producer(id).stream;
    if (moment.plan().stream(stream).counts_minutes) {
      count_minutes(moment.world, stream, entries);
    }
    moment.cause = moment.tell(Put{id, call.tries, call.put_records, tried.again, repeats,
                                   tried.has_copies, tried.refused, entries});
    moment.cause = moment.tell(PutAnswered{id, !lost, entries});
    if (!again) {
      return tried.refused > 0 ? give_up_records(moment, id, call) : moment.cause;
    }
    wait = wait_before_put(retry, call, failure, wait_bits(moment, id));
    list_what_comes_again(moment, retry, lost, call);
    call.retries_left -= 1;
    call.tries += 1;
    // Records that are put in between come before it (KDS-PRD-05).
    if (wait > Duration{0}) break;
    wake_readers(moment);
  }
  call.numbers = {};  // `again` says all
  const std::uint32_t slot = put_aside(producer, std::move(call));
  moment.schedule(moment.world.now + wait, PutRetryDue{id, slot});
  return moment.cause;
}

// Site ack_lost_late: the copies come after all other puts of the producer at this instant, so they
// change the order. Returns the last event's number.
EventNumber put_late_copies(Moment moment, ProducerId id) {
  ProducerState& producer = moment.world.producers[id.value];
  if (producer.late.empty()) return moment.cause;
  const ProducerPlan& plan = moment.plan().producer(id);
  const bool more_now = !plan.settings.load && producer.next_call < plan.calls.size() &&
                        plan.calls[producer.next_call].at == moment.world.now;
  if (more_now) return moment.cause;
  for (const std::uint64_t n : producer.late) {
    PutEntry copy;
    copy.number = n;
    copy.copy = PutEntry::Copy::again;
    place(moment.world, id, copy);
    store(moment.world, id, copy);
    moment.cause = moment.tell(Put{id, 2, false, true, false, false, 0, {&copy, 1}});
    moment.cause = moment.tell(PutAnswered{id, true, {&copy, 1}});
  }
  producer.late.clear();
  return moment.cause;
}

// The producer decides about its next call. `planned` of its state is 0 when it makes no more;
// otherwise this returns the time of the call.
Instant plan_next_put(World& world, const ProducerPlan& plan, ProducerState& producer) {
  if (!plan.settings.load) {
    const bool more = producer.next_call < plan.calls.size();
    producer.planned = more ? plan.calls[producer.next_call].count : 0;
    return more ? plan.calls[producer.next_call].at : end_of_time;
  }
  const NextCall call =
      next_call(*plan.settings.load, producer.cursor, world.plan->seed, plan.draws_as);
  producer.planned = call.records;
  return call.at;
}

// Is the call that is planned a PutRecords, and not a PutRecord?
bool plans_put_records(const ProducerPlan& plan, const ProducerState& producer) {
  if (plan.settings.load) return plan.settings.load->batch > 1;
  return plan.calls[producer.next_call].put_records;
}

// The record numbers of the call that is due. It is not planned any more.
Span take_planned(const ProducerPlan& plan, ProducerState& producer) {
  const bool explicit_call = !plan.settings.load;
  const std::uint64_t first =
      explicit_call ? plan.calls[producer.next_call].first_number : producer.next_number;
  producer.next_number += producer.planned;
  producer.next_call += 1;
  return {first, first + producer.planned};
}

// Can nothing happen to this producer's calls but that their records are stored or throttled?
bool puts_surely(const Moment& moment, ProducerId id) {
  const ProducerState& producer = moment.world.producers[id.value];
  return !moment.asks(Site::ack_lost) && !moment.asks(Site::ack_lost_late) &&
         !moment.asks(Site::put_throttled) && !moment.asks(Site::reshard) &&
         !puts_may_fail(moment.world, moment.plan().producer(id).stream) &&
         loss_of_answers(producer, moment.world.now).parts_per_billion == 0;
}

// The number of the record that comes next. REQUIRES: it is planned, as a call of its own.
std::uint64_t planned_number(const ProducerPlan& plan, const ProducerState& producer) {
  return plan.settings.load ? producer.next_number : plan.calls[producer.next_call].first_number;
}

// Would the shard of the record that is planned next take it at `at`? Takes it from the limits if
// so.
bool admit_planned(World& world, ProducerId id, Instant at, PutEntry& entry) {
  const ProducerPlan& plan = world.plan->producer(id);
  entry.number = planned_number(plan, world.producers[id.value]);
  place(world, id, entry);
  return !plan.limited ||
         admit_record(world.shard(entry.shard).limits, plan.limits, whole_kib(entry.bytes), at);
}

// Makes the call that is due, and those after it that come before every other event. The run ends
// at a call that wakes a reader, or before one that is throttled. REQUIRES: puts_surely(), the call
// has one record, and its shard has admitted it: `first`.
EventNumber make_run(const Moment& moment, ProducerId id, const PutEntry& first) {
  constexpr std::size_t calls_max = 1024;  // so that the list of calls stays small
  World& world = moment.world;
  ProducerState& producer = world.producers[id.value];
  const ProducerPlan& plan = moment.plan().producer(id);
  // No event is added before the run has ended, so this stays the earliest one.
  const Instant other = world.events.empty() ? end_of_time : world.events.earliest().at;
  const Instant until = std::min(moment.outside.joins_until, other);
  std::vector<PutRun::Call>& calls = moment.outside.calls;
  calls.clear();
  // Each entry is made where it stays: this loop is the hottest of all.
  PutEntry* entry = &calls.emplace_back(PutRun::Call{world.now, first}).entry;
  const bool counts = world.plan->stream(plan.stream).counts_minutes;
  while (true) {
    take_planned(plan, producer);
    if (plan.settings.load) moment.outside.upcoming.come(world, id, entry->number);
    store(world, id, *entry);
    if (counts) count_minutes(world, plan.stream, {entry, 1});
    producer.calls += 1;
    const Instant at = plan_next_put(world, plan, producer);
    if (producer.planned == 0) break;
    const std::uint64_t number = world.next_event_number++;
    bool wakes = false;
    world.for_each_reader_at(entry->shard, [&](ReaderId reader) {
      wakes = wakes || can_wake(world, world.reader(reader));
    });
    const Event next{at, number, {}, PutDue{id}};
    bool fits = !wakes && at <= until && producer.planned == 1 && calls.size() < calls_max &&
                (at < other || world.events.comes_first(next));
    if (fits) {
      PutRun::Call& call = calls.emplace_back();
      call.at = at;
      entry = &call.entry;
      fits = admit_planned(world, id, at, *entry);
      if (!fits) calls.pop_back();
    }
    if (!fits) {
      world.events.add(next);
      break;
    }
    world.now = at;
    world.steps += 1;
  }
  moment.outside.entries.assign(1, calls.back().entry);
  return moment.tell_run(id, calls);
}

}  // namespace

void schedule_next_put(World& world, ProducerId id) {
  ProducerState& producer = world.producers[id.value];
  const Instant at = plan_next_put(world, world.plan->producer(id), producer);
  if (producer.planned > 0) schedule(world, at, {}, PutDue{id});
}

void on_put_due(const Moment& moment, const PutDue& due) {
  ProducerState& producer = moment.world.producers[due.producer.value];
  const ProducerPlan& plan = moment.plan().producer(due.producer);
  ask_reshard(moment, plan.stream);
  if (producer.kpl) {
    const Span numbers = take_planned(plan, producer);
    schedule_next_put(moment.world, due.producer);
    return give_to_kpl(moment, due.producer, numbers);
  }
  EventNumber last;
  PutEntry entry;
  if (moment.world.now <= moment.outside.joins_until && producer.planned == 1 &&
      !plans_put_records(plan, producer) && puts_surely(moment, due.producer) &&
      admit_planned(moment.world, due.producer, moment.world.now, entry)) {
    last = make_run(moment, due.producer, entry);
  } else {
    // KDS-PRD-07: the call may be made several times.
    PendingPut call;
    call.put_records = plans_put_records(plan, producer);
    call.numbers = take_planned(plan, producer);
    call.retries_left = plan.settings.retry.retries();
    const EventNumber event = make_call(moment, due.producer, std::move(call));
    last = put_late_copies(moment.after(event), due.producer);
    schedule_next_put(moment.world, due.producer);
  }
  // ESM-POL-01: a reader finds new records at its next read, once a second.
  wake_readers(moment.after(last));
  forget_unread(moment.world, plan.stream);
}

void on_put_retry_due(const Moment& moment, const PutRetryDue& due) {
  ask_reshard(moment, moment.plan().producer(due.producer).stream);
  PendingPut call = take_up(moment.world.producers[due.producer.value], due.slot);
  const EventNumber event = make_call(moment, due.producer, std::move(call));
  wake_readers(moment.after(event));
}

}  // namespace trimhorizon
