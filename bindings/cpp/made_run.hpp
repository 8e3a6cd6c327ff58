// A scenario and a run as Python holds them, with everything that is needed to read or make them
// again.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/experiment/run_scenario.hpp"
#include "sim/experiment/trace_diff.hpp"
#include "sim/handlers/recorded_handlers.hpp"
#include "sim/report/shard_history.hpp"
#include "sim/report/table.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon::bindings {

// A scenario, and where it was read from.
struct Source {
  std::string text;
  std::string file;              // as the user wrote it; "-": text without a file
  std::vector<std::string> set;  // PATH=VALUE
  std::string variant;           // empty: the base
  std::shared_ptr<const Scenario> scenario;
  bool from_file = false;  // `file` can be read again: it is not a text or standard input
  std::string place;       // where `file` led to when it was read; empty: nowhere, or not known

  std::vector<Override> overrides() const;
};

Source read_source(std::string text, std::string file, std::vector<std::string> set,
                   bool from_file = false, std::string place = {},
                   const std::shared_ptr<const AttachedFiles>& attached = nullptr);
Source load_source(const std::string& file, std::vector<std::string> set);
// The variant with this name. Throws std::out_of_range with a message when there is none.
Source variant_of(const Source& base, const std::string& name);

struct MadeRun {
  Source source;
  ScenarioRun run;
  HandlerRecord handlers;
  Recipe recipe;
  std::string replay;     // the Python code that repeats it; empty: the command line can do it
  bool has_rows = false;  // it was read from bytes, which have the rows of its tables

  RunAgain again() const { return {source.scenario, run.result.seed, handlers, recipe}; }
};

// A table that would be larger than this is refused: its memory would be some gigabytes.
inline constexpr std::uint64_t table_rows_max = 20'000'000;
// Stored records and deliveries of a run that is written with its tables, which takes more memory.
inline constexpr std::uint64_t written_rows_max = 3'000'000;

// The message says what to do instead.
class TooManyRows : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Called now and then while a run is made again; may throw to stop.
using Pause = std::function<void(double)>;

// The tables of a run. No run keeps rows: it is made again, with the recorded answers of handlers,
// and its rows go straight into columns. So a run takes the memory of its tables only when they are
// read. Throws TooManyRows.
std::shared_ptr<const Table> records_of(const MadeRun& made, Pause pause);
std::shared_ptr<const Table> invocations_of(const MadeRun& made, Pause pause);
std::shared_ptr<const Table> deliveries_of(const MadeRun& made, Pause pause);
// What a picture shows of a shard; `shard` empty: of the one that tells most.
ShardHistory history_of(const MadeRun& made, const std::string& mapping, const std::string& shard,
                        Pause pause);
// A run with more records than `full_history_records` keeps no pictures: it is made again, too.
std::shared_ptr<const Table> positions_of(const MadeRun& made, Pause pause);

// The JSON and the text that the command line would print for a base and its variants.
// `ranges`: also what other values of the switches would change, which takes more runs.
std::string json_of(const MadeRun& base, const std::vector<const MadeRun*>& variants, bool rows,
                    bool ranges, const Pause& pause);
std::string text_of(const MadeRun& base, const std::vector<const MadeRun*>& variants,
                    const Pause& pause);

// The life of a record, as `explain` tells it; nullopt when there is no such record. `replay`: the
// code that tells it again; empty: the command line can do it.
std::optional<std::string> story_of(const MadeRun& run, const std::string& record,
                                    const std::string& replay, Pause pause);

// The run as bytes, with everything that is needed to repeat it, and with its tables if asked.
std::string bytes_of(const MadeRun& run, bool tables, Pause pause);
// The trace digest of a repeated run. Handlers are not called.
std::string digest_of(const RunAgain& again);
MadeRun run_from_bytes(Source source, std::string_view bytes, std::string replay);

}  // namespace trimhorizon::bindings
