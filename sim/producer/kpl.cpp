#include "sim/producer/kpl.hpp"

#include <algorithm>
#include <utility>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

constexpr Duration limiter_rhythm = milliseconds(25);
constexpr std::int64_t shard_bytes_at_once = 256 * kib;  // of one shard in a call
constexpr Duration collecting_max = milliseconds(50);
constexpr std::int64_t collecting_divisor = 5;  // of RecordMaxBufferedTime

// Everything a step needs.
struct KplStep {
  KplState& kpl;
  const KplSettings& settings;
  Instant now;
  KplNews& news;
};

std::optional<HashKey> explicit_hash_key(const KplRecord& record) {
  if (!record.has_explicit_hash_key) return std::nullopt;
  return record.hash_key;
}

void add_to(AggregateSize& size, const KplRecord& record) {
  size.add(record.key, record.key_bytes, explicit_hash_key(record), record.data_bytes);
}

std::int64_t request_bytes(const KplEntry& entry) { return entry.key_bytes() + entry.data_bytes; }

KplEntry entry_of(std::vector<KplRecord> records, std::int64_t data_bytes,
                  std::optional<std::uint32_t> predicted) {
  KplEntry entry{std::move(records), predicted, data_bytes, end_of_time, end_of_time};
  for (const KplRecord& record : entry.records) {
    entry.deadline = std::min(entry.deadline, record.deadline);
    entry.expires = std::min(entry.expires, record.expires);
  }
  return entry;
}

// Takes out of a container, by deadline, the first items that fit together; the rest stays. The
// first one leaves in any case. `fits` is asked for one item after the other.
template <class Item, class Fits>
std::vector<Item> take_fitting(std::vector<Item>& items, Fits&& fits) {
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.deadline < b.deadline; });
  std::size_t count = 0;
  while (count < items.size() && (fits(items[count]) || count == 0)) ++count;
  const auto end = items.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<Item> taken(std::make_move_iterator(items.begin()), std::make_move_iterator(end));
  items.erase(items.begin(), end);
  return taken;
}

// ---------- the collector ----------

// Makes a call of what fits: the first entry in any case.
void make_call(KplStep& step) {
  KplState& kpl = step.kpl;
  std::int64_t count = 0;
  std::int64_t bytes = 0;
  KplCall call{kpl.calls++, step.now, take_fitting(kpl.collector, [&](const KplEntry& entry) {
                 bytes += request_bytes(entry);
                 return ++count <= step.settings.collection_max_count &&
                        bytes <= step.settings.collection_max_size;
               })};
  for (const KplEntry& entry : call.entries) {
    kpl.collector_bytes -= request_bytes(entry);
    if (entry.predicted) kpl.shards[*entry.predicted].collecting -= entry.data_bytes;
  }
  kpl.collector_due = end_of_time;
  for (const KplEntry& entry : kpl.collector) {
    kpl.collector_due = std::min(kpl.collector_due, entry.deadline);
  }
  kpl.made.push_back(std::move(call));
}

void collect(KplStep& step, KplEntry entry) {
  KplState& kpl = step.kpl;
  if (step.settings.aggregation_enabled) {
    const Duration more =
        std::min(collecting_max,
                 KplSettings::ms(step.settings.record_max_buffered_time_ms / collecting_divisor));
    entry.deadline = std::min(std::max(entry.deadline, step.now + more), entry.expires);
  }
  bool is_enough = false;
  if (entry.predicted) {
    std::int64_t& collecting = kpl.shards[*entry.predicted].collecting;
    collecting += entry.data_bytes;
    is_enough = collecting >= shard_bytes_at_once;
  }
  kpl.collector_due = std::min(kpl.collector_due, entry.deadline);
  kpl.collector_bytes += request_bytes(entry);
  kpl.collector.push_back(std::move(entry));
  if (is_enough || std::ssize(kpl.collector) >= step.settings.collection_max_count ||
      kpl.collector_bytes >= step.settings.collection_max_size) {
    make_call(step);
  }
}

// ---------- the limiter ----------

