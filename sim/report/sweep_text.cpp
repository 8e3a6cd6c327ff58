// Prints a sweep as a table of 80 columns: it chooses the columns, the decimals and the line
// breaks.
#include "sim/report/sweep_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "sim/base/format.hpp"
#include "sim/report/page.hpp"
#include "sim/report/sweep_json.hpp"
#include "sim/report/sweep_summary.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t axis_width_max = 30;
constexpr std::size_t axes_width_max =
    46;                                 // of all axes together; if wider, they are called A, B, …
constexpr std::size_t columns_max = 5;  // unless the user asks for columns

// Columns are shown if they vary, the first of this list first.
constexpr std::array<std::string_view, 17> by_interest = {
    "never_accepted",  "fates.discarded", "fates.dropped",  "fates.expired", "fates.pending",
    "IteratorAge.p99", "invocations",     "Errors",         "Throttles",     "IteratorAge.max",
    "Duration.p99",    "fates.processed", "fates.filtered", "fates.unread",  "deliveries",
    "effects",         "simulated"};

// ---- numbers ------------------------------------------------------------------------------------

// Decimals that show two digits of `half`.
int decimals_for(double half) {
  int decimals = 0;
  for (double scaled = half; decimals < 6 && scaled < 9.95; scaled *= 10) ++decimals;
  return decimals;
}

