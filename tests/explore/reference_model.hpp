// A second implementation of the explorer's abstract model, written from its description alone and
// sharing nothing with sim/: explicit states in a set, no clock, no keys, no layers. Slow, simple.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/explore/model_config.hpp"

namespace trimhorizon::testing {

struct ReferenceResult {
  // "stored:effects:destination bits:lost bits" -> the fewest faults
  std::map<std::string, std::uint32_t> outcomes;
  // property -> the fewest faults that break it
  std::map<std::string, std::uint32_t> violations;
  std::uint64_t states = 0;
};

ReferenceResult run_reference_model(const ModelConfig& config);

// One line, to repeat a failing case.
std::string describe(const ModelConfig& config);

}  // namespace trimhorizon::testing
