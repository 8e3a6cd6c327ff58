// Draws the position-time picture on a grid of characters: first what waits, then the invocations.
#include "sim/report/picture.hpp"

#include <algorithm>
#include <string_view>

#include "sim/base/format.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t rows_max = 12;
constexpr std::size_t rows_labelled_max = 16;  // up to here, one row a record
constexpr std::size_t label_width = 9;
constexpr std::size_t columns = 66;

// What one cell shows. If several things fall into a cell, the later one in this list wins.
enum class Cell : std::uint8_t {
  nothing,
  horizon,
  waiting,
  ok,
  partly,
  failed,
  expired,  // from here on fates, by the letter that the rest of the report has for them
  unread,
  discarded,
  dropped,
};

Cell cell_of(Fate fate) {
  switch (fate) {
    case Fate::expired: return Cell::expired;
    case Fate::unread: return Cell::unread;
    case Fate::discarded: return Cell::discarded;
    case Fate::dropped: return Cell::dropped;
    default: return Cell::nothing;
  }
}

std::string_view glyph(Cell cell) {
  switch (cell) {
    case Cell::nothing: return " ";
    case Cell::horizon: return "_";
    case Cell::waiting: return "░";
    case Cell::ok: return "o";
    case Cell::partly: return "/";
    case Cell::failed: return "x";
    case Cell::expired: return "E";
    case Cell::unread: return "G";
    case Cell::discarded: return "D";
    case Cell::dropped: return "X";
  }
  return " ";
}

struct Grid {
  std::size_t rows = 0;
  std::uint64_t positions = 0;
  Duration length{1};
  std::vector<Cell> cells;  // rows * columns, row 0 at the bottom

  Cell& at(std::size_t row, std::size_t column) { return cells[row * columns + column]; }
  Cell at(std::size_t row, std::size_t column) const { return cells[row * columns + column]; }
  std::size_t column_of(Instant t) const {
    const auto scaled = static_cast<__int128>(std::max<std::int64_t>(t.us, 0)) * columns;
    return std::min(static_cast<std::size_t>(scaled / length.us), columns - 1);
  }
  // Row `r` shows the positions [first_of(r), first_of(r + 1)).
  std::uint64_t first_of(std::size_t row) const {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(positions) * row / rows);
  }
  void raise(std::size_t row, std::size_t column, Cell cell) {
    at(row, column) = std::max(at(row, column), cell);
  }
};

Grid empty_grid(const ShardPicture& picture) {
  Grid grid;
  Instant last{0};
  for (const PicturePoint& point : picture.points) {
    grid.positions = std::max(grid.positions, point.tip);
    last = std::max(last, point.at);
  }
  for (const PictureBar& each : picture.bars) {
    grid.positions = std::max(grid.positions, each.end);
    last = std::max(last, each.ended);
  }
  for (const PictureFate& each : picture.fates) last = std::max(last, each.at);
  grid.rows = grid.positions <= rows_labelled_max ? grid.positions : rows_max;
  grid.length = Duration{std::max<std::int64_t>(last.us, 1)};
  grid.cells.assign(grid.rows * columns, Cell::nothing);
  return grid;
}

// A column shows the state at its end. Points are the moments at which something changed.
void draw_band(Grid& grid, const ShardPicture& picture) {
  PicturePoint now;
  std::size_t next = 0;
  for (std::size_t column = 0; column < columns; ++column) {
    while (next < picture.points.size() && grid.column_of(picture.points[next].at) <= column) {
      now = picture.points[next++];
    }
    for (std::size_t row = 0; row < grid.rows; ++row) {
      const std::uint64_t first = grid.first_of(row);
      const std::uint64_t end = grid.first_of(row + 1);
      const bool waiting = now.tip > first && now.checkpoint < end;
      if (waiting) grid.raise(row, column, now.trim_horizon >= end ? Cell::expired : Cell::waiting);
      if (now.trim_horizon > first && now.trim_horizon <= end) {
        grid.raise(row, column, Cell::horizon);
      }
    }
  }
}

