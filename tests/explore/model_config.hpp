// Parameters of the explorer's abstract model, by the names of its description.
#pragma once

#include <cstdint>

namespace trimhorizon::testing {

struct ModelConfig {
  std::uint32_t records = 2, batch = 2, faults = 3, keys = 1;
  bool bisect = false;
  std::uint32_t retries = 255;  // 255: unlimited
  bool destination = false;
  int report = 0;  // PBR: 0 off, 1 stops at the first failure, 2 goes on past it
  bool reset = false, split0 = false, ceil = false;
  bool crash = false, dup = false, trim = false, any = false;
  std::uint32_t poison = 255;  // 255: none
};

}  // namespace trimhorizon::testing
