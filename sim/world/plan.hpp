// The plan: everything that a run never changes, such as names, settings, key tables and switches.
// All copies of a world share one plan; nobody changes it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/draws.hpp"
#include "sim/base/ids.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/faults/decisions.hpp"
#include "sim/faults/site.hpp"
#include "sim/kinesis/autoscaler.hpp"
#include "sim/kinesis/consumers.hpp"
#include "sim/kinesis/hash_key.hpp"
#include "sim/kinesis/limits.hpp"
#include "sim/kinesis/stream.hpp"
#include "sim/kinesis/wall_clock.hpp"
#include "sim/lambda/function.hpp"
#include "sim/lambda/mapping.hpp"
#include "sim/lambda/response.hpp"
#include "sim/producer/producer.hpp"
#include "sim/producer/sizes.hpp"
#include "sim/world/timeline_action.hpp"

namespace trimhorizon {

struct StreamPlan {
  std::string name;
  StreamSettings settings;
  bool counts_minutes = false;  // is its traffic counted by the minute, for who scales it?
  bool aggregates = false;      // does a producer put them into it?
  std::uint32_t draws_as = 0;   // entity_named() of its name
};

// A consumer with enhanced fan-out (KDS-EFO-01). Its ConsumerName is its index.
struct StreamConsumerPlan {
  std::string name;  // ConsumerName
  StreamId stream;
  bool later = false;  // the timeline registers it
};
struct AutoscalerPlan {
  StreamId stream;
  Autoscaler settings;
};

// Today every consumer is a mapping, and both have the same number.
constexpr ConsumerId consumer_of(MappingId id) { return {id.value}; }
constexpr MappingId mapping_of(ConsumerId id) { return {id.value}; }

struct KeyPlan {
  std::string name;
  StreamId stream;
  HashKey hash = 0;          // MD5 of the name, or the ExplicitHashKey of its records (KDS-SHD-02)
  bool is_explicit = false;  // is it an ExplicitHashKey?
};

// A record of an explicit put. Names are replaced by ids.
struct PutRecordPlan {
  std::string id;
  KeyId key;
  std::string data;
};
struct PutCallPlan {
  Instant at;
  std::uint64_t first_number = 0;  // the number of its first record in the producer
  std::uint32_t count = 0;         // records
  bool put_records = true;         // false: a PutRecord
};

struct ProducerPlan {
  std::string name;
  std::uint32_t draws_as = 0;  // entity_named() of its name
  StreamId stream;
  ProducerSettings settings;
  bool limited = true;  // does its stream refuse puts above its limits? Not while exploring
  WriteLimits limits;   // of its stream
  std::vector<PutCallPlan> calls;      // explicit puts, by time, then in the order of the file
  std::vector<PutRecordPlan> records;  // of explicit puts, by record number
  KeyId first_generated_key;           // generated key n has the id first_generated_key + n
  std::shared_ptr<const AliasTable> key_table;  // only for a zipf distribution
  std::vector<SizeFrom> sizes;  // of generated records; empty: all have that of the load