// Draws the positions [first, end) from one time to another; at least one column.
void draw_stretch(Grid& grid, Instant started, Instant ended, std::uint64_t first,
                  std::uint64_t end, Cell cell) {
  const std::size_t from = grid.column_of(started);
  const std::size_t to = std::max(grid.column_of(ended), from + 1);
  for (std::size_t row = 0; row < grid.rows; ++row) {
    if (first >= grid.first_of(row + 1) || end <= grid.first_of(row)) continue;
    for (std::size_t column = from; column < std::min(to, columns); ++column) {
      grid.raise(row, column, cell);
    }
  }
}

void draw_bars(Grid& grid, const ShardPicture& picture) {
  for (const PictureBar& each : picture.bars) {
    if (each.cut) {  // a report: the records before the one it names are done, the rest is not
      draw_stretch(grid, each.started, each.ended, each.first, *each.cut, Cell::ok);
      draw_stretch(grid, each.started, each.ended, *each.cut, each.end, Cell::failed);
      continue;
    }
    const Cell cell = each.partial ? Cell::partly : each.succeeded ? Cell::ok : Cell::failed;
    draw_stretch(grid, each.started, each.ended, each.first, each.end, cell);
  }
  for (const PictureFate& each : picture.fates) {
    draw_stretch(grid, each.at, each.at, each.first, each.end, cell_of(each.fate));
  }
}

std::string painted_row(const Grid& grid, std::size_t row, const Painter& paint) {
  std::size_t last = columns;
  while (last > 0 && grid.at(row, last - 1) == Cell::nothing) --last;
  std::string out;
  for (std::size_t column = 0; column < last;) {
    const Cell cell = grid.at(row, column);
    std::string stretch;
    for (; column < last && grid.at(row, column) == cell; ++column) stretch += glyph(cell);
    if (cell >= Cell::failed) stretch = paint(Paint::bad, stretch);
    if (cell == Cell::ok) stretch = paint(Paint::good, stretch);
    if (cell == Cell::partly) stretch = paint(Paint::doubt, stretch);
    if (cell == Cell::waiting) stretch = paint(Paint::faint, stretch);
    out += stretch;
  }
  return out;
}

std::string row_label(const Grid& grid, const ShardPicture& picture, std::size_t row) {
  if (grid.rows == grid.positions) {
    if (row < picture.labels.size()) return cut_middle(clean(picture.labels[row]), label_width);
    return count_text(row);
  }
  const bool shown = row == 0 || row == grid.rows - 1 || row == grid.rows / 2;
  return shown ? cut(count_text(grid.first_of(row)), label_width) : "";
}

// Five ticks, evenly spread; the last ends at the right edge.
void add_time_axis(std::vector<std::string>& lines, const Grid& grid) {
  constexpr std::size_t ticks = 5;
  std::string line(columns, ' ');
  std::string axis;
  std::string names;
  for (std::size_t column = 0; column < columns; ++column) {
    const bool is_tick = column % ((columns - 1) / (ticks - 1)) == 0;
    axis += is_tick ? "┴" : "─";
  }
  for (std::size_t tick = 0; tick < ticks; ++tick) {
    const std::size_t column = tick * ((columns - 1) / (ticks - 1));
    const auto at = static_cast<std::int64_t>(static_cast<__int128>(grid.length.us) * tick /
                                              static_cast<std::int64_t>(ticks - 1));
    // Three digits are enough for an axis.
    std::int64_t unit = 1;
    while (grid.length.us / unit >= 2000) unit *= 10;
    const std::string name = friendly_duration(Duration{at / unit * unit});
    const std::size_t width = display_width(name);
    if (column + width > columns)
      names = pad_right(names, columns - width);
    else
      names = pad_right(names, column);
    if (display_width(names) > std::min(column, columns - std::min(width, columns))) names += " ";
    names += name;
  }
  lines.push_back(std::string(label_width + 3, ' ') + "└" + axis);
  lines.push_back(std::string(label_width + 4, ' ') + cut(names, columns));
}

