// Sweeps: plans them, runs all or a part, joins the parts, prints them.
#include <algorithm>

#include "bindings/cpp/bindings.hpp"
#include "bindings/cpp/made_run.hpp"
#include "sim/experiment/sweep.hpp"
#include "sim/report/sweep_json.hpp"
#include "sim/report/sweep_table.hpp"
#include "sim/report/sweep_text.hpp"
#include "sim/run/result_archive.hpp"

namespace trimhorizon::bindings {
namespace {

struct Rows {
  std::vector<SweepRun> runs;
};

using Axes = std::vector<std::pair<std::string, std::vector<std::string>>>;
// For each point: its "PATH=VALUE" settings, and (task, seed) of its runs.
using Points = std::vector<
    std::pair<std::vector<std::string>, std::vector<std::pair<std::uint64_t, std::uint64_t>>>>;

SweepBase base_of(const Source& source) {
  return {source.scenario->source_text, source.file, source.set, source.variant,
          source.scenario->attached};
}

SweepPlan plan(const Source& source, const Axes& axes, std::vector<std::uint64_t> seeds,
               std::vector<std::string> handlers, std::uint32_t threads, py::object progress) {
  std::vector<SweepAxis> wanted;
  for (const auto& [path, values] : axes) wanted.push_back({path, values});
  Watch watch(std::move(progress));
  const py::gil_scoped_release released;
  SweepPlan planned =
      plan_sweep(base_of(source), std::move(wanted), std::move(seeds), {threads, watch.function()});
  planned.head.handlers = std::move(handlers);
  return planned;
}

py::tuple rows_and_failures(SweepPart part) {
  py::list failures;
  for (const SweepFailure& each : part.failures) {
    failures.append(py::make_tuple(each.task, each.error));
  }
  return py::make_tuple(Rows{std::move(part.runs)}, failures);
}

py::tuple run_planned(const SweepPlan& planned, const std::vector<std::uint64_t>& numbers,
                      std::uint32_t threads, py::object progress) {
  std::vector<SweepTask> tasks;
  for (const std::uint64_t task : numbers) {
    if (task >= planned.head.tasks()) throw py::index_error("no such task");
    tasks.push_back({task, planned.head.point_of(task), planned.head.seed_of(task)});
  }
  Watch watch(std::move(progress));
  SweepPart part;
  {
    const py::gil_scoped_release released;
    part = run_tasks(planned.scenarios, planned.head.mappings, tasks, {threads, watch.function()});
  }
  return rows_and_failures(std::move(part));
}

// The work of a worker process, which knows only its own points.
py::tuple run_points(const std::string& text, const std::string& file,
                     const std::vector<std::string>& set, const std::string& variant,
                     const std::vector<std::string>& mappings, const Points& points,
                     py::object progress, const std::map<std::string, std::string>& attached) {
  const auto files = std::make_shared<AttachedFiles>(attached.begin(), attached.end());
  Watch watch(std::move(progress));
  SweepPart part;
  {
    const py::gil_scoped_release released;
    std::vector<std::shared_ptr<const Scenario>> scenarios;
    std::vector<SweepTask> tasks;
    for (const auto& [settings, runs] : points) {
      scenarios.push_back(read_point({text, file, set, variant, files}, settings));
      for (const auto& [task, seed] : runs) tasks.push_back({task, scenarios.size() - 1, seed});
    }
    part = run_tasks(scenarios, mappings, tasks, {1, watch.function()});
  }
  return rows_and_failures(std::move(part));
}

Rows row_of_run(std::uint64_t task, const std::vector<std::string>& mappings, const MadeRun& made) {
  return {{sweep_run(task, mappings, made.run.result, made.run.judgement)}};
}

// Rows travel between processes as pickles: one (task, verdict, drained, values, broken) for each
// run.
using PackedRun = std::tuple<std::uint64_t, int, bool, std::vector<std::optional<std::int64_t>>,
                             std::vector<std::string>>;

std::vector<PackedRun> packed(const Rows& rows) {
  std::vector<PackedRun> out;
  for (const auto& [task, verdict, drained, values, broken] : rows.runs) {
    out.emplace_back(task, static_cast<int>(verdict), drained, values, broken);
  }
  return out;
}

Rows unpacked(const std::vector<PackedRun>& runs) {
  Rows rows;
  for (const auto& [task, verdict, drained, values, broken] : runs) {
    if (verdict < 0 || verdict >= static_cast<int>(count_of<Verdict>)) {
      throw ArchiveError("a run has no verdict");
    }
    rows.runs.push_back({task, static_cast<Verdict>(verdict), drained, values, broken});
  }
  return rows;
}

// Joins all parts. Each task is there once, in whatever order the parts came.
Sweep put_together(const SweepPlan& planned, const std::vector<const Rows*>& parts) {
  Sweep sweep{planned.head, {}};
  const std::size_t columns = sweep_columns(sweep.head.mappings).size();
  for (const Rows* part : parts) {
    sweep.runs.insert(sweep.runs.end(), part->runs.begin(), part->runs.end());
  }
  std::sort(sweep.runs.begin(), sweep.runs.end(),
            [](const SweepRun& a, const SweepRun& b) { return a.task < b.task; });
  for (std::size_t i = 0; i < sweep.runs.size(); ++i) {
    const SweepRun& run = sweep.runs[i];
    const bool twice = i > 0 && sweep.runs[i - 1].task == run.task;
    if (run.values.size() != columns || run.task >= sweep.head.tasks() || twice) {
      throw ArchiveError("a worker returned rows of another sweep");
    }
  }
  return sweep;
}

Sweep sweep_from_json(const std::string& text) {
  auto read = read_sweep(text);
  if (const std::string* wrong = std::get_if<std::string>(&read)) {
    throw ArchiveError("not a sweep of trimhorizon: " + *wrong);
  }
  return std::get<Sweep>(std::move(read));
}

std::shared_ptr<Table> summary(const Sweep& sweep, const std::vector<std::string>& columns) {
  return std::const_pointer_cast<Table>(summary_table(sweep, columns_shown(sweep, columns)));
}

std::vector<std::string> columns_named(const Sweep& sweep, const std::string& name) {
  const std::vector<SweepColumn> columns = sweep_columns(sweep.head.mappings);
  std::vector<std::string> names;
  for (const std::size_t c : columns_shown(sweep, {name})) names.push_back(columns[c].name);
  return names;
}

void translate_sweep_error(std::exception_ptr pointer) {
  try {
    if (pointer) std::rethrow_exception(pointer);
  } catch (const NoSuchColumn& error) {
    PyErr_SetString(PyExc_KeyError, (std::string(error.what()) + ": " + error.hint()).c_str());
  }
}

void bind_plan(py::module_& module) {
  py::class_<Rows>(module, "SweepRows")
      .def("__len__", [](const Rows& rows) { return rows.runs.size(); })
      .def(py::pickle([](const Rows& rows) { return packed(rows); },
                      [](const std::vector<PackedRun>& runs) { return unpacked(runs); }));
  py::class_<SweepPlan>(module, "SweepPlan")
      .def_property_readonly("tasks", [](const SweepPlan& p) { return p.head.tasks(); })
      .def_property_readonly("mappings", [](const SweepPlan& p) { return p.head.mappings; })
      .def(
          "settings",
          [](const SweepPlan& p, std::uint64_t point) {
            if (point >= p.head.points()) throw py::index_error("no such point");
            return p.head.settings_at(point);
          },
          py::arg("point"))
      .def(
          "point_of", [](const SweepPlan& p, std::uint64_t task) { return p.head.point_of(task); },
          py::arg("task"))
      .def(
          "seed_of", [](const SweepPlan& p, std::uint64_t task) { return p.head.seed_of(task); },
          py::arg("task"))
      .def(
          "line", [](const SweepPlan& p, std::uint64_t task) { return run_line(p.head, task); },
          py::arg("task"))
      .def("run", run_planned, py::arg("tasks"), py::arg("threads"), py::arg("progress"))
      .def("sweep", put_together, py::arg("parts"));
  module.def("plan_sweep", plan, py::arg("source"), py::arg("axes"), py::arg("seeds"),
             py::arg("handlers"), py::arg("threads"), py::arg("progress"));
  module.def("run_points", run_points, py::arg("text"), py::arg("file"), py::arg("set"),
             py::arg("variant"), py::arg("mappings"), py::arg("points"), py::arg("progress"),
             py::arg("attached") = std::map<std::string, std::string>());
  module.def("sweep_row", row_of_run, py::arg("task"), py::arg("mappings"), py::arg("run"));
}

}  // namespace

void bind_sweep(py::module_& module) {
  module.attr("RUNS_MAX") = sweep_runs_max;
  py::register_exception_translator(translate_sweep_error);
  bind_plan(module);
  py::class_<Sweep>(module, "Sweep")
      .def_property_readonly("verdict",
                             [](const Sweep& s) { return std::string(name(s.verdict())); })
      .def_property_readonly("missing", [](const Sweep& s) { return s.missing(); })
      .def_property_readonly("points", [](const Sweep& s) { return s.head.points(); })
      .def_property_readonly("seeds", [](const Sweep& s) { return s.head.seeds; })
      .def_property_readonly("title", [](const Sweep& s) { return s.head.title; })
      .def_property_readonly("file", [](const Sweep& s) { return s.head.file; })
      .def_property_readonly("axes",
                             [](const Sweep& s) {
                               Axes axes;
                               for (const SweepAxis& each : s.head.axes) {
                                 axes.emplace_back(each.path, each.values);
                               }
                               return axes;
                             })
      .def("json", sweep_json)
      .def(
          "text",
          [](const Sweep& s, const std::vector<std::string>& show) {
            return sweep_text(s, {false, show});
          },
          py::arg("show"))
      .def("cells", sweep_cells, py::arg("show"))
      .def("table", [](const Sweep& s) { return std::const_pointer_cast<Table>(sweep_table(s)); })
      .def("summary", summary, py::arg("columns"))
      .def("columns_named", columns_named, py::arg("name"));
  module.def("sweep_from_json", sweep_from_json, py::arg("text"));
}

}  // namespace trimhorizon::bindings
