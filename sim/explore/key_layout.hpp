// What of a world can matter at all under a plan and a set of sites; made once for a search.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/faults/site.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

struct KeyLayout {
  // `own_functions`: some are the user's, which are asked anew at each attempt told apart.
  KeyLayout(const Plan& plan, SiteSet open, bool own_functions = false);

  // Ages: a finite MaximumRecordAge, AT_TIMESTAMP or retention looks at arrivals.
  bool ages = false;
  Duration oldest_age{0};      // ages saturate here
  bool windows = false;        // a batching window looks at the end of the last invocation
  std::uint32_t attempts = 0;  // `fail: attempts`, or a memo, looks at the attempt, up to here
  // `from`, `until` and AT_TIMESTAMP look at the clock, up to the last of them.
  bool absolute_time = false;
  Instant last_boundary{0};
  bool environments = false;  // cold starts or reserved concurrency look at environments
  bool latest = false;        // LATEST may be resolved again
  // When LATEST mappings are created: earlier records are not promised. Ascending.
  std::vector<Instant> creations;
  // Answers that name real sequence numbers: positions and arrivals as they are.
  bool literal_positions = false;
  // May anything else be pending, or look at the clock, while a lane waits? Else a back-off step
  // says nothing.
  bool waits_matter = false;
  std::uint32_t retry_steps = 0;  // back-off steps from here on wait alike
  std::uint32_t throttle_steps = 0;

 private:
  void look_at_mappings(const Plan& plan);
  void look_at_functions(const Plan& plan);
  void look_at_creations(const Plan& plan);
  void look_at_clock(const Plan& plan);
};

}  // namespace trimhorizon
