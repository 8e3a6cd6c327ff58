// What a function of the user's own says of an invocation, read as Lambda and the mapping read it:
// offsets in the batch instead of sequence numbers, so that two replies can be compared.
//
// Always:
//  1. Whether a fault or an entry of `fail:` strikes is asked before the function is called: what
//     it has done cannot be undone. It is given the records it still comes to, and what it answers
//     is thrown away.
//  2. Of `fail:` the entries for whole invocations hold, those for records and `respond:` do not.
//  3. What the function sleeps is added to the scenario's `duration:`; Timeout applies to the sum.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/world/handlers.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// ESM-RTY-09: an answer above 6 MB is a function error, Function.ResponseSizeTooLarge. The number
// is that of Lambda's message.
inline constexpr std::size_t response_bytes_max = 6 * 1024 * 1024 + 100;

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
  Batch records;  // what it is given
  InvocationNumber number;
  std::uint64_t chance = 0;  // what chance begins with: the same for no other call of the run
  Instant starts;            // after a cold start
  Duration timeout;
  std::uint32_t environment = 0;  // execution environment, from 0
  bool cold = false;              // it is a new one
  bool alone = false;             // of no run: an equal call is equal
};
using HandlerFunction = std::function<HandlerAnswer(const HandlerCall&)>;

// An answer as it was read; the same for two calls that came out alike.
struct HandlerReply {
  InvocationEnd end = InvocationEnd::returned;
  bool too_large = false;            // above 6 MB: a function error
  Answer answer;                     // when it returned
  std::vector<std::uint32_t> named;  // offsets of its valid identifiers, ascending
  Duration slept{0};
  bool reports_effects = false;
  std::vector<std::uint32_t> effects;  // ascending

  friend bool operator==(const HandlerReply&, const HandlerReply&) = default;
};
HandlerReply read_reply(const HandlerCall& call, HandlerAnswer answer);

// What of an invocation was decided before the call.
struct OwnInvocation {
  Batch given;                            // may be empty: then nothing is called
  const FailRule* rule = nullptr;         // the entry of `fail:` that holds
  std::optional<std::uint32_t> fails_at;  // site function_error

  bool answer_counts() const { return rule == nullptr && !fails_at; }
};
OwnInvocation ask_own_invocation(const InvocationRequest& request, const World& world,
                                 Choices& choices);

// No reply: it was not called.
Outcome judge_reply(const InvocationRequest& request, const World& world, const OwnInvocation& own,
                    const HandlerReply& reply);

}  // namespace trimhorizon
