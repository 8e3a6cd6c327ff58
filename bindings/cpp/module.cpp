// The module trimhorizon._core: a list of what it holds. No logic here.
#include "bindings/cpp/bindings.hpp"
#include "sim/base/version.hpp"

namespace trimhorizon::bindings {
const char* source_digest();  // made by the build: tools/cmake/SourceDigest.cmake
}

PYBIND11_MODULE(_core, module) {
  using namespace trimhorizon::bindings;
  module.doc() = "The native part of trimhorizon; use the package, not this.";
  module.attr("__version__") = std::string(trimhorizon::version());
  module.attr("__build__") = std::string(trimhorizon::version()) + " (" +
                             std::string(trimhorizon::build()) + ") " + source_digest();
  bind_errors(module);
  bind_table(module);
  bind_scenario(module);
  bind_run(module);
  bind_picture(module);
  bind_session(module);
  bind_explore(module);
  bind_sweep(module);
}
