// The stream consumers of one stream: who may use enhanced fan-out. AWS calls one
// AWS::Kinesis::StreamConsumer. KDS-EFO-01, KDS-EFO-12, KDS-LIM-14.
//
// Always:
//  1. Names are unique among the consumers that are not gone. The same name can be registered again
//     later; then it is another consumer with another ARN.
//  2. A call that is refused changes nothing.
//
// Deregistering ends no subscription: an open one goes on until its own end (KDS-EFO-12, recorded
// once; for how long is assumed). Only the next SubscribeToShard is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/api_error.hpp"
#include "sim/kinesis/wall_clock.hpp"

namespace trimhorizon {

// The name of a stream consumer, as an index into the names of the plan: equal names have equal
// ids.
using ConsumerName = Id<struct ConsumerNameTag>;

// Consumers of a stream; 50 with On-demand Advantage, which is not modelled (KDS-LIM-14).
inline constexpr std::size_t stream_consumers_max = 20;
inline constexpr std::size_t consumers_in_creation_max = 5;  // at once (KDS-LIM-14)
// From RegisterStreamConsumer to ACTIVE. No document says it. One report counts about ten tries, a
// second apart, before the consumer was ACTIVE (awslabs/amazon-kinesis-client issue 506): weak.
inline constexpr Duration consumer_creation = seconds(10);
// From DeregisterStreamConsumer to ResourceNotFoundException. In the one recording it was below
// 4.9 s (KDS-EFO-12): assumed.
inline constexpr Duration consumer_deletion = seconds(4);

#define TH_CONSUMER_STATUSES(X) X(CREATING) X(ACTIVE) X(DELETING)
TH_NAMED_ENUM(StreamConsumerStatus, TH_CONSUMER_STATUSES)

struct StreamConsumer {
  ConsumerName name;
  Instant created;                     // by RegisterStreamConsumer; its ARN ends with this second
  Instant deregistered = end_of_time;  // by DeregisterStreamConsumer

  Instant gone() const {
    return deregistered == end_of_time ? end_of_time : deregistered + consumer_deletion;
  }
  // REQUIRES: now < gone().
  StreamConsumerStatus status(Instant now) const {
    if (deregistered <= now) return StreamConsumerStatus::DELETING;
    return now < created + consumer_creation ? StreamConsumerStatus::CREATING
                                             : StreamConsumerStatus::ACTIVE;
  }
  friend bool operator==(const StreamConsumer&, const StreamConsumer&) = default;
};

// A member of the state of a stream. Those that are gone stay in the list until the next call that
// changes it.
struct StreamConsumers {
  std::vector<StreamConsumer> list;  // state: by creation

  friend bool operator==(const StreamConsumers&, const StreamConsumers&) = default;
};

using ConsumerAnswer = std::variant<StreamConsumer, ApiRefusal>;

// RegisterStreamConsumer. ResourceInUseException: the name is taken, also by a consumer that is
// DELETING. LimitExceededException: 20 consumers, or 5 in CREATING.
ConsumerAnswer register_stream_consumer(StreamConsumers& consumers, ConsumerName name, Instant now);

// DeregisterStreamConsumer. ResourceNotFoundException: no such consumer. For one that is DELETING
// already it changes nothing.
ConsumerAnswer deregister_stream_consumer(StreamConsumers& consumers, ConsumerName name,
                                          Instant now);

// DescribeStreamConsumer. ResourceNotFoundException: no such consumer.
ConsumerAnswer describe_stream_consumer(const StreamConsumers& consumers, ConsumerName name,
                                        Instant now);

// Why the consumer that was created then may not subscribe; nullopt if it may.
// ResourceNotFoundException: it is gone, though another one may have its name by now.
// ResourceInUseException: it is not ACTIVE.
std::optional<ApiRefusal> refuse_subscriber(const StreamConsumers& consumers, ConsumerName name,
                                            Instant created, Instant now);

// `<ARN of the stream>/consumer/<name>:<second of the creation since 1970>` (KDS-EFO-01).
std::string consumer_arn_text(const std::string& stream_arn, const std::string& name,
                              Instant created, const WallClock& clock);

}  // namespace trimhorizon
