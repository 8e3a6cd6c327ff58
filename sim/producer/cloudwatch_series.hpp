// The series of a CloudWatch export, before anybody has chosen one: what the console ("Download as
// .csv"), `aws cloudwatch get-metric-data` and `aws cloudwatch get-metric-statistics` write.
//
// Always:
//  1. Every text has its place in the file, so that a mistake can be shown there.
//  2. Values are texts: a column of averages that nobody uses may have fractions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trimhorizon {

// A message about a place in the file.
struct ExportNote {
  std::size_t offset = 0;  // in bytes
  std::string message;
  std::string suggestion = {};

  friend bool operator==(const ExportNote&, const ExportNote&) = default;
};

struct ExportPoint {
  std::int64_t at_ms = 0;  // since 1970; a time without a zone as if it were UTC
  std::size_t at_offset = 0;
  std::string value;
  std::size_t value_offset = 0;

  friend bool operator==(const ExportPoint&, const ExportPoint&) = default;
};

struct ExportSeries {
  std::string label;       // "orders IncomingRecords"
  std::size_t offset = 0;  // of the label
  std::string names;       // all that the file says of it, each on a line: labels, id, dimensions
  std::string statistic;   // as the file writes it; empty: it does not say
  std::vector<ExportPoint> points;  // in the order of the file
  bool is_partial = false;          // CloudWatch says that points are missing

  friend bool operator==(const ExportSeries&, const ExportSeries&) = default;
};

struct ExportTable {
  std::vector<ExportSeries> series;
  std::optional<std::int64_t> period_s;  // when the file says it
  std::vector<ExportNote> mistakes;
};

ExportTable read_export_csv(std::string_view text);   // separated by commas, semicolons or tabs
ExportTable read_export_json(std::string_view text);  // of get-metric-data, get-metric-statistics

// Milliseconds since 1970 of a time as the console and the CLI write it: `2026/10/01 10:05:00`,
// `2026-10-01T10:05:00Z`, `2026-10-01T12:05:00+02:00`.
std::optional<std::int64_t> export_time_ms(std::string_view text);

// The statistic that a label names with a word of its own: "Sum", "Average", "p99"; else empty.
std::string statistic_in(std::string_view label);

}  // namespace trimhorizon
