// Reads `get_records` of the timeline, and `expect: {reads: …}` about its answers. KDS-ITR-01..16.
#pragma once

#include "sim/format/format.hpp"

namespace trimhorizon::reader {

Key timeline_get_records();
Key expected_reads();

}  // namespace trimhorizon::reader
