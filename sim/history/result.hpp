// What a run came to, as plain values: everything reports, judge and Python read. The JSON of
// interface section 4 is this struct written down.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/histogram.hpp"
#include "sim/base/time.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/faults/cause.hpp"
#include "sim/history/invariants.hpp"
#include "sim/history/losses.hpp"
#include "sim/lambda/call_outcome.hpp"
#include "sim/metrics/catalogue.hpp"

namespace trimhorizon {

// A metric of the catalogue, and what it came to.
struct Metric {
  MetricId id = MetricId::Invocations;
  std::uint64_t counter = 0;         // of a counter; of a maximum its value
  std::optional<Histogram> samples;  // in microseconds; of a metric that has samples

  const MetricInfo& info() const { return trimhorizon::info(id); }
};

// One point of the position-time picture (one shard of one mapping), positions as counts.
struct PicturePoint {
  Instant at;
  std::uint64_t tip = 0;           // records stored so far
  std::uint64_t trim_horizon = 0;  // records that retention has taken
  std::uint64_t checkpoint = 0;    // records settled
};
struct PictureBar {         // an invocation: the records it had, when, and how it ended
  std::uint64_t count = 1;  // so many like it, one after the other, as one bar
  Instant started;
  Instant ended;
  std::uint64_t first = 0;  // positions [first, end)
  std::uint64_t end = 0;
  bool succeeded = false;
  bool partial = false;
  std::optional<std::uint64_t> cut;  // of a partial one: the first position that comes again
};
struct ShardPicture {
  std::string shard;
  std::vector<PicturePoint> points;  // at most some hundreds, ascending
  std::vector<PictureBar> bars;      // at most some hundreds, the first ones; see bars_left_out
  std::uint64_t bars_left_out = 0;
  std::vector<std::string> labels;  // ids of the first records by position, when they are few (20)
};

struct ShardResult {
  std::string shard;  // shardId-…
  std::uint64_t stored = 0;
  std::optional<std::string> checkpoint;  // id of the last settled record; none before the first
  std::uint64_t pending = 0;
};

// The record that stood longest at the head of a shard, tried or throttled more than once.
struct LongestBlock {
  enum class Release : std::uint8_t { still_there, done, given_up, expired };

  std::string record;  // its id; empty when the log has forgotten it
  Position position = 0;
  std::string shard;
  Duration lasted{0};
  std::uint64_t attempts = 0;
  std::uint64_t throttles = 0;
  Release release = Release::still_there;
};

// What a run came to for one consumer of a stream.
struct ConsumerResult {
  std::string name;
  std::string stream;
  std::string function;
  std::uint64_t invocations = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t effects = 0;
  Counts<Fate> fates;
  std::uint64_t lost = 0;
  std::uint64_t duplicates = 0;
  Counts<DeliveryReason> duplicates_by_cause;
  Counts<LossCause> lost_by_cause;
  std::optional<Duration> max_iterator_age;
  std::vector<Metric> metrics;
  std::vector<ShardResult> shards;
  std::vector<ShardPicture> pictures;
  Examples<LossCause> lost_examples;
  Examples<DeliveryReason> duplicate_examples;
  std::optional<LongestBlock> longest_block;  // filled on request
};

// A message that a destination received; the exact AWS JSON (ESM-DST-02) and what judges compare.
struct DestinationMessage {
  std::string json;  // one line
  std::string condition;
  std::uint64_t approximate_invoke_count = 0;
  std::uint64_t true_invoke_count = 0;  // CON-10: ours, not AWS's
  std::uint64_t batch_size = 0;
  std::string shard_id;
  std::optional<std::string> function_error;
  bool has_response_context = false;
  std::vector<std::string> records;  // ids
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
  // Of the first violation.
  Instant at;
  std::string reader;  // "billing-orders, shardId-…"
  Position position = 0;

  bool holds() const { return violations == 0; }
};
// "3 times, first at 4s in …", as reports and judgements say it.
std::string violation_text(const InvariantResult& broken);

// What became of a stored record in one consumer.
struct RecordAtConsumer {
  std::string consumer;
  Fate fate = Fate::pending;
  std::uint64_t deliveries = 0;
  std::uint64_t effects = 0;
};

// One stored record (`--records`).
struct RecordRow {
  std::string id;
  std::string producer;
  std::string key;
  std::string shard;
  std::string sequence_number;
  std::int64_t arrival_us = 0;
  std::vector<RecordAtConsumer> consumers;  // of its stream

  // Null when that consumer reads another stream.
  const RecordAtConsumer* at(std::string_view consumer) const {
    for (const RecordAtConsumer& each : consumers) {
      if (each.consumer == consumer) return &each;
    }
    return nullptr;
  }
};

struct InvocationRow {
  std::uint64_t number = 0;  // from 1
  std::string mapping, function, shard;
  std::int64_t started_us = 0, ended_us = 0;
  std::uint32_t attempt = 0;  // of the current batch, from 1
  std::vector<std::string> records;
  CallOutcome outcome = CallOutcome::running;
  std::string request_id;
};

struct DeliveryRow {
  std::string id, mapping, shard, sequence_number;
  std::uint64_t invocation = 0;
  std::uint32_t attempt = 0;
  std::uint32_t position = 0;  // in the batch, from 0
  bool effect = false;
};

// Why stepping came to an end.
#define TH_RUN_ENDS(X)                        \
  X(running)  /* it did not */                \
  X(drained)  /* nothing is left to happen */ \
  X(duration) /* the scenario's upper bound */
TH_NAMED_ENUM(RunEnd, TH_RUN_ENDS)

struct Result {
  std::uint64_t seed = 1;
  RunEnd ended = RunEnd::running;
  Duration simulated{0};
  std::string trace_digest;  // 32 hex digits
  std::uint64_t produced = 0;
  std::uint64_t never_accepted = 0;
  std::uint64_t stored = 0;
  std::uint64_t lost = 0;  // sums over consumers
  std::uint64_t duplicates = 0;
  std::vector<ConsumerResult> consumers;
  std::vector<DestinationResult> destinations;
  std::vector<InvariantResult> invariants;
  EnumSet<Situation> situations;  // of `sometimes`, that occurred
  AssumptionsMet assumptions_met;
  std::uint64_t events = 0;
  // How often each named record was handed over, per mapping: records named in `expect:`.
  std::vector<RecordRow> watched;
  // Filled on request only.
  std::vector<RecordRow> rows;
  std::vector<InvocationRow> invocations;
  std::vector<DeliveryRow> deliveries;
};

}  // namespace trimhorizon
