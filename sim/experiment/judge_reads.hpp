// Judges `expect: {reads: …}`: the answers of `get_records` of the timeline. KDS-ITR-01..16.
#pragma once

#include "sim/experiment/judging.hpp"

namespace trimhorizon {

void judge_read(JudgedExpectation& out, const Expectation& expected, const Result& result);

}  // namespace trimhorizon
