// The ledger again, in the most simple way: a map with one line for each stored record of each
// mapping. Fed by the trace, the logs and the outcomes of invocations, never by the ledger, and
// written from the definitions in docs/life-of-a-record.md, so that the two can be compared.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/history/history.hpp"
#include "sim/history/result.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon::testing {

class NaiveLedger : public Observer {
 public:
  struct Line {
    std::uint64_t deliveries = 0;
    std::uint64_t effects = 0;
    Fate fate = Fate::pending;
    LossCause cause = LossCause::none;  // of the fate, whether or not the record is lost in the end
  };
  struct Sums {
    std::uint64_t invocations = 0;
    std::uint64_t deliveries = 0;
    std::uint64_t effects = 0;
    std::uint64_t errors = 0;
    std::uint64_t throttles = 0;
    std::uint64_t dropped = 0;
    std::uint64_t refused = 0;  // messages that a destination did not take
    std::map<std::string, std::uint64_t> duplicates;
  };

  void on(const Happened& event, const World& world) override;

  // What is wrong with the run by itself: an order or a checkpoint that must not be.
  const std::vector<std::string>& complaints() const { return complaints_; }
  // Where the world's own ledger and its result say something else; empty: nowhere.
  std::string differences(const World& world, const History& history, const Result& result) const;

 private:
  using Place = std::pair<std::uint32_t, Position>;  // shard, position
  struct Stored {
    RecordId record;
    KeyId key;
    Instant arrival;
  };
  struct Call {
    std::uint32_t reader = 0;
    std::uint32_t mapping = 0;
    std::uint32_t shard = 0;
    Span span;
    DeliveryReason reason = DeliveryReason::first;
    std::set<Position> first_time;
    DeliveryReason orphaned_by = DeliveryReason::first;
  };
  struct Progress {  // of one shard for one mapping
    Position passed = 0;
    std::uint64_t open_call = 0;
    bool twin_follows = false;                   // of the open call, by a second reader
    LossCause without_effect = LossCause::none;  // of records that the last result settled
    std::set<Position> reported;                 // named by a report that nobody read
    bool giving_up = false;
    Span given_up;
    LossCause given_up_for = LossCause::none;
    bool destination_took_it = false;
    std::map<std::uint32_t, Position> last_first_delivery;  // by key
  };

  void note_new_records(const World& world);
  void handle(const Delivered& call, const World& world);
  void handle(const Ended& call, const World& world);
  void handle(const Throttled& event, const World& world);
  void handle(const GaveUp& event, const World& world);
  void handle(const MessageSent& event, const World& world);
  void handle(const Settled& event, const World& world);
  void handle(const FaultStruck& event, const World& world);
  void handle(const TimelineActed& event, const World& world);
  void handle(const MappingSwitched& event, const World& world);
  template <class Other>
  void handle(const Other&, const World&) {}
  void effect(const Call& call, Position position);
  void orphan(std::uint32_t reader, DeliveryReason reason);
  void complain(const std::string& what);
  void compare_lines(const World& world, const History& history, std::uint32_t mapping,
                     std::string& out) const;
  void compare_sums(const World& world, std::uint32_t mapping, const ConsumerResult& result,
                    std::string& out) const;
  std::map<std::string, std::uint64_t> lost_by_cause(const World& world,
                                                     std::uint32_t mapping) const;
  Line line(std::uint32_t mapping, Place place) const;

  std::map<Place, Stored> stored_;
  std::vector<Position> seen_;                             // by shard: records noted so far
  std::map<std::pair<std::uint32_t, Place>, Line> lines_;  // mapping, place
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint64_t> effects_of_record_;
  std::map<std::uint64_t, Call> calls_;
  std::map<std::uint32_t, Progress> readers_;  // by reader
  std::map<std::uint32_t, Sums> sums_;         // by mapping
  std::uint64_t number_ = 0;                   // of the event that is looked at
  std::vector<std::string> complaints_;
};

}  // namespace trimhorizon::testing
