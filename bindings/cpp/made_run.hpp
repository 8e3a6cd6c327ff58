// A scenario and a run as Python holds them: with what it takes to read or make them again.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/experiment/run_scenario.hpp"
#include "sim/experiment/trace_diff.hpp"
#include "sim/handlers/recorded_handlers.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon::bindings {

// What was read, and from what.
struct Source {
  std::string text;
  std::string file;              // as the user gave it; "-": text without a file
  std::vector<std::string> set;  // PATH=VALUE
  std::string variant;           // empty: the base
  std::shared_ptr<const Scenario> scenario;
  bool from_file = false;  // `file` can be read again: not text, and not standard input

  std::vector<Override> overrides() const;
};

Source read_source(std::string text, std::string file, std::vector<std::string> set,
                   bool from_file = false);
Source load_source(const std::string& file, std::vector<std::string> set);
// The variant of that name; std::out_of_range with its message if there is none.
Source variant_of(const Source& base, const std::string& name);

struct MadeRun {
  Source source;
  ScenarioRun run;
  HandlerRecord handlers;
  Recipe recipe;
  std::string replay;  // what makes it again in Python, where the command line cannot; else empty

  RunAgain again() const { return {source.scenario, run.result.seed, handlers, recipe}; }
};

// The command line's JSON, and its text, of a base and its variants.
std::string json_of(const MadeRun& base, const std::vector<const MadeRun*>& variants, bool rows);
std::string text_of(const MadeRun& base, const std::vector<const MadeRun*>& variants);

// The life of a record as `explain` tells it; nothing when there is no such record. `replay`: what
// tells it again, empty for the command line.
std::optional<std::string> story_of(const MadeRun& run, const std::string& record,
                                    const std::string& replay,
                                    std::function<void(double)> progress);

// Whole, or without its tables: with what it takes to make it again.
std::string bytes_of(const MadeRun& run, bool tables);
// What a run that is made again comes to; handlers are not called.
std::string digest_of(const RunAgain& again);
MadeRun run_from_bytes(Source source, std::string_view bytes, std::string replay);

}  // namespace trimhorizon::bindings
