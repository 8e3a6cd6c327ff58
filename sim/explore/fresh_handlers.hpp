// Functions of the user, with fresh memory for every run. They can remember only what happened in
// this run, so the choices alone decide the run.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "sim/handlers/recorded_handlers.hpp"

namespace trimhorizon {

class FreshHandlers : public Handlers {
 public:
  // `forget` resets the memory of the functions.
  explicit FreshHandlers(std::function<void()> forget) : forget_(std::move(forget)) {}
  void answer_with(FunctionId function, HandlerFunction call) {
    functions_.emplace_back(function, std::move(call));
  }

  void begin_run() override;
  Outcome invoke(const InvocationRequest& request, const World& world, Choices& choices) override;
  bool is_own(FunctionId function) const override { return handlers_.is_own(function); }

  // A hash of all results of the functions since begin_run().
  std::uint64_t rolling() const { return rolling_; }

 private:
  std::function<void()> forget_;
  std::vector<std::pair<FunctionId, HandlerFunction>> functions_;
  RecordedHandlers handlers_;
  std::uint64_t rolling_ = 0;
};

}  // namespace trimhorizon
