// Exploring: one call that returns what the command line would print; and replays of what was
// found.
#include "bindings/cpp/bindings.hpp"
#include "bindings/cpp/made_run.hpp"
#include "sim/explore/explore_report.hpp"
#include "sim/explore/found_file.hpp"
#include "sim/explore/replayed.hpp"
#include "sim/report/replay.hpp"

namespace trimhorizon::bindings {
namespace {

// All that Python keeps of an exploration. It is text, so that it can be pickled.
struct Explored {
  std::string json;  // all outcomes included
  std::string text;
  std::string text_with_outcomes;
  std::vector<std::string> found;  // scenarios: one for each violation, then one for each loop
  std::vector<std::string> ignored_rules;
};

// Calls the callable with (layer, states), not more often than a Watch would.
class LayerWatch {
 public:
  explicit LayerWatch(py::object callback) : callback_(std::move(callback)) {}
  void tell(std::uint32_t layer, std::uint64_t states) {
    const auto now = std::chrono::steady_clock::now();
    if (callback_.is_none() || now < next_) return;
    const py::gil_scoped_acquire gil;
    callback_(layer, states);
    next_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  }

 private:
  py::object callback_;
  std::chrono::steady_clock::time_point next_{};
};

Explored told(const Source& source, const ExploreRequest& request, const ExploreReport& report) {
  Explored explored;
  explored.json = explore_json(report, true);
  ExploreText options;
  options.replay = explore_line(request, source.file, source.set, source.variant);
  options.replay_found =
      command_line("replay", source.file, source.set, request.seed, source.variant);
  if (report.own_handlers) {
    options.replay = "the same call of explore(), with your handlers";
    options.replay_found = "found.violations[{}].scenario.run(handlers=...)";
  }
  explored.text = explore_text(report, options);
  options.outcomes = true;
  if (!report.own_handlers) options.replay += " --outcomes";
  explored.text_with_outcomes = explore_text(report, options);
  for (const auto* list : {&report.violations, &report.loops}) {
    for (const FoundViolation& each : *list) {
      explored.found.push_back(
          found_file(*source.scenario, source.set, source.variant, report, each));
    }
  }
  return explored;
}

OwnHandlers own_handlers(const py::object& functions, py::object forget,
                         std::vector<std::string> forgetful, std::string how_to_forget) {
  OwnHandlers own;
  own.functions = own_functions(functions);
  own.forget = [forget = std::move(forget)] {
    const py::gil_scoped_acquire gil;
    if (!forget.is_none()) forget();
  };
  own.forgetful = std::move(forgetful);
  own.how_to_forget = std::move(how_to_forget);
  return own;
}

Explored explore(const Source& source, std::optional<std::uint64_t> seed,
                 std::optional<std::uint32_t> faults, double seconds, std::uint64_t states,
                 std::uint64_t random, bool assumptions, std::uint32_t threads,
                 const py::object& functions, const py::object& forget,
                 const std::vector<std::string>& forgetful, const std::string& how_to_forget,
                 const py::object& progress) {
  const OwnHandlers own = own_handlers(functions, forget, forgetful, how_to_forget);
  Watch watch{py::none()};
  LayerWatch layers(progress);
  ExploreRequest request;
  request.seed = seed;
  request.faults = faults;
  request.seconds = seconds;
  request.states = states;
  request.random = random;
  request.assumptions = assumptions;
  request.threads = threads;
  request.own = &own;
  request.poll_progress = [look = watch.function()] { look(0); };
  request.progress = [&](std::uint32_t layer, std::uint64_t n) { layers.tell(layer, n); };
  RecordedHandlers named;
  place_functions(*source.scenario, own.functions, named);
  const py::gil_scoped_release released;
  Explored explored = told(source, request, explore_scenario(*source.scenario, request));
  explored.ignored_rules = functions_with_ignored_rules(*source.scenario, named.record());
  return explored;
}

py::tuple replay(const Source& source, const std::string& decisions,
                 std::optional<std::uint64_t> seed, const py::object& functions) {
  Scenario scenario = *source.scenario;
  if (!decisions.empty()) scenario.decisions = decisions;
  if (!scenario.decisions) {
    throw ExploreError("no decisions to replay: the scenario has none",
                       "give them as decisions=\"th1:...\", as explore() finds them");
  }
  RecordedHandlers handlers;
  place_functions(scenario, own_functions(functions), handlers);
  Replayed replayed;
  {
    const py::gil_scoped_release released;
    replayed = replay_decisions(scenario, seed, &handlers);
  }
  const std::string drift = replayed.matches ? "" : replayed.drift + "\n  " + replayed.differs;
  return py::make_tuple(replayed.matches, drift, replayed.at_rest, replayed.questions,
                        replayed.decisions, replayed.story, replayed.broken,
                        replayed_text(replayed));
}

}  // namespace

void bind_explore(py::module_& module) {
  py::class_<Explored>(module, "Explored")
      .def_readonly("json", &Explored::json)
      .def_readonly("text", &Explored::text)
      .def_readonly("text_with_outcomes", &Explored::text_with_outcomes)
      .def_readonly("found", &Explored::found)
      .def_readonly("ignored_rules", &Explored::ignored_rules);
  module.def("explore", explore, py::arg("source"), py::arg("seed"), py::arg("faults"),
             py::arg("seconds"), py::arg("states"), py::arg("random"), py::arg("assumptions"),
             py::arg("threads"), py::arg("functions"), py::arg("forget"), py::arg("forgetful"),
             py::arg("how_to_forget"), py::arg("progress"));
  module.def("replay", replay, py::arg("source"), py::arg("decisions"), py::arg("seed"),
             py::arg("functions"));
}

}  // namespace trimhorizon::bindings
