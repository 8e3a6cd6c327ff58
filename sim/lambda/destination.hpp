// Records that are given up: what becomes of them, and what a message about them says.
// ESM-DST-03, ESM-DST-06..08, ESM-BIS-10; CON-10.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/faults/assumptions.hpp"
#include "sim/faults/cause.hpp"
#include "sim/kinesis/batch.hpp"
#include "sim/lambda/mapping.hpp"

namespace trimhorizon {

// Records at the head of a shard that are given up together.
struct GivingUp {
  Batch batch;
  LossCause why = LossCause::retries;
  std::uint32_t invocations = 0;  // that really ran, of this batch object
  bool function_error = false;    // the last of them raised, timed out or crashed

  // Given up before it was ever handed over: the count that AWS shows is open (CON-10).
  bool never_invoked() const { return why != LossCause::retries && invocations == 0; }
  friend bool operator==(const GivingUp&, const GivingUp&) = default;
};

// How it ends, with or without a destination that takes the message.
struct GivenUp {
  Fate fate = Fate::dropped;
  LossCause cause = LossCause::none;
};
GivenUp after_giving_up(LossCause why, bool has_destination, bool refused);

// RetryAttemptsExhausted or RecordAgeExceeded (ESM-DST-03).
std::string_view condition_of(LossCause why);

// approximateInvokeCount, as AWS says it: 1 for a record that was never handed over (CON-10).
std::uint64_t shown_count(const Assumptions& assumptions, LossCause why, std::uint64_t invocations);

// ESM-BIS-10: parts of a split batch that are given up one behind the other, with no success in
// between, may share a message. Does this pair raise the question?
bool may_share_message(const MappingSettings& settings, const GivingUp& before,
                       const GivingUp& next);

}  // namespace trimhorizon
