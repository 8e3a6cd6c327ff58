// An export as the console writes it: lines of labels, then a line for each time, with a column for
// each metric and statistic.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/base/parse_time.hpp"
#include "sim/base/text.hpp"
#include "sim/producer/cloudwatch_series.hpp"

namespace trimhorizon {
namespace {

struct Cell {
  std::string text;
  std::size_t offset = 0;
};

constexpr std::string_view separators = ",;\t";

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

// The first separator outside of quotes; a file with one column has none.
char separator_of(std::string_view text) {
  bool in_quotes = false;
  for (const char c : text) {
    if (c == '"') in_quotes = !in_quotes;
    if (!in_quotes && separators.find(c) != separators.npos) return c;
  }
  return ',';
}

// Takes the next cell from the text, with what ends it. Quotes around it are removed.
Cell take_cell(std::string_view text, std::size_t& at, char separator) {
  while (at < text.size() && text[at] == ' ') ++at;
  Cell cell{{}, at};
  bool in_quotes = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      const bool twice = in_quotes && at + 1 < text.size() && text[at + 1] == '"';
      if (twice)
        cell.text += text[at++];
      else
        in_quotes = !in_quotes;
    } else if (!in_quotes && (c == separator || c == '\n')) {
      break;
    } else if (c != '\r') {
      cell.text += c;
    }
  }
  cell.text = std::string(trimmed(cell.text));
  return cell;
}

std::vector<std::vector<Cell>> rows_in(std::string_view text) {
  const char separator = separator_of(text);
  std::vector<std::vector<Cell>> rows(1);
  for (std::size_t at = 0; at < text.size(); ++at) {  // `at` stands on what ended the cell
    rows.back().push_back(take_cell(text, at, separator));
    if (at < text.size() && text[at] == '\n') rows.emplace_back();
  }
  std::erase_if(rows, [](const std::vector<Cell>& row) {
    return std::all_of(row.begin(), row.end(), [](const Cell& c) { return c.text.empty(); });
  });
  return rows;
}

// Is this meant as a time, if perhaps in a form that no export has?
bool looks_like_a_time(std::string_view text) {
  return !text.empty() && is_digit(text[0]) && text.find_first_of("/-:.") != text.npos &&
         text.find_first_of("0123456789", 3) != text.npos;
}

// What the lines above the first time say of the columns.
void note_header(ExportTable& table, const std::vector<Cell>& row) {
  const std::string name = in_lower_case(row.front().text);
  for (std::size_t c = 1; c < row.size(); ++c) {
    if (table.series.size() < c) table.series.emplace_back();
    ExportSeries& series = table.series[c - 1];
    const Cell& cell = row[c];
    if (cell.text.empty()) continue;
    series.names += cell.text + "\n";
    if (name == "statistic" || name == "stat") {
      series.statistic = cell.text;
    } else if (name == "period") {
      table.period_s = number_in<std::int64_t>(cell.text);
    } else if (series.label.empty() || name == "label") {
      series.label = cell.text;
      series.offset = cell.offset;
    }
  }
}

void add_points(ExportTable& table, const std::vector<Cell>& row) {
  const Cell& when = row.front();
  const std::optional<std::int64_t> at_ms = export_time_ms(when.text);
  if (!at_ms) {
    table.mistakes.push_back(
        {when.offset, fmt::format("`{}` is not a time as CloudWatch writes it", when.text),
         looks_like_a_time(when.text)
             ? "write 2026/10/01 10:05:00; a spreadsheet may have changed it: export it again"
             : "after the lines of labels each line begins with a time: 2026/10/01 10:05:00"});
    return;
  }
  for (std::size_t c = 1; c < row.size(); ++c) {
    if (table.series.size() < c) table.series.emplace_back();
    if (row[c].text.empty()) continue;  // no point of this metric at this time
    table.series[c - 1].points.push_back({*at_ms, when.offset, row[c].text, row[c].offset});
  }
}

}  // namespace

ExportTable read_export_csv(std::string_view text) {
  ExportTable table;
  bool in_header = true;
  for (const std::vector<Cell>& row : rows_in(text)) {
    in_header = in_header && !looks_like_a_time(row.front().text);
    if (in_header)
      note_header(table, row);
    else
      add_points(table, row);
    if (!table.mistakes.empty()) return table;  // the next lines would repeat it
  }
  for (ExportSeries& series : table.series) {
    if (series.statistic.empty()) series.statistic = statistic_in(series.label);
    if (series.statistic.empty()) series.statistic = statistic_in(series.names);
  }
  std::erase_if(table.series,
                [](const ExportSeries& s) { return s.names.empty() && s.points.empty(); });
  if (in_header) table.series.clear();  // not one time: it is no export
  return table;
}

std::optional<std::int64_t> export_time_ms(std::string_view text) {
  std::string iso(text);
  if (iso.size() > 7 && iso[4] == '/' && iso[7] == '/') iso[4] = iso[7] = '-';
  if (iso.size() <= 10) return parse_wall_time_ms(iso);
  if (iso.ends_with(" UTC")) iso.resize(iso.size() - 4);
  std::int64_t ahead_min = 0;  // of UTC
  const std::size_t sign = iso.find_first_of("+-", 10);
  if (sign != iso.npos) {
    std::string zone = iso.substr(sign + 1);
    std::erase(zone, ':');
    if (zone.size() == 2) zone += "00";
    const std::optional<int> digits = number_in<int>(zone);
    if (zone.size() != 4 || !digits || *digits < 0 || *digits > 1400) return std::nullopt;
    ahead_min = (*digits / 100 * 60 + *digits % 100) * (iso[sign] == '-' ? -1 : 1);
    iso.resize(sign);
  }
  if (!iso.ends_with('Z')) iso += 'Z';
  const std::optional<std::int64_t> ms = parse_wall_time_ms(iso);
  if (!ms) return std::nullopt;
  return *ms - ahead_min * 60'000;
}

std::string statistic_in(std::string_view label) {
  constexpr std::array<std::string_view, 9> words = {
      "sum", "average", "avg", "samplecount", "samples", "minimum", "min", "maximum", "max"};
  const auto is_of_word = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.';
  };
  for (std::size_t at = 0; at < label.size();) {
    std::size_t end = at;
    while (end < label.size() && is_of_word(label[end])) ++end;
    const std::string_view word = label.substr(at, end - at);
    const std::string lower = in_lower_case(word);
    const bool is_percentile = lower.size() > 1 && lower[0] == 'p' &&
                               lower.find_first_not_of("0123456789.", 1) == lower.npos;
    if (is_percentile || std::find(words.begin(), words.end(), lower) != words.end()) {
      return std::string(word);
    }
    at = end + 1;
  }
  return {};
}

}  // namespace trimhorizon
