// The plan: what a run never changes. Names, settings, key tables, switches; shared by every copy
// of the World and immutable.
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
#include "sim/faults/schedule.hpp"
#include "sim/faults/site.hpp"
#include "sim/kinesis/hash_key.hpp"
#include "sim/kinesis/stream.hpp"
#include "sim/kinesis/wall_clock.hpp"
#include "sim/lambda/function.hpp"
#include "sim/lambda/mapping.hpp"
#include "sim/lambda/response.hpp"
#include "sim/producer/producer.hpp"

namespace trimhorizon {

struct StreamPlan {
  std::string name;
  StreamSettings settings;
};

constexpr ConsumerId consumer_of(MappingId id) { return {id.value}; }
constexpr MappingId mapping_of(ConsumerId id) { return {id.value}; }

struct KeyPlan {
  std::string name;
  StreamId stream;
  HashKey hash = 0;  // MD5, or the ExplicitHashKey where a record gave one
};

// A record of an explicit put, names replaced by ids.
struct PutRecordPlan {
  std::string id;
  KeyId key;
  std::string data;
};
struct PutCallPlan {
  Instant at;
  std::uint64_t first_number = 0;  // number of its first record in the producer
  std::uint32_t count = 0;
};

struct ProducerPlan {
  std::string name;
  StreamId stream;
  ProducerSettings settings;
  std::vector<PutCallPlan> calls;               // explicit puts, by time, then as in the file
  std::vector<PutRecordPlan> records;           // of explicit puts, by number
  KeyId first_generated_key;                    // generated key n is first_generated_key + n
  std::shared_ptr<const AliasTable> key_table;  // zipf only

  // Id, data size of a record without making text where that is possible.
  std::string record_id(std::uint64_t number) const;
  std::int64_t data_bytes(std::uint64_t number) const;
  std::string data(std::uint64_t number) const;
  // At nominal gaps: how many records it makes, and when it puts the last of them for the last time
  // at the latest.
  std::uint64_t records_made() const;
  Instant last_put() const;
};

struct FailRulePlan {
  FailRule rule;
  std::vector<RecordId> records;  // sorted
  std::vector<KeyId> keys;        // sorted; every KeyId of that name
};

struct FunctionPlan {
  std::string name;
  FunctionSettings settings;
  std::vector<FailRulePlan> fail;
  std::optional<ResponseShape> fixed_response;  // respond: {return: …}
  bool has_record_rules = false;
};

struct MappingPlan {
  std::string name;
  StreamId stream;
  FunctionId function;
  DestinationId on_failure;  // invalid: none
  MappingSettings settings;
  bool payload_may_exceed = false;  // can BatchSize records exceed 6 MB at all?
};

struct DestinationPlan {
  std::string name;
  DestinationType type = DestinationType::sqs;
};

struct Plan {
  std::uint64_t seed = 1;
  std::int64_t epoch_ms = 0;
  Duration duration = hours(1);
  std::vector<StreamPlan> streams;
  std::vector<ProducerPlan> producers;
  std::vector<FunctionPlan> functions;
  std::vector<MappingPlan> mappings;
  std::vector<DestinationPlan> destinations;
  std::vector<TimelineAction> timeline;
  std::vector<KeyPlan> keys;
  Assumptions assumptions;
  SiteSet seeded_sites;  // sites a seeded run asks: those that a setting gives a weight
  bool keep_log = true;  // false: settled records may be forgotten
  // Draws have their nominal value; choices come from the explorer, or from `decisions`.
  bool exploring = false;
  bool natural_retention = true;                  // off while exploring, but see make_plan
  std::shared_ptr<const DecisionList> decisions;  // the run replays these

  const StreamPlan& stream(StreamId id) const { return streams[id.value]; }
  const ProducerPlan& producer(ProducerId id) const { return producers[id.value]; }
  const FunctionPlan& function(FunctionId id) const { return functions[id.value]; }
  const MappingPlan& mapping(MappingId id) const { return mappings[id.value]; }
  const MappingSettings& settings(MappingId id) const { return mappings[id.value].settings; }
  // What reads a stream and keeps its own position; each is a mapping for now.
  std::uint32_t consumers() const { return static_cast<std::uint32_t>(mappings.size()); }
  const MappingPlan& mapping(ConsumerId id) const { return mappings[id.value]; }
  const std::string& name(ConsumerId id) const { return mappings[id.value].name; }
  StreamId stream_of(ConsumerId id) const { return mappings[id.value].stream; }
  WallClock clock() const { return {epoch_ms}; }
  std::int64_t wall_ms(Instant t) const { return clock().ms(t); }
  std::string record_id(RecordId record) const {
    return producers[record.producer().value].record_id(record.number());
  }
  // The other way: the record of that id, if some producer makes it.
  std::optional<RecordId> record_named(std::string_view id) const;
};

// Who draws for a mapping, or for one of its shards: nothing else may move the noise of either.
constexpr std::uint32_t drawing_entity(MappingId mapping, std::uint32_t shard_number = 0) {
  constexpr unsigned shard_bits = 20;
  return mapping.value << shard_bits ^ shard_number;
}

// The key of a producer's record: as put, or drawn.
KeyId key_of_record_in(const Plan& plan, ProducerId producer, std::uint64_t number);

}  // namespace trimhorizon
