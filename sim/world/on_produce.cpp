// A producer makes its next PutRecord(s) call:
//
//   1. every record goes to the shard of its key's hash (KDS-SHD-01)
//   2. the acknowledgement may be lost: the records are stored, the producer does not know
//      (KDS-PRD-07), and does what its `retry` says; the copies are stored records of their own
//   3. parked pollers of the shards wake at their next rhythm point
//
// A put takes no time; an immediate retry happens at the same instant (format rule 4).
#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/step.hpp"

namespace trimhorizon {
namespace {

// Stores one record; returns where.
std::pair<ShardId, Position> store(World& world, ProducerId producer, std::uint64_t number,
                                   KeyId key) {
  const ShardId shard{world.shard_of_key[key.value]};
  const Position position =
      world.shards[shard.value].log.append({world.now, RecordId::of(producer, number), key});
  world.history.stored += 1;
  return {shard, position};
}

KeyId key_of(const World& world, ProducerId id, std::uint64_t number) {
  return key_of_record_in(*world.plan, id, number);
}

void wake_readers(World& world, StreamId stream, std::uint64_t cause) {
  for (std::uint32_t i = 0; i < world.readers.size(); ++i) {
    const Reader& reader = world.readers[i];
    if (reader.phase != Phase::parked && reader.phase != Phase::stopped) continue;
    const Shard& shard = world.shards[reader.shard.value];
    if (shard.stream == stream && reader.checkpoint < shard.log.end()) wake(world, {i}, cause);
  }
}

// Sites ack_lost and ack_lost_late, asked once per record, never about its second copy.
void ask_lost_acknowledgement(World& world, ProducerId id, std::uint64_t number_of_record,
                              Outside& outside) {
  const bool adjacent =
      outside.choices.asks(number(Site::ack_lost)) &&
      outside.choices.pick({number(Site::ack_lost), id.value, number_of_record}) != 0;
  if (adjacent) {
    world.history.mark(Situation::ack_lost);
    world.history.mark(Situation::producer_retry);
    const auto [shard, position] =
        store(world, id, number_of_record, key_of(world, id, number_of_record));
    world.history.ledger.note_copy(RecordId::of(id, number_of_record), shard, position - 1);
    world.history.ledger.note_copy(RecordId::of(id, number_of_record), shard, position);
    return;
  }
  if (outside.choices.asks(number(Site::ack_lost_late)) &&
      outside.choices.pick({number(Site::ack_lost_late), id.value, number_of_record}) != 0) {
    world.history.mark(Situation::ack_lost);
    world.producers[id.value].late.push_back(number_of_record);
  }
}

// Stores the records of one call, in its order: there is no number to order them by (KDS-PRD-06).
// Returns a hash of where they went.
std::uint64_t store_call(World& world, ProducerId id, Span numbers, bool may_repeat, bool copies,
                         Outside& outside) {
  std::uint64_t placement = 0;
  Ledger& ledger = world.history.ledger;
  const bool asks = outside.choices.asks(number(Site::ack_lost)) ||
                    outside.choices.asks(number(Site::ack_lost_late));
  for (std::uint64_t n = numbers.first; n < numbers.end; ++n) {
    if (TH_RULE(the_service_does_not_deduplicate, false, copies)) continue;
    const auto [shard, position] = store(world, id, n, key_of(world, id, n));
    placement = (placement ^ (position << 20 | shard.value)) * 0xff51afd7ed558ccdull;
    if (may_repeat) ledger.note_copy(RecordId::of(id, n), shard, position);
    if (asks && !copies) ask_lost_acknowledgement(world, id, n, outside);
  }
  return mix64(placement);
}

// Is the acknowledgement of this call lost? Only while the timeline says so.
bool acknowledgement_is_lost(World& world, ProducerId id, Outside& outside) {
  const ProducerState& producer = world.producers[id.value];
  Probability weight;  // of entries that overlap the highest
  for (const LostAnswers& each : producer.losing) {
    const bool likelier = each.weight.parts_per_billion > weight.parts_per_billion;
    if (world.now < each.until && likelier) weight = each.weight;
  }
  if (weight.parts_per_billion == 0) return false;
  if (weight.parts_per_billion == 1'000'000'000) return true;
  constexpr auto site = number(Site::lost_acknowledgement);
  return outside.choices.asks(site) &&
         outside.choices.pick({site, id.value, producer.calls, 2, weight}) != 0;
}

std::uint32_t pending_slot(ProducerState& producer) {
  for (std::uint32_t i = 0; i < producer.pending.size(); ++i) {
    if (!producer.pending[i].used) return i;
  }
  producer.pending.emplace_back();
  return static_cast<std::uint32_t>(producer.pending.size() - 1);
}

// One try of a call, and what its answer leads to. Loops while retries are immediate.
void make_call(World& world, ProducerId id, PendingPut call, std::uint64_t cause,
               Outside& outside) {
  const ProducerPlan& plan = world.plan->producer(id);
  const ProducerRetry& retry = plan.settings.retry;
  ProducerState& producer = world.producers[id.value];
  while (true) {
    const bool lost = acknowledgement_is_lost(world, id, outside);
    const bool again = lost && retry.mode == RetryMode::retries && call.retries_left > 0;
    const bool copies = call.tries > 1;
    producer.calls += 1;
    const std::uint64_t placement =
        store_call(world, id, call.numbers, again || copies, copies, outside);
    const std::uint64_t told = tell(world, outside,
                                    {.cause = cause,
                                     .kind = TraceKind::put,
                                     .flag = copies,
                                     .who = id.value,
                                     .span = call.numbers,
                                     .count = call.tries,
                                     .value = placement});
    cause = tell(world, outside,
                 {.cause = told,
                  .kind = TraceKind::put_result,
                  .flag = !lost,
                  .who = id.value,
                  .span = call.numbers});
    if (lost) world.history.mark(Situation::ack_lost);
    if (copies) world.history.mark(Situation::producer_retry);
    if (!again) return;
    call.retries_left -= 1;
    call.tries += 1;
    if (retry.backoff > Duration{0}) break;  // what is put meanwhile stands before it (KDS-PRD-05)
  }
  const std::uint32_t slot = pending_slot(producer);
  call.used = true;
  producer.pending[slot] = call;
  schedule(world, world.now + retry.backoff, cause, PutRetryDue{id, slot});
}

// ack_lost_late: the copies come behind all the producer's other puts of this instant.
void put_late_copies(World& world, ProducerId id, Outside& outside) {
  ProducerState& producer = world.producers[id.value];
  if (producer.late.empty()) return;
  const ProducerPlan& plan = world.plan->producer(id);
  const bool more_now = !plan.settings.load && producer.next_call < plan.calls.size() &&
                        plan.calls[producer.next_call].at == world.now;
  if (more_now) return;
  for (const std::uint64_t n : producer.late) {
    const RecordId record = RecordId::of(id, n);
    const auto [shard, position] = store(world, id, n, key_of(world, id, n));
    world.history.mark(Situation::producer_retry);
    if (world.history.ledger.on) {
      const RecordLog& log = world.shards[shard.value].log;
      for (Position p = log.first(); p < position; ++p) {
        if (log.record(p) == record) world.history.ledger.note_copy(record, shard, p);
      }
      world.history.ledger.note_copy(record, shard, position);
    }
    const std::uint64_t told = tell(world, outside,
                                    {.cause = world.history.trace_number,
                                     .kind = TraceKind::put,
                                     .flag = true,
                                     .who = id.value,
                                     .span = {n, n + 1},
                                     .count = 2,
                                     .value = mix64(position << 20 | shard.value)});
    tell(world, outside,
         {.cause = told,
          .kind = TraceKind::put_result,
          .flag = true,
          .who = id.value,
          .span = {n, n + 1}});
  }
  producer.late.clear();
}

}  // namespace

void schedule_next_put(World& world, ProducerId id) {
  const ProducerPlan& plan = world.plan->producer(id);
  ProducerState& producer = world.producers[id.value];
  if (!plan.settings.load) {
    if (producer.next_call == plan.calls.size()) return;
    producer.planned = plan.calls[producer.next_call].count;
    schedule(world, plan.calls[producer.next_call].at, 0, PutDue{id});
    return;
  }
  const NextCall call = next_call(*plan.settings.load, producer.cursor, world.plan->seed, id.value);
  producer.planned = call.records;
  if (call.records > 0) schedule(world, call.at, 0, PutDue{id});
}

void on_put_due(World& world, const PutDue& due, std::uint64_t cause, Outside& outside) {
  ProducerState& producer = world.producers[due.producer.value];
  const ProducerPlan& plan = world.plan->producer(due.producer);
  const bool explicit_call = !plan.settings.load;
  const std::uint64_t first =
      explicit_call ? plan.calls[producer.next_call].first_number : producer.next_number;
  const Span numbers{first, first + producer.planned};
  producer.next_number += producer.planned;
  producer.next_call += 1;
  world.history.produced += numbers.count();
  make_call(world, due.producer, {numbers, plan.settings.retry.attempts}, cause, outside);
  put_late_copies(world, due.producer, outside);
  schedule_next_put(world, due.producer);
  wake_readers(world, plan.stream, world.history.trace_number);
  forget_unread(world, plan.stream);
}

void on_put_retry_due(World& world, const PutRetryDue& due, std::uint64_t cause, Outside& outside) {
  ProducerState& producer = world.producers[due.producer.value];
  PendingPut call = producer.pending[due.slot];
  producer.pending[due.slot].used = false;
  make_call(world, due.producer, call, cause, outside);
  wake_readers(world, world.plan->producer(due.producer).stream, world.history.trace_number);
}

}  // namespace trimhorizon
