// The third door while states are merged: the user's own function as a table from what it is given
// to what it says. A restored state has no memory and no clock of its own, so this is right only
// for a function of its event; whether it is one is tried, not believed.
//
// Always:
//  1. A reply is looked up by (function, shard, ids of the records it is given). At the first sight
//     of such a batch, and of each of its attempts up to attempts_told_apart, the function is
//     called twice, with another time, other ages, sequence numbers and request ids.
//  2. Whatever differs between two calls for one batch is thrown as a DependsOnMore.
//  3. The event of a call depends on the batch and the occasion only, never on the search.
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

// From this attempt on all are alike: a function of its event does not know of attempts.
inline constexpr std::uint32_t attempts_told_apart = 3;

// The function came out differently for one and the same batch.
class DependsOnMore : public std::runtime_error {
 public:
  DependsOnMore(FunctionId function, bool remembers, const std::string& message)
      : std::runtime_error(message), function_(function), remembers_(remembers) {}
  FunctionId function() const { return function_; }
  // Not only the time, the request or chance: an equal call came out differently.
  bool remembers() const { return remembers_; }

 private:
  FunctionId function_;
  bool remembers_;
};

class MemoHandlers : public Handlers {
 public:
  void answer_with(FunctionId function, HandlerFunction call);

  Outcome invoke(const InvocationRequest& request, const World& world, Choices& choices) override;
  bool is_own(FunctionId function) const override;

  // Every batch once more, the last one first, in an environment that is new and has served none.
  void ask_again();
  // All calls once more in the same order: do they come out alike? They do behind a function that
  // has just forgotten everything, whatever it remembers of calls.
  bool comes_out_again();

  std::uint64_t batches() const { return replies_.size(); }
  std::uint64_t calls() const { return log_.size(); }

 private:
  struct KnownBatch {
    FunctionId function;
    ShardId shard;
    std::vector<RecordId> records;
    std::vector<KeyId> keys;
    std::uint64_t number = 0;  // of batches, from 1: request ids follow from it
  };
  struct Known {
    KnownBatch batch;
    HandlerReply reply;
    std::uint32_t attempts = 0;  // bit set of those at which it was called
  };
  // What differs between two calls for one batch.
  struct Occasion {
    Instant at;
    Duration age{0};
    std::uint64_t number = 0;
    std::uint64_t records_before = 0;  // in the shard
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
  std::vector<bool> warm_;              // by FunctionId: environment 0 has served
  std::map<std::vector<std::uint64_t>, Known> replies_;
  std::vector<std::uint64_t> key_;  // scratch
  std::vector<Known*> in_order_;
  std::vector<Logged> log_;
  std::unique_ptr<World> stage_;  // what a call sees of the world: its records, nothing else
};

}  // namespace trimhorizon
