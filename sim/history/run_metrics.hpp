// The metrics of a run, counted from its events. MET-06..08, CON-09, CON-24.
#pragma once

#include <vector>

#include "sim/metrics/metrics.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

class RunMetrics {
 public:
  explicit RunMetrics(const Plan& plan);

  void on(const Read& read, const World& world);
  void on(const Delivered& delivered, const World& world);
  void on(const Ended& ended, const World& world);
  void on(const Throttled& throttled, const World& world);
  void on(const TooLarge& tried, const World& world);
  void on(const MessageSent& sent, const World& world);
  void on(const Settled& settled, const World& world);
  void on(const ReaderRestarted& restarted, const World& world);
  template <
      OneOf<Put, PutAnswered, PutGivenUp, ReaderOpened, Positioned, Fetched, SubscriptionOpened,
            ReadRefused, WillRetry, SplitInTwo, GaveUp, CheckpointKept, ShardFinished, ApiAnswered,
            ShardsCut, PollingWaits, MappingSwitched, FaultStruck, TimelineActed, BareReadAnswered>
          Other>
  void on(const Other&, const World&) {}

  const ConsumerMetrics& of(ConsumerId consumer) const { return consumers_[consumer.value]; }
  // ConcurrentExecutions of the function, over all its callers.
  std::uint32_t most_in_flight(FunctionId function) const {
    return in_flight_most_[function.value];
  }

  friend bool operator==(const RunMetrics&, const RunMetrics&) = default;

 private:
  ConsumerMetrics& of(const World& world, ReaderId reader);
  // IteratorAge: the time since the last record of the batch arrived.
  void sample_age(const Batch& batch, const World& world, ConsumerMetrics& metrics);
  Position& polled_to(ReaderId reader);

  std::vector<ConsumerMetrics> consumers_;     // by ConsumerId
  std::vector<std::uint32_t> in_flight_most_;  // by FunctionId
  std::vector<Position> polled_to_;            // by ReaderId: the records before it were counted
};

}  // namespace trimhorizon
