// The third door with the user's own function behind it: what it says of an invocation is judged
// as Lambda and the mapping would, and recorded, so that replay, seek, explain and fork never call
// it again.
//
// Always:
//  1. A function without a call and without a record is modelled (`fail`, `respond`, `duration`).
//  2. An invocation whose number is in the record has that outcome; nothing is called for it.
//  3. Of `fail:` the entries for whole invocations hold, those for records and `respond:` do not.
//     `after: none` does not call, `after: all` calls and throws the answer away, `after: some`
//     calls with the first j records and throws the answer away.
//  4. What the function sleeps is added to the scenario's `duration:`; Timeout applies to the sum.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/world/handlers.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// What the function said.
struct HandlerAnswer {
  InvocationEnd end = InvocationEnd::returned;  // timeout: it slept beyond its time
  std::string response;                         // JSON, when it returned
  Duration slept{0};
  // Offsets of the records it says it did its work for. Without a report: all of a success, all
  // but the identifiers of a partial response, none of an exception.
  bool reports_effects = false;
  std::vector<std::uint32_t> effects;
};

// What it is asked.
struct HandlerCall {
  const World& world;
  FunctionId function;
  ShardId shard;
  Span records;                   // what it is given
  std::uint64_t number = 0;       // of the invocation
  Instant starts;                 // after a cold start
  Duration timeout;
  std::uint32_t environment = 0;  // execution environment, from 0
  bool cold = false;              // it is a new one
};

struct RecordedOutcome {
  std::uint64_t number = 0;
  Outcome outcome;
};

// What happened behind the door, as a value: enough to run again without calling.
struct HandlerRecord {
  std::vector<bool> own;                  // by FunctionId: is it the user's?
  std::vector<RecordedOutcome> outcomes;  // ascending numbers

  const Outcome* find(std::uint64_t number) const;
};

// A replay came to an invocation that was never recorded: it is not the run that was recorded.
class ReplayError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class RecordedHandlers : public Handlers {
 public:
  using Call = std::function<HandlerAnswer(const HandlerCall&)>;

  RecordedHandlers() = default;
  // A replay; calls may be added for what comes after the record.
  explicit RecordedHandlers(HandlerRecord record) : record_(std::move(record)) {}

  void answer_with(FunctionId function, Call call);
  bool any() const { return !record_.own.empty(); }
  const HandlerRecord& record() const { return record_; }

  Outcome invoke(const InvocationRequest& request, const World& world, Choices& choices) override;

 private:
  // An environment serves one invocation at a time and is used again, the last one first.
  struct Environment {
    std::uint32_t number = 0;
    FunctionId function;
    Instant free_at;
  };

  bool is_own(FunctionId function) const;
  Outcome decide(const InvocationRequest& request, const World& world, const FailRule* rule);
  Environment& environment_for(FunctionId function, const World& world, bool& cold);

  ModelledFunction modelled_;
  HandlerRecord record_;
  std::vector<Call> calls_;  // by FunctionId
  std::vector<Environment> environments_;
  std::uint32_t environments_made_ = 0;
};

}  // namespace trimhorizon
