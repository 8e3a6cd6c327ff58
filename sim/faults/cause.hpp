// The words of the ledger: how records end, why they are delivered again, why they are lost. Users
// read these names; docs/life-of-a-record.md explains them. The order is that of reports.
#pragma once

#include "sim/base/named_enum.hpp"

namespace trimhorizon {

// The fate of a stored record in a mapping: how the checkpoint first passed it. Until then it is
// pending.
#define TH_FATES(X)                                                         \
  X(processed)                                                              \
  X(filtered)                                                               \
  X(discarded) /* given up; a failure destination has a message about it */ \
  X(dropped)   /* given up; nothing tells about it */                       \
  X(expired)   /* retention took it before it was settled */                \
  X(unread)    /* it was before the starting position */                    \
  X(pending)
TH_NAMED_ENUM(Fate, TH_FATES)

// Why a stored record is delivered. When it has more than one effect, the surplus effect is counted
// under this reason.
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

// Why a stored record is lost: it has no effect, and nothing tells about it.
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
  X(oversized)                \
  X(deaggregation)
TH_NAMED_ENUM(LossCause, TH_LOSS_CAUSES)

// The situations of `sometimes`. Each is noted where it happens.
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
