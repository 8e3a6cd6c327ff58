// The data that trimhorizon.plot draws, beside the tables of bind_run.cpp.
#include "bindings/cpp/bindings.hpp"
#include "bindings/cpp/made_run.hpp"
#include "sim/report/picture_table.hpp"

namespace trimhorizon::bindings {
namespace {

std::shared_ptr<Table> disturbances(const MadeRun& made) {
  return std::const_pointer_cast<Table>(disturbances_table(*made.source.scenario, made.recipe));
}

// How long the stream of a mapping keeps its records, in microseconds.
std::int64_t retention_us(const Source& source, const std::string& mapping) {
  for (const MappingEntry& each : source.scenario->mappings) {
    if (each.name == mapping) {
      return source.scenario->streams[each.stream.value].settings.retention().us;
    }
  }
  throw py::key_error(mapping);
}

// Does CloudWatch take the age of a batch when its invocation ends, and not when it is sent?
// (CON-09)
bool ages_at_finish(const Source& source) {
  return source.scenario->assumptions.iterator_age == assume::iterator_age::at_finish;
}

}  // namespace

void bind_picture(py::module_& module) {
  module.def("disturbances", disturbances, py::arg("run"));
  module.def("retention_us", retention_us, py::arg("source"), py::arg("mapping"));
  module.def("ages_at_finish", ages_at_finish, py::arg("source"));
}

}  // namespace trimhorizon::bindings
