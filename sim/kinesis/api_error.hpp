// The errors with which the API of Kinesis answers, and why it gives them. They are ordinary
// results, not C++ exceptions.
#pragma once

#include <cstdint>

#include "sim/base/named_enum.hpp"

namespace trimhorizon {

// As AWS names them.
#define TH_API_ERRORS(X)                    \
  X(InvalidArgumentException)               \
  X(ValidationException)                    \
  X(ResourceNotFoundException)              \
  X(ResourceInUseException)                 \
  X(LimitExceededException)                 \
  X(ExpiredIteratorException)               \
  X(ProvisionedThroughputExceededException) \
  X(InternalFailure)                        \
  X(ServiceUnavailable)                     \
  X(ThrottlingException)
TH_NAMED_ENUM(ApiError, TH_API_ERRORS)

// Why AWS refuses an action: X(name, sentence).
#define TH_API_REASONS(X)                                                                     \
  X(no_such_shard, "the stream has no such shard")                                            \
  X(shard_is_closed, "the shard is closed")                                                   \
  X(hash_key_outside, "the hash key is not inside the range of the shard")                    \
  X(not_adjacent, "the ranges of the two shards do not touch")                                \
  X(same_shard, "a shard cannot be merged with itself")                                       \
  X(stream_is_updating, "the stream is UPDATING")                                             \
  X(on_demand_stream, "the stream is on demand, so AWS alone changes its shards")             \
  X(more_than_double, "the target is more than twice the open shards")                        \
  X(less_than_half, "the target is less than half of the open shards")                        \
  X(too_many_shards, "the target is above the limit of shards")                               \
  X(updates_used_up, "UpdateShardCount was called ten times in 24 hours")                     \
  X(mode_switches_used_up, "the mode was switched twice in 24 hours")                         \
  X(retention_out_of_bounds, "the retention is not between 24 and 8760 hours")                \
  X(retention_not_longer, "the retention is not longer than it is")                           \
  X(retention_not_shorter, "the retention is not shorter than it is")                         \
  X(consumer_exists, "the stream has a consumer of this name")                                \
  X(no_such_consumer, "the stream has no consumer of this name")                              \
  X(too_many_consumers, "the stream has as many consumers as it may have")                    \
  X(too_many_in_creation, "five consumers of the stream are in CREATING")                     \
  X(consumer_is_not_active, "the consumer is not ACTIVE")                                     \
  X(subscribed_just_now, "the last subscription is less than five seconds old")               \
  X(sequence_number_missing, "the type needs a sequence number")                              \
  X(sequence_number_not_wanted, "the type takes no sequence number")                          \
  X(no_such_sequence_number, "the shard has given out no such sequence number")               \
  X(sequence_number_trimmed, "retention has taken the record of the sequence number")         \
  X(timestamp_missing, "AT_TIMESTAMP needs a timestamp")                                      \
  X(timestamp_in_the_future, "the timestamp is in the future")                                \
  X(no_such_iterator, "the shard has given out no such iterator")                             \
  X(iterator_too_old, "the iterator is older than five minutes")                              \
  X(limit_out_of_bounds, "the limit is not between 1 and 10,000")                             \
  X(timestamp_out_of_bounds, "the timestamp is in the future or older than the stream keeps") \
  X(shard_id_missing, "AFTER_SHARD_ID needs a shard id")                                      \
  X(reads_used_up, "the shard gives no more reads now")                                       \
  X(record_is_not_stored, "no shard holds the record, so it has no sequence number")          \
  X(timeline_fails_it, "the timeline lets it fail")
TH_NAMED_ENUM(ApiReason, TH_API_REASONS)
TH_ENUM_SENTENCES(ApiReason, TH_API_REASONS)

struct ApiRefusal {
  ApiError error = ApiError::InvalidArgumentException;
  ApiReason reason = ApiReason::no_such_shard;

  friend bool operator==(const ApiRefusal&, const ApiRefusal&) = default;
};

}  // namespace trimhorizon
