// The third door while the explorer merges states: a table from what a user's function receives to
// what it answers. A restored state has no memory and no clock of its own. So the table is right
// only for a function that depends on nothing but its event. This is tested, not assumed.
//
// Always:
//  1. A reply is found by (function, shard, ids of the records that the function receives). For a
//     new batch, and for each new attempt up to attempts_told_apart, the function is called twice:
//     with another time, other ages, sequence numbers and request ids.
//  2. When two calls for one batch differ in anything, DependsOnMore is thrown.
//  3. The event of a call depends only on the batch and the occasion, never on the search.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/handlers/handler_reply.hpp"

namespace trimhorizon {

// This attempt and all later ones count as the same, because a function of its event does not know
// the attempt.
inline constexpr std::uint32_t attempts_told_apart = 3;

// The function answered differently for the same batch.
class DependsOnMore : public std::runtime_error {
 public:
  DependsOnMore(FunctionId function, bool remembers, const std::string& message)
      : std::runtime_error(message), function_(function), remembers_(remembers) {}
  FunctionId function() const { return function_; }
  // True: even an equal call got another answer, so the function remembers something. False: the
  // time, the request or chance made the difference.
  bool remembers() const { return remembers_; }

 private:
  FunctionId function_;
  bool remembers_;
};

class MemoHandlers : public Handlers {
 public:
  // Sets the user's function for this function of the scenario.
  void answer_with(FunctionId function, HandlerFunction call);

  Outcome invoke(const InvocationRequest& request, const World& world, Choices& choices) override;
  bool is_own(FunctionId function) const override;

  // Calls the function again for every batch, the last batch first, in a new environment. Throws
  // DependsOnMore.
  void ask_again();
  // Makes all calls again in the same order. True when all answers are the same. A function that
  // has just lost its memory gives the same answers, whatever it remembers of earlier calls.
  bool comes_out_again();

  // How many different batches were looked up, and how many calls were made.
  std::uint64_t batches() const { return replies_.size(); }
  std::uint64_t calls() const { return log_.size(); }

 private:
  struct KnownBatch {
    FunctionId function;
    ShardId shard;
    std::vector<RecordId> records;
    std::vector<KeyId> keys;
    std::uint64_t number = 0;  // number of the batch, from 1; request ids follow from it
  };
  struct Known {
    KnownBatch batch;
    HandlerReply reply;
    std::uint32_t attempts = 0;  // a bit for each attempt at which it was called
  };
  // Everything that differs between two calls for one batch.
  struct Occasion {
    Instant at;
    Duration age{0};
    std::uint64_t number = 0;
    std::uint64_t records_before = 0;  // records before the batch in the shard
    std::uint32_t environment = 0;
    bool cold = false;
  };

  struct Logged {
    const KnownBatch* batch = nullptr;
    Occasion occasion;
    HandlerReply reply;
  };

  const HandlerReply& look_up(FunctionId function, const InvocationRequest& request,
                              const World& world, const Batch& given);
  void try_attempt(Known& known, std::uint32_t attempt, bool first_sight);
  HandlerReply call(const KnownBatch& batch, const Occasion& occasion);
  HandlerReply call_quietly(const KnownBatch& batch, const Occasion& occasion);
  void compare(const KnownBatch& batch, const HandlerReply& before, const HandlerReply& now,
               const Occasion& then, const char* when);
  std::string names_of(const KnownBatch& batch, const std::vector<std::uint32_t>& offsets) const;
  std::string difference(const KnownBatch& batch, const HandlerReply& a,
                         const HandlerReply& b) const;

  ModelledFunction modelled_;
  std::vector<HandlerFunction> calls_;  // by FunctionId
  std::vector<bool> warm_;              // by FunctionId: has environment 0 been used?
  std::map<std::vector<std::uint64_t>, Known> replies_;
  std::vector<std::uint64_t> key_;  // memory for one key, used again
  std::vector<Known*> in_order_;
  std::vector<Logged> log_;
  std::unique_ptr<World> stage_;  // the world that a call sees: only its records
};

}  // namespace trimhorizon
