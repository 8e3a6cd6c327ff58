// Any bytes: the reader gives a scenario or says what is wrong with them, nothing else.
#include <cstdint>
#include <string_view>

#include "sim/base/diagnostic.hpp"
#include "sim/scenario/yaml_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    trimhorizon::read_scenario(text, "fuzz.yaml");
  } catch (const trimhorizon::ScenarioError&) {
  }
  return 0;
}
