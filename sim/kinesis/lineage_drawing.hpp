// The lineage of a stream's shards as a drawing: DOT for Graphviz, or an SVG. KDS-RSH-01,
// KDS-RSH-05, KDS-RSH-15.
//
// Always:
//  1. The same stream at the same instant gives the same text, byte for byte.
//  2. The boxes of the SVG fill the picture and do not overlap: to the right one generation after
//     the other, downwards the hash keys. Where a parent ends, its children begin.
#pragma once

#include <string>
#include <string_view>

#include "sim/kinesis/listing.hpp"

namespace trimhorizon {

// `name` is that of the stream. Both draw all shards that the stream ever had, expired ones too.
std::string lineage_dot(const StreamAt& at, std::string_view name);
std::string lineage_svg(const StreamAt& at, std::string_view name);

// The share of all hash keys: "33.3 %"; "100 %"; "< 0.1 %".
std::string hash_share_text(const HashKeyRange& range);

}  // namespace trimhorizon
