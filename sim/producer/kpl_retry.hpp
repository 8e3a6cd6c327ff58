// Why KPL sends a user record again: the word that events and reports have. KDS-PRD-14..16.
#pragma once

#include "sim/base/named_enum.hpp"

namespace trimhorizon {

// Why a user record is sent again: X(name, sentence).
#define TH_KPL_RETRIES(X)                                            \
  X(throttled, "the shard took no more")                             \
  X(failed, "an internal failure")                                   \
  X(timed_out, "no answer within RequestTimeout")                    \
  X(wrong_shard, "it was stored, but not in the shard KPL expected") \
  X(limited, "another record of its aggregate expired in KPL")
TH_NAMED_ENUM(KplRetry, TH_KPL_RETRIES)
TH_ENUM_SENTENCES(KplRetry, TH_KPL_RETRIES)

}  // namespace trimhorizon
