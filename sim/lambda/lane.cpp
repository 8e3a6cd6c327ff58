#include "sim/lambda/lane.hpp"

#include "sim/base/rule.hpp"

namespace trimhorizon {

void trim_ranges(Lane& lane, Position end) {
  while (!lane.ranges.empty() && lane.ranges.back().batch.span.end <= end) {
    lane.ranges.pop_back();
    // ESM-RTY-12: what follows is another batch object, so its back-off starts from the beginning.
    lane.retry_step = TH_RULE(a_new_batch_waits_anew, 0u, lane.retry_step);
  }
  if (lane.ranges.empty()) return;
  // ESM-RTY-12: a waiting batch that loses records is still the same batch object. It keeps its
  // counter and its back-off, so expiry does not give it more retries.
  Range& range = lane.ranges.back();
  range.batch = range.batch.from(end);
  range.retries_used = TH_RULE(a_trimmed_batch_keeps_its_counter, range.retries_used, 0u);
}

}  // namespace trimhorizon
