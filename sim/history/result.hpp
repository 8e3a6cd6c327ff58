// The result of a run, as plain values. Reports, judges and Python read it; `--format json` writes
// it as text.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/histogram.hpp"
#include "sim/base/late_text.hpp"
#include "sim/base/time.hpp"
#include "sim/base/version.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/faults/cause.hpp"
#include "sim/history/invariants.hpp"
#include "sim/history/losses.hpp"
#include "sim/history/order_loss.hpp"
#include "sim/history/traffic.hpp"
#include "sim/kinesis/api_error.hpp"
#include "sim/lambda/call_outcome.hpp"
#include "sim/metrics/catalogue.hpp"
#include "sim/metrics/stream_catalogue.hpp"

namespace trimhorizon {

// A metric of a catalogue and its value.
template <class MetricEnum>
struct MetricValue {
  MetricEnum id{};
  std::uint64_t counter = 0;         // of a counter: the sum; of a maximum: its value
  std::optional<Histogram> samples;  // of a metric with samples; in microseconds

  const auto& info() const { return trimhorizon::info(id); }
};
using Metric = MetricValue<MetricId>;
using StreamMetric = MetricValue<StreamMetricId>;

// One point of the position-time picture of one shard in one mapping. Positions are numbers of
// records.
struct PicturePoint {
  Instant at;
  std::uint64_t tip = 0;           // records stored so far
  std::uint64_t trim_horizon = 0;  // records that retention has taken
  std::uint64_t checkpoint = 0;    // records settled
};
struct PictureBar {         // an invocation: its records, its time, and how it ended
  std::uint64_t count = 1;  // how many similar invocations in a row this bar shows
  Instant started;
  Instant ended;
  std::uint64_t first = 0;  // positions [first, end)
  std::uint64_t end = 0;
  bool succeeded = false;
  bool partial = false;
  std::optional<std::uint64_t> cut;  // partial: the first position that comes again
};
struct PictureFate {  // records that passed without being processed: when, and what became of them
  Instant at;
  std::uint64_t first = 0;  // positions [first, end)
  std::uint64_t end = 0;
  Fate fate = Fate::discarded;
};
struct ShardPicture {
  std::string shard;
  std::vector<PicturePoint> points;  // at most some hundreds, by time
  std::vector<PictureBar> bars;      // at most some hundreds; see bars_left_out
  std::uint64_t bars_left_out = 0;
  std::vector<PictureFate> fates;   // at most some hundreds, spread evenly over all there were
  std::vector<std::string> labels;  // ids by position, when there are at most 20 records
};

struct ShardResult {
  std::string shard;  // shardId-…
  std::uint64_t stored = 0;
  // Id of the last settled record; nullopt when there is none.
  std::optional<std::string> checkpoint;
  std::uint64_t pending = 0;
  Counts<Fate> fates;  // of its stored records, pending ones included
  // The longest that a record waited: from its put until it was settled, until retention took it,
  // or until the run ended. 0 when nothing is stored, or all of it is before the starting position.
  Duration longest_wait{0};
};

// The record that was at the head of a shard for the longest time. It was tried or throttled more
// than once; or never, since it fits into no event and blocks the shard.
struct LongestBlock {
  enum class Release : std::uint8_t { still_there, done, given_up, expired, unread };

  std::string record;  // its id; empty when the log has forgotten it
  Position position = 0;
  std::string shard;
  Duration lasted{0};
  std::uint64_t attempts = 0;
  std::uint64_t throttles = 0;
  Release release = Release::still_there;
  // Until nothing of its batch was left, when retention took the records one after the other.
  Duration stood{0};
};

// The result for one consumer of a stream.
struct ConsumerResult {
  std::string name;
  std::string stream;
  std::string function;
  std::uint64_t invocations = 0;
  std::uint64_t deliveries = 0;           // of records, repeats included
  std::uint64_t effects = 0;              // of records, repeats included
  Counts<Fate> fates;                     // of stored records
  std::uint64_t dropped_with_effect = 0;  // given up, nothing has them, but their work was done
  std::uint64_t lost = 0;
  std::uint64_t duplicates = 0;
  Counts<DeliveryReason> duplicates_by_cause;
  Counts<LossCause> lost_by_cause;
  std::optional<Duration> max_iterator_age;  // nullopt: no invocation
  Histogram waits;  // from put to settled, of each settled record; in microseconds
  // The first instant after which no unsettled record was older than 2 s; nullopt: one is at the
  // end.
  std::optional<Instant> caught_up;
  std::vector<Metric> metrics;
  std::vector<ShardResult> shards;
  std::vector<ShardPicture> pictures;
  Examples<LossCause> lost_examples;
  Examples<DeliveryReason> duplicate_examples;
  std::optional<LongestBlock> longest_block;  // filled on request
};

// A message that a destination received: the exact JSON of AWS (ESM-DST-02), and the facts that
// expectations compare.
struct DestinationMessage {
  LateText json;  // one line; for S3, which gets the records too, it is made when it is written
  std::string condition;
  std::uint64_t approximate_invoke_count = 0;
  std::uint64_t true_invoke_count = 0;  // how often it really ran; AWS does not show this (CON-10)
  std::uint64_t batch_size = 0;
  std::string shard_id;
  std::optional<std::string> function_error;
  bool has_response_context = false;
  std::vector<std::string> records;  // their ids
};
struct DestinationResult {
  std::string name;
  std::vector<DestinationMessage> messages;  // the first 10,000; see left_out
  std::uint64_t left_out = 0;
};

struct InvariantResult {
  Invariant invariant = Invariant::conservation;
  std::uint64_t checks = 0;
  std::uint64_t violations = 0;
  // These three are of the first violation.
  Instant at;
  std::string reader;  // "billing-orders on shardId-…"
  Position position = 0;

