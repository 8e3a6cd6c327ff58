// Collects the mistakes in a grid. Many points share one mistake; it is reported once, at its
// place.
#include "sim/experiment/sweep_mistakes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/utf8.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t shown_max = 100;
constexpr std::string_view where = "--grid";

std::uint32_t width(std::string_view text) {
  return static_cast<std::uint32_t>(count_code_points(text));
}

// The column of a value in grid_text().
std::uint32_t column_of(const SweepAxis& axis, std::size_t value) {
  std::uint32_t column = width(axis.path) + 2;
  for (std::size_t i = 0; i < value; ++i) column += width(axis.values[i]) + 1;
  return column;
}

}  // namespace

void SweepMistakes::keep(std::size_t axis, Diagnostic diagnostic) {
  const auto key = std::make_tuple(axis, diagnostic.line, diagnostic.column, diagnostic.message);
  if (reported_.insert(key).second) found_.push_back({axis, std::move(diagnostic)});
}

void SweepMistakes::at_path(std::size_t axis, std::string message, std::string suggestion) {
  keep(axis, {std::string(where), 1, 1, std::move(message), std::move(suggestion),
              grid_text(axes_[axis])});
}

void SweepMistakes::at_value(std::size_t axis, std::size_t value, std::string message,
                             std::string suggestion) {
  keep(axis, {std::string(where), 1, column_of(axes_[axis], value), std::move(message),
              std::move(suggestion), grid_text(axes_[axis])});
}

void SweepMistakes::whole(std::string message, std::string suggestion) {
  keep(axes_.size(), {std::string(where), 0, 0, std::move(message), std::move(suggestion), ""});
}

std::string SweepMistakes::point_words(const std::vector<std::size_t>& places) const {
  std::string words;
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    words += fmt::format("{}{}={}", i > 0 ? ", " : "", axes_[i].path, axes_[i].values[places[i]]);
  }
  return words;
}

void SweepMistakes::add(const ScenarioError& error, const std::vector<std::size_t>& places) {
  for (Diagnostic each : error.diagnostics()) {
    std::size_t axis = axes_.size();
    for (std::size_t i = 0; i < axes_.size() && each.file == "--set"; ++i) {
      if (each.excerpt == axes_[i].path + "=" + axes_[i].values[places[i]]) axis = i;
    }
    if (axis == axes_.size()) {  // in the file, which is correct without the grid
      const auto key = std::make_tuple(axis, each.line, each.column, each.message);
      if (!reported_.insert(key).second) continue;
      each.message += " (with " + point_words(places) + ")";
      found_.push_back({axis, std::move(each)});
      continue;
    }
    const SweepAxis& wrong = axes_[axis];
    const std::uint32_t path_end = width(wrong.path) + 1;
    if (each.column > path_end) each.column += column_of(wrong, places[axis]) - path_end - 1;
    const bool list = wrong.values.size() == 1 && wrong.values[0].starts_with("[");
    if (list && each.suggestion.empty()) {
      each.suggestion =
          fmt::format("write --grid {}=1,2,3: a list in brackets is one value", wrong.path);
    }
    each.file = std::string(where);
    each.excerpt = grid_text(wrong);
    keep(axis, std::move(each));
  }
}

void SweepMistakes::raise(std::string_view source_text) const {
  std::vector<Found> sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Found& a, const Found& b) {
    return std::tie(a.axis, a.diagnostic.line, a.diagnostic.column) <
           std::tie(b.axis, b.diagnostic.line, b.diagnostic.column);
  });
  std::vector<Diagnostic> diagnostics;
  for (Found& each : sorted) {
    if (diagnostics.size() == shown_max) {
      diagnostics.push_back({std::string(where), 0, 0,
                             fmt::format("and {} more mistakes", sorted.size() - shown_max), "",
                             ""});
      break;
    }
    diagnostics.push_back(std::move(each.diagnostic));
  }
  throw ScenarioError(std::move(diagnostics), source_text);
}

}  // namespace trimhorizon
