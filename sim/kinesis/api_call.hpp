// The actions of the API that change a stream while it runs, as a scenario calls them. Each struct
// carries the parameters of one action, as they were written: AWS may still refuse them. Also how
// often puts and reads fail.
// KDS-RSH-01, KDS-RSH-03, KDS-RSH-04, KDS-SHD-12, KDS-SHD-18, KDS-EFO-01, KDS-PRD-20.
//
// Always:
//  1. A number of a shard, a count or a length of time is inside its type only: whether the shard
//     exists, or AWS allows the number, is found out when the action is called.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sim/base/draws.hpp"
#include "sim/base/ids.hpp"
#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/hash_key.hpp"
#include "sim/kinesis/stream.hpp"

namespace trimhorizon {

// A consumer with enhanced fan-out; the index of Scenario::stream_consumers.
using StreamConsumerId = Id<struct StreamConsumerTag>;

struct SplitShardCall {
  std::uint32_t shard = 0;  // ShardToSplit
  // Where the second child begins; absent: in the middle of the range (ours).
  std::optional<HashKey> new_starting_hash_key;

  friend bool operator==(const SplitShardCall&, const SplitShardCall&) = default;
};
struct MergeShardsCall {
  std::uint32_t shard = 0;     // ShardToMerge
  std::uint32_t adjacent = 0;  // AdjacentShardToMerge

  friend bool operator==(const MergeShardsCall&, const MergeShardsCall&) = default;
};
struct UpdateShardCountCall {
  std::int64_t target = 1;  // TargetShardCount, at least 1; ScalingType is UNIFORM_SCALING

  friend bool operator==(const UpdateShardCountCall&, const UpdateShardCountCall&) = default;
};
struct UpdateStreamModeCall {
  StreamMode mode = StreamMode::PROVISIONED;

  friend bool operator==(const UpdateStreamModeCall&, const UpdateStreamModeCall&) = default;
};
struct IncreaseRetentionCall {
  std::int64_t hours = retention_hours_default;  // RetentionPeriodHours, at least 1

  friend bool operator==(const IncreaseRetentionCall&, const IncreaseRetentionCall&) = default;
};
struct DecreaseRetentionCall {
  std::int64_t hours = retention_hours_default;

  friend bool operator==(const DecreaseRetentionCall&, const DecreaseRetentionCall&) = default;
};
struct RegisterConsumerCall {
  std::string name;  // ConsumerName

  friend bool operator==(const RegisterConsumerCall&, const RegisterConsumerCall&) = default;
};
struct DeregisterConsumerCall {
  std::string name;

  friend bool operator==(const DeregisterConsumerCall&, const DeregisterConsumerCall&) = default;
};

using ApiAction = std::variant<SplitShardCall, MergeShardsCall, UpdateShardCountCall,
                               UpdateStreamModeCall, IncreaseRetentionCall, DecreaseRetentionCall,
                               RegisterConsumerCall, DeregisterConsumerCall>;

// The names of the actions, in the order of ApiAction.
#define TH_API_ACTIONS(X)          \
  X(SplitShard)                    \
  X(MergeShards)                   \
  X(UpdateShardCount)              \
  X(UpdateStreamMode)              \
  X(IncreaseStreamRetentionPeriod) \
  X(DecreaseStreamRetentionPeriod) X(RegisterStreamConsumer) X(DeregisterStreamConsumer)
TH_NAMED_ENUM(ApiActionName, TH_API_ACTIONS)

struct ApiCall {
  StreamId stream;
  ApiAction action;

  ApiActionName action_name() const { return static_cast<ApiActionName>(action.index()); }
  friend bool operator==(const ApiCall&, const ApiCall&) = default;
};

// How often calls of one kind fail, each with its own error (KDS-PRD-20).
struct FailureRates {
  Probability internal_failure;     // InternalFailure; the records may be stored
  Probability unavailable;          // ServiceUnavailable
  Probability throttling;           // ThrottlingException
  Probability throughput_exceeded;  // ProvisionedThroughputExceededException
  Probability expired_iterator;     // ExpiredIteratorException; of reads only

  friend bool operator==(const FailureRates&, const FailureRates&) = default;
};
struct StreamFailures {
  StreamId stream;
  FailureRates put;
  FailureRates get;

  friend bool operator==(const StreamFailures&, const StreamFailures&) = default;
};

}  // namespace trimhorizon
