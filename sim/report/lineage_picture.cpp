#include "sim/report/lineage_picture.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "sim/base/format.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t rows_most = 12;
constexpr std::size_t cuts_most = 7;
constexpr std::size_t lineage_indent = 4;
constexpr std::size_t lineage_width = page_width - lineage_indent;
constexpr std::size_t step_most = 14;  // columns from one cut to the next
constexpr std::size_t lives_most = 1'000;

using Row = std::vector<std::size_t>;  // the shards that stand in it one after the other

std::string time_of_cut(Instant at) { return friendly_duration(at - Instant{0}); }

// Every shard in its row. A row is free again when its last shard went up in a merge.
class Layout {
 public:
  explicit Layout(const std::vector<ShardLife>& lives) : lives_(lives) {
    for (std::size_t i = 0; i < lives.size(); ++i) place(i);
  }

  std::vector<Row> rows() const {
    std::vector<Row> sorted;
    for (const std::size_t row : order_) sorted.push_back(rows_[row]);
    return sorted;
  }

 private:
  void place(std::size_t life) {
    by_number_[lives_[life].number] = life;
    std::optional<std::size_t> upper;  // the highest row of a parent
    for (const std::uint32_t parent : lives_[life].parents) {
      const auto known = by_number_.find(parent);
      if (known == by_number_.end()) continue;
      const std::size_t row = row_of_[known->second];
      if (!upper || height(row) < height(*upper)) upper = row;
    }
    if (!upper) return open_row(order_.size(), life);
    // A merged shard and the first child of a split go on in that row.
    const ShardLife& last = lives_[rows_[*upper].back()];
    const bool goes_on = last.closed && *last.closed <= lives_[life].opened;
    if (goes_on) return add_to(*upper, life);
    const std::size_t below = height(*upper) + 1;
    if (below < order_.size() && is_free(order_[below], lives_[life].opened)) {
      return add_to(order_[below], life);
    }
    open_row(below, life);
  }

  bool is_free(std::size_t row, Instant at) const {
    const ShardLife& last = lives_[rows_[row].back()];
    return last.closed && *last.closed < at;
  }
  std::size_t height(std::size_t row) const {
    return static_cast<std::size_t>(std::find(order_.begin(), order_.end(), row) - order_.begin());
  }
  void open_row(std::size_t height, std::size_t life) {
    order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(height), rows_.size());
    rows_.emplace_back();
    add_to(rows_.size() - 1, life);
  }
  void add_to(std::size_t row, std::size_t life) {
    rows_[row].push_back(life);
    row_of_[life] = row;
  }

  const std::vector<ShardLife>& lives_;
  std::vector<Row> rows_;
  std::vector<std::size_t> order_;  // indices of rows_, from top to bottom
  std::map<std::uint32_t, std::size_t> by_number_;
  std::map<std::size_t, std::size_t> row_of_;
};

