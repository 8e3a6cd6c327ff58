// Watches a run for one record. It collects what happens to each stored copy, in every mapping of
// their stream, as the typed entries for `explain`.
//
// Always:
//  1. It watches a business record, not one copy: the copies that a retry stores are part of its
//     life.
//  2. It only receives events; it never changes a run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sim/history/history.hpp"
#include "sim/history/life.hpp"
#include "sim/history/result.hpp"
#include "sim/history/waits.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// A place like `shardId-...:sequence` that exists in several streams.
class AmbiguousPlace : public std::runtime_error {
 public:
  explicit AmbiguousPlace(std::vector<std::string> candidates);
  // The places that may be meant, each as `stream/shardId-...:sequence`.
  const std::vector<std::string>& candidates() const { return candidates_; }

 private:
  std::vector<std::string> candidates_;
};

// The record that is stored at `shardId-...:sequence` or `stream/shardId-...:sequence`; nullopt
// when nothing is stored there yet. Throws AmbiguousPlace.
std::optional<RecordId> record_stored_as(const World& world, std::string_view place);

class LifeCollector : public Observer {
 public:
  LifeCollector(const LifeCollector&) = delete;
  LifeCollector(const Plan& plan, RecordId record);

  void on(const Happened& event, const World& world) override;

  // Its life up to now; nullopt when no call ever had the record and none is planned. REQUIRES: the
  // world has kept its logs.
  std::optional<RecordLife> life(const History& history, const World& world, RunEnd end) const;

 private:
  struct Copy {
    ShardId shard;
    Position position = 0;
    bool acknowledged = true;
    std::optional<KplRetry> because = {};
  };

  void on_put(const Put& put);
  void on_put_entry(const PutEntry& entry);
  void on_put_given_up(const PutGivenUp& given_up);
  void note_refusal(const PutEntry& entry);
  void on_put_answered(const PutAnswered& answer);
  void on_delivered(const Delivered& delivered);
  void on_ended(const Ended& ended);
  void on_throttled(const Throttled& throttled);
  void on_too_large(const TooLarge& tried);
  void on_split(const SplitInTwo& split);
  void on_gave_up(const GaveUp& gave_up);
  void on_message(const MessageSent& sent);
  void on_settled(const Settled& settled);
  void on_restarted(const ReaderRestarted& restarted);
  void on_positioned(const Positioned& positioned);
  void on_waits(const PollingWaits& waits);
  void on_switched(const MappingSwitched& switched);
  void on_timeline(std::uint32_t index);
  void on_api_answered(const ApiAnswered& answered);
  static bool concerns(const ApiCall& call, std::uint32_t shard);
  static LifeCopy told_copy(const Copy& copy, const World& world);
  template <class F>
  void for_unsettled_copies(ConsumerId consumer, F f) const;
  // `tells`: false for a record that the consumer never waited for.
  void end_waits(ReaderId reader, ShardId shard, Span records, bool tells = true);

  // Calls f(index of the copy) for each copy among these records.
  template <class F>
  void for_copies_in(ShardId shard, Span records, F f) const;
  template <class F>
  void for_copies_of(const Batch& batch, F f) const;
  LifeEntry entry(LifeKind kind, std::uint32_t copy) const;  // an entry at the current event
  LifeEntry settled_as(LifeKind kind, std::uint32_t copy, ReaderId reader) const;
  static std::optional<LifeKind> kind_of(Fate fate);
  std::vector<LifeEntry>& entries_of(ReaderId reader);
  LifeInMapping in_consumer(ConsumerId id, const History& history, const World& world) const;

  // The starting position of a reader, which may be resolved more than once.
  struct Start {
    bool known = false;               // it was resolved
    bool again = false;               // more than once
    Instant planned;                  // when the reader begins to poll, as far as it is known
    std::optional<Instant> disabled;  // its mapping was disabled then, and polls on
    std::vector<Restart> restarts;    // between the last two times
    std::vector<Restart> since_then;  // since the last time
  };
  Start& start_of(ReaderId reader);

  WaitBook waits_;
  std::vector<Start> starts_;  // by ReaderId
  RecordId record_;
  std::vector<Copy> copies_;
  std::vector<std::vector<LifeEntry>> entries_;  // by ConsumerId
  std::uint32_t put_tries_ = 0;
  std::vector<LifeRefusal> refusals_;
  bool given_up_ = false;              // without a stored copy
  EventNumber last_put_;               // of the last call that had the record
  std::size_t first_of_last_put_ = 0;  // index of the first copy of that call
  EventNumber last_acted_;             // of the last entry of the timeline
  std::uint32_t last_action_ = 0;      // its index
  EventNumber last_result_;            // of the last end of an invocation that had the record
  // The current event and world; set only while an event is handled.
  const Happened* event_ = nullptr;
  const World* world_ = nullptr;
};

}  // namespace trimhorizon
