// The names that scenario, judge and result share: invariants, situations, fates, causes.
#pragma once

#include <string_view>
#include <vector>

namespace trimhorizon {

const std::vector<std::string_view>& invariant_names();   // of `always:`
const std::vector<std::string_view>& known_situations();  // of `sometimes:`
const std::vector<std::string_view>& known_fates();
const std::vector<std::string_view>& known_loss_causes();       // of `lost_by_cause:`
const std::vector<std::string_view>& known_duplicate_causes();  // of `duplicates_by_cause:`
// Invariants and the properties of the explorer's reference model.
const std::vector<std::string_view>& explorer_property_names();
// Of a message to a destination (ESM-DST-03).
const std::vector<std::string_view>& condition_names();

}  // namespace trimhorizon