std::vector<Instant> cuts_of(const std::vector<ShardLife>& lives) {
  std::vector<Instant> cuts;
  for (const ShardLife& each : lives) {
    if (!each.parents.empty()) cuts.push_back(each.opened);
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

class LineageCanvas {
 public:
  LineageCanvas(const std::vector<ShardLife>& lives, const std::vector<Instant>& cuts,
                const std::vector<Row>& rows)
      : lives_(lives), cuts_(cuts) {
    step_ = std::min(step_most, (lineage_width - 2) / (cuts.size() + 1));
    for (const Row& row : rows) {
      Row drawn;
      for (const std::size_t life : row) {
        if (is_drawn(lives[life])) drawn.push_back(life);
      }
      const bool changes = std::any_of(drawn.begin(), drawn.end(), [&](std::size_t life) {
        return lives[life].closed || lives[life].opened >= cuts.front();
      });
      unchanged_ += drawn.size() - (changes ? drawn.size() : 0);
      if (changes) rows_.push_back(std::move(drawn));
    }
  }

  std::size_t row_count() const { return rows_.size(); }
  std::size_t unchanged() const { return unchanged_; }

  std::vector<std::string> lines(const Painter& paint) {
    cells_.assign(rows_.size(), std::vector<std::string>(width(), " "));
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      for (const std::size_t life : rows_[row]) draw_shard(row, lives_[life]);
    }
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      for (const std::size_t life : rows_[row]) draw_joints(row, lives_[life]);
    }
    std::vector<std::string> lines = {paint(Paint::faint, times())};
    for (const std::vector<std::string>& cells : cells_) {
      std::string line(lineage_indent, ' ');
      for (const std::string& cell : cells) line += cell;
      lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
    }
    return lines;
  }

 private:
  bool is_drawn(const ShardLife& life) const {
    return !life.closed || *life.closed >= cuts_.front();
  }
  std::size_t width() const { return step_ * (cuts_.size() + 1) + 2; }
  std::size_t column_of(Instant at) const {
    const auto cut = std::upper_bound(cuts_.begin(), cuts_.end(), at);
    return static_cast<std::size_t>(cut - cuts_.begin()) * step_;
  }

  void draw_shard(std::size_t row, const ShardLife& life) {
    std::vector<std::string>& cells = cells_[row];
    const std::size_t from = column_of(life.opened);
    const std::size_t end = life.closed ? column_of(*life.closed) : width();
    for (std::size_t c = from; c < end; ++c) cells[c] = life.closed ? "─" : "━";
    if (!life.closed) cells[end - 1] = "→";
    const std::string label = " " + std::to_string(life.number) + " ";
    for (std::size_t i = 0; i < label.size() && from + 2 + i < end; ++i) {
      cells[from + 2 + i] = label[i];
    }
  }

  // Where it begins: below its parent after a split, or with the second parent below it.
  void draw_joints(std::size_t row, const ShardLife& life) {
    if (life.opened < cuts_.front()) return;
    const std::size_t column = column_of(life.opened);
    const bool above = std::any_of(life.parents.begin(), life.parents.end(),
                                   [&](std::uint32_t p) { return row_with(p) == row; });
    cells_[row][column] = above ? "┬" : "└";
    for (const std::uint32_t parent : life.parents) {
      const std::optional<std::size_t> other = row_with(parent);
      if (!other || *other == row) continue;
      if (*other > row) cells_[*other][column] = "┘";
      for (std::size_t r = std::min(row, *other) + 1; r < std::max(row, *other); ++r) {
        std::string& cell = cells_[r][column];
        cell = cell == "└" ? "├" : cell == " " ? "│" : cell;
      }
    }
  }

  std::optional<std::size_t> row_with(std::uint32_t number) const {
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      for (const std::size_t life : rows_[row]) {
        if (lives_[life].number == number) return row;
      }
    }
    return std::nullopt;
  }

  std::string times() const {
    std::string line(lineage_indent + step_, ' ');
    for (const Instant cut : cuts_) {
      line += pad_right(cut_time(cut), step_);
    }
    return line.substr(0, line.find_last_not_of(' ') + 1);
  }
  std::string cut_time(Instant at) const { return trimhorizon::cut(time_of_cut(at), step_ - 1); }

  const std::vector<ShardLife>& lives_;
  const std::vector<Instant>& cuts_;
  std::size_t step_ = 0;
  std::vector<Row> rows_;
  std::size_t unchanged_ = 0;
  std::vector<std::vector<std::string>> cells_;
};

// What is not in the picture; `before`: cuts that are not drawn.
std::string left_out(const std::vector<ShardLife>& lives, const std::vector<Instant>& cuts,
                     std::size_t before, std::size_t unchanged) {
  std::vector<std::string> parts;
  if (unchanged > 0) parts.push_back(counted(unchanged, "shard") + " without a change");
  if (before > 0) {
    const auto gone = std::count_if(lives.begin(), lives.end(), [&](const ShardLife& each) {
      return each.closed && *each.closed < cuts[before];
    });
    parts.push_back(counted(before, "earlier cut") + ", from " + time_of_cut(cuts.front()) +
                    " on, with " + counted(static_cast<std::uint64_t>(gone), "shard"));
  }
  return parts.empty() ? "" : "Not drawn: " + listed(parts) + ".";
}

std::string summary_of(const std::vector<ShardLife>& lives, const std::vector<Instant>& cuts) {
  const auto closed = static_cast<std::uint64_t>(
      std::count_if(lives.begin(), lives.end(), [](const auto& each) { return !!each.closed; }));
  const std::string when =
      cuts.size() == 1 ? " at " + time_of_cut(cuts.front())
                       : ", from " + time_of_cut(cuts.front()) + " to " + time_of_cut(cuts.back());
  return counted(lives.size(), "shard") + " in all, " + count_text(closed) + " of them closed by " +
         counted(cuts.size(), "cut") + when + ": too many to draw.";
}

void add_wrapped(std::vector<std::string>& lines, const std::string& words, const Painter& paint) {
  for (const std::string& line : wrap(words, lineage_width)) {
    lines.push_back(std::string(lineage_indent, ' ') + paint(Paint::faint, line));
  }
}

}  // namespace

std::vector<std::string> draw_lineage(const std::vector<ShardLife>& lives, const Painter& paint) {
  const std::vector<Instant> cuts = cuts_of(lives);
  std::vector<std::string> lines;
  if (cuts.empty()) return lines;
  if (lives.size() <= lives_most) {
    const std::vector<Row> rows = Layout(lives).rows();
    for (std::size_t drawn = std::min(cuts.size(), cuts_most); drawn > 0; --drawn) {
      const std::size_t before = cuts.size() - drawn;
      const std::vector<Instant> last(cuts.begin() + static_cast<std::ptrdiff_t>(before),
                                      cuts.end());
      LineageCanvas canvas(lives, last, rows);
      if (canvas.row_count() > rows_most) continue;
      lines = canvas.lines(paint);
      add_wrapped(lines, "━ open at the end  ─ closed; time is not to scale.", paint);
      add_wrapped(lines, left_out(lives, cuts, before, canvas.unchanged()), paint);
      return lines;
    }
  }
  add_wrapped(lines, summary_of(lives, cuts), paint);
  return lines;
}

}  // namespace trimhorizon
