// How the order of the records of one key is lost where they are put.
#pragma once

#include "sim/base/named_enum.hpp"

namespace trimhorizon {

#define TH_ORDER_LOSSES(X)                                                    \
  X(two_shards) /* an ExplicitHashKey put a key on two shards (KDS-SHD-02) */ \
  X(late_retry) /* a retry stored a record after a later one of its key (KDS-PRD-05) */
TH_NAMED_ENUM(OrderLoss, TH_ORDER_LOSSES)

}  // namespace trimhorizon