  bool holds() const { return violations == 0; }
};
// For example "3 times, first at 4s in ...", for reports and judgements. REQUIRES: it does not
// hold.
std::string violation_text(const InvariantResult& broken);

// What happened to a stored record in one consumer.
struct RecordAtConsumer {
  std::string consumer;
  Fate fate = Fate::pending;
  std::uint64_t deliveries = 0;
  std::uint64_t effects = 0;
  std::optional<std::int64_t> settled_us;  // when the checkpoint passed it; nullopt: pending
};

// One stored record (`--records`).
struct RecordRow {
  std::string id;
  std::string producer;
  std::string key;
  std::string shard;
  std::string sequence_number;
  std::int64_t arrival_us = 0;
  std::vector<RecordAtConsumer> consumers;  // one for each consumer of its stream

  // Null when the consumer reads another stream.
  const RecordAtConsumer* at(std::string_view consumer) const {
    for (const RecordAtConsumer& each : consumers) {
      if (each.consumer == consumer) return &each;
    }
    return nullptr;
  }
};

// Calls the function with one row after the other.
using EachRow = std::function<void(const std::function<void(const RecordRow&)>&)>;

// One invocation.
struct InvocationRow {
  std::uint64_t number = 0;  // from 1
  std::string mapping, function, shard;
  std::int64_t started_us = 0, ended_us = 0;
  std::uint32_t attempt = 0;  // of the batch object, from 1
  std::vector<std::string> records;
  CallOutcome outcome = CallOutcome::running;
  std::string request_id;  // a plain retry repeats that of its batch object (ESM-RTY-12)
};

// One record in one invocation.
struct DeliveryRow {
  std::string id, mapping, shard, sequence_number;
  std::uint64_t invocation = 0;
  std::uint32_t attempt = 0;
  std::uint32_t position = 0;  // in the batch, from 0
  bool effect = false;
};

// Why a run ended.
#define TH_RUN_ENDS(X)                        \
  X(running)  /* it has not ended */          \
  X(drained)  /* nothing is left to happen */ \
  X(duration) /* `duration` of the scenario is over */
TH_NAMED_ENUM(RunEnd, TH_RUN_ENDS)

// A hot shard: it was asked for more than it may take or give, so it refused some of it.
struct LimitExceeded {
  std::string stream;
  std::string shard;
  ShardLimit limit = ShardLimit::records_written;
  std::int64_t rate = 0;      // the most within one second: a number, or bytes
  std::int64_t allowed = 0;   // by AWS in one second
  std::uint64_t refused = 0;  // records of puts, or reads
};

// A shard as ListShards shows it at the end of the run (KDS-SHD-10), and what is stored in it.
struct ListedShard {
  std::string id;                       // shardId-…
  std::optional<std::string> parent;    // the shard that it comes from
  std::optional<std::string> adjacent;  // the other one, after a merge
  std::string first_hash_key;           // decimal
  std::string last_hash_key;
  std::string starting_sequence_number;
  std::optional<std::string> ending_sequence_number;  // nullopt: the shard is open
  bool open = true;
  std::uint64_t stored = 0;  // records, an aggregate counted once
  // The ids of its user records in their order, those of aggregates too; filled on request.
  std::vector<std::string> user_records;

  friend bool operator==(const ListedShard&, const ListedShard&) = default;
};

// The records of a stream, over all its consumers.
struct AcrossConsumers {
  std::uint64_t nobody = 0;   // records that no consumer worked on
  std::uint64_t several = 0;  // records that more than one consumer worked on

  friend bool operator==(const AcrossConsumers&, const AcrossConsumers&) = default;
};

// The life of a shard: when it took records, and which shards it came from.
struct ShardLife {
  std::uint32_t number = 0;  // in its shard id
  Instant opened;            // 0: it was there from the beginning
  std::optional<Instant> closed;
  std::vector<std::uint32_t> parents;  // ParentShardId, then AdjacentParentShardId
  std::uint64_t stored = 0;

  friend bool operator==(const ShardLife&, const ShardLife&) = default;
};

// Two records of one key whose order is lost or not promised.
struct OrderExample {
  OrderLoss why = OrderLoss::late_retry;
  std::string key;
  std::string record;   // the later one
  std::string earlier;  // stored before it
  std::string shard;    // of `record`
  std::string other;    // of `earlier`