std::string number_text(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t sign = text.starts_with("-") ? 1 : 0;
  for (std::size_t at = point; at > sign + 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

// As few decimals as possible with an error below a thousandth (a millionth for small values).
std::string exact_text(double value) {
  const int most = std::fabs(value) < 0.01 ? 6 : 3;
  for (int decimals = 0; decimals < most; ++decimals) {
    double shifted = value;
    for (int i = 0; i < decimals; ++i) shifted *= 10;
    if (std::fabs(shifted - std::round(shifted)) < 1e-9 * std::max(1.0, std::fabs(shifted))) {
      return number_text(value, decimals);
    }
  }
  return number_text(value, most);
}

std::string cell_text(const SweepStatistic& statistic, bool is_time) {
  if (statistic.n == 0) return "none";
  const double unit = is_time ? 1e6 : 1;
  const double mean = statistic.mean / unit;
  if (!statistic.half_width) return exact_text(mean) + " ± -";
  const double half = *statistic.half_width / unit;
  if (half == 0) return exact_text(mean) + " ± 0";
  const int decimals = decimals_for(half);
  return number_text(mean, decimals) + " ± " + number_text(half, decimals);
}

// ---- columns ------------------------------------------------------------------------------------

std::vector<TextColumn> axis_columns(const SweepHead& head, Page& legend) {
  std::vector<TextColumn> columns;
  std::size_t together = 0;
  for (const SweepAxis& axis : head.axes) {
    const auto same = std::count_if(head.axes.begin(), head.axes.end(), [&](const SweepAxis& a) {
      return last_part(a.path) == last_part(axis.path);
    });
    TextColumn column{clean(same > 1 ? axis.path : last_part(axis.path))};
    for (std::uint64_t point = 0; point < head.points(); ++point) {
      const std::string& value = *head.values_at(point)[columns.size()];
      column.cells.push_back(cut_middle(clean(value), axis_width_max));
    }
    together += column.width() + 2;
    columns.push_back(std::move(column));
  }
  if (together <= axes_width_max) return columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string letter = fmt::format("{}", static_cast<char>('A' + i % 26));
    columns[i].head = i < 26 ? letter : letter + std::to_string(i / 26);
    for (std::string& cell : columns[i].cells) cell = cut_middle(cell, 14);
    legend.item("  " + columns[i].head + "  ", clean(head.axes[i].path));
  }
  return columns;
}

TextColumn value_column(const SweepHead& head, const SweepColumn& column, std::size_t index,
                        const std::vector<SweepPoint>& points) {
  TextColumn out{column.words + (column.is_time ? ", s" : "")};
  if (head.mappings.size() > 1) out.above = cut_middle(clean(column.mapping), 24);
  for (const SweepPoint& point : points) {
    out.cells.push_back(cell_text(point.columns[index], column.is_time));
  }
  return out;
}

// How many runs of each point held; nothing when all did.
std::optional<TextColumn> held_column(const std::vector<SweepPoint>& points) {
  TextColumn out{"held"};
  bool all = true;
  for (const SweepPoint& point : points) {
    out.cells.push_back(fmt::format("{}/{}", point.holds, point.runs));
    all = all && point.holds == point.runs;
  }
  return all ? std::nullopt : std::optional<TextColumn>(std::move(out));
}

// ---- the page -----------------------------------------------------------------------------------

void add_block(Page& page, const std::vector<const TextColumn*>& columns, std::size_t points) {
  const auto line_of = [&](auto cell) {
    std::string line;
    for (const TextColumn* each : columns) line += "  " + pad_left(cell(*each), each->width());
    return line.substr(0, line.find_last_not_of(' ') + 1);
  };
  const bool has_above = std::any_of(columns.begin(), columns.end(),
                                     [](const TextColumn* c) { return !c->above.empty(); });
  page.line();
  if (has_above) page.line(line_of([](const TextColumn& c) { return c.above; }));
  page.line(page.paint(Paint::strong, line_of([](const TextColumn& c) { return c.head; })));
  for (std::size_t p = 0; p < points; ++p) {
    page.line(line_of([&](const TextColumn& c) { return c.cells[p]; }));
  }
}

// Puts as many columns side by side as fit; each block begins with the axes.
void add_blocks(Page& page, const std::vector<TextColumn>& axes,
                const std::vector<TextColumn>& columns, std::size_t points) {
  std::vector<const TextColumn*> block;
  std::size_t used = 0;
  const auto begin = [&] {
    block.clear();
    used = 0;
    for (const TextColumn& axis : axes) {
      block.push_back(&axis);
      used += axis.width() + 2;
    }
  };
  begin();
  for (const TextColumn& column : columns) {
    if (used + column.width() + 2 > page_width && block.size() > axes.size()) {
      add_block(page, block, points);
      begin();
    }
    block.push_back(&column);
    used += column.width() + 2;
  }
  add_block(page, block, points);
}

std::string size_words(const Sweep& sweep) {
  const SweepHead& head = sweep.head;
  std::string words = counted(head.points(), "point") + " × " + counted(head.seeds.size(), "seed") +
                      " (" + seeds_text(head.seeds) + "): " + counted(sweep.runs.size(), "run") +
                      " of " + clean(head.file);
  if (!head.variant.empty()) words += ", variant " + clean(head.variant);
  if (head.shard) {
    words += fmt::format("; shard {} of {}, to be merged", head.shard->index, head.shard->of);
  }
  if (sweep.missing() > 0) words += "; " + count_text(sweep.missing()) + " failed";
  return words + ", rules of " + head.edition + ".";
}

// Columns that vary and are not shown, by their words, each once.
std::string others_that_vary(const Sweep& sweep, const std::vector<std::size_t>& shown) {
  const std::vector<SweepColumn> columns = sweep_columns(sweep.head.mappings);
  std::vector<std::string> names;
  std::vector<std::string_view> said;
  for (const std::size_t c : shown) said.push_back(columns[c].words);
  for (const std::size_t c : columns_that_vary(sweep)) {
    if (std::find(said.begin(), said.end(), columns[c].words) != said.end()) continue;
    if (std::find(names.begin(), names.end(), columns[c].words) != names.end()) continue;
    names.push_back(columns[c].words);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

// "Broken: lost in 62 of 80 runs, the invariant key_order in 1." The most frequent first.
std::string broken_words(const Sweep& sweep) {
  constexpr std::size_t shown_max = 6;
  std::vector<std::pair<std::string_view, std::uint64_t>> counts;
  for (const SweepRun& run : sweep.runs) {
    for (const std::string& name : run.broken) {
      const auto found = std::find_if(counts.begin(), counts.end(),
                                      [&](const auto& each) { return each.first == name; });
      if (found == counts.end()) {
        counts.emplace_back(name, 1);
      } else {
        ++found->second;
      }
    }
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (std::size_t i = 0; i < std::min(counts.size(), shown_max); ++i) {
    text += fmt::format("{}{} in {}", i > 0 ? ", " : "Broken: ", clean(counts[i].first),
                        count_text(counts[i].second));
    if (i == 0) text += " of " + counted(sweep.runs.size(), "run");
  }
  if (counts.size() > shown_max) text += ", and " + count_text(counts.size() - shown_max) + " more";
  return text.empty() ? text : text + ".";
}

void add_notes(Page& page, const Sweep& sweep, const std::vector<std::size_t>& shown) {
  const bool single = sweep.head.seeds.size() == 1;
  page.line();
  page.text += paragraph(broken_words(sweep), 2);
  page.text += paragraph(single ? "Mean ± half of its 95 % confidence interval: - for one run; "
                                  "more seeds would show how sure it is."
                                : "Mean ± half of its 95 % confidence interval (Student's t).",
                         2);
  const std::string others = others_that_vary(sweep, shown);
  if (!others.empty()) {
    page.text += paragraph("Also varies: " + others + ". See --show NAME,… or --show all.", 2);
  }
}

}  // namespace

std::vector<std::size_t> columns_shown(const Sweep& sweep, const std::vector<std::string>& show) {
  const std::vector<SweepColumn> columns = sweep_columns(sweep.head.mappings);
  std::vector<std::size_t> shown;
  const auto add = [&](const std::vector<std::size_t>& more) {
    for (const std::size_t c : more) {
      if (std::find(shown.begin(), shown.end(), c) == shown.end()) shown.push_back(c);
    }
  };
  for (const std::string& name : show) {
    std::vector<std::size_t> found = columns_named(columns, name);
    if (name == "all") {
      for (std::size_t c = 0; c < columns.size(); ++c) found.push_back(c);
    }
    if (found.empty()) {
      throw NoSuchColumn("a sweep has no column `" + name + "`", column_hint(columns, name));
    }
    add(found);
  }
  if (!show.empty()) return shown;
  add(columns_named(columns, "lost"));
  add(columns_named(columns, "duplicates"));
  const std::vector<std::size_t> varying = columns_that_vary(sweep);
  for (const std::string_view each : by_interest) {
    for (const std::size_t c : columns_named(columns, each)) {
      const bool varies = std::binary_search(varying.begin(), varying.end(), c);
      if (varies && shown.size() < columns_max) add({c});
    }
  }
  return shown;
}

std::vector<std::vector<std::string>> sweep_cells(const Sweep& sweep,
                                                  const std::vector<std::string>& show) {
  const std::vector<SweepPoint> points = summarize(sweep);
  const std::vector<SweepColumn> all = sweep_columns(sweep.head.mappings);
  std::vector<TextColumn> columns;
  for (const SweepAxis& axis : sweep.head.axes) columns.push_back({axis.path});
  for (std::size_t a = 0; a < columns.size(); ++a) {
    for (const SweepPoint& point : points) {
      columns[a].cells.push_back(*sweep.head.values_at(point.point)[a]);
    }
  }
  if (std::optional<TextColumn> held = held_column(points)) columns.push_back(*std::move(held));
  for (const std::size_t c : columns_shown(sweep, show)) {
    columns.push_back(value_column(sweep.head, all[c], c, points));
  }
  std::vector<std::vector<std::string>> rows(points.size() + 1);
  for (const TextColumn& column : columns) {
    rows[0].push_back(column.above.empty() ? column.head : column.above + " " + column.head);
    for (std::size_t p = 0; p < points.size(); ++p) rows[p + 1].push_back(column.cells[p]);
  }
  return rows;
}

std::string sweep_text(const Sweep& sweep, const SweepTextOptions& options) {
  Page page{"", Painter(options.colour)};
  const SweepHead& head = sweep.head;
  const std::vector<std::size_t> shown = columns_shown(sweep, options.show);
  const std::vector<SweepPoint> points = summarize(sweep);
  const std::string verdict = word_of(sweep.verdict());
  const std::string title = head.title.empty() ? head.file : head.title;
  page.line(mark(sweep.verdict(), page.paint) + " " + page.paint(Paint::strong, verdict) + "  " +
            cut(clean(title), page_width - verdict.size() - 4));
  page.text += paragraph(size_words(sweep), 2);

  Page legend{"", Painter(false)};
  const std::vector<TextColumn> axes = axis_columns(head, legend);
  if (!legend.text.empty()) {
    page.line();
    page.text += legend.text;
  }
  const std::vector<SweepColumn> all = sweep_columns(head.mappings);
  std::vector<TextColumn> columns;
  if (std::optional<TextColumn> held = held_column(points)) columns.push_back(*std::move(held));
  for (const std::size_t c : shown) columns.push_back(value_column(head, all[c], c, points));
  add_blocks(page, axes, columns, points.size());
  add_notes(page, sweep, shown);
  page.line();
  page.line("replay: " + (options.replay.empty() ? sweep_line(head) : options.replay));
  return page.text;
}

}  // namespace trimhorizon
