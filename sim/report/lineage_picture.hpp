// The lineage of a stream's shards in characters: time to the right, one row for each part of the
// hash keys, so that the children of a split stand below one another and a merge joins neighbours.
// KDS-RSH-01, KDS-RSH-06.
#pragma once

#include <string>
#include <vector>

#include "sim/history/result.hpp"
#include "sim/report/layout.hpp"

namespace trimhorizon {

// Lines of at most `page_width` columns, indented by four: at most 12 rows between a line of cut
// times and what the picture leaves out. Of many cuts the last ones are drawn; if even the last is
// too much, one line sums all up. Empty when there is nothing to draw. REQUIRES: `lives` is by
// number, and a parent stands before its children.
std::vector<std::string> draw_lineage(const std::vector<ShardLife>& lives, const Painter& paint);

}  // namespace trimhorizon
