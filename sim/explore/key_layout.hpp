// Which parts of a world can matter under a plan and a set of sites. A key contains only these, so
// that more states are merged. Made once for a search.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/faults/site.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

struct KeyLayout {
  // `own_functions`: some are the user's; they are called again for each attempt that they can tell
  // apart.
  KeyLayout(const Plan& plan, SiteSet open, bool own_functions = false);

  // Do ages matter? A finite MaximumRecordAge, AT_TIMESTAMP or retention depends on arrivals.
  bool ages = false;
  Duration oldest_age{0};      // older records are treated as this old
  bool windows = false;        // a batching window depends on when it began
  std::uint32_t attempts = 0;  // attempts matter up to this one: `fail: attempts`, or own functions
  // Does the clock matter? `from`, `until` and AT_TIMESTAMP depend on it, up to the last of them.
  bool absolute_time = false;
  Instant last_boundary{0};
  // Counts of deliveries matter up to this one; 0: no entry of `fail:` has `deliveries`.
  std::uint32_t deliveries = 0;
  bool split_ages = false;    // does the age of a record count from a split? (ESM-BIS-11)
  bool walks = false;         // can a number be trimmed, so that it matters who needs an iterator?
  bool tops_up = false;       // is the rest after progress filled with the next records?
  bool environments = false;  // do idle environments matter? For cold starts only
  bool latest = false;        // may LATEST be resolved again?
  // When LATEST mappings are created: they promise nothing about earlier records. Ascending.
  std::vector<Instant> creations;
  // A function names real sequence numbers: then positions and arrivals are kept as they are.
  bool literal_positions = false;
  // Can anything else happen, or depend on the clock, while a lane waits? If not, the length of the
  // wait makes no difference.
  bool waits_matter = false;
  bool streams_change = false;  // do streams get other shards or settings? (Plan::changes_streams)
  bool quotas = false;          // are there more calls than the control plane takes in a day?
  bool refused_reads = false;   // may reads be refused, so that the waits after it grow?
  std::uint32_t retry_steps = 0;  // from this step on all waits are equally long
  std::uint32_t throttle_steps = 0;

 private:
  void look_at_mappings(const Plan& plan);
  void look_at_functions(const Plan& plan);
  void look_at_creations(const Plan& plan);
  void look_at_clock(const Plan& plan);
};

}  // namespace trimhorizon