// CON-14: the rate is limited, nothing else: KPL does not back off. Counted in hundredths, so that
// per cent stay whole. From 8,000 % on, a bucket is full again at every rhythm point.
bool passes_limiter(KplShard& shard, const KplSettings& settings, const KplEntry& entry,
                    Instant now) {
  constexpr std::int64_t records_a_second = allowed_a_second(ShardLimit::records_written);
  constexpr std::int64_t bytes_a_second = allowed_a_second(ShardLimit::bytes_written);
  const std::int64_t per_cent = std::min<std::int64_t>(
      TH_RULE(the_limiter_lets_150_per_cent_through, settings.rate_limit, 100), 8'000);
  // A record above 1 MiB passes when the bucket is full; else it would wait for ever.
  const std::int64_t bytes = std::min(entry.data_bytes, bytes_a_second) * 100;
  if (!shard.records.holds(100, records_a_second * 100, records_a_second * per_cent, now) ||
      !shard.bytes.holds(bytes, bytes_a_second * 100, bytes_a_second * per_cent, now)) {
    return false;
  }
  shard.records.take(100, records_a_second * per_cent, now);
  shard.bytes.take(bytes, bytes_a_second * per_cent, now);
  return true;
}

Instant next_rhythm_point(const KplState& kpl, Instant now) {
  return kpl.started + limiter_rhythm * ((now - kpl.started).us / limiter_rhythm.us + 1);
}

void send_again(KplStep& step, const KplRecord& record, KplRetry why);

// KPL asks whether the instant has passed. At that very instant it still sends, so an aggregate
// that its oldest record drove out of the buffer is stored and not taken apart for ever. With a
// RecordTtl no longer than the time in the buffer that would save every record; but KPL's timers
// are late by then.
bool has_expired(const KplStep& step, Instant expires) {
  if (step.settings.ttl() <= step.settings.buffered()) return expires <= step.now;
  return TH_RULE(kpl_sends_at_the_end_of_the_ttl, expires < step.now, expires <= step.now);
}

// An aggregate expires with the first of its user records; the others are sent again.
void expire_entry(KplStep& step, const KplEntry& entry) {
  for (const KplRecord& record : entry.records) send_again(step, record, KplRetry::limited);
}

// Lets through what may pass, the earliest deadline first. One that must wait holds up the others.
void drain(KplStep& step, KplShard& shard) {
  while (!shard.waiting.empty()) {
    const KplEntry& first = shard.waiting.front();
    const bool is_expired = has_expired(step, first.expires);
    if (!is_expired && !passes_limiter(shard, step.settings, first, step.now)) {
      const Instant next = next_rhythm_point(step.kpl, step.now);
      step.kpl.limiter_due = std::min(step.kpl.limiter_due, next);
      return;
    }
    KplEntry entry = std::move(shard.waiting.front());
    shard.waiting.pop_front();
    is_expired ? expire_entry(step, entry) : collect(step, std::move(entry));
  }
}

// A new entry takes its place in the line by its deadline.
void limit(KplStep& step, KplShard& shard, KplEntry entry) {
  auto place = shard.waiting.end();
  while (place != shard.waiting.begin() && entry.deadline < std::prev(place)->deadline) --place;
  shard.waiting.insert(place, std::move(entry));
  drain(step, shard);
}

// Those that have expired anywhere in the line leave it.
void expire_waiting(KplStep& step, KplShard& shard) {
  std::list<KplEntry> gone;
  for (auto place = shard.waiting.begin(); place != shard.waiting.end();) {
    const auto entry = place++;
    if (has_expired(step, entry->expires)) gone.splice(gone.end(), shard.waiting, entry);
  }
  for (const KplEntry& entry : gone) expire_entry(step, entry);
}

void poll_limiters(KplStep& step) {
  step.kpl.limiter_due = end_of_time;
  for (auto& [number, shard] : step.kpl.shards) {
    if (shard.waiting.empty()) continue;
    expire_waiting(step, shard);
    drain(step, shard);
  }
}

// ---------- the buffers ----------

void set_flush(KplState& kpl, std::uint32_t number, KplShard& shard, Instant deadline) {
  if (shard.deadline == deadline) return;
  kpl.flush.erase({shard.deadline, number});
  shard.deadline = deadline;
  if (deadline != end_of_time) kpl.flush.emplace(deadline, number);
}

// What leaves a buffer is one stored record: those user records with the earliest deadlines that
// fit into AggregationMaxSize and AggregationMaxCount.
void flush_buffer(KplStep& step, std::uint32_t number, KplShard& shard) {
  AggregateSize size;
  std::int64_t bytes = 0;
  std::vector<KplRecord> taken = take_fitting(shard.buffer, [&](const KplRecord& record) {
    add_to(size, record);
    const bool fits = size.records() <= step.settings.aggregation_max_count &&
                      size.bytes() <= step.settings.aggregation_max_size;
    if (fits || size.records() == 1) bytes = size.bytes();
    return fits;
  });
  shard.size = {};
  for (const KplRecord& record : shard.buffer) add_to(shard.size, record);
  set_flush(step.kpl, number, shard,
            shard.buffer.empty() ? end_of_time : shard.buffer.front().deadline);
  limit(step, shard, entry_of(std::move(taken), bytes, number));
}

// The beginning of the way: for a new user record, and for one that is sent again.
void buffer(KplStep& step, const KplRecord& record) {
  std::optional<std::uint32_t> number;
  if (step.settings.aggregation_enabled) number = step.kpl.map.shard_of(record.hash_key);
  // KPL limits only where it knows the shard.
  if (!number) return collect(step, entry_of({record}, record.data_bytes, std::nullopt));
  KplShard& shard = step.kpl.shards[*number];
  shard.buffer.push_back(record);
  add_to(shard.size, record);
  set_flush(step.kpl, *number, shard, std::min(shard.deadline, record.deadline));
  if (shard.size.records() >= step.settings.aggregation_max_count ||
      shard.size.estimate() >= step.settings.aggregation_max_size) {
    flush_buffer(step, *number, shard);
  }
}

// ---------- the answers ----------

void end_record(KplStep& step, const KplRecord& record, KplEnd how) {
  step.news.ended.push_back({record.number, how});
}

// KDS-PRD-13, KDS-PRD-14: until RecordTtl, with half the time in a buffer.
void send_again(KplStep& step, const KplRecord& record, KplRetry why) {
  if (has_expired(step, record.expires)) return end_record(step, record, KplEnd::expired);
  step.news.again.push_back({record.number, why});
  const std::int64_t half_ms = step.settings.record_max_buffered_time_ms / 2;
  const Duration half =
      TH_RULE(a_retry_waits_half_the_time, KplSettings::ms(half_ms), step.settings.buffered());
  KplRecord again = record;
  TH_WRONG(a_retry_does_not_renew_the_ttl) { again.expires = step.now + step.settings.ttl(); }
  again.deadline = std::min(step.now + half, again.expires);
  buffer(step, again);
}

// KDS-PRD-16: it was stored, but in a shard that KPL did not predict. Is it sent again?
void settle_elsewhere(KplStep& step, const KplCall& call, const KplEntry& entry,
                      std::uint32_t actual) {
  const bool any_other = step.settings.wrong_shard == WrongShard::any_other_shard;
  // As the map was before the first user record of this entry made KPL read it again.
  const std::optional<HashKeyRange> range = step.kpl.map.range_of(actual);
  for (const KplRecord& record : entry.records) {
    const bool fits = TH_RULE(an_unknown_shard_is_wrong, range.has_value(), true) &&
                      (!range || TH_RULE(a_key_outside_the_range_is_wrong,
                                         range->contains(record.hash_key), true));
    if (any_other || !fits) {
      step.kpl.map.invalidate(call.made, *entry.predicted, any_other, step.now);
      send_again(step, record, KplRetry::wrong_shard);
      continue;
    }
    // A child has a higher number: the predicted shard is closed, the map is old.
    if (*entry.predicted < actual) {
      step.kpl.map.invalidate(call.made, *entry.predicted, false, step.now);
    }
    end_record(step, record, KplEnd::acknowledged);
  }
}

void settle_entry(KplStep& step, const KplCall& call, const KplEntry& entry,
                  const KplAnswer& answer) {
  if (answer.what == KplAnswer::What::stored && entry.predicted &&
      *entry.predicted != answer.shard) {
    return settle_elsewhere(step, call, entry, answer.shard);
  }
  for (const KplRecord& record : entry.records) {
    switch (answer.what) {
      case KplAnswer::What::stored: end_record(step, record, KplEnd::acknowledged); break;
      case KplAnswer::What::failed: send_again(step, record, KplRetry::failed); break;
      case KplAnswer::What::timed_out: send_again(step, record, KplRetry::timed_out); break;
      case KplAnswer::What::throttled:
        if (step.settings.fail_if_throttled) {
          end_record(step, record, KplEnd::throttled);
        } else {
          send_again(step, record, KplRetry::throttled);
        }
        break;
    }
  }
}

}  // namespace

