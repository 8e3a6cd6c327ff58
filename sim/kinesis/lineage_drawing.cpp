#include "sim/kinesis/lineage_drawing.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/format.hpp"

namespace trimhorizon {
namespace {

// All lengths in pixels; coordinates in hundredths of them, so that no double is needed.
constexpr std::int64_t left_margin = 52;
constexpr std::int64_t right_margin = 20;
constexpr std::int64_t top_margin = 74;
constexpr std::int64_t bottom_margin = 48;
constexpr std::int64_t column_width = 152;
constexpr std::int64_t column_gap = 3;
constexpr std::int64_t row_height = 44;  // of an open shard, on average
constexpr std::int64_t height_min = 200;
constexpr std::int64_t height_usual = 480;  // up to here, the smallest shard gets two lines
constexpr std::int64_t height_max = 1'600;
constexpr std::int64_t width_min = 560;
constexpr std::int64_t two_lines = 36;  // a box as high as this holds two lines
constexpr std::int64_t one_line = 16;
constexpr std::int64_t parts = 100;

// What a box looks like. The words tell the same, for who sees no colours.
struct Look {
  std::string_view word;
  std::string_view fill;
  std::string_view line;
  std::string_view text;
  std::string_view dashes;
};
constexpr Look open_look{"open", "#1f5f99", "#1f5f99", "#ffffff", ""};
constexpr Look closed_look{"closed", "#dbe7f2", "#9db8d1", "#3a4f63", ""};
constexpr Look announced_look{"announced", "#ffffff", "#1f5f99", "#1f5f99", "4 3"};

const Look& look_of(const StreamAt& at, std::uint32_t number) {
  switch (shard_state(at, number)) {
    case ShardState::not_open_yet: return announced_look;
    case ShardState::open: return open_look;
    case ShardState::closed:
    case ShardState::expired: return closed_look;
  }
  return closed_look;
}

std::string moment(Instant t) { return friendly_duration(t - Instant{0}); }

// "until 25s", "25s to 31s", "open since 31s", "open until 25s", "opens at 25s".
std::string life_text(const StreamAt& at, std::uint32_t number) {
  const Shard& shard = at.shard(number);
  const bool from_the_start = shard.opens == start_of_time;
  switch (shard_state(at, number)) {
    case ShardState::not_open_yet: return "opens at " + moment(shard.opens);
    case ShardState::open:
      if (shard.closes != end_of_time) return "open until " + moment(shard.closes);
      return from_the_start ? "open" : "open since " + moment(shard.opens);
    case ShardState::closed:
    case ShardState::expired: break;
  }
  if (from_the_start) return "until " + moment(shard.closes);
  return moment(shard.opens) + " to " + moment(shard.closes);
}

std::string escaped(std::string_view text, bool for_xml) {
  std::string safe;
  for (const char c : text) {
    if (for_xml && c == '<') {
      safe += "&lt;";
    } else if (for_xml && c == '&') {
      safe += "&amp;";
    } else if (!for_xml && (c == '"' || c == '\\')) {
      safe += fmt::format("\\{}", c);
    } else {
      safe += c;
    }
  }
  return safe;
}

// 0 without parents, else one more than the last of its parents.
std::vector<std::int64_t> generations(const StreamState& stream) {
  std::vector<std::int64_t> generation;
  for (std::uint32_t number = 0; number < stream.shards.size(); ++number) {
    std::int64_t own = 0;
    for (const std::uint32_t parent : stream.lineage.parents_of(number)) {
      own = std::max(own, generation[parent] + 1);
    }
    generation.push_back(own);
  }
  return generation;
}

// In parts of a whole, rounded down.
std::int64_t share_before(HashKey key, std::int64_t whole) {
  const auto top = static_cast<std::uint64_t>(key >> 96);
  return static_cast<std::int64_t>((HashKey{top} * static_cast<std::uint64_t>(whole)) >> 32);
}

std::int64_t share_until(HashKey last, std::int64_t whole) {
  return last == last_hash_key ? whole : share_before(last + 1, whole);
}

std::string pixels(std::int64_t hundredths) {
  return decimal_text(static_cast<std::uint64_t>(hundredths), 2);
}

class Drawing {
 public:
  Drawing(const StreamAt& at, std::string_view name)
      : at_(at), name_(name), generation_(generations(at.stream)) {
    for (std::uint32_t number = 0; number < at.stream.shards.size(); ++number) {
      columns_ = std::max(columns_, generation_[number] + 1);
      if (&look_of(at, number) == &open_look) ++open_;
    }
    height_ = height_for_all();
    width_ = std::max(left_margin + columns_ * column_width + right_margin, width_min);
  }

