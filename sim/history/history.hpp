// The history of a run, computed from its events. It is a value beside the world, and it is copied
// together with the world when a run forks. No rule of AWS can see it.
//
// Always:
//  1. It changes in on() and nowhere else.
#pragma once

#include <cstdint>

#include "sim/history/digest.hpp"
#include "sim/history/invariants.hpp"
#include "sim/history/latency.hpp"
#include "sim/history/ledger.hpp"
#include "sim/history/letters.hpp"
#include "sim/history/run_metrics.hpp"
#include "sim/history/situations.hpp"
#include "sim/history/stream_log.hpp"
#include "sim/history/traffic.hpp"

namespace trimhorizon {

// Each part has an on() for every event that it uses, and names all others. So a new event does not
// compile until each part has decided.
struct History {
  explicit History(const Plan& plan) : metrics(plan), letters(plan), latency(plan), streams(plan) {}

  void on(const Happened& event, const World& world);
  // Calls whose records are stored once mean nothing to most parts.
  void on_run(const PutRun& run, const World& world);

  Ledger ledger;
  RunMetrics metrics;
  Invariants invariants;
  Situations situations;
  Letters letters;
  Traffic traffic;
  Latency latency;
  StreamLog streams;
  TraceDigest digest;
  std::uint64_t produced = 0;  // records that producers without KPL wanted to store
  std::uint64_t stored = 0;    // stored records, copies included

  friend bool operator==(const History&, const History&) = default;
};

}  // namespace trimhorizon
