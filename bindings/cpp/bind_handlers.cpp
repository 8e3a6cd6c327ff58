// A user's own function: its question, its answer, and how the core calls it.
#include <memory>

#include "bindings/cpp/bindings.hpp"
#include "sim/world/aws_event.hpp"

namespace trimhorizon::bindings {
namespace {

// A HandlerCall that Python may keep: it does not refer to a World.
struct Call {
  std::string event_json;
  std::uint64_t number = 0;
  std::uint64_t chance = 0;
  std::string request_id;
  std::int64_t starts_us = 0;
  std::int64_t epoch_ms = 0;
  std::int64_t timeout_us = 0;
  std::uint32_t environment = 0;
  bool cold = false;
  bool alone = false;
};

Call call_for_python(const HandlerCall& call) {
  return {invocation_event_json(call.world, call.records),
          call.number.value,
          call.chance,
          request_id(*call.world.plan, call.request),
          call.starts.us,
          call.world.plan->epoch_ms,
          call.timeout.us,
          call.environment,
          call.cold,
          call.alone};
}

HandlerAnswer make_answer(InvocationEnd end, std::string response, std::int64_t slept_us,
                          std::optional<std::vector<std::uint32_t>> effects) {
  HandlerAnswer answer{end, std::move(response), microseconds(slept_us), effects.has_value(), {}};
  if (effects) answer.effects = std::move(*effects);
  return answer;
}

std::optional<std::vector<std::uint32_t>> effects_of(const HandlerAnswer& answer) {
  if (!answer.reports_effects) return std::nullopt;
  return answer.effects;
}

HandlerAnswer ask(const py::object& function, const HandlerCall& call) {
  const py::gil_scoped_acquire gil;
  return function(call_for_python(call)).cast<HandlerAnswer>();
}

// A Python object that is always released under the GIL, on whatever thread.
std::shared_ptr<py::object> held(py::object object) {
  return std::shared_ptr<py::object>(new py::object(std::move(object)), [](py::object* each) {
    const py::gil_scoped_acquire gil;
    delete each;
  });
}

}  // namespace

std::vector<OwnFunction> own_functions(const py::object& pairs) {
  std::vector<OwnFunction> functions;
  for (const py::handle pair : pairs) {
    const auto named = pair.cast<std::pair<std::string, py::object>>();
    const std::shared_ptr<py::object> function = held(named.second);
    functions.push_back(
        {named.first, [function](const HandlerCall& call) { return ask(*function, call); }});
  }
  return functions;
}

void bind_handlers(py::module_& module) {
  module.attr("RESPONSE_BYTES_MAX") = response_bytes_max;
  py::enum_<InvocationEnd>(module, "End")
      .value("returned", InvocationEnd::returned)
      .value("error", InvocationEnd::error)
      .value("timeout", InvocationEnd::timeout)
      .value("crash", InvocationEnd::crash);
  py::class_<Call>(module, "Call")
      .def_readonly("event_json", &Call::event_json)
      .def_readonly("number", &Call::number)
      .def_readonly("chance", &Call::chance)
      .def_readonly("request_id", &Call::request_id)
      .def_readonly("starts_us", &Call::starts_us)
      .def_readonly("epoch_ms", &Call::epoch_ms)
      .def_readonly("timeout_us", &Call::timeout_us)
      .def_readonly("environment", &Call::environment)
      .def_readonly("cold", &Call::cold)
      .def_readonly("alone", &Call::alone);
  py::class_<HandlerAnswer>(module, "Answer")
      .def(py::init(&make_answer), py::arg("end"), py::arg("response") = "",
           py::arg("slept_us") = 0, py::arg("effects") = py::none())
      .def_readonly("end", &HandlerAnswer::end)
      .def_readonly("response", &HandlerAnswer::response)
      .def_property_readonly("slept_us", [](const HandlerAnswer& each) { return each.slept.us; })
      .def_property_readonly("effects", effects_of);
}

}  // namespace trimhorizon::bindings
