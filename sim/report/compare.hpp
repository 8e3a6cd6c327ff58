// Two runs side by side, row by row, with what differs.
#pragma once

#include <string>
#include <vector>

#include "sim/report/report.hpp"

namespace trimhorizon {

// One row of the comparison, equal or not.
struct ComparedRow {
  std::string name;   // "mappings.billing-orders.duplicates"
  std::string words;  // for the text report: "duplicates"
  std::string a;      // for people: "1,230", "23h 59m"
  std::string b;
  std::string change;  // "+18", "-4", "" when equal or not a number
  std::string a_json;  // as in the JSON of a result
  std::string b_json;

  bool differs() const { return a_json != b_json; }
};

// All rows, those of the whole run first, then mapping by mapping (matched by name).
std::vector<ComparedRow> compare(const Result& a, const Result& b);

struct CompareOptions {
  bool colour = false;
  std::string replay;  // the last line
};

std::string compare_text(const ReportRun& a, const ReportRun& b, const CompareOptions& options);
std::string compare_json(const ReportRun& a, const ReportRun& b, const CompareOptions& options);

}  // namespace trimhorizon