  std::string svg() {
    const std::int64_t all_height = top_margin + height_ + bottom_margin;
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\">\n"
        "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
        width_, all_height);
    title();
    axis();
    for (std::uint32_t number = 0; number < at_.stream.shards.size(); ++number) box(number);
    legend();
    return text_ + "</svg>\n";
  }

 private:
  std::int64_t height_for_all() const {
    HashKey smallest = last_hash_key;
    for (std::uint32_t number = 0; number < at_.stream.shards.size(); ++number) {
      const HashKeyRange& range = at_.shard(number).range;
      smallest = std::min(smallest, range.last - range.first);
    }
    constexpr HashKey enough = two_lines + 4;
    const HashKey wanted = last_hash_key / (smallest / enough + 1);
    const auto usual = static_cast<std::int64_t>(std::min<HashKey>(wanted, height_usual));
    return std::clamp(std::max(usual, open_ * row_height), height_min, height_max);
  }

  void title() {
    const std::size_t all = at_.stream.shards.size();
    line(left_margin, 24, "font-size=\"16\" font-weight=\"bold\" fill=\"#1b2a38\"",
         fmt::format("{}: {} of {} shards open at {}", escaped(name_, true), open_, all,
                     moment(at_.now)));
    line(left_margin, 44, "fill=\"#5b6b7a\"",
         "Height: the share of the hash keys. To the right: parents, then their children.");
    if (columns_ == 1) return;
    for (std::int64_t column = 0; column < columns_; ++column) {
      line(left_margin + column * column_width, 66, "font-size=\"11\" fill=\"#5b6b7a\"",
           column == 0 ? std::string("at first") : fmt::format("generation {}", column + 1));
    }
  }

  void axis() {
    for (const std::int64_t percent : {0, 25, 50, 75, 100}) {
      const std::int64_t y = top_margin * parts + height_ * percent;
      text_ += fmt::format(
          "<line x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\" stroke=\"#9aa8b5\"/>\n"
          "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" font-size=\"11\" fill=\"#5b6b7a\">{} %"
          "</text>\n",
          left_margin - 6, left_margin - 2, pixels(y), pixels(y), left_margin - 9,
          pixels(y + 4 * parts), percent);
    }
  }

  void box(std::uint32_t number) {
    const Shard& shard = at_.shard(number);
    const Look& look = look_of(at_, number);
    const std::int64_t first = generation_[number];
    const std::int64_t end =
        shard.has_children() ? generation_[at_.shards[shard.children[0].value].number] : columns_;
    const std::int64_t x = left_margin + first * column_width;
    const std::int64_t wide = (end - first) * column_width - column_gap;
    const std::int64_t y = top_margin * parts + share_before(shard.range.first, height_ * parts);
    const std::int64_t high =
        top_margin * parts + share_until(shard.range.last, height_ * parts) - y;
    // A line of the background between two boxes, if they are high enough.
    const std::int64_t gap = high > 6 * parts ? 2 * parts : 0;
    const std::string share = hash_share_text(shard.range);
    text_ += fmt::format(
        "<g><title>{}, {} of the hash keys, {}</title>"
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"{}\" stroke=\"{}\"{}/>",
        shard_id_text(number), escaped(share, true), life_text(at_, number), x, pixels(y), wide,
        pixels(high - gap), look.fill, look.line, dashes_of(look));
    words(number, look, x + 8, y, (high - gap) / parts, share);
    text_ += "</g>\n";
  }

