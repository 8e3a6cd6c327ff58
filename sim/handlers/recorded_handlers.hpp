// The third door with a user's own function. Its answers are judged as Lambda and the mapping
// would, and they are recorded. So replay, seek, explain and fork never call it again.
//
// Always:
//  1. A function without a call and without a record is modelled (`fail`, `respond`, `duration`).
//  2. An invocation whose number is in the record has the recorded outcome; nothing is called for
//     it.
//  3. Entries of `fail:`: with `after: none` the function is not called. With `after: all` it is
//     called, and its answer is thrown away. With `after: some` it is called with the first j
//     records, and its answer is thrown away. A fault of site function_error at record k is like
//     `some` with j = k; after all effects it is like `all`.
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

// Everything that the handlers decided in a run, as a value. It is enough to repeat the run without
// calls.
struct HandlerRecord {
  std::vector<bool> own;                  // by FunctionId: is it the user's own function?
  std::vector<RecordedOutcome> outcomes;  // by ascending number
  // By FunctionId: the invocations up to this number were modelled, because the user's function was
  // added by a fork. When it is shorter than `own`, the rest is 0.
  std::vector<std::uint64_t> modelled_until;

  // Null when this invocation is not recorded.
  const Outcome* find(std::uint64_t number) const;
};

// A replay reached an invocation that was not recorded: it is another run.
class ReplayError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class RecordedHandlers : public Handlers {
 public:
  using Call = HandlerFunction;

  RecordedHandlers() = default;
  // A replay. answer_with() may add calls for the time after the record.
  explicit RecordedHandlers(HandlerRecord record) : record_(std::move(record)) {}

  // Sets the user's function. `after` is the number of the last invocation so far; earlier ones
  // keep their outcomes.
  void answer_with(FunctionId function, Call call, std::uint64_t after = 0);
  // Is any function the user's own?
  bool any() const { return !record_.own.empty(); }
  const HandlerRecord& record() const { return record_; }

  // Forgets all answers of step number `steps`, because that step did not end.
  void undo_step(std::uint64_t steps);

  Outcome invoke(const InvocationRequest& request, const World& world, Choices& choices) override;
  bool is_own(FunctionId function) const override;

 private:
  // An environment runs one invocation at a time. The one that was used last is used again first.
  struct Environment {
    std::uint32_t number = 0;
    FunctionId function;
    Instant free_at;  // when its invocation ends
  };

  bool was_modelled(FunctionId function, std::uint64_t number) const;
  Outcome decide(const InvocationRequest& request, const World& world, const OwnInvocation& own);
  Environment& environment_for(FunctionId function, const World& world, bool& cold);

  ModelledFunction modelled_;
  HandlerRecord record_;
  std::vector<Call> calls_;  // by FunctionId
  std::vector<Environment> environments_;
  std::uint32_t environments_made_ = 0;
  // The state before the first answer of step `steps`.
  struct Before {
    std::uint64_t steps = 0;
    std::size_t outcomes = 0;
    std::vector<Environment> environments;
    std::uint32_t environments_made = 0;
  };
  Before before_;
};

}  // namespace trimhorizon
