// The result as JSON, schema_version 1. Durations are text in seconds, sequence numbers are text,
// `arrival` is integer microseconds; the same scenario, seed and version give the same bytes.
#pragma once

#include <string>

#include "sim/base/json.hpp"
#include "sim/report/report.hpp"

namespace trimhorizon {

// `verdict` is that of the exit code, the worst of base and variants; with variants the base's own
// is `base_verdict`. Ends with a newline. `rows` appears when the result has them (`--records`).
std::string report_json(const Report& report, bool with_rows);
// The same, in parts: `write` gets one after the other, so that nothing must hold them all.
void write_report_json(const Report& report, bool with_rows, const JsonWriter::Sink& write);

// Writes what was wanted and what was found into the open object; null for what never occurred.
void write_judged(JsonWriter& json, const JudgedExpectation& judged);

// One run as an object, without variants; for outputs that contain several runs.
void write_run(JsonWriter& json, const ReportRun& run, bool with_rows);

}  // namespace trimhorizon
