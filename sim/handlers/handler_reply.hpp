// What a user's own function answers to an invocation, as Lambda and the mapping read it. It has
// offsets in the batch instead of sequence numbers, so that two replies can be compared.
//
// Always:
//  1. Faults and entries of `fail:` are asked before the function is called, because its effects
//     cannot be undone. When one strikes, the function receives only the records that it would
//     still reach, and its answer is thrown away.
//  2. Only the entries of `fail:` for whole invocations apply. Entries for records and `respond:`
//     do not.
//  3. The time that the function sleeps is added to `duration:` of the scenario. Timeout applies to
//     the sum.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/world/handlers.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// ESM-RTY-09: an answer above 6 MB is a function error, Function.ResponseSizeTooLarge. This number
// of bytes is in the message of Lambda.
inline constexpr std::size_t response_bytes_max = 6 * 1024 * 1024 + 100;

// The raw answer of the function.
struct HandlerAnswer {
  InvocationEnd end = InvocationEnd::returned;  // timeout: it slept longer than its Timeout
  std::string response;                         // JSON, when it returned
  Duration slept{0};                            // simulated time that it slept
  // The offsets of the records that it reports as done, when reports_effects. Without such a
  // report: all records after a success, all except the reported ones after a partial response,
  // none after an exception.
  bool reports_effects = false;
  std::vector<std::uint32_t> effects;
};

// The question to the function. The world must outlive it.
struct HandlerCall {
  const World& world;
  FunctionId function;
  Batch records;  // the records that it receives
  InvocationNumber number;
  InvocationNumber request;  // names its request id: a plain retry has that of its first call
  std::uint64_t chance = 0;  // the seed of its random numbers; different for every call of a run
  Instant starts;            // when its work starts: after the cold start
  Duration timeout;
  std::uint32_t environment = 0;  // number of its execution environment, from 0
  bool cold = false;              // the environment is new
  bool alone = false;             // it belongs to no run, so an equal call must get an equal answer
};
using HandlerFunction = std::function<HandlerAnswer(const HandlerCall&)>;

// An answer after reading. Two calls with the same result are equal.
struct HandlerReply {
  InvocationEnd end = InvocationEnd::returned;
  bool too_large = false;  // above 6 MB: a function error
  Answer answer;           // if the function returned
  Duration slept{0};
  bool reports_effects = false;
  std::vector<std::uint32_t> effects;  // ascending

  friend bool operator==(const HandlerReply&, const HandlerReply&) = default;
};
// REQUIRES: the answer belongs to this call.
HandlerReply read_reply(const HandlerCall& call, HandlerAnswer answer);

// What was decided about an invocation before the call.
struct OwnInvocation {
  Batch given;  // the records that the function receives; when empty, it is not called
  const FailRule* rule = nullptr;         // the entry of `fail:` that holds; null if none
  std::optional<std::uint32_t> fails_at;  // the record of site function_error; nullopt: no fault

  // Does the function's own answer count? Not when a fault or an entry of `fail:` struck.
  bool answer_counts() const { return rule == nullptr && !fails_at; }
};
// Asks, before the call, whether a fault or an entry of `fail:` strikes.
OwnInvocation ask_own_invocation(const InvocationRequest& request, const World& world,
                                 Choices& choices);

// The outcome of the invocation. No reply: the function was not called.
Outcome judge_reply(const InvocationRequest& request, const World& world, const OwnInvocation& own,
                    const HandlerReply& reply);

}  // namespace trimhorizon
