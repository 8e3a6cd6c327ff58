// The situations of `sometimes:` that have occurred in a run.
#pragma once

#include <cstdint>

#include "sim/faults/cause.hpp"
#include "sim/world/happening.hpp"

namespace trimhorizon {

class Situations {
 public:
  void on(const Put& put, const World& world);
  void on(const PutAnswered& answered, const World& world);
  void on(const Delivered& delivered, const World& world);
  void on(const Ended& ended, const World& world);
  void on(const Settled& settled, const World& world);
  void on(const ReaderRestarted& restarted, const World& world);
  void on(const Throttled&, const World&) { mark(true, Situation::throttle); }
  void on(const WillRetry& retry, const World& world);
  void on(const ShardsCut&, const World&) { mark(true, Situation::reshard); }
  void on(const SplitInTwo&, const World&) { mark(true, Situation::bisect); }
  void on(const GaveUp& gave_up, const World& world);
  void on(const MessageSent& sent, const World& world);
  template <OneOf<PutGivenUp, ReaderOpened, Positioned, Fetched, SubscriptionOpened, ReadRefused,
                  Read, CheckpointKept, ShardFinished, ApiAnswered, TooLarge, PollingWaits,
                  MappingSwitched, FaultStruck, TimelineActed, BareReadAnswered>
                Other>
  void on(const Other&, const World&) {}

  EnumSet<Situation> seen() const { return seen_; }

  friend bool operator==(const Situations&, const Situations&) = default;

 private:
  void mark(bool occurred, Situation situation) {
    if (occurred) seen_.add(situation);
  }

  EnumSet<Situation> seen_;
};

}  // namespace trimhorizon
