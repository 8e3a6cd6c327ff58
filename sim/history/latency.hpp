// How long records wait from their put until they are settled, and when a consumer has caught up.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/histogram.hpp"
#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/world/happening.hpp"

namespace trimhorizon {

struct Plan;

// A record that is older than this and not settled means that its consumer is behind.
inline constexpr Duration behind_after = seconds(2);

class Latency {
 public:
  explicit Latency(const Plan& plan);

  void on(const Settled& settled, const World& world);

  // From the put to the settling of each record of this consumer, in microseconds. Records before
  // the starting position are left out, since nobody waits for them, and so are those that
  // retention took.
  const Histogram& waits(ConsumerId consumer) const { return waits_[consumer.value]; }
  // The longest time from a put until the record was settled or retention took it, at one shard; 0
  // when neither happened.
  Duration longest(ReaderId reader) const;
  // The first instant after which no unsettled record of this consumer was older than
  // `behind_after`; 0 when none ever was. nullopt: at the end of the run one is.
  std::optional<Instant> caught_up(ConsumerId consumer, const World& world) const;
  // When the checkpoint passed the record; nullopt: not yet, or the run keeps no logs.
  std::optional<Instant> settled_at(ReaderId reader, Position p) const;

  friend bool operator==(const Latency&, const Latency&) = default;

 private:
  struct Step {  // all records before `end` were settled at `at` or earlier
    Position end = 0;
    Instant at;
    friend bool operator==(const Step&, const Step&) = default;
  };
  struct OfReader {
    Duration longest{0};
    std::vector<Step> steps;
    friend bool operator==(const OfReader&, const OfReader&) = default;
  };

  bool keeps_steps_ = false;
  std::vector<Histogram> waits_;       // by ConsumerId
  std::vector<Instant> behind_until_;  // by ConsumerId
  std::vector<OfReader> readers_;      // by ReaderId
};

}  // namespace trimhorizon
