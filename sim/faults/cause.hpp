// The words of the ledger: how records end, why they come again, why they are lost.
// Names and meanings are those of section 1 of the interface; order is the order of reports.
#pragma once

#include "sim/base/named_enum.hpp"

namespace trimhorizon {

// How the checkpoint first passed a stored record in a mapping; before that, pending.
#define TH_FATES(X)                                                                 \
  X(processed)                                                                      \
  X(filtered)                                                                       \
  X(discarded) /* a failure destination has it */                                   \
  X(dropped)   /* given up, nothing has it */                                       \
  X(expired)   /* retention took it at or after the starting position, unsettled */ \
  X(unread)    /* before the starting position */                                   \
  X(pending)
TH_NAMED_ENUM(Fate, TH_FATES)

// Why a stored record is handed over; a surplus effect is attributed to it.
#define TH_DELIVERY_REASONS(X)    \
  X(first)                        \
  X(retry_after_error)            \
  X(retry_after_timeout)          \
  X(retry_after_crash)            \
  X(retry_after_partial_response) \
  X(bisect)                       \
  X(poller_crash)                 \
  X(overlapping_pollers)          \
  X(checkpoint_lost)              \
  X(re_enabled)                   \
  X(recreated)                    \
  X(producer_retry)
TH_NAMED_ENUM(DeliveryReason, TH_DELIVERY_REASONS)

// Why a stored record has no effect and nothing holds it.
#define TH_LOSS_CAUSES(X)     \
  X(none)                     \
  X(retries)                  \
  X(age)                      \
  X(retention)                \
  X(latest_gap)               \
  X(swallowed)                \
  X(report_ignored)           \
  X(skipped_by_handler)       \
  X(destination_failed)       \
  X(producer_ignored_failure) \
  X(oversized)
TH_NAMED_ENUM(LossCause, TH_LOSS_CAUSES)

// The situations of `sometimes`, each marked where it happens.
#define TH_SITUATIONS(X) \
  X(retry)               \
  X(timeout)             \
  X(partial_response)    \
  X(malformed_response)  \
  X(bisect)              \
  X(discard)             \
  X(age_discard)         \
  X(expire)              \
  X(throttle)            \
  X(poller_crash)        \
  X(checkpoint_lost)     \
  X(ack_lost)            \
  X(producer_retry)      \
  X(filtered)            \
  X(latest_gap)          \
  X(reshard)             \
  X(cold_start)          \
  X(swallow)             \
  X(destination_failure)
TH_NAMED_ENUM(Situation, TH_SITUATIONS)

}  // namespace trimhorizon
