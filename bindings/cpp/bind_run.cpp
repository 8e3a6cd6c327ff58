// Whole runs and their results.
#include <memory>

#include "bindings/cpp/bindings.hpp"
#include "bindings/cpp/made_run.hpp"
#include "sim/report/stream_tables.hpp"
#include "sim/report/table.hpp"

namespace trimhorizon::bindings {
namespace {

using SharedTable = std::shared_ptr<const Table>;

MadeRun make_run(const Source& source, std::optional<std::uint64_t> seed,
                 const py::object& functions, py::object progress, const std::string& replay) {
  MadeRun made;
  made.source = source;
  made.replay = replay;
  RecordedHandlers handlers;
  place_functions(*source.scenario, own_functions(functions), handlers);
  Watch watch(std::move(progress));
  RunOptions options;
  options.seed = seed;
  options.progress = watch.function();
  options.handlers = &handlers;
  {
    const py::gil_scoped_release released;
    made.run = run_scenario(source.scenario, options);
  }
  made.run.name = source.variant;
  made.handlers = handlers.record();
  return made;
}

SharedTable destination_named(const MadeRun& made, const std::string& name) {
  for (const DestinationResult& each : made.run.result.destinations) {
    if (each.name == name) return destination_table(each);
  }
  throw py::key_error(name);
}

// Calls `f` without the GIL, with what lets Ctrl-C stop it.
template <class F>
auto unlocked(F f) {
  Watch watch{py::none()};
  const py::gil_scoped_release released;
  return f(watch.function());
}

// A function for Python that makes a table of a run.
auto table(SharedTable (*make)(const MadeRun&, Pause)) {
  return [make](const MadeRun& made) {
    return unlocked(
        [&](const Pause& pause) { return std::const_pointer_cast<Table>(make(made, pause)); });
  };
}

py::tuple history(const MadeRun& made, const std::string& mapping, const std::string& shard) {
  const ShardHistory found =
      unlocked([&](const Pause& pause) { return history_of(made, mapping, shard, pause); });
  const auto table = [](const SharedTable& each) { return std::const_pointer_cast<Table>(each); };
  return py::make_tuple(found.shard(), found.shards(), table(found.records()), table(found.bars()),
                        table(found.effects()));
}

py::str json(const MadeRun& made, const std::vector<const MadeRun*>& variants, bool rows,
             bool ranges) {
  return shown(
      unlocked([&](const Pause& pause) { return json_of(made, variants, rows, ranges, pause); }));
}

py::str text(const MadeRun& made, const std::vector<const MadeRun*>& variants) {
  return shown(unlocked([&](const Pause& pause) { return text_of(made, variants, pause); }));
}

py::bytes to_bytes_of(const MadeRun& made, bool tables) {
  return unlocked([&](const Pause& pause) { return bytes_of(made, tables, pause); });
}

py::object explain(const MadeRun& made, const std::string& record, const std::string& replay) {
  const auto story =
      unlocked([&](const Pause& pause) { return story_of(made, record, replay, pause); });
  return story ? py::object(shown(*story)) : py::none();
}

py::object difference(const RunAgain& a, const RunAgain& b) {
  std::optional<FirstDifference> found;
  {
    const py::gil_scoped_release released;
    found = first_difference(a, b);
  }
  if (!found) return py::none();
  return py::make_tuple(found->event, found->a, found->b);
}

}  // namespace

void bind_run(py::module_& module) {
  py::class_<RunAgain>(module, "RunAgain")
      .def("trace_digest", digest_of, py::call_guard<py::gil_scoped_release>());
  py::class_<MadeRun>(module, "Run")
      .def_property_readonly("seed", [](const MadeRun& made) { return made.run.result.seed; })
      .def_property_readonly(
          "ended", [](const MadeRun& made) { return std::string(name(made.run.result.ended)); })
      .def_readonly("replay", &MadeRun::replay)
      .def_property_readonly("source", [](const MadeRun& made) { return made.source; })
      .def_property_readonly("simulated_us",
                             [](const MadeRun& made) { return made.run.result.simulated.us; })
      .def_property_readonly(
          "verdict",
          [](const MadeRun& made) { return std::string(name(made.run.judgement.verdict)); })
      .def_property_readonly("ignored_rules",
                             [](const MadeRun& made) {
                               return functions_with_ignored_rules(*made.source.scenario,
                                                                   made.handlers);
                             })
      .def("records", table(records_of))
      .def("invocations", table(invocations_of))
      .def("deliveries", table(deliveries_of))
      .def("positions", table(positions_of))
      .def("history", history, py::arg("mapping"), py::arg("shard"))
      .def("metrics",
           [](const MadeRun& made) {
             return std::const_pointer_cast<Table>(metrics_table(made.run.result));
           })
      .def("stream_metrics",
           [](const MadeRun& made) {
             return std::const_pointer_cast<Table>(stream_metrics_table(made.run.result));
           })
      .def("shards",
           [](const MadeRun& made) {
             return std::const_pointer_cast<Table>(shards_table(made.run.result));
           })
      .def("api_calls",
           [](const MadeRun& made) {
             return std::const_pointer_cast<Table>(api_calls_table(made.run.result));
           })
      .def(
          "destination",
          [](const MadeRun& made, const std::string& name) {
            return std::const_pointer_cast<Table>(destination_named(made, name));
          },
          py::arg("name"))
      .def("json", json, py::arg("variants"), py::arg("rows"), py::arg("ranges") = true)
      .def("text", text, py::arg("variants"))
      .def("explain", explain, py::arg("record"), py::arg("replay") = "")
      .def("again", &MadeRun::again)
      .def("to_bytes", to_bytes_of, py::arg("tables"));
  module.def("run", make_run, py::arg("source"), py::arg("seed"), py::arg("functions"),
             py::arg("progress"), py::arg("replay") = "");
  module.def(
      "run_from_bytes",
      [](const Source& source, const py::bytes& bytes, const std::string& replay) {
        return run_from_bytes(source, std::string(bytes), replay);
      },
      py::arg("source"), py::arg("bytes"), py::arg("replay") = "");
  module.def("first_difference", difference, py::arg("a"), py::arg("b"));
}

}  // namespace trimhorizon::bindings
