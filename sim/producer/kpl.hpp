// The Kinesis Producer Library as a value: user records go in, PutRecords calls come out, answers
// go in, and each user record ends once. KDS-PRD-12..16, KDS-PRD-19, CON-14.
//
// The way of a user record:
//  1. The shard is predicted from KPL's map. Its buffer collects user records until the first of
//     them has waited RecordMaxBufferedTime, or until there are enough. They leave by deadline, as
//     one aggregate. Without a prediction (aggregation off, or the map is being read) it goes alone
//     and passes 2.
//  2. The limiter of the shard lets it through, or keeps it: RateLimit per cent of the limits of a
//     shard. What waits is asked again every 25 ms, the earliest deadline first. Aggregates that
//     expire here are taken apart.
//  3. The collector makes the call: when there is enough, or 256 KiB for one shard, or when the
//     first entry has waited up to RecordMaxBufferedTime / 5 (at most 50 ms) more.
//  4. The call leaves when one of MaxConnections is free.
//  5. The answer: the user record ends, or is sent again from 1 with the deadline
//     min(RecordMaxBufferedTime / 2, what is left of RecordTtl).
//
// Always:
//  1. Each user record that was accepted is in exactly one place, until it ends once.
//  2. All entries of a call that know their shard have user records of that shard only.
//  3. Nothing happens by itself: the world calls advance_kpl() at kpl_due(). After each function
//  that takes
//     the state, it takes calls until there is none, and asks for the map if it is wanted.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/hash_key.hpp"
#include "sim/kinesis/limits.hpp"
#include "sim/producer/aggregate.hpp"
#include "sim/producer/kpl_map.hpp"
#include "sim/producer/kpl_retry.hpp"
#include "sim/producer/kpl_settings.hpp"

namespace trimhorizon {

struct KplRecord {
  std::uint64_t number = 0;      // of the producer
  KeyId key;                     // equal for equal partition keys
  std::uint32_t key_bytes = 0;   // of the partition key
  std::uint32_t data_bytes = 0;  // of its data
  bool has_explicit_hash_key = false;
  HashKey hash_key = 0;  // the explicit one, or the hash of the partition key
  Instant deadline;      // set by KPL: it leaves its buffer
  Instant expires;       // set by KPL: then it is given up (KDS-PRD-13)

  friend bool operator==(const KplRecord&, const KplRecord&) = default;
};

// One entry of a call: a plain record, or an aggregate.
struct KplEntry {
  std::vector<KplRecord> records;          // at least one
  std::optional<std::uint32_t> predicted;  // the number of the shard that KPL expects
  std::int64_t data_bytes = 0;             // of the stored record
  Instant deadline;
  Instant expires;

  bool is_aggregate() const { return records.size() > 1; }
  // KDS-PRD-19: ExplicitHashKey is always set.
  HashKey hash_key() const { return records.front().hash_key; }
  // Of the outer partition key: "a", or the key of its one user record (KDS-PRD-19).
  std::int64_t key_bytes() const;
  friend bool operator==(const KplEntry&, const KplEntry&) = default;
};

struct KplCall {
  std::uint64_t number = 0;  // from 0
  Instant made;              // KPL may keep it until a connection is free
  std::vector<KplEntry> entries;

  friend bool operator==(const KplCall&, const KplCall&) = default;
};

// What KPL has for one shard that it predicts.
struct KplShard {
  std::vector<KplRecord> buffer;
  AggregateSize size;              // of the buffer
  Instant deadline = end_of_time;  // the earliest in the buffer
  Bucket records;                  // the limiter, in hundredths
  Bucket bytes;
  std::list<KplEntry> waiting;  // in the limiter, by deadline
  std::int64_t collecting = 0;  // bytes in the collector

  friend bool operator==(const KplShard&, const KplShard&) = default;
};

struct KplState {
  Instant started;                                    // time: the limiter's rhythm begins here
  KplMap map{started};                                // state
  std::map<std::uint32_t, KplShard> shards;           // state: by number
  std::set<std::pair<Instant, std::uint32_t>> flush;  // state: buffers that are not empty
  Instant limiter_due = end_of_time;    // time: the next rhythm point, if anything waits
  std::vector<KplEntry> collector;      // state
  std::int64_t collector_bytes = 0;     // state: data and partition keys in it
  Instant collector_due = end_of_time;  // time: the earliest deadline in the collector
  std::deque<KplCall> made;             // state: they wait for a connection
  std::vector<KplCall> in_flight;       // state
  std::uint64_t calls = 0;              // number: of calls made so far

  Instant buffers_due() const { return flush.empty() ? end_of_time : flush.begin()->first; }
  friend bool operator==(const KplState&, const KplState&) = default;
};

// ---------- what comes of it ----------

// How a user record ends: X(name, sentence).
#define TH_KPL_ENDS(X)                         \
  X(acknowledged, "KPL reported success")      \
  X(expired, "KPL gave it up after RecordTtl") \
  X(throttled, "KPL gave it up at once: FailIfThrottled")
TH_NAMED_ENUM(KplEnd, TH_KPL_ENDS)
TH_ENUM_SENTENCES(KplEnd, TH_KPL_ENDS)

// The answer to one entry of a call, or that there was none.
struct KplAnswer {
  enum class What : std::uint8_t { stored, throttled, failed, timed_out };
  What what = What::stored;
  std::uint32_t shard = 0;  // of a stored one: its number

  friend bool operator==(const KplAnswer&, const KplAnswer&) = default;
};

// What became of user records in one step, in this order.
struct KplNews {
  struct Ended {
    std::uint64_t number = 0;
    KplEnd how = KplEnd::acknowledged;
    friend bool operator==(const Ended&, const Ended&) = default;
  };
  struct Again {
    std::uint64_t number = 0;
    KplRetry why = KplRetry::failed;
    friend bool operator==(const Again&, const Again&) = default;
  };
  std::vector<Ended> ended;
  std::vector<Again> again;
};

// ---------- the functions ----------

KplState start_kpl(Instant now);

// False: KPL refuses it because its data is longer than MaxUserRecordSize.
bool add_user_record(KplState& kpl, const KplSettings& settings, KplRecord record, Instant now,
                     KplNews& news);

// The next instant at which advance_kpl() or the map has something to do; end_of_time: none.
Instant kpl_due(const KplState& kpl);
// Does all that is due until now, but not the map: buffers, limiter, collector.
void advance_kpl(KplState& kpl, const KplSettings& settings, Instant now, KplNews& news);

// The next call, if one was made and a connection is free; RequestTimeout counts from now. Valid
// until the state changes again.
const KplCall* take_kpl_call(KplState& kpl, const KplSettings& settings);

// The answer to a call that was taken: one for each entry, in their order.
// REQUIRES: the call is in flight.
void kpl_answered(KplState& kpl, const KplSettings& settings, std::uint64_t call,
                  const std::vector<KplAnswer>& answers, Instant now, KplNews& news);

// Must ListShards be called now? If so, the world calls it and answers with give_kpl_map() or
// fail_kpl_map().
bool take_kpl_map_call(KplState& kpl, Instant now);
void give_kpl_map(KplState& kpl, const std::vector<KplShardRange>& open, Instant now,
                  const std::vector<KplShardRange>& closing = {});
void fail_kpl_map(KplState& kpl, Instant now);

// How many user records have not ended.
std::uint64_t user_records_pending(const KplState& kpl);

}  // namespace trimhorizon
