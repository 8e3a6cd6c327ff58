// The report for people, in 80 columns, for a reader who has read nothing else. First the verdict,
// then what happened, what was processed, what came twice or never and why, then what was expected.
// The last line is the command that repeats the run.
#pragma once

#include <string>

#include "sim/report/report.hpp"

namespace trimhorizon {

struct TextOptions {
  bool colour = false;
};

std::string report_text(const Report& report, const TextOptions& options = {});

}  // namespace trimhorizon
