// CloudWatch counters of one mapping and its function, plus ours. MET-06..09, CON-09.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/base/histogram.hpp"

namespace trimhorizon {

#define TH_COUNTERS(X)                                                              \
  X(Invocations)            /* success and function error; throttles are none */    \
  X(Errors)                 /* function errors, timeouts included */                \
  X(Throttles)              /* in neither of the two above (LAM-CON-06) */          \
  X(DroppedEventCount)      /* given up and in no destination (MET-08) */           \
  X(PolledEventCount)       /* records read from the shard for a new batch */       \
  X(FilteredOutEventCount)  /* no filters yet: none */                              \
  X(InvokedEventCount)      /* records handed over, repeats too */                  \
  X(FailedInvokeEventCount) /* records of throttled attempts and partial answers */ \
  X(OnFailureDestinationDeliveredEventCount) /* records of delivered messages */    \
  X(DestinationDeliveryFailures)                                                    \
  X(LostToRetention) /* ours: AWS has no such counter (MET-09) */                   \
  X(LatestGap)       /* ours: stored after creation, before the first read */       \
  X(Swallowed)       /* ours: processed without an effect */

enum class Counter : std::uint8_t {
#define TH_NAME(name) name,
  TH_COUNTERS(TH_NAME)
#undef TH_NAME
};
inline constexpr std::size_t counter_count = static_cast<std::size_t>(Counter::Swallowed) + 1;

std::string_view name(Counter counter);

struct MappingMetrics {
  std::array<std::uint64_t, counter_count> counters{};
  Histogram iterator_age_us;
  Histogram duration_us;

  void add(Counter counter, std::uint64_t n = 1) {
    counters[static_cast<std::size_t>(counter)] += n;
  }
  std::uint64_t value(Counter counter) const { return counters[static_cast<std::size_t>(counter)]; }
  friend bool operator==(const MappingMetrics&, const MappingMetrics&) = default;
};

}  // namespace trimhorizon
