// The places where faults of an invocation can strike: faults that change what a function did, and
// faults that stop its poller before the checkpoint. Each function asks its own site of the table
// in faults/site.hpp, and only when that site is open.
#pragma once

#include <optional>

#include "sim/world/moment.hpp"

namespace trimhorizon {

// Site function_error for a user's own function, before it is called. Result k < n: the function
// receives the records before k, and then fails. k = n: it does all its work, and then fails.
// nullopt: no fault.
std::optional<std::uint32_t> ask_own_failure(const InvocationRequest& request, Choices& choices);

// Sites function_error (modelled functions only) and timeout. Either can turn the outcome into a
// failure.
void ask_invocation_faults(const Moment& moment, const InvocationRequest& request,
                           Outcome& outcome);

// Sites poller_crash and checkpoint_lost. True when the reader restarts: then the caller must stop.
bool ask_reader_faults(const Moment& moment, ReaderId id, Ruling ruling);

// Site poller_crash_anywhere, just before the top range of a lane is sent.
enum class ReaderCrash : std::uint8_t {
  none,
  before,         // the crash comes first: the reader forgets what it read and counted
  while_invoked,  // the call has begun: its effects happen, its end moves no checkpoint
};
ReaderCrash ask_reader_crash_anywhere(const Moment& moment, ReaderId id);
// Makes the reader crash: another poller reads from the checkpoint, poller_failover later.
void crash_anywhere(const Moment& moment, ReaderId id);

// Site overlapping_pollers. True when a second poller believes that the shard is its own, and also
// sends the batch of the invocation that has just begun.
bool ask_overlapping_pollers(const Moment& moment, ReaderId id);

// Site iterator_expired. True when the reader must take a new iterator, and the new one skips
// records.
bool ask_iterator_expired(const Moment& moment, ReaderId id);

// Changes `outcome` to a failure at the record of offset `k` < n, or after all effects (k = n), as
// the function's `respond` says. `n` is the number of records. `poison`: ascending offsets of the
// records that fail themselves.
void fail_at(Outcome& outcome, const FunctionSettings& settings, std::uint32_t n, std::uint32_t k,
             const std::vector<std::uint32_t>& poison);

}  // namespace trimhorizon
