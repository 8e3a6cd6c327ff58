// Records that the mapping gives up: their fate, and the content of the message about them.
// ESM-DST-03, ESM-DST-06..08, ESM-BIS-10; CON-10.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/faults/assumptions.hpp"
#include "sim/faults/cause.hpp"
#include "sim/kinesis/batch.hpp"
#include "sim/lambda/mapping.hpp"

namespace trimhorizon {

// Records at the head of a shard that the mapping gives up together.
struct GivingUp {
  Batch batch;
  LossCause why = LossCause::retries;
  std::uint32_t invocations = 0;  // invocations of this batch object that really ran
  bool function_error = false;    // the last of them raised an exception, timed out or crashed

  // Was it given up before the function ever received it? AWS does not document the count that it
  // shows then (CON-10).
  bool never_invoked() const { return why != LossCause::retries && invocations == 0; }
  friend bool operator==(const GivingUp&, const GivingUp&) = default;
};

// The result: what happened to the records, and why they are lost if they are.
struct GivenUp {
  Fate fate = Fate::dropped;
  LossCause cause = LossCause::none;
};
// `refused`: the destination did not take the message. It matters only with a destination.
GivenUp after_giving_up(LossCause why, bool has_destination, bool refused);

// The `condition` of the message: "RetryAttemptsExhausted" or "RecordAgeExceeded" (ESM-DST-03).
std::string_view condition_of(LossCause why);

// approximateInvokeCount as AWS shows it: at least 1, even when the function never received the
// record (CON-10). The switch `never_invoked_count` can make that 0.
std::uint64_t shown_count(const Assumptions& assumptions, LossCause why, std::uint64_t invocations);

// ESM-BIS-10: AWS may write one message for several parts of a split batch, when it gives them up
// one after the other. Do these two neighbours raise that question?
bool may_share_message(const MappingSettings& settings, const GivingUp& before,
                       const GivingUp& next);

}  // namespace trimhorizon
