// Simulations that Python controls: step, fork, inject, look.
#include "bindings/cpp/bindings.hpp"
#include "bindings/cpp/made_run.hpp"
#include "sim/experiment/views.hpp"

namespace trimhorizon::bindings {
namespace {

// A session and the source that it was made from.
struct HeldSession {
  Source source;
  std::unique_ptr<Session> session;
};

HeldSession start(const Source& source, std::optional<std::uint64_t> seed,
                  const py::object& functions) {
  return {source, std::make_unique<Session>(source.scenario, seed, own_functions(functions))};
}

bool step(HeldSession& held) {
  const py::gil_scoped_release released;
  return held.session->step();
}

void run_until(HeldSession& held, std::int64_t us, py::object progress) {
  Watch watch(std::move(progress));
  const py::gil_scoped_release released;
  held.session->run_until(Instant{us}, watch.function());
}

void run(HeldSession& held, py::object progress) {
  Watch watch(std::move(progress));
  const py::gil_scoped_release released;
  held.session->run(watch.function());
}

HeldSession fork(const HeldSession& held, const py::object& functions) {
  return {held.source, held.session->fork(own_functions(functions))};
}

void inject(HeldSession& held, const std::string& entry) {
  const TimelineAction action =
      read_action(held.session->scenario(), held.source.overrides(), entry);
  const py::gil_scoped_release released;
  held.session->inject(action);
}

MadeRun result(const HeldSession& held, const std::string& replay) {
  Watch watch{py::none()};
  MadeRun made;
  made.replay = replay;
  made.source = held.source;
  made.handlers = held.session->handler_record();
  made.recipe = held.session->recipe();
  const py::gil_scoped_release released;
  made.run = held.session->result(watch.function());
  made.run.name = held.source.variant;
  return made;
}

RunAgain again(const HeldSession& held) {
  return {held.source.scenario, held.session->world().plan->seed, held.session->handler_record(),
          held.session->recipe()};
}

py::list shards(const HeldSession& held) {
  py::list out;
  for (const ShardView& v : view_shards(held.session->world())) {
    out.append(py::make_tuple(v.stream, v.shard, v.starting_hash_key, v.ending_hash_key,
                              v.created_us, v.stored, v.trim_horizon));
  }
  return out;
}

py::list readers(const HeldSession& held) {
  py::list out;
  for (const PollerView& v : view_pollers(held.session->world())) {
    py::list lane;
    for (const RangeView& r : v.lane) {
      lane.append(py::make_tuple(r.first, r.end, r.attempts, r.retries_used, r.records));
    }
    py::object flight = py::none();
    if (v.in_flight) {
      flight = py::make_tuple(v.in_flight->number, v.in_flight->attempt, v.in_flight->started_us,
                              v.in_flight->ends_us, v.in_flight->records);
    }
    out.append(py::make_tuple(v.mapping, v.shard, v.phase, v.incarnation, v.checkpoint, v.iterator,
                              v.pending, lane, flight));
  }
  return out;
}

py::list pending(const HeldSession& held) {
  py::list out;
  for (const PendingView& v : view_pending(held.session->world())) {
    out.append(py::make_tuple(v.at_us, v.event, v.entity, v.cause));
  }
  return out;
}

}  // namespace

void bind_session(py::module_& module) {
  py::class_<HeldSession>(module, "Session")
      .def("step", step)
      .def("run_until", run_until, py::arg("us"), py::arg("progress"))
      .def("run", run, py::arg("progress"))
      .def("fork", fork, py::arg("functions"))
      .def("inject", inject, py::arg("entry"))
      .def("result", result, py::arg("replay") = "")
      .def("again", again)
      .def_property_readonly("now_us",
                             [](const HeldSession& held) { return held.session->world().now.us; })
      .def_property_readonly("steps",
                             [](const HeldSession& held) { return held.session->world().steps; })
      .def_property_readonly(
          "seed", [](const HeldSession& held) { return held.session->world().plan->seed; })
      .def_property_readonly(
          "ended", [](const HeldSession& held) { return std::string(name(held.session->ended())); })
      .def_property_readonly("trace_digest",
                             [](const HeldSession& held) { return held.session->trace_digest(); })
      .def_property_readonly("ignored_rules",
                             [](const HeldSession& held) {
                               return functions_with_ignored_rules(held.session->scenario(),
                                                                   held.session->handler_record());
                             })
      .def_property_readonly("shards", shards)
      .def_property_readonly("pollers", readers)
      .def_property_readonly("pending", pending);
  module.def("start", start, py::arg("source"), py::arg("seed"), py::arg("functions"));
}

}  // namespace trimhorizon::bindings
