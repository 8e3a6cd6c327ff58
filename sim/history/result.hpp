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
#include "sim/metrics/catalogue.hpp"

namespace trimhorizon {

// In fixed order, zeros left out.
using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

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

struct MappingResult {
  std::string name;
  std::string stream;
  std::string function;
  std::uint64_t invocations = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t effects = 0;
  Counts fates;  // processed, filtered, discarded, dropped, expired, unread, pending
  std::uint64_t lost = 0;
  std::uint64_t duplicates = 0;
  Counts duplicates_by_cause;
  Counts lost_by_cause;
  std::optional<Duration> max_iterator_age;
  std::vector<Metric> metrics;
  std::vector<ShardResult> shards;
  std::vector<ShardPicture> pictures;
  // Ids of the first few records of each kind, for words: lost by cause, duplicated by cause.
  std::vector<std::pair<std::string, std::vector<std::string>>> lost_examples;
  std::vector<std::pair<std::string, std::vector<std::string>>> duplicate_examples;
  std::optional<std::string> longest_block;  // "records r3..r12 were tried 4 times …", when telling
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
  std::string name;
  std::string sentence;  // plain English
  bool holds = true;
  std::uint64_t checks = 0;
  std::string first_violation;  // with time, mapping, shard
};

// One stored record (`--records`).
struct RecordRow {
  std::string id;
  std::string producer;
  std::string key;
  std::string shard;
  std::string sequence_number;
  std::int64_t arrival_us = 0;
  std::vector<std::pair<std::string, std::string>> fates;  // mapping -> fate
  std::vector<std::pair<std::string, std::uint64_t>> deliveries;
  std::vector<std::pair<std::string, std::uint64_t>> effects;
};

struct InvocationRow {
  std::uint64_t number = 0;  // from 1
  std::string mapping, function, shard;
  std::int64_t started_us = 0, ended_us = 0;
  std::uint32_t attempt = 0;  // of the current batch, from 1
  std::vector<std::string> records;
  std::string outcome;  // success | partial | malformed | error | timeout | crash
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
enum class RunEnd : std::uint8_t {
  not_yet,
  drained,   // nothing is left to happen
  duration,  // the scenario's upper bound
};
constexpr std::string_view name(RunEnd end) {
  switch (end) {
    case RunEnd::not_yet: return "running";
    case RunEnd::drained: return "drained";
    case RunEnd::duration: return "duration";
  }
  return "";
}

struct Result {
  std::uint64_t seed = 1;
  std::string ended;  // drained | duration
  Duration simulated{0};
  std::string trace_digest;  // 32 hex digits
  std::uint64_t produced = 0;
  std::uint64_t never_accepted = 0;
  std::uint64_t stored = 0;
  std::uint64_t lost = 0;  // sums over mappings
  std::uint64_t duplicates = 0;
  std::vector<MappingResult> mappings;
  std::vector<DestinationResult> destinations;
  std::vector<InvariantResult> invariants;
  std::vector<std::string> situations;  // of `sometimes`, that occurred, in the format's order
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
