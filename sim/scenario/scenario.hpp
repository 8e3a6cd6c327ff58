// A scenario as plain values: the content of the file, with indexes instead of names, and with all
// defaults. The readers make it; make_plan() builds the plan of a run from it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/faults/assumptions.hpp"
#include "sim/faults/site.hpp"
#include "sim/format/comparison.hpp"
#include "sim/kinesis/api_call.hpp"
#include "sim/kinesis/autoscaler.hpp"
#include "sim/kinesis/stream.hpp"
#include "sim/lambda/function.hpp"
#include "sim/lambda/mapping.hpp"
#include "sim/producer/producer.hpp"
#include "sim/world/timeline_action.hpp"

namespace trimhorizon {

struct StreamEntry {
  std::string name;
  StreamSettings settings;
};
// A consumer with enhanced fan-out (AWS::Kinesis::StreamConsumer).
struct StreamConsumerEntry {
  std::string name;  // what mappings call it; of a later one its ConsumerName
  StreamId stream;
  std::string consumer_name;
  bool later = false;  // the timeline registers it
};
struct AutoscalerEntry {
  StreamId stream;
  Autoscaler settings;
};
struct ProducerEntry {
  std::string name;
  StreamId stream;
  ProducerSettings settings;
  std::string rate_file = {};  // the export that its rate was read from; empty: none
};
struct FunctionEntry {
  std::string name;
  FunctionSettings settings;
};
struct MappingEntry {
  std::string name;
  StreamId stream;
  FunctionId function;
  DestinationId on_failure;  // invalid: no destination
  MappingSettings settings;
  StreamConsumerId consumer;  // invalid: it polls the stream
};
struct DestinationEntry {
  std::string name;
  DestinationType type = DestinationType::sqs;
};

// The explorer takes the first records of generated traffic: a few show most of what can go wrong.
inline constexpr std::uint64_t handful = 6;

// `explore:` of the file.
struct ExploreSettings {
  std::uint32_t faults = 1;
  std::optional<SiteSet> sites;         // absent: those of default_sites()
  bool any_batch_size = false;          // batch_sizes: any
  std::vector<std::string> properties;  // empty: no_loss and all invariants
  std::uint64_t records = handful;      // of generated traffic, over all producers
  std::vector<ApiCall> reshards;        // each may happen at any point, once
};

enum class ExpectKind : std::uint8_t {
  lost,
  duplicates,
  never_accepted,
  deliveries,           // subject = record id
  fates,                // subject = fate
  lost_by_cause,        // subject = cause
  duplicates_by_cause,  // subject = cause
  invocations,
  checkpoint,      // subject = shard id; wanted_text = record id, or empty for none
  destinations,    // subject unused; messages
  metrics,         // subject = "Invocations", "IteratorAge.max", "IncomingRecords", …
  always,          // subject = invariant
  sometimes,       // subject = situation
  shards,          // scope = stream; subject = open | closed | ids | list
  across,          // scope = stream; subject = nobody | several
  user_records,    // scope = stream; subject = shard id; ids
  api_errors,      // errors
  reads,           // scope = name of a read; subject = records | MillisBehindLatest | …; ids
  first_delivery,  // subject = record id; an instant of the run
  caught_up,       // an instant of the run
  backlog,         // only of a check, as the next one
  iterator_age,
};

// When an expectation of `checks` holds: at an instant, after all that happens at it; or over a
// part of the run that ends before `until`.
struct CheckTime {
  Instant from;
  std::optional<Instant> until;
};

// The fields of a shard, in a listing, that a scenario names.
struct WantedShard {
  std::optional<std::string> id;
  // The outer optional: is it named? The inner one is empty for `null`.
  std::optional<std::optional<std::string>> parent;
  std::optional<std::optional<std::string>> adjacent;
  std::optional<std::vector<std::string>> hash_keys;                        // two
  std::optional<std::vector<std::optional<std::string>>> sequence_numbers;  // two
  std::string text;  // as it was written, on one line
};

// The fields of an error of the API that a scenario names.
struct WantedError {
  std::vector<Comparison> at;  // empty: it may be at any time
  std::optional<std::string> action;
  std::optional<std::string> stream;
  std::optional<std::string> error;
  std::string text;
};

// The fields of a message to a destination that a scenario names.
struct WantedMessage {
  std::optional<std::string> condition;
  std::optional<std::int64_t> approximate_invoke_count;
  std::optional<std::int64_t> batch_size;
  std::optional<std::string> shard_id;
  // The outer optional: is it named? The inner one is empty for `null` (ESM-DST-04).
  std::optional<std::optional<std::string>> function_error;
  std::optional<std::vector<std::string>> records;  // ids
  std::string text;  // the wanted message as it was written, on one line
};

struct Expectation {
  ExpectKind kind = ExpectKind::lost;
  std::string name;   // the path as written, e.g. `fates.billing-orders.processed`
  std::string scope;  // the mapping, function or destination; empty: the whole run
  std::string subject;
  std::vector<Comparison> wanted;  // all of them must hold
  std::string wanted_text;
  std::vector<WantedMessage> messages;
  std::vector<WantedShard> shards;
  std::vector<WantedError> errors;
  std::vector<std::string> ids;
  std::optional<CheckTime> check;  // absent: it is about the end of the run
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Evidence {
  std::string kind;  // aws-recorded | aws-documented | source | model
  std::string rule;
};

struct Scenario;
struct VariantEntry {
  std::string name;
  // The whole variant as a scenario; it has no variants.
  std::shared_ptr<const Scenario> scenario = nullptr;
  std::vector<std::string> sets = {};  // the paths that it sets, as it writes them
};

// The texts of other files that the scenario reads, by their path as the scenario writes it.
using AttachedFiles = std::map<std::string, std::string, std::less<>>;

struct Scenario {
  std::string file;         // as given on the command line; "-" for standard input
  std::string source_text;  // for messages that show a line
  // Whoever reads the text again reads these too, so that all runs of a scenario have the same
  // traffic. Null: there are none.
  std::shared_ptr<const AttachedFiles> attached;
  std::vector<std::string> changes;  // what is not in that text: "BatchSize=1", "variant fast"
  std::string title;
  std::string lesson;
  std::uint64_t seed = 1;
  std::int64_t epoch_ms = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
  Duration duration = hours(1);
  std::vector<StreamEntry> streams;
  std::vector<StreamConsumerEntry> stream_consumers;
  std::vector<AutoscalerEntry> autoscalers;
  std::vector<ProducerEntry> producers;
  std::vector<FunctionEntry> functions;
  std::vector<MappingEntry> mappings;
  std::vector<DestinationEntry> destinations;
  std::vector<TimelineAction> timeline;  // in the order of the file
  Assumptions assumptions;
  ExploreSettings explore;
  std::vector<Expectation> expect;
  std::vector<Evidence> evidence;
  std::optional<std::string> decisions;   // `decisions:` of a counterexample: a token th1:...
  std::vector<std::string> not_modelled;  // accepted keys that change nothing; each once
  std::vector<std::string> warnings;      // "Timeout above 900 …" (LAM-CON-07)
  std::vector<VariantEntry> variants;

  // All that was read: the text, and the attached files without their paths.
  std::string whole_text() const;
};

}  // namespace trimhorizon
