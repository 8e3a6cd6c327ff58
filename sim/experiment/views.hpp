// What a user can see of a world between two steps: shards, pollers with their checkpoints and
// lanes, pending events. Plain values, made on request; positions count from 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

struct ShardView {
  std::string stream;
  std::string shard;
  std::string starting_hash_key;  // decimal, both ends inclusive
  std::string ending_hash_key;
  std::int64_t created_us = 0;
  std::uint64_t stored = 0;
  std::uint64_t trim_horizon = 0;  // position of the oldest record that can be read
};

// A batch, or what is left of one.
struct RangeView {
  std::uint64_t first = 0;  // positions [first, end)
  std::uint64_t end = 0;
  std::uint32_t attempts = 0;      // invocations of this batch so far
  std::uint32_t retries_used = 0;  // count against MaximumRetryAttempts
  std::vector<std::string> records;
};

struct InFlightView {
  std::uint64_t number = 0;
  std::uint32_t attempt = 0;
  std::int64_t started_us = 0;
  std::int64_t ends_us = 0;
  std::vector<std::string> records;
};

struct PollerView {
  std::string mapping;
  std::string shard;
  std::string phase;  // stopped | parked | polling | waiting | in_flight
  std::uint32_t incarnation = 0;
  std::optional<std::string> checkpoint;  // id of the last settled record
  std::uint64_t iterator = 0;             // position of the first record not settled
  std::uint64_t pending = 0;              // records stored and not settled
  std::vector<RangeView> lane;            // the last one is invoked first
  std::optional<InFlightView> in_flight;
};

struct PendingView {
  std::int64_t at_us = 0;
  std::string event;        // as in event.hpp: put, poll, invocation_done, …
  std::string entity;       // the producer, or mapping and shard, …
  std::uint64_t cause = 0;  // number of the trace event that led to it; 0: the scenario
};

std::vector<ShardView> view_shards(const World& world);
std::vector<PollerView> view_pollers(const World& world);
std::vector<PendingView> view_pending(
    const World& world);  // in the order in which they will happen

}  // namespace trimhorizon
