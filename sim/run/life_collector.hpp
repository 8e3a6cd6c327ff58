// Watches a run for one record: everything that happens to its stored copies, in every mapping of
// their stream, as the typed entries that `explain` tells.
//
// Always:
//  1. Watches a business record, not one copy: what a producer's retry stored is part of its life.
//  2. Sees nothing but trace events and the world at them, so it never changes a run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sim/run/life.hpp"
#include "sim/run/simulation.hpp"
#include "sim/world/trace_event.hpp"

namespace trimhorizon {

// A place in a shard that several streams have: which one is meant?
class AmbiguousPlace : public std::runtime_error {
 public:
  explicit AmbiguousPlace(std::vector<std::string> candidates);
  // `stream/shardId-…:sequence`, each of them a place of its own.
  const std::vector<std::string>& candidates() const { return candidates_; }

 private:
  std::vector<std::string> candidates_;
};

// The record stored as `shardId-…:sequence` or `stream/shardId-…:sequence`; nothing as long as
// nothing is stored there. Throws AmbiguousPlace.
std::optional<RecordId> record_stored_as(const World& world, std::string_view place);

class LifeCollector : public Observer {
 public:
  LifeCollector(const Plan& plan, RecordId record);

  void on(const TraceEvent& event, const World& world) override;

  // Its life up to now; needs a world that has kept its logs. Nothing when no call ever carried
  // the record and none was planned.
  std::optional<RecordLife> life(const Simulation& simulation) const;

 private:
  struct Copy {
    ShardId shard;
    Position position = 0;
    bool acknowledged = true;
  };

  void on_put(const TraceEvent& event, const World& world);
  void on_put_result(const TraceEvent& event);
  void on_result(const TraceEvent& event, const World& world);
  void on_checkpoint(const TraceEvent& event, const World& world);
  void on_discard(const TraceEvent& event, const World& world);
  void on_destination(const TraceEvent& event, const World& world);
  void on_mapping_state(const TraceEvent& event, const World& world);
  void on_fault(const TraceEvent& event, const World& world);
  void poller_fails(ReaderId id, LifeKind kind, const World& world);

  // Calls f(copy index) for the copies among the event's records.
  template <class F>
  void for_copies_in(const TraceEvent& event, F f) const;
  // Adds an entry for every copy among the event's records.
  void add_for_copies(const TraceEvent& event, const World& world, LifeEntry entry);
  std::vector<LifeEntry>& entries_of(const TraceEvent& event, const World& world);
  bool has_effect_before(const std::vector<LifeEntry>& entries) const;
  LifeInMapping in_mapping(MappingId id, const World& world) const;

  RecordId record_;
  std::vector<Copy> copies_;
  std::vector<std::vector<LifeEntry>> entries_;  // by MappingId
  std::uint32_t put_tries_ = 0;
  std::uint64_t last_put_ = 0;         // number of the last call's trace event
  std::size_t first_of_last_put_ = 0;  // index of its first copy
  std::uint64_t last_result_ = 0;      // number of the last result of an invocation that had it
  TraceEvent last_discard_;
};

}  // namespace trimhorizon
