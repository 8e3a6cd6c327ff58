// The sections of the text report about records: fates in each mapping, pictures, destinations.
#pragma once

#include <string>

#include "sim/report/page.hpp"
#include "sim/report/picture.hpp"
#include "sim/report/report.hpp"

namespace trimhorizon {

// Two or three sentences: what was put, what the mappings did with it, how it ended.
std::string story_of(const ReportRun& run);

void add_mapping(Page& page, const Result& result, const ConsumerResult& mapping);
void add_pictures(Page& page, const Result& result, const std::vector<PictureMark>& marks);
void add_destinations(Page& page, const ReportRun& run);

}  // namespace trimhorizon
