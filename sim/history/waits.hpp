// What a record waits for while nobody hands it to the function: the batch ahead of it, a throttle,
// a disabled mapping. This is the one place where a wait gets its reason.
//
// Always:
//  1. A reader has one obstacle at a time. A record that is stored and not handed over waits for
//  the
//     obstacle of its reader.
//  2. A wait begins when the record is stored, when its reader restarts, or when a split puts it
//     into the second half; it ends when the record is handed over or settled.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/history/life.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

class WaitBook {
 public:
  void on(const Happened& event, const World& world);

  // This copy of the record is stored: it waits at every reader of its shard, and at those that
  // open later.
  void open(std::uint32_t copy, ShardId shard, Position p, const World& world);
  // What it waited for at this reader, as entries of its life; shorter waits are left out. The wait
  // is over, or the run has ended.
  std::vector<LifeEntry> take(std::uint32_t copy, ReaderId reader, Instant now);
  // It waits again at this reader.
  void reopen(std::uint32_t copy, ReaderId reader, Instant now);

 private:
  struct Obstacle {
    WaitFor what = WaitFor::nothing;
    Instant since;
    std::uint64_t tries = 0;  // calls, or refusals
    Batch batch;              // ahead: the batch that is tried
    std::string record;       // ahead: the record that fails in it; empty: none is known
    Position failed = 0;      // where that record is stored
    CallOutcome end = CallOutcome::running;  // ahead: how its last call ended
    bool outage = false;                     // it failed in an outage of the function
    bool works = false;                      // ahead: a call runs
  };
  struct Copy {
    std::uint32_t number = 0;
    ShardId shard;
    Position position = 0;
    Instant stored;
  };
  struct Wait {
    std::uint32_t copy = 0;
    ReaderId reader;
    Position position = 0;
    Instant from;                    // of the part that is not in `parts` yet
    std::uint64_t tries_before = 0;  // tries of the obstacle before `from`
    bool in_flight = false;          // a call with an earlier batch ran at `from`
    std::vector<LifeEntry> parts;
    bool is_open = true;
  };

  void on(const ReaderOpened& opened, const World& world);
  void on(const PollingWaits& waits, const World& world);
  void on(const Read& read, const World& world);
  void on(const Delivered& delivered, const World& world);
  void on(const Ended& ended, const World& world);
  void on(const Throttled& throttled, const World& world);
  void on(const TooLarge& tried, const World& world);
  void on(const Settled& settled, const World& world);
  void on(const ReaderRestarted& restarted, const World& world);
  template <
      OneOf<Put, PutAnswered, PutGivenUp, Positioned, Fetched, SubscriptionOpened, ReadRefused,
            WillRetry, SplitInTwo, GaveUp, MessageSent, CheckpointKept, ShardFinished, ApiAnswered,
            ShardsCut, MappingSwitched, FaultStruck, TimelineActed, BareReadAnswered>
          Other>
  void on(const Other&, const World&) {}

  // ahead: did the batch fail when it was tried last?
  static bool fails(const Obstacle& obstacle);
  Obstacle& at(ReaderId reader);
  // Another obstacle is in the way from now on.
  Obstacle& begin(ReaderId reader, WaitFor what, Instant now);
  // The part of this wait that the obstacle of its reader explains, up to now.
  void close_part(Wait& wait, Instant now);

  std::vector<Obstacle> obstacles_;  // by ReaderId
  std::vector<Copy> copies_;
  std::vector<Wait> waits_;
};

}  // namespace trimhorizon
