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
// A put takes no time. An immediate retry happens at the same instant.
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/produce.hpp"
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

constexpr Probability certain{1'000'000'000};

// Stores the record with this offset in the call. Returns the place where it is stored.
inline StoredRecordAt store(World& world, ProducerId producer, Span numbers, std::uint16_t offset) {
  const std::uint64_t number = numbers.first + offset;
  const KeyId key = key_of_record_in(*world.plan, producer, number);
  const ShardId shard = world.shard_of_key[key.value];
  const Position position =
      world.shard(shard).log.append({world.now, RecordId::of(producer, number), key});
  return {position, shard, offset};
}

// Wakes the readers of the shards that the last call wrote to, by ascending id. Others have nothing
// to read that they did not have before.
void wake_readers(const Moment& moment) {
  World& world = moment.world;
  std::vector<ReaderId>& sleepers = moment.outside.sleepers;
  sleepers.clear();
  const auto look_at = [&](ReaderId id) {
    const Reader& reader = world.reader(id);
    // A reader that polls or works finds the records by itself.
    if (reader.phase != ReaderPhase::parked && reader.phase != ReaderPhase::stopped) return;
    if (world.has_unsettled(reader)) sleepers.push_back(id);
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
    StoredRecordAt copy = store(moment.world, id, numbers, offset);
    copy.copy = Copy::of_last;
    moment.outside.stored.push_back(copy);
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
    stored.push_back(store(moment.world, id, numbers, i));
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
    const StoredRecordAt copy = store(moment.world, id, numbers, 0);
    moment.cause = moment.tell(Put{id, numbers, 2, true, false, false, {&copy, 1}});
    moment.cause = moment.tell(PutAnswered{id, numbers, true});
  }
  producer.late.clear();
  return moment.cause;
}

}  // namespace

void schedule_next_put(World& world, ProducerId id) {
  const ProducerPlan& plan = world.plan->producer(id);
  ProducerState& producer = world.producers[id.value];
  if (!plan.settings.load) {
    if (producer.next_call == plan.calls.size()) return;
    producer.planned = plan.calls[producer.next_call].count;
    schedule(world, plan.calls[producer.next_call].at, {}, PutDue{id});
    return;
  }
  const NextCall call =
      next_call(*plan.settings.load, producer.cursor, world.plan->seed, plan.draws_as);
  producer.planned = call.records;
  if (call.records > 0) schedule(world, call.at, {}, PutDue{id});
}

void on_put_due(const Moment& moment, const PutDue& due) {
  ProducerState& producer = moment.world.producers[due.producer.value];
  const ProducerPlan& plan = moment.plan().producer(due.producer);
  const bool explicit_call = !plan.settings.load;
  const std::uint64_t first =
      explicit_call ? plan.calls[producer.next_call].first_number : producer.next_number;
  const Span numbers{first, first + producer.planned};
  producer.next_number += producer.planned;
  producer.next_call += 1;
  // KDS-PRD-07: the call may be made several times.
  const EventNumber event =
      make_call(moment, due.producer, {numbers, plan.settings.retry.attempts});
  const EventNumber last = put_late_copies(moment.after(event), due.producer);
  schedule_next_put(moment.world, due.producer);
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
