// The timeline of a scenario in words: what operators and the world do, and when.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/report/page.hpp"
#include "sim/report/picture.hpp"
#include "sim/report/report.hpp"

namespace trimhorizon {

// One thing that the scenario makes happen.
struct TimelineMark {
  Instant from;
  std::optional<Instant> until;  // excluded; nullopt: it lasts to the end
  bool at_once = false;          // it happens at `from` and does not last
  std::string words;             // "outage of billing"
  char letter = 0;               // A, B, …; 0: there are more than letters
  bool is_read = false;          // `get_records`: its answer stands only here
};

// The entries of `timeline:`, and the entries of `fail:` with times; by time. Calls of the API with
// what AWS answered, and reads with their answers, if the result has them.
std::vector<TimelineMark> timeline_of(const Scenario& scenario, const Result& result);

// "SplitShard of orders: shard 0 at its middle", with the parameters as they were written.
std::string call_words(const ApiCall& call, std::string_view stream);

// "outage of billing", "dlq takes no message". Names as they are in the scenario.
std::string action_words(ActionKind kind, std::string_view target, bool enabled = true);

// The section of the text report; nothing when nothing happens.
void add_timeline(Page& page, const std::vector<TimelineMark>& marks, Instant end);
// Where the picture shows them. `end`: of the run.
std::vector<PictureMark> picture_marks(const std::vector<TimelineMark>& marks, Instant end);

}  // namespace trimhorizon