  // The id, the size of the data in bytes, and the data of a record. data_bytes() makes no text.
  // REQUIRES: the producer makes a record with this number.
  std::string record_id(std::uint64_t number) const;
  std::int64_t data_bytes(std::uint64_t number) const {
    if (!settings.load) return static_cast<std::int64_t>(records[number].data.size());
    return sizes.empty() ? settings.load->size_bytes : size_of_record(sizes, number);
  }
  std::string data(std::uint64_t number) const;
  // How many records the producer makes, and the latest instant of its last put with all retries;
  // both as if all gaps had their nominal length.
  std::uint64_t records_made() const;
  Instant last_put() const;
};

struct FailRulePlan {
  FailRule rule;
  std::vector<RecordId> records;  // sorted
  std::vector<KeyId> keys;        // sorted; all keys with these names
  std::uint32_t draws_as = 0;     // its place among the function's entries that draw
};

struct FunctionPlan {
  std::string name;
  FunctionSettings settings;
  std::vector<FailRulePlan> fail;
  std::optional<ResponseShape> fixed_response;  // respond: {return: …}
  bool has_record_rules = false;                // does an entry of `fail` look at single records?
  bool counts_deliveries = false;               // does an entry of `fail` have `deliveries`?
};

struct MappingPlan {
  std::string name;
  std::uint32_t draws_as = 0;  // entity_named() of its name
  StreamId stream;
  FunctionId function;
  ConsumerName reads_as;     // invalid: it polls; otherwise it reads by enhanced fan-out
  DestinationId on_failure;  // invalid: no destination
  MappingSettings settings;
  bool payload_may_exceed = false;  // can BatchSize records exceed 6 MB at all? (ESM-POL-03)
};

struct DestinationPlan {
  std::string name;
  DestinationType type = DestinationType::sqs;
};

struct Plan {
  std::uint64_t seed = 1;
  std::int64_t epoch_ms = 0;     // ms since 1970 at Instant 0
  Duration duration = hours(1);  // simulated time
  std::vector<StreamPlan> streams;
  std::vector<ProducerPlan> producers;
  std::vector<FunctionPlan> functions;
  std::vector<MappingPlan> mappings;
  std::vector<DestinationPlan> destinations;
  std::vector<StreamConsumerPlan> stream_consumers;  // by ConsumerName
  std::vector<AutoscalerPlan> autoscalers;
  std::vector<TimelineAction> timeline;
  std::vector<ApiCall> reshards;  // while exploring: each may happen at any point, once
  std::vector<KeyPlan> keys;
  std::vector<std::uint16_t> key_bytes;  // by KeyId: the bytes of its name, close together
  Assumptions assumptions;
  SiteSet seeded_sites;  // the sites that a seeded run asks: those with a weight
  bool keep_log = true;  // false: a log may forget its settled records
  // Draws have their nominal value. Choices come from the explorer, or from `decisions`.
  bool exploring = false;
  bool natural_retention = true;  // off while exploring; make_plan names the exception
  std::shared_ptr<const DecisionList> decisions;  // null, or the choices that the run replays
  std::optional<Origin> origin;                   // while exploring: what this plan was made from

  const StreamPlan& stream(StreamId id) const { return streams[id.value]; }
  const ProducerPlan& producer(ProducerId id) const { return producers[id.value]; }
  const FunctionPlan& function(FunctionId id) const { return functions[id.value]; }
  const MappingPlan& mapping(MappingId id) const { return mappings[id.value]; }
  const MappingSettings& settings(MappingId id) const { return mappings[id.value].settings; }
  // May an action of the API change a stream or its shards during the run?
  bool changes_streams() const;
  // How many consumers there are: each reads a stream and keeps its own position.
  std::uint32_t consumers() const { return static_cast<std::uint32_t>(mappings.size()); }
  const MappingPlan& mapping(ConsumerId id) const { return mappings[id.value]; }
  const std::string& name(ConsumerId id) const { return mappings[id.value].name; }
  StreamId stream_of(ConsumerId id) const { return mappings[id.value].stream; }
  // When its records can be read, and their timestamps. While exploring both are their arrivals.
  RecordTimes times_of(StreamId id) const;
  // KDS-ITR-10: does a read of this shard give nothing of what is there? `caller`: tells apart who
  // reads at one instant. A run draws it; the explorer has no empty reads.
  bool finds_nothing(StreamId id, std::uint32_t shard_number, std::uint32_t caller,
                     Instant now) const;
  WallClock clock() const { return {epoch_ms}; }
  std::int64_t wall_ms(Instant t) const { return clock().ms(t); }
  std::string record_id(RecordId record) const {
    return producers[record.producer().value].record_id(record.number());
  }
  // The record with this id; nullopt when no producer makes it.
  std::optional<RecordId> record_named(std::string_view id) const;
};

// The entity under which a thing of this name draws. It is not the place of the thing in its file:
// what is written before it must not change its random values.
std::uint32_t entity_named(std::string_view name);

// The key of a producer's record: the one that was put, or a drawn one.
KeyId key_of_record_in(const Plan& plan, ProducerId producer, std::uint64_t number);

}  // namespace trimhorizon
