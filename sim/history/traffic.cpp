#include "sim/history/traffic.hpp"

#include <algorithm>

#include "sim/base/rule.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {
namespace {

constexpr std::int64_t tenth_us = 100'000;

template <class T>
T& counted_at(std::vector<T>& items, std::uint32_t index) {
  if (items.size() <= index) items.resize(index + 1);
  return items[index];
}

// The metrics of one call (MET-03).
void count_call(StreamMetrics& stream, const Put& put) {
  // KDS-PRD-18: the user records of an aggregate are one record.
  std::size_t all = 0;
  std::size_t stored = 0;
  for (const PutEntry& each : put.entries) {
    if (ends_the_call(each.end)) return;  // KDS-PRD-20: no metric of the stream counts such a call
    all += each.user_records > 0 ? 1 : 0;
    stored += each.user_records > 0 && each.is_stored() ? 1 : 0;
  }
  if (!put.put_records) return stream.add(StreamMetricId::PutRecordSuccess, stored > 0 ? 1 : 0);
  // A call counts as a success when it stored anything at all.
  const bool success =
      TH_RULE(one_stored_record_is_a_success_of_the_call, stored > 0, stored == all);
  stream.add(StreamMetricId::PutRecordsSuccess, success ? 1 : 0);
  stream.add(StreamMetricId::PutRecordsTotal, all);
  stream.add(StreamMetricId::PutRecordsSuccessful, stored);
}

void count_refusal(StreamMetrics& stream, ShardTraffic& shard, const Put& put,
                   const PutEntry& entry) {
  if (entry.end == PutEnd::throttled) {
    if (!entry.fault) shard.records_refused += 1;
    stream.add(StreamMetricId::WriteThrottled);
    if (put.put_records) stream.add(StreamMetricId::PutRecordsThrottled);
  } else if (put.put_records && entry.end == PutEnd::failed) {
    stream.add(StreamMetricId::PutRecordsFailed);  // KDS-PRD-11: internal failures only
  }
}

}  // namespace

void Flow::begin_tenth(Instant at) {
  const std::int64_t tenth = at.us / tenth_us;
  const std::int64_t last = tenth_ends_.us / tenth_us - 1;
  if (tenth - last >= slots) {  // all of it is more than a second ago
    tenths_ = {};
    sum_ = {};
  } else {
    for (std::int64_t t = last + 1; t <= tenth; ++t) {
      Amount& old = tenths_[static_cast<std::size_t>(t % slots)];
      sum_.number -= old.number;
      sum_.bytes -= old.bytes;
      old = {};
    }
  }
  slot_ = static_cast<std::uint32_t>(tenth % slots);
  tenth_ends_ = Instant{(tenth + 1) * tenth_us};
}

void Traffic::on(const Put& put, const World& world) {
  const ProducerPlan& producer = world.plan->producer(put.producer);
  StreamMetrics& stream = counted_at(streams_, producer.stream.value);
  count_call(stream, put);
  for (const PutEntry& each : put.entries) {
    if (each.user_records == 0) continue;
    const std::int64_t bytes = each.bytes;
    Flow::Amount& asked = counted_at(shards_, each.shard.value).asked;
    asked.number += 1;
    asked.bytes += put.put_records ? bytes : whole_kib(bytes);
    if (each.is_stored()) {
      stream.add(StreamMetricId::IncomingRecords);
      stream.add(StreamMetricId::IncomingBytes, static_cast<std::uint64_t>(bytes));
    } else {
      count_refusal(stream, shards_[each.shard.value], put, each);
    }
  }
  // KDS-PRD-10: what a call asks of a shard is rounded up once.
  for (const PutEntry& each : put.entries) {
    ShardTraffic& shard = shards_[each.shard.value];
    if (shard.asked.number == 0) continue;
    shard.asked.bytes = whole_kib(shard.asked.bytes);
    shard.written.add(world.now, shard.asked);
    shard.asked = {};
  }
}

void Traffic::ask_for(ShardId shard) const {
  if (shard.value < shards_.size()) shards_[shard.value].written.ask_for();
}

void Traffic::on_run(const PutRun& run, const World& world) {
  const ProducerPlan& producer = world.plan->producer(run.producer);
  StreamMetrics& stream = counted_at(streams_, producer.stream.value);
  std::int64_t all_bytes = 0;
  constexpr std::size_t ahead = 8;  // the memory of a shard is asked for before it is needed
  for (std::size_t i = 0; i < run.calls.size(); ++i) {
    if (i + ahead < run.calls.size()) ask_for(run.calls[i + ahead].entry.shard);
    const PutRun::Call& call = run.calls[i];
    const std::int64_t bytes = call.entry.bytes;
    all_bytes += bytes;
    counted_at(shards_, call.entry.shard.value).written.add(call.at, {1, whole_kib(bytes)});
  }
  stream.add(StreamMetricId::PutRecordSuccess, run.calls.size());
  stream.add(StreamMetricId::IncomingRecords, run.calls.size());
  stream.add(StreamMetricId::IncomingBytes, static_cast<std::uint64_t>(all_bytes));
}

