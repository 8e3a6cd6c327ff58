// The module trimhorizon._core: a list of what it holds. No logic here.
#include <pybind11/pybind11.h>

#include <string>

#include "sim/base/version.hpp"

PYBIND11_MODULE(_core, module) {
  module.doc() = "Trimhorizon: a deterministic simulator of Amazon Kinesis and AWS Lambda";
  module.attr("__version__") = std::string(trimhorizon::version());
  module.attr("__build__") = std::string(trimhorizon::build());
}
