// The module trimhorizon._core: a list of its families, without logic. A family has a file
// bind_*.cpp, a submodule, and a stub bindings/python/trimhorizon/_core/*.pyi.
#include "bindings/cpp/bindings.hpp"
#include "sim/base/version.hpp"

namespace trimhorizon::bindings {
const char* source_digest();  // made by the build: tools/cmake/SourceDigest.cmake
}

PYBIND11_MODULE(_core, module) {
  using namespace trimhorizon::bindings;
  module.doc() = "The native part of trimhorizon; use the package, not this.";
  module.attr("__edition__") = std::string(trimhorizon::edition());
  module.attr("__version__") = std::string(trimhorizon::version());
  module.attr("__build__") = std::string(trimhorizon::version()) + " (" +
                             std::string(trimhorizon::build()) + ") " + source_digest();
  const auto add = [&module](const char* family, void (*bind)(py::module_&)) {
    py::module_ submodule = module.def_submodule(family);
    bind(submodule);
  };
  bind_errors(module);
  add("table", bind_table);
  add("scenario", bind_scenario);
  add("handlers", bind_handlers);
  add("run", bind_run);
  add("picture", bind_picture);
  add("session", bind_session);
  add("explore", bind_explore);
  add("sweep", bind_sweep);
}
