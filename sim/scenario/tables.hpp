// The table of the scenario format. Each part of the table is in the file that also has the special
// readers for its keys.
#pragma once

#include <string_view>

#include "sim/format/format.hpp"

namespace trimhorizon::reader {

const Format& scenario_format();

const Block& scenario_block();     // head.cpp
const Block& stream_block();       // streams.cpp
const Block& destination_block();  // streams.cpp
const Block& stream_consumer_block();
const Block& autoscaler_block();
const Block& producer_block();
const Block& kpl_block();  // of a producer
const Block& function_block();
const Block& lognormal_block();  // functions.cpp
const Block& mapping_block();
const Block& timeline_block();
const Block& assumptions_block();
const Block& explore_block();  // assumptions.cpp
const Block& expect_block();
const Block& variant_block();  // variants.cpp

// The pattern for names of streams, functions and destinations.
inline constexpr std::string_view aws_name_pattern = "^[A-Za-z0-9_.-]*$";

}  // namespace trimhorizon::reader
