// The fate strip in characters: one column per stored copy of a record, with its fate as a letter,
// and below it how often its work was done. Only for runs of few records.
#pragma once

#include <string>
#include <vector>

#include "sim/history/result.hpp"
#include "sim/report/layout.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

inline constexpr std::size_t strip_records_max = 50;

// Are there so few records that the report shows the fate of each? It needs their rows then.
bool shows_each_record(const Scenario& scenario);
// Empty when there are no rows, or too many.
std::vector<std::string> draw_strip(const std::vector<RecordRow>& rows, const std::string& mapping,
                                    const Painter& paint);

}  // namespace trimhorizon
