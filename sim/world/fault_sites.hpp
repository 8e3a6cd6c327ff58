// Where the faults of an invocation are asked: one place for the sites that change what a function
// did, one for those that strike its poller before the checkpoint.
#pragma once

#include <optional>

#include "sim/world/moment.hpp"

namespace trimhorizon {

// Site function_error for a function of the user's own, before it is called. k < n: it is given the
// records before k, and then errs; k = n: it does all its work, and then errs. None: no fault.
std::optional<std::uint32_t> ask_own_failure(const InvocationRequest& request, Choices& choices);

// Sites function_error (of a modelled function) and timeout: may turn the outcome into a failure.
void ask_invocation_faults(const Moment& moment, const InvocationRequest& request,
                           Outcome& outcome);

// Sites poller_crash and checkpoint_lost: true if the reader restarts instead of going on.
bool ask_reader_faults(const Moment& moment, ReaderId id, Ruling ruling);

// Site poller_crash_anywhere, where the top range is about to be handed over.
enum class ReaderCrash : std::uint8_t {
  none,
  before,         // what the reader has read and counted is forgotten
  while_invoked,  // the call has begun: its effects will come, its end moves nothing
};
ReaderCrash ask_reader_crash_anywhere(const Moment& moment, ReaderId id);
// The crash itself: another poller reads from the checkpoint.
void crash_anywhere(const Moment& moment, ReaderId id);

// Site overlapping_pollers: true if a second poller, that takes the shard for its own, hands the
// batch of the invocation that has just begun over as well.
bool ask_overlapping_pollers(const Moment& moment, ReaderId id);

// Site iterator_expired: true if the reader has to take a new iterator where that makes a
// difference.
bool ask_iterator_expired(const Moment& moment, ReaderId id);

// The outcome of a failure at the record of offset `k` < n (k = n: after all effects), as the
// function's `respond` says. Records of `poison` (ascending offsets) fail by themselves.
void fail_at(Outcome& outcome, const FunctionSettings& settings, std::uint32_t n, std::uint32_t k,
             const std::vector<std::uint32_t>& poison);

}  // namespace trimhorizon
