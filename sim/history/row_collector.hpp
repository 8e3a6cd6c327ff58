// The tables of invocations and deliveries: one row for each invocation that reached a function,
// and one row for each record in it.
//
// Always:
//  1. Rows are in the order in which the invocations started. Their texts are made when they are
//     handed out: at the end, or with a taker as soon as all earlier invocations have ended.
//  2. An invocation that still runs at the end has ended_us -1, the outcome "running" and no
//     effects.
#pragma once

#include <cstdint>
#include <deque>
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
  // Takes an invocation and its records.
  using Taker = std::function<void(InvocationRow&&, std::vector<DeliveryRow>&&)>;

  // Keeps the rows for fill().
  RowCollector() = default;
  // Hands each row to `take`, so that a long run needs no memory for its rows. The run must keep
  // its logs.
  explicit RowCollector(Taker take) : take_(std::move(take)) {}
  void on(const Happened& event, const World& world) override;
  // Hands out the rows that are left: those of invocations that still run, and all before them.
  void finish(const World& world);
  // `poll_progress` is called every few hundred rows. It may throw to stop the work. REQUIRES: the
  // world has kept its logs.
  void fill(Result& result, const World& world, const std::function<void()>& poll_progress = {});

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

  void hand_out(const World& world);

  Taker take_;
  std::deque<Row> rows_;          // of invocations that were not handed out
  std::uint64_t handed_out_ = 0;  // invocation number n is rows_[n - 1 - handed_out_]
};

}  // namespace trimhorizon
