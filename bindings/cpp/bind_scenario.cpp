// Scenarios: reads them from a text or a file, describes them, changes them.
#include "bindings/cpp/bindings.hpp"
#include "bindings/cpp/made_run.hpp"
#include "sim/base/format.hpp"
#include "sim/format/quantity.hpp"
#include "sim/scenario/rewrite.hpp"

namespace trimhorizon::bindings {
namespace {

template <class Entry>
std::vector<std::string> names_of(const std::vector<Entry>& entries) {
  std::vector<std::string> names;
  for (const Entry& each : entries) names.push_back(each.name);
  return names;
}

template <class Member>
auto of_scenario(Member member) {
  return [member](const Source& source) { return (*source.scenario).*member; };
}

template <class Member>
auto names(Member member) {
  return [member](const Source& source) { return names_of((*source.scenario).*member); };
}

// The text of the source, with its settings applied, keys of the top level replaced, and entries
// added to lists.
std::string rewrite(const Source& source, std::vector<std::pair<std::string, std::string>> replace,
                    std::vector<std::pair<std::vector<std::string>, std::string>> append) {
  Rewrite rewrite;
  rewrite.overrides = source.overrides();
  rewrite.variant = source.variant;
  rewrite.replace = std::move(replace);
  for (auto& [path, entries] : append) {
    rewrite.append.push_back({std::move(path), std::move(entries)});
  }
  return rewrite_scenario(source.text, rewrite);
}

// Reads a duration as in a scenario file, in microseconds; nullopt when it is wrong.
std::optional<std::int64_t> duration_us(const std::string& text) {
  const std::optional<Duration> duration = reader::read_duration(text, "s").value;
  if (!duration) return std::nullopt;
  return duration->us;
}

std::vector<std::string> bytes_of_texts(const std::vector<py::str>& texts) {
  std::vector<std::string> out;
  for (const py::str& each : texts) out.push_back(bytes_of_text(each));
  return out;
}

Source read_text(const py::str& text, const py::str& file, const std::vector<py::str>& set,
                 bool from_file, const py::str& place,
                 const std::map<std::string, py::bytes>& attached) {
  const auto files = std::make_shared<AttachedFiles>();
  for (const auto& [path, content] : attached) files->emplace(path, std::string(content));
  return read_source(bytes_of_text(text), bytes_of_text(file, "surrogateescape"),
                     bytes_of_texts(set), from_file, bytes_of_text(place, "surrogateescape"),
                     files);
}

// The files beside the scenario, as they were read.
std::map<std::string, py::bytes> attached_to(const Source& source) {
  std::map<std::string, py::bytes> files;
  if (!source.scenario->attached) return files;
  for (const auto& [path, text] : *source.scenario->attached) files.emplace(path, py::bytes(text));
  return files;
}

Source load_file(const py::str& file, const std::vector<py::str>& set) {
  return load_source(bytes_of_text(file, "surrogateescape"), bytes_of_texts(set));
}

}  // namespace

std::string bytes_of_text(const py::str& text, const char* errors) {
  const auto bytes =
      py::reinterpret_steal<py::bytes>(PyUnicode_AsEncodedString(text.ptr(), "utf-8", errors));
  if (!bytes) throw py::error_already_set();
  return bytes;
}

py::str shown(const std::string& text, const char* errors) {
  const auto size = static_cast<py::ssize_t>(text.size());
  const auto made = py::reinterpret_steal<py::str>(PyUnicode_DecodeUTF8(text.data(), size, errors));
  if (!made) throw py::error_already_set();
  return made;
}

void bind_scenario(py::module_& module) {
  py::class_<Source>(module, "Source")
      .def_readonly("text", &Source::text)
      .def_property_readonly("file",
                             [](const Source& s) { return shown(s.file, "surrogateescape"); })
      .def_readonly("set", &Source::set)
      .def_readonly("variant", &Source::variant)
      .def_readonly("from_file", &Source::from_file)
      .def_property_readonly("place",
                             [](const Source& s) { return shown(s.place, "surrogateescape"); })
      .def_property_readonly("attached", attached_to)
      .def_property_readonly("title", of_scenario(&Scenario::title))
      .def_property_readonly("lesson", of_scenario(&Scenario::lesson))
      .def_property_readonly("seed", of_scenario(&Scenario::seed))
      .def_property_readonly("epoch_ms", of_scenario(&Scenario::epoch_ms))
      .def_property_readonly("decisions", of_scenario(&Scenario::decisions))
      .def_property_readonly("warnings", of_scenario(&Scenario::warnings))
      .def_property_readonly("not_modelled", of_scenario(&Scenario::not_modelled))
      .def_property_readonly("duration_us",
                             [](const Source& source) { return source.scenario->duration.us; })
      .def_property_readonly("streams", names(&Scenario::streams))
      .def_property_readonly("producers", names(&Scenario::producers))
      .def_property_readonly("functions", names(&Scenario::functions))
      .def_property_readonly("mappings", names(&Scenario::mappings))
      .def_property_readonly("destinations", names(&Scenario::destinations))
      .def_property_readonly("variants", names(&Scenario::variants))
      .def_property_readonly("mapping_streams",
                             [](const Source& source) {
                               const Scenario& scenario = *source.scenario;
                               std::vector<std::string> names;
                               for (const MappingEntry& each : scenario.mappings) {
                                 names.push_back(scenario.streams[each.stream.value].name);
                               }
                               return names;
                             })
      .def("variant_named", variant_of, py::arg("name"))
      .def(
          "function_settings",
          [](const Source& source, const std::string& name) {
            for (const FunctionEntry& each : source.scenario->functions) {
              if (each.name == name) {
                return py::make_tuple(each.settings.timeout_s, each.settings.memory_mib);
              }
            }
            throw py::key_error(name);
          },
          py::arg("name"));
  module.def("read_source", read_text, py::arg("text"), py::arg("file"), py::arg("set"),
             py::arg("from_file") = false, py::arg("place") = "",
             py::arg("attached") = std::map<std::string, py::bytes>());
  module.def("load_source", load_file, py::arg("file"), py::arg("set"));
  module.def("rewrite", rewrite, py::arg("source"), py::arg("replace"), py::arg("append"));
  module.def("schema", scenario_schema_json);
  module.def("duration_us", duration_us, py::arg("text"));
  module.def(
      "duration_text", [](std::int64_t us) { return duration_text(Duration{us}); }, py::arg("us"));
}

}  // namespace trimhorizon::bindings