  void words(std::uint32_t number, const Look& look, std::int64_t x, std::int64_t y,
             std::int64_t high, const std::string& share) {
    if (high < one_line) return;
    const bool both = high >= two_lines;
    const std::int64_t middle = y + high * parts / 2;
    text_ += fmt::format(
        "<text x=\"{}\" y=\"{}\" fill=\"{}\"><tspan font-weight=\"bold\">{}</tspan>"
        "<tspan dx=\"8\">{}</tspan></text>",
        x, pixels(middle + (both ? -3 : 4) * parts), look.text, number, escaped(share, true));
    if (!both) return;
    text_ += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"11\" fill=\"{}\">{}</text>", x,
                         pixels(middle + 12 * parts), look.text, life_text(at_, number));
  }

  void legend() {
    std::int64_t x = left_margin;
    const std::int64_t y = top_margin + height_ + 18;
    for (const Look* look : {&open_look, &closed_look, &announced_look}) {
      text_ += fmt::format(
          "<rect x=\"{}\" y=\"{}\" width=\"18\" height=\"12\" rx=\"3\" fill=\"{}\" stroke=\"{}\""
          "{}/>\n",
          x, y, look->fill, look->line, dashes_of(*look));
      line(x + 24, y + 10, "font-size=\"11\" fill=\"#5b6b7a\"", std::string(look->word));
      x += 86;
    }
    line(x + 14, y + 10, "font-size=\"11\" fill=\"#5b6b7a\"", "bold: the number in the shard id");
  }

  void line(std::int64_t x, std::int64_t y, std::string_view style, const std::string& words) {
    text_ += fmt::format("<text x=\"{}\" y=\"{}\" {}>{}</text>\n", x, y, style, words);
  }

  static std::string dashes_of(const Look& look) {
    return look.dashes.empty() ? "" : fmt::format(" stroke-dasharray=\"{}\"", look.dashes);
  }

  const StreamAt& at_;
  std::string_view name_;
  std::vector<std::int64_t> generation_;  // by shard number
  std::int64_t columns_ = 1;
  std::int64_t open_ = 0;
  std::int64_t height_ = 0;  // of the boxes together
  std::int64_t width_ = 0;
  std::string text_;
};

}  // namespace

std::string hash_share_text(const HashKeyRange& range) {
  constexpr std::int64_t whole = 1'000'000;
  const HashKey last = range.last - range.first;
  const std::int64_t permille = (share_until(last, whole) + 500) / 1'000;
  if (permille == 0) return "< 0.1 %";
  return decimal_text(static_cast<std::uint64_t>(permille), 1) + " %";
}

std::string lineage_dot(const StreamAt& at, std::string_view name) {
  std::string text = fmt::format(
      "digraph \"{}\" {{\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\"];\n",
      escaped(name, false));
  for (std::uint32_t number = 0; number < at.stream.shards.size(); ++number) {
    const Look& look = look_of(at, number);
    text += fmt::format(
        "  {} [label=\"{}\\n{}\\n{}\", fillcolor=\"{}\", color=\"{}\", fontcolor=\"{}\"];\n",
        number, shard_id_text(number), hash_share_text(at.shard(number).range),
        life_text(at, number), look.fill, look.line, look.text);
  }
  for (std::uint32_t number = 0; number < at.stream.shards.size(); ++number) {
    for (const std::uint32_t parent : at.stream.lineage.parents_of(number)) {
      text += fmt::format("  {} -> {};\n", parent, number);
    }
  }
  return text + "}\n";
}

std::string lineage_svg(const StreamAt& at, std::string_view name) {
  return Drawing(at, name).svg();
}

}  // namespace trimhorizon
