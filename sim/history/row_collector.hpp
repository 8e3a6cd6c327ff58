// The tables of invocations and deliveries: one row for each invocation that reached a function,
// and one row for each record in it.
//
// Always:
//  1. Rows are in the order in which the invocations started. Their texts are made at the end.
//  2. An invocation that still runs at the end has ended_us -1, the outcome "running" and no
//     effects.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "sim/history/result.hpp"
#include "sim/lambda/call_outcome.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

class RowCollector : public Observer {
 public:
  void on(const Happened& event, const World& world) override;
  // `poll_progress` is called every few hundred rows. It may throw to stop the work. REQUIRES: the
  // world has kept its logs.
  void fill(Result& result, const World& world,
            const std::function<void()>& poll_progress = {}) const;

 private:
  struct Row {
    ReaderId reader;
    Batch batch;
    Instant started;
    Instant ended{-1};
    std::uint32_t attempt = 0;
    InvocationNumber request;
    CallOutcome outcome = CallOutcome::running;
    std::vector<Span> worked;
  };

  std::vector<Row> rows_;  // invocation number n is rows_[n - 1]
};

}  // namespace trimhorizon
