// The third door with the user's own function behind it: what it says of an invocation is judged
// as Lambda and the mapping would, and recorded, so that replay, seek, explain and fork never call
// it again.
//
// Always:
//  1. A function without a call and without a record is modelled (`fail`, `respond`, `duration`).
//  2. An invocation whose number is in the record has that outcome; nothing is called for it.
//  3. Of `fail:`, `after: none` does not call, `after: all` calls and throws the answer away,
//     `after: some` calls with the first j records and throws the answer away. A fault of site
//     function_error at record k is like `some` with j = k, after all effects like `all`.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/handlers/handler_reply.hpp"

namespace trimhorizon {

struct RecordedOutcome {
  std::uint64_t number = 0;
  Outcome outcome;
};

// What happened behind the door, as a value: enough to run again without calling.
struct HandlerRecord {
  std::vector<bool> own;                  // by FunctionId: is it the user's?
  std::vector<RecordedOutcome> outcomes;  // ascending numbers
  // By FunctionId: its invocations up to this one were modelled, for the user's function came with
  // a fork. Shorter than `own`: 0.
  std::vector<std::uint64_t> modelled_until;

  const Outcome* find(std::uint64_t number) const;
};

// A replay came to an invocation that was never recorded: it is not the run that was recorded.
class ReplayError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class RecordedHandlers : public Handlers {
 public:
  using Call = HandlerFunction;

  RecordedHandlers() = default;
  // A replay; calls may be added for what comes after the record.
  explicit RecordedHandlers(HandlerRecord record) : record_(std::move(record)) {}

  // `after`: the last invocation so far; earlier ones stay what they were.
  void answer_with(FunctionId function, Call call, std::uint64_t after = 0);
  bool any() const { return !record_.own.empty(); }
  const HandlerRecord& record() const { return record_; }

  // Nothing of step number `steps` was answered: it did not come to its end.
  void undo_step(std::uint64_t steps);

  Outcome invoke(const InvocationRequest& request, const World& world, Choices& choices) override;
  bool is_own(FunctionId function) const override;

 private:
  // An environment serves one invocation at a time and is used again, the last one first.
  struct Environment {
    std::uint32_t number = 0;
    FunctionId function;
    Instant free_at;
  };

  bool was_modelled(FunctionId function, std::uint64_t number) const;
  Outcome decide(const InvocationRequest& request, const World& world, const OwnInvocation& own);
  Environment& environment_for(FunctionId function, const World& world, bool& cold);

  ModelledFunction modelled_;
  HandlerRecord record_;
  std::vector<Call> calls_;  // by FunctionId
  std::vector<Environment> environments_;
  std::uint32_t environments_made_ = 0;
  // What there was before the first answer of step `steps`.
  struct Before {
    std::uint64_t steps = 0;
    std::size_t outcomes = 0;
    std::vector<Environment> environments;
    std::uint32_t environments_made = 0;
  };
  Before before_;
};

}  // namespace trimhorizon
