#include "sim/kinesis/subscription.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

// KDS-ITR-16: what retention took is skipped, as by GetRecords.
Position position_in(const Subscription& subscription, const ShardAt& shard) {
  return std::max(subscription.next, shard.trim_horizon);
}

// KDS-LIM-14: the bucket allows debt: an event may come while anything is in it, however large the
// event is. The first instant at which something is in it.
Instant credit_at(const FanOut& fan_out, Instant now) {
  if (!TH_RULE(a_consumer_gets_2_mib_a_second, fan_out.limited, false)) return now;
  constexpr std::int64_t parts = 1'000'000;  // of a byte, as in Bucket
  const std::int64_t missing = fan_out.bytes.missing(now, fan_out_bytes_a_second);
  const std::int64_t too_much = missing - fan_out_credit_max * parts + 1;
  if (too_much <= 0) return now;
  return now + microseconds((too_much + fan_out_bytes_a_second - 1) / fan_out_bytes_a_second);
}

// When the next record can be pushed; end_of_time when none is stored.
Instant record_at(const FanOut& fan_out, const ShardAt& shard) {
  const Position next = position_in(*fan_out.open, shard);
  if (next >= shard.shard.log.end()) return end_of_time;
  Instant readable = shard.now;
  if (next >= shard.tip()) {
    const StoredRecord record = shard.shard.log.at(next);
    readable = record.arrival + shard.times.delay_of(record);
  }
  return std::max({readable, credit_at(fan_out, shard.now), fan_out.open->walks_until});
}

// KDS-EFO-10: the next event without records, if the shard stays idle: at once, then every 5 s.
// While records wait for the budget there is silence: 11.1 s were recorded (KDS-LIM-14).
Instant idle_event_at(const FanOut& fan_out, const ShardAt& shard) {
  const Subscription& subscription = *fan_out.open;
  const bool records_wait = position_in(subscription, shard) < shard.tip();
  const bool walks = shard.now < subscription.walks_until;
  if (TH_RULE(a_shard_that_waits_for_its_budget_is_silent, records_wait && !walks, false)) {
    return end_of_time;
  }
  if (subscription.last_event == start_of_time) return shard.now;
  return subscription.last_event + idle_event_interval;
}

FanOutEvent end_event(const ShardAt& shard, Position end) {
  FanOutEvent event;
  event.records = {end, end};
  event.continuation = TH_RULE(the_end_event_has_no_number, std::optional<Continuation>(),
                               (Continuation{end, false}));
  event.children = shard.shard.children;
  // KDS-EFO-05: recorded as above 0. We take the time since the end of the shard.
  const std::int64_t closed_ms = shard.now_ms() - shard.clock.ms(shard.shard.closes);
  event.millis_behind_latest = std::max<std::int64_t>(1'000, cut_to_seconds(closed_ms));
  return event;
}

// An event with the records that can be pushed now, or without records.
FanOutEvent event_of_records(FanOut& fan_out, const ShardAt& shard, RecordBytes bytes_of) {
  Subscription& subscription = *fan_out.open;
  FanOutEvent event;
  if (shard.now < subscription.walks_until) {
    event.records = {subscription.next, subscription.next};
    event.millis_behind_latest = cut_to_seconds(shard.retention.us / 1000);
  } else {
    // KDS-EFO-13: filled with as many records as fit.
    const ReadCaps caps{event_records_max,
                        TH_RULE(an_event_carries_7_5_mib, event_bytes_max, read_bytes_max)};
    const Filled filled = fill(shard, position_in(subscription, shard), caps, bytes_of);
    event.records = filled.records;
    event.bytes = filled.bytes;
    event.millis_behind_latest = millis_behind_latest(filled, shard);
    if (fan_out.limited) fan_out.bytes.take(filled.bytes, fan_out_bytes_a_second, shard.now);
    subscription.next = filled.records.end;
  }
  // KDS-EFO-04: an event without records has a number too. On AWS that number may be beyond the
  // last record; we keep that of the last record, with which a wrong reader does the most harm.
  subscription.gave_records = subscription.gave_records || !event.records.empty();
  event.continuation = Continuation{subscription.next, subscription.gave_records};
  subscription.last_event = shard.now;
  return event;
}

}  // namespace

StartOfReading resume(const std::optional<Continuation>& seen, Resume how, const ShardAt& shard,
                      TrimmedPosition trimmed) {
  // KDS-EFO-11: AFTER_SEQUENCE_NUMBER without a number. Trying again does not help.
  if (!seen) {
    return ApiRefusal{ApiError::InvalidArgumentException, ApiReason::sequence_number_missing};
  }
  const Position named = seen->names_record ? seen->next - 1 : seen->next;
  if (named < shard.trim_horizon) return iterator_of_trimmed(named, shard, trimmed);
  const bool again = TH_RULE(at_returns_the_named_record, how == Resume::at, false);
  return ShardIterator{again ? named : seen->next, shard.now};
}

std::variant<Subscribed, ApiRefusal> subscribe(FanOut& fan_out, const StartOfReading& start,
                                               const ShardAt& shard) {
  if (const auto* refusal = std::get_if<ApiRefusal>(&start)) return *refusal;
  // KDS-EFO-03: from 5 s on, the new call takes over.
  const Instant free_from = fan_out.subscribed + subscription_guard;
  if (TH_RULE(a_second_subscription_is_refused_for_five_seconds, shard.now < free_from,
              shard.now <= free_from)) {
    return ApiRefusal{ApiError::ResourceInUseException, ApiReason::subscribed_just_now};
  }
  const auto& from = std::get<ShardIterator>(start);
  const bool took_over = fan_out.open.has_value();
  fan_out.subscribed = shard.now;
  fan_out.open = Subscription{.next = from.position,
                              .opened = shard.now,
                              .last_event = start_of_time,
                              .walks_until = from.walks_until,
                              .gave_records = false};
  return Subscribed{took_over};
}

Instant next_event_at(const FanOut& fan_out, const ShardAt& shard) {
  if (!fan_out.open) return end_of_time;
  const Subscription& subscription = *fan_out.open;
  const Instant end = subscription.opened + subscription_lifetime;
  // KDS-EFO-05, KDS-EFO-11: the end event comes as soon as the shard is closed and read to its end.
  const bool drained = position_in(subscription, shard) >= shard.shard.log.end();
  const Instant finished =
      drained ? std::max(shard.shard.closes, subscription.walks_until) : end_of_time;
  const Instant earliest =
      std::min({end, finished, record_at(fan_out, shard), idle_event_at(fan_out, shard)});
  return std::max(shard.now, earliest);
}

std::optional<FanOutEvent> next_event(FanOut& fan_out, const ShardAt& shard, RecordBytes bytes_of) {
  TH_CHECK(fan_out.open.has_value() && next_event_at(fan_out, shard) == shard.now);
  const Subscription& subscription = *fan_out.open;
  // KDS-EFO-02: the end of the five minutes is no error, and nothing comes at that instant.
  const Instant end = subscription.opened + subscription_lifetime;
  if (TH_RULE(a_subscription_lasts_300_s, end <= shard.now, end < shard.now)) {
    fan_out.open.reset();
    return std::nullopt;
  }
  const Position next = position_in(subscription, shard);
  if (shard.finishes_at(next) && subscription.walks_until <= shard.now) {
    fan_out.open.reset();
    return end_event(shard, next);
  }
  return event_of_records(fan_out, shard, bytes_of);
}

}  // namespace trimhorizon