std::int64_t KplEntry::key_bytes() const {
  const std::int64_t own = records.front().key_bytes;
  return is_aggregate() ? TH_RULE(an_aggregate_has_the_key_a, std::ssize(aggregate_key), own) : own;
}

KplState start_kpl(Instant now) {
  KplState kpl;
  kpl.started = now;
  kpl.map = KplMap(now);
  return kpl;
}

bool add_user_record(KplState& kpl, const KplSettings& settings, KplRecord record, Instant now,
                     KplNews& news) {
  if (record.data_bytes > settings.max_user_record_size) return false;
  record.deadline = now + settings.buffered();
  record.expires = now + settings.ttl();
  KplStep step{kpl, settings, now, news};
  buffer(step, record);
  return true;
}

Instant kpl_due(const KplState& kpl) {
  return std::min({kpl.buffers_due(), kpl.limiter_due, kpl.collector_due, kpl.map.asks_at()});
}

void advance_kpl(KplState& kpl, const KplSettings& settings, Instant now, KplNews& news) {
  KplStep step{kpl, settings, now, news};
  // First what feeds the next part. So a call takes all that leaves at the same instant.
  while (std::min({kpl.buffers_due(), kpl.limiter_due, kpl.collector_due}) <= now) {
    if (kpl.buffers_due() <= now) {
      const std::uint32_t number = kpl.flush.begin()->second;
      flush_buffer(step, number, kpl.shards[number]);
    } else if (kpl.limiter_due <= now) {
      poll_limiters(step);
    } else {
      make_call(step);
    }
  }
}

