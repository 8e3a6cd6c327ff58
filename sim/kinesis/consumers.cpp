#include "sim/kinesis/consumers.hpp"

#include <algorithm>

#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

const StreamConsumer* consumer_named(const StreamConsumers& consumers, ConsumerName name,
                                     Instant now) {
  for (const StreamConsumer& each : consumers.list) {
    if (each.name == name && now < each.gone()) return &each;
  }
  return nullptr;
}

ApiRefusal unknown_consumer() {
  return {ApiError::ResourceNotFoundException, ApiReason::no_such_consumer};
}

void forget_gone_consumers(StreamConsumers& consumers, Instant now) {
  std::erase_if(consumers.list, [&](const StreamConsumer& each) { return each.gone() <= now; });
}

std::size_t consumers_in_creation(const StreamConsumers& consumers, Instant now) {
  const auto n =
      std::count_if(consumers.list.begin(), consumers.list.end(), [&](const StreamConsumer& each) {
        return now < each.gone() && each.status(now) == StreamConsumerStatus::CREATING;
      });
  return static_cast<std::size_t>(n);
}

std::size_t consumers_left(const StreamConsumers& consumers, Instant now) {
  const auto n = std::count_if(consumers.list.begin(), consumers.list.end(),
                               [&](const StreamConsumer& each) { return now < each.gone(); });
  return static_cast<std::size_t>(n);
}

}  // namespace

ConsumerAnswer register_stream_consumer(StreamConsumers& consumers, ConsumerName name,
                                        Instant now) {
  // KDS-EFO-01: names are unique in a stream.
  if (TH_RULE(names_of_stream_consumers_are_unique, consumer_named(consumers, name, now) != nullptr,
              false)) {
    return ApiRefusal{ApiError::ResourceInUseException, ApiReason::consumer_exists};
  }
  // KDS-LIM-14: 20 consumers, 5 of them in CREATING at once.
  if (consumers_left(consumers, now) >=
      TH_RULE(a_stream_has_20_consumers, stream_consumers_max, stream_consumers_max + 1)) {
    return ApiRefusal{ApiError::LimitExceededException, ApiReason::too_many_consumers};
  }
  if (TH_RULE(five_consumers_are_created_at_once,
              consumers_in_creation(consumers, now) >= consumers_in_creation_max, false)) {
    return ApiRefusal{ApiError::LimitExceededException, ApiReason::too_many_in_creation};
  }
  forget_gone_consumers(consumers, now);
  return consumers.list.emplace_back(StreamConsumer{name, now});
}

ConsumerAnswer deregister_stream_consumer(StreamConsumers& consumers, ConsumerName name,
                                          Instant now) {
  if (!consumer_named(consumers, name, now)) return unknown_consumer();
  forget_gone_consumers(consumers, now);
  const auto found = std::find_if(consumers.list.begin(), consumers.list.end(),
                                  [&](const StreamConsumer& each) { return each.name == name; });
  found->deregistered = std::min(found->deregistered, now);
  return *found;
}

ConsumerAnswer describe_stream_consumer(const StreamConsumers& consumers, ConsumerName name,
                                        Instant now) {
  const StreamConsumer* found = consumer_named(consumers, name, now);
  if (!found) return unknown_consumer();
  return *found;
}

std::optional<ApiRefusal> refuse_subscriber(const StreamConsumers& consumers, ConsumerName name,
                                            Instant created, Instant now) {
  const StreamConsumer* found = consumer_named(consumers, name, now);
  if (!found || found->created != created) return unknown_consumer();
  if (TH_RULE(only_an_active_consumer_subscribes,
              found->status(now) != StreamConsumerStatus::ACTIVE, false)) {
    return ApiRefusal{ApiError::ResourceInUseException, ApiReason::consumer_is_not_active};
  }
  return std::nullopt;
}

std::string consumer_arn_text(const std::string& stream_arn, const std::string& name,
                              Instant created, const WallClock& clock) {
  return stream_arn + "/consumer/" + name + ":" + std::to_string(clock.s(created));
}

}  // namespace trimhorizon
