// The report made to be looked at: 80 columns, for a reader who has read nothing else. First the
// verdict, then what happened, who was processed, what came twice and what never and why, then
// what was expected; the last line repeats the run.
#pragma once

#include <string>

#include "sim/report/report.hpp"

namespace trimhorizon {

struct TextOptions {
  bool colour = false;
};

std::string report_text(const Report& report, const TextOptions& options = {});

}  // namespace trimhorizon
