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
  // Attempts of this batch object. Those at a record that is too large count too, although nothing
  // was called (ESM-POL-07).
  std::uint32_t attempts = 0;
  bool function_error = false;  // the last of them raised an exception, timed out or crashed
  InvocationNumber request;     // of the last call with this batch object; 0: there was none

  // Was it given up before any attempt? AWS does not document the count that it shows then
  // (CON-10).
  bool never_tried() const { return why != LossCause::retries && attempts == 0; }
  // How often the function really received this batch object.
  std::uint32_t invocations() const { return request.valid() ? attempts : 0; }
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

// approximateInvokeCount as AWS shows it: the attempts, and at least 1, even when there was none
// (CON-10). The switch `never_invoked_count` can make that 0.
std::uint64_t shown_count(const Assumptions& assumptions, const GivingUp& what);

// ESM-BIS-10: AWS may write one message for several parts of a split batch, when it gives them up
// one after the other. Do these two neighbours raise that question?
bool may_share_message(const MappingSettings& settings, const GivingUp& before,
                       const GivingUp& next);

}  // namespace trimhorizon