void Traffic::on(const PutGivenUp& given_up, const World&) {
  GivenUpRecords& records = counted_at(given_up_, given_up.producer.value);
  (given_up.knows ? records.known : records.unknown) += given_up.entries.size();
  if (given_up.knows) return;
  for (const PutEntry& each : given_up.entries) {
    if (records.examples.size() == GivenUpRecords::examples_max) return;
    records.examples.push_back(each.number);
  }
}

namespace {

// The age of the last of these records; 0 without one.
Duration age_of_last(const World& world, ShardId shard, Span records) {
  if (records.empty()) return Duration{0};
  return world.stamped_log(shard).age(records.end - 1, world.now);
}

// The same of a GetRecords call. One that finds nothing of what is there is not caught up
// (KDS-ITR-10): then the next record counts, as in its MillisBehindLatest (KDS-ITR-13).
Duration age_of_answer(const World& world, ShardId id, Span records) {
  const Shard& shard = world.shard(id);
  if (!records.empty() || records.end >= shard.log.end()) return age_of_last(world, id, records);
  const RecordTimes times = world.plan->times_of(shard.stream);
  const Position next = std::max(records.end, shard.log.first());
  if (next >= visible_end(shard.log, world.now, times, next)) return Duration{0};
  return world.stamped_log(id).age(next, world.now);
}

}  // namespace

// MET-01, MET-04: of all who poll.
void Traffic::count_answer(const Answer& answer, const World& world) {
  StreamMetrics& stream = counted_at(streams_, world.shard(answer.shard).stream.value);
  stream.add(StreamMetricId::GetRecordsSuccess);
  stream.add(StreamMetricId::GetRecordsRecords, answer.stored_records);
  stream.add(StreamMetricId::GetRecordsBytes, static_cast<std::uint64_t>(answer.bytes));
  stream.iterator_age_us.add(age_of_answer(world, answer.shard, answer.records).us);
  counted_at(shards_, answer.shard.value).read.add(world.now, {1, answer.bytes});
}

void Traffic::on(const Fetched& fetched, const World& world) {
  if (!fetched.pushed) {
    return count_answer({fetched.shard, fetched.records, fetched.stored_records, fetched.bytes},
                        world);
  }
  // MET-05
  const Shard& shard = world.shard(fetched.shard);
  StreamMetrics& stream = counted_at(streams_, shard.stream.value);
  stream.add(StreamMetricId::EventSuccess);
  stream.add(StreamMetricId::EventRecords, fetched.stored_records);
  stream.add(StreamMetricId::EventBytes, static_cast<std::uint64_t>(fetched.bytes));
  // KDS-ITR-13: an event that reached the newest record is not behind. KDS-ITR-15: the newest that
  // can be read.
  const Position tip =
      visible_end(shard.log, world.now, world.plan->times_of(shard.stream), fetched.records.end);
  const bool at_tip = fetched.records.end >= tip || fetched.records.empty();
  const Duration age = age_of_last(world, fetched.shard, fetched.records);
  stream.millis_behind_us.add(at_tip ? 0 : age.us / 1'000'000 * 1'000'000);
}

void Traffic::on(const ReadRefused& refused, const World& world) {
  StreamMetrics& stream = counted_at(streams_, world.shard(refused.shard).stream.value);
  ShardTraffic& shard = counted_at(shards_, refused.shard.value);
  switch (refused.why) {
    case ReadRefusal::calls:
    case ReadRefusal::bytes: {
      const bool calls = refused.why == ReadRefusal::calls;
      stream.add(StreamMetricId::ReadThrottled);  // MET-04
      if (refused.fault) break;
      shard.refused_by_limit[calls ? ShardLimit::reads : ShardLimit::bytes_read] += 1;
      shard.read.add(world.now, {1, 0});
      break;
    }
    case ReadRefusal::subscriptions: stream.add(StreamMetricId::SubscribeRateExceeded); break;
    default: break;  // CloudWatch has no counter for these
  }
}

// A read of the timeline counts like any other.
void Traffic::on(const BareReadAnswered& answered, const World& world) {
  if (answered.accepted) {
    return count_answer({answered.shard, answered.records, answered.stored_records, answered.bytes},
                        world);
  }
  if (answered.refusal.error != ApiError::ProvisionedThroughputExceededException) return;
  counted_at(streams_, answered.stream.value).add(StreamMetricId::ReadThrottled);
}

void Traffic::on(const SubscriptionOpened& opened, const World& world) {
  counted_at(streams_, world.shard(opened.shard).stream.value)
      .add(StreamMetricId::SubscribeSuccess);
}

}  // namespace trimhorizon
