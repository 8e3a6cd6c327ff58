// The traffic of one stream as CloudWatch recorded it: IncomingRecords and IncomingBytes of each
// period, from an export of the console or the CLI (MET-02).
//
// Always:
//  1. The periods follow each other without a gap. CloudWatch has no point for a period without
//     traffic; such a period is there with 0.
//  2. The sum of all periods fits into 64 bits.
//  3. Either there are mistakes, or there is at least one period.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/producer/cloudwatch_series.hpp"

namespace trimhorizon {

struct ExportPeriod {
  std::int64_t records = 0;  // Sum of IncomingRecords
  std::int64_t bytes = 0;    // Sum of IncomingBytes

  friend bool operator==(const ExportPeriod&, const ExportPeriod&) = default;
};

struct CloudwatchExport {
  std::int64_t start_ms = 0;  // since 1970, of the first period
  Duration period;            // whole minutes
  std::vector<ExportPeriod> periods;
  bool has_records = false;
  bool has_bytes = false;
  std::vector<ExportNote> mistakes;
  std::vector<ExportNote> warnings;

  Duration length() const { return period * static_cast<std::int64_t>(periods.size()); }
};

// CloudWatch keeps hours for 455 days.
inline constexpr std::int64_t export_days_max = 455;
// The most records of a period: they fit into a rate, in millionths. More than any stream takes.
inline constexpr std::int64_t export_records_max = 1'000'000'000'000;

// Reads the text of a file. `stream` chooses among the series of several streams: it is a word of
// their labels; empty: the file has only one.
CloudwatchExport read_cloudwatch_export(std::string_view text, std::string_view stream = {});

}  // namespace trimhorizon