const KplCall* take_kpl_call(KplState& kpl, const KplSettings& settings) {
  if (kpl.made.empty() || std::ssize(kpl.in_flight) >= settings.max_connections) return nullptr;
  kpl.in_flight.push_back(std::move(kpl.made.front()));
  kpl.made.pop_front();
  return &kpl.in_flight.back();
}

void kpl_answered(KplState& kpl, const KplSettings& settings, std::uint64_t number,
                  const std::vector<KplAnswer>& answers, Instant now, KplNews& news) {
  const auto place = std::find_if(kpl.in_flight.begin(), kpl.in_flight.end(),
                                  [&](const KplCall& each) { return each.number == number; });
  TH_CHECK(place != kpl.in_flight.end());
  const KplCall call = std::move(*place);
  kpl.in_flight.erase(place);
  TH_CHECK(answers.size() == call.entries.size());
  kpl.map.forget_closed(now);
  KplStep step{kpl, settings, now, news};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    settle_entry(step, call, call.entries[i], answers[i]);
  }
}

bool take_kpl_map_call(KplState& kpl, Instant now) {
  if (kpl.map.asks_at() > now) return false;
  kpl.map.ask();
  return true;
}

void give_kpl_map(KplState& kpl, const std::vector<KplShardRange>& open, Instant now,
                  const std::vector<KplShardRange>& closing) {
  kpl.map.give(open, now, closing);
}

void fail_kpl_map(KplState& kpl, Instant now) { kpl.map.fail(now); }

std::uint64_t user_records_pending(const KplState& kpl) {
  std::uint64_t count = 0;
  const auto add = [&](const auto& entries) {
    for (const KplEntry& entry : entries) count += entry.records.size();
  };
  for (const auto& [number, shard] : kpl.shards) {
    count += shard.buffer.size();
    add(shard.waiting);
  }
  add(kpl.collector);
  for (const KplCall& call : kpl.made) add(call.entries);
  for (const KplCall& call : kpl.in_flight) add(call.entries);
  return count;
}

}  // namespace trimhorizon