  friend bool operator==(const OrderExample&, const OrderExample&) = default;
};

struct StreamResult {
  std::string name;
  std::vector<StreamMetric> metrics;  // by the table of the catalogue
  std::vector<ListedShard> listed;    // by number
  AcrossConsumers across;
  // All shards that it ever had, the expired ones too, by number; empty when none was added. Shards
  // that were announced and did not open are left out.
  std::vector<ShardLife> lives;
  std::uint64_t stored_again = 0;            // records that are copies of a stored one
  Counts<OrderLoss> order_lost;              // late_retry: records. two_shards: keys
  std::vector<OrderExample> order_examples;  // the first of each kind
};

// An action of the API that the scenario called, and what AWS answered.
struct ApiCallRow {
  Instant at;
  std::string action;  // SplitShard
  std::string stream;
  std::optional<ApiError> error;                // nullopt: accepted
  ApiReason reason = ApiReason::no_such_shard;  // of the error
  // When its last cut comes, the run may end before; nullopt: it cuts nothing.
  std::optional<Instant> in_force = {};
  std::optional<std::uint32_t> timeline = {};  // the entry of the scenario's timeline; from 0

  friend bool operator==(const ApiCallRow&, const ApiCallRow&) = default;
};

// A read of the timeline that belongs to no consumer, and what AWS answered (`get_records`).
struct ReadRow {
  Instant at;
  std::string name;  // empty: none
  std::string stream;
  std::string shard;                            // shardId-…
  std::uint32_t timeline = 0;                   // the entry of the timeline; from 0
  std::optional<ApiError> error;                // nullopt: answered
  ApiReason reason = ApiReason::no_such_shard;  // of the error
  std::vector<std::string> records;             // ids, in their order
  std::int64_t millis_behind_latest = 0;        // KDS-ITR-13
  bool last = false;                            // no next iterator (KDS-ITR-11)
  std::vector<std::string> children;            // in the last answer (KDS-ITR-12)
  bool trimmed = false;  // it named a record that retention has taken (KDS-ITR-08)

  friend bool operator==(const ReadRow&, const ReadRow&) = default;
};

// When a record was handed to a function for the first time, whichever copy of it.
struct FirstDelivery {
  std::string record;
  std::string consumer;
  Instant at;

  friend bool operator==(const FirstDelivery&, const FirstDelivery&) = default;
};

// What a check of `expect: {checks: …}` needs to know of one instant of the run.
struct ConsumerThen {
  std::string name;
  std::uint64_t backlog = 0;  // records that are stored and not settled
  Duration oldest{0};         // the age of the oldest of them; 0 when there is none
  std::vector<Metric> metrics;
};
struct Snapshot {
  Instant at;
  bool before = false;  // before what happens at that instant; otherwise after all of it
  std::vector<StreamResult> streams;
  std::vector<ConsumerThen> consumers;
};

struct ProducerResult {
  std::string name;
  std::string stream;
  std::uint64_t produced = 0;         // records that it wanted to store, each counted once
  std::uint64_t never_accepted = 0;   // of these: it gave them up, and knows it
  std::uint64_t believed_stored = 0;  // of these: they are not stored, but it believes so
};

struct Result {
  std::uint64_t seed = 1;
  RunEnd ended = RunEnd::running;
  Duration simulated{0};       // simulated time so far
  std::string trace_digest;    // 32 hex digits
  std::uint64_t produced = 0;  // sum over all producers
  std::vector<ProducerResult> producers;
  std::uint64_t never_accepted = 0;
  std::uint64_t stored = 0;
  std::uint64_t lost = 0;  // sum over all consumers, and those of the next member
  // Of streams that nobody reads: records that their producers take for stored (KDS-PRD-04).
  std::uint64_t lost_without_consumer = 0;
  std::uint64_t duplicates = 0;
  std::vector<StreamResult> streams;
  std::vector<ConsumerResult> consumers;
  std::vector<ApiCallRow> api_calls;  // by time
  std::vector<ReadRow> reads;         // by time
  std::vector<DestinationResult> destinations;
  std::vector<InvariantResult> invariants;
  EnumSet<Situation> situations;  // situations of `sometimes` that occurred
  AssumptionsMet assumptions_met;
  std::uint64_t events = 0;
  std::vector<LimitExceeded> limits_exceeded;
  std::string edition{trimhorizon::edition()};  // of the rules that the run followed
  // The records that `expect:` names, and how often each mapping received them.
  std::vector<RecordRow> watched;
  std::vector<FirstDelivery> first_deliveries;  // of records that `expect:` asks about
  std::vector<Snapshot> snapshots;              // at the instants of `checks`, by time
  // These are filled on request only.
  std::vector<RecordRow> rows;
  EachRow each_row;  // the same rows, made one by one: for outputs that need not keep them
  std::vector<InvocationRow> invocations;
  std::vector<DeliveryRow> deliveries;
};

}  // namespace trimhorizon
