// A producer makes its next PutRecord(s) call:
//
//   1. each record goes to the shard of its key's hash (KDS-SHD-01). The records keep the order of
//      the call, because PutRecords has no parameter that orders them (KDS-PRD-06)
//   2. the acknowledgement may be lost: the records are stored, but the producer does not know it
//      (KDS-PRD-07). Then the producer does what its `retry` says. Each copy is a stored record
//      with its own sequence number, because Kinesis does not deduplicate
//   3. parked readers of these shards wake at their next rhythm point, because there is something
//      to read now
//
// A put takes no time. An immediate retry happens at the same instant. Calls of one record that
// follow one another, while nothing else happens and nothing can go wrong, are made in one step.
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/produce.hpp"
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

constexpr Probability certain{1'000'000'000};

// Stores the record with this offset in the call, and notes the place in `at`, a fresh one.
inline void store(World& world, ProducerId producer, Span numbers, std::uint16_t offset,
                  StoredRecordAt& at) {
  const std::uint64_t number = numbers.first + offset;
  at.key = key_of_record_in(*world.plan, producer, number);
  at.shard = world.shard_of_key[at.key.value];
  at.position =
      world.shard(at.shard).log.append({world.now, RecordId::of(producer, number), at.key});
  at.offset = offset;
}

// Would wake() do something? A reader that polls or works finds the records by itself.
inline bool can_wake(const World& world, const Reader& reader) {
  if (reader.phase != ReaderPhase::parked &&
      (reader.phase != ReaderPhase::stopped || reader.retention_due)) {
    return false;
  }
  return world.has_unsettled(reader);
}

// Wakes the readers of the shards that the last call wrote to, by ascending id. Others have nothing
// to read that they did not have before.
void wake_readers(const Moment& moment) {
  World& world = moment.world;
  std::vector<ReaderId>& sleepers = moment.outside.sleepers;
  sleepers.clear();
  const auto look_at = [&](ReaderId id) {
    if (can_wake(world, world.reader(id))) sleepers.push_back(id);
  };
  const std::vector<StoredRecordAt>& stored = moment.outside.stored;
  if (world.readers.size() <= stored.size()) {
    for (std::uint32_t i = 0; i < world.readers.size(); ++i) look_at({i});
  } else {
    for (const StoredRecordAt& each : stored) world.for_each_reader_at(each.shard, look_at);
    std::sort(sleepers.begin(), sleepers.end());
    sleepers.erase(std::unique(sleepers.begin(), sleepers.end()), sleepers.end());
  }
  for (const ReaderId id : sleepers) wake(moment, id);
}

// Sites ack_lost and ack_lost_late. They are asked once for each record, and never for its copy.
// True when there is, or will be, a copy.
bool ask_lost_acknowledgement(const Moment& moment, ProducerId id, Span numbers,
                              std::uint16_t offset) {
  using Copy = StoredRecordAt::Copy;
  const std::uint64_t record = numbers.first + offset;
  if (moment.strikes(Site::ack_lost, id.value, record)) {
    StoredRecordAt& copy = moment.outside.stored.emplace_back();
    store(moment.world, id, numbers, offset, copy);
    copy.copy = Copy::of_last;
    return true;
  }
  if (!moment.strikes(Site::ack_lost_late, id.value, record)) return false;
  moment.outside.stored.back().copy = Copy::follows;
  moment.world.producers[id.value].late.push_back(record);
  return true;
}

// Stores the records of one call. True when some of them have copies, or will have.
bool store_call(const Moment& moment, ProducerId id, Span numbers, bool copies) {
  TH_CHECK(numbers.count() <= put_records_max);
  std::vector<StoredRecordAt>& stored = moment.outside.stored;
  stored.clear();
  stored.reserve(numbers.count());
  bool has_copies = false;
  const bool asks = moment.asks(Site::ack_lost) || moment.asks(Site::ack_lost_late);
  for (std::uint16_t i = 0; i < numbers.count(); ++i) {
    // KDS-PRD-07: Kinesis stores a repeated record a second time.
    if (TH_RULE(the_service_does_not_deduplicate, false, copies)) continue;
    store(moment.world, id, numbers, i, stored.emplace_back());
    if (asks && !copies) {
      has_copies = ask_lost_acknowledgement(moment, id, numbers, i) || has_copies;
    }
  }
  return has_copies;
}

// Is the acknowledgement of this call lost? Only while an entry of the timeline says so.
bool acknowledgement_is_lost(const Moment& moment, ProducerId id) {
  const ProducerState& producer = moment.world.producers[id.value];
  const Probability weight = loss_of_answers(producer, moment.world.now);
  if (weight.parts_per_billion == 0) return false;
  if (weight == certain) return true;
  constexpr Site site = Site::lost_acknowledgement;
  return moment.asks(site) &&
         moment.pick(site, moment.plan().producer(id).draws_as, producer.calls, 2, weight) != 0;
}

// Makes a call, and its retries as long as they are immediate. Returns the last event's number.
EventNumber make_call(Moment moment, ProducerId id, PendingPut call) {
  const ProducerRetry& retry = moment.plan().producer(id).settings.retry;
  ProducerState& producer = moment.world.producers[id.value];
  while (true) {
    const bool lost = acknowledgement_is_lost(moment, id);
    // KDS-PRD-09: how often a producer tries again is a setting of its client.
    const bool again = lost && puts_again(retry, call);
    const bool copies = call.tries > 1;
    producer.calls += 1;
    const bool has_copies = store_call(moment, id, call.numbers, copies);
    moment.cause = moment.tell(
        Put{id, call.numbers, call.tries, copies, again, has_copies, moment.outside.stored});
    moment.cause = moment.tell(PutAnswered{id, call.numbers, !lost});
    if (!again) return moment.cause;
    call.retries_left -= 1;
    call.tries += 1;
    // Records that are put in between come before it (KDS-PRD-05).
    if (retry.backoff > Duration{0}) break;
  }
  const std::uint32_t slot = pending_slot(producer);
  call.used = true;
  producer.pending[slot] = call;
  moment.schedule(moment.world.now + retry.backoff, PutRetryDue{id, slot});
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
    const Span numbers{n, n + 1};
    StoredRecordAt copy;
    store(moment.world, id, numbers, 0, copy);
    moment.cause = moment.tell(Put{id, numbers, 2, true, false, false, {&copy, 1}});
    moment.cause = moment.tell(PutAnswered{id, numbers, true});
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

// The record numbers of the call that is due. It is not planned any more.
Span take_planned(const ProducerPlan& plan, ProducerState& producer) {
  const bool explicit_call = !plan.settings.load;
  const std::uint64_t first =
      explicit_call ? plan.calls[producer.next_call].first_number : producer.next_number;
  producer.next_number += producer.planned;
  producer.next_call += 1;
  return {first, first + producer.planned};
}

// Can nothing happen to this producer's calls but that their records are stored?
bool puts_surely(const Moment& moment, ProducerId id) {
  const ProducerState& producer = moment.world.producers[id.value];
  return !moment.asks(Site::ack_lost) && !moment.asks(Site::ack_lost_late) &&
         loss_of_answers(producer, moment.world.now).parts_per_billion == 0;
}

// Makes the call that is due, and those after it that come before every other event. The run ends
// at a call that wakes a reader. REQUIRES: puts_surely(), and the call has one record.
EventNumber make_run(const Moment& moment, ProducerId id) {
  constexpr std::size_t calls_max = 1024;  // so that the list of calls stays small
  World& world = moment.world;
  ProducerState& producer = world.producers[id.value];
  const ProducerPlan& plan = moment.plan().producer(id);
  // No event is added before the run has ended, so this stays the earliest one.
  const Instant other = world.events.empty() ? end_of_time : world.events.earliest().at;
  const Instant until = std::min(moment.outside.joins_until, other);
  std::vector<PutRun::Call>& calls = moment.outside.calls;
  calls.clear();
  while (true) {
    const Span numbers = take_planned(plan, producer);
    PutRun::Call& call = calls.emplace_back();
    call.at = world.now;
    call.number = numbers.first;
    store(world, id, numbers, 0, call.stored);
    producer.calls += 1;
    const Instant at = plan_next_put(world, plan, producer);
    if (producer.planned == 0) break;
    const std::uint64_t number = world.next_event_number++;
    bool wakes = false;
    world.for_each_reader_at(call.stored.shard, [&](ReaderId reader) {
      wakes = wakes || can_wake(world, world.reader(reader));
    });
    const bool fits = !wakes && at <= until && producer.planned == 1 && calls.size() < calls_max;
    if (!fits || at == other) {
      const Event next{at, number, {}, PutDue{id}};
      if (!fits || !world.events.comes_first(next)) {
        world.events.add(next);
        break;
      }
    }
    world.now = at;
    world.steps += 1;
  }
  moment.outside.stored.assign(1, calls.back().stored);
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
  EventNumber last;
  if (moment.world.now <= moment.outside.joins_until && producer.planned == 1 &&
      puts_surely(moment, due.producer)) {
    last = make_run(moment, due.producer);
  } else {
    // KDS-PRD-07: the call may be made several times.
    const EventNumber event = make_call(
        moment, due.producer, {take_planned(plan, producer), plan.settings.retry.attempts});
    last = put_late_copies(moment.after(event), due.producer);
    schedule_next_put(moment.world, due.producer);
  }
  // ESM-POL-01: a reader finds new records at its next read, once a second.
  wake_readers(moment.after(last));
  forget_unread(moment.world, plan.stream);
}

void on_put_retry_due(const Moment& moment, const PutRetryDue& due) {
  PendingPut& pending = moment.world.producers[due.producer.value].pending[due.slot];
  const PendingPut call = pending;
  pending.used = false;
  const EventNumber event = make_call(moment, due.producer, call);
  wake_readers(moment.after(event));
}

}  // namespace trimhorizon
