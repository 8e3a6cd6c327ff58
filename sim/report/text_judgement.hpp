// The sections of the text report that judge: expectations, invariants, assumptions.
#pragma once

#include "sim/report/page.hpp"
#include "sim/report/report.hpp"

namespace trimhorizon {

void add_expectations(Page& page, const Judgement& judgement);
// Only the expectations and invariants that do not hold; for variants.
void add_failures(Page& page, const ReportRun& run);
void add_invariants(Page& page, const Result& result);
void add_assumptions(Page& page, const ReportRun& run);

}  // namespace trimhorizon