// One row of marks, or several where they would cover one another: "A══════", "B".
void add_marks(std::vector<std::string>& lines, const Grid& grid,
               const std::vector<PictureMark>& marks) {
  constexpr std::size_t rows_most = 4;
  std::vector<std::vector<std::string>> rows;
  for (const PictureMark& mark : marks) {
    if (mark.from - Instant{0} > grid.length) continue;
    const std::size_t from = grid.column_of(mark.from);
    const bool to_the_edge = mark.until - Instant{0} >= grid.length;
    const std::size_t end = std::max(from + 1, to_the_edge ? columns : grid.column_of(mark.until));
    const auto is_free = [&](const std::vector<std::string>& row) {
      return std::all_of(row.begin() + static_cast<std::ptrdiff_t>(from),
                         row.begin() + static_cast<std::ptrdiff_t>(end),
                         [](const std::string& cell) { return cell == " "; });
    };
    auto row = std::find_if(rows.begin(), rows.end(), is_free);
    if (row == rows.end()) {
      if (rows.size() == rows_most) continue;
      row = rows.insert(rows.end(), std::vector<std::string>(columns, " "));
    }
    for (std::size_t column = from; column < end; ++column) (*row)[column] = "═";
    (*row)[from] = std::string(1, mark.letter);
  }
  for (const std::vector<std::string>& row : rows) {
    std::string line(label_width + 4, ' ');
    for (const std::string& cell : row) line += cell;
    lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
  }
}

bool shows(const Grid& grid, Cell cell) {
  return std::find(grid.cells.begin(), grid.cells.end(), cell) != grid.cells.end();
}

std::string legend(const Grid& grid) {
  std::string text;
  const auto add = [&](Cell cell, std::string_view words) {
    if (!shows(grid, cell)) return;
    text += (text.empty() ? "" : "   ") + std::string(glyph(cell)) + " " + std::string(words);
  };
  add(Cell::ok, "ok");
  add(Cell::partly, "partly ok");
  add(Cell::failed, "failed");
  add(Cell::waiting, "waiting");
  // A cell of many records has the letter as soon as one of them has that fate.
  const std::string some = grid.rows < grid.positions ? "some " : "";
  for (const Fate fate : all_of<Fate>) {
    if (cell_of(fate) != Cell::nothing) add(cell_of(fate), some + std::string(name(fate)));
  }
  add(Cell::horizon, "trim horizon");
  return text;
}

}  // namespace

std::vector<std::string> draw_picture(const ShardPicture& picture, const Painter& paint,
                                      const std::vector<PictureMark>& marks) {
  Grid grid = empty_grid(picture);
  std::vector<std::string> lines;
  if (grid.rows == 0) return lines;
  draw_band(grid, picture);
  draw_bars(grid, picture);
  for (std::size_t i = grid.rows; i-- > 0;) {
    std::string line = "  " + pad_left(row_label(grid, picture, i), label_width) + " │";
    lines.push_back(line + painted_row(grid, i, paint));
  }
  add_time_axis(lines, grid);
  add_marks(lines, grid, marks);
  lines.push_back(std::string(label_width + 4, ' ') + legend(grid));
  return lines;
}

std::uint64_t interest(const ShardPicture& picture) {
  std::uint64_t failed = 0;
  std::uint64_t backlog = 0;
  for (const PictureBar& each : picture.bars) {
    if (!each.succeeded || each.partial) failed += each.count;
  }
  for (const PicturePoint& point : picture.points) {
    if (point.tip > point.checkpoint) backlog = std::max(backlog, point.tip - point.checkpoint);
  }
  const bool anything = !picture.points.empty() || !picture.bars.empty();
  constexpr std::uint64_t one_failure_weighs = 1'000'000'000;
  return failed * one_failure_weighs + backlog + (anything ? 1 : 0);
}

}  // namespace trimhorizon
