#include "sim/base/diagnostic.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "sim/base/medium.hpp"
#include "sim/base/utf8.hpp"

namespace trimhorizon {
namespace {

constexpr std::string_view indent = "  ";
constexpr std::string_view cut_mark = "...";

// The beginning of each line of the source. It is found once, so that many mistakes cost one pass.
class Lines {
 public:
  explicit Lines(std::string_view source) : source_(source) {
    starts_.push_back(0);
    for (std::size_t at = source.find('\n'); at != std::string_view::npos;
         at = source.find('\n', at + 1)) {
      starts_.push_back(at + 1);
    }
  }
  bool has(std::uint32_t line) const { return line >= 1 && line <= starts_.size(); }
  std::string_view text(std::uint32_t line) const {
    std::string_view rest = source_.substr(starts_[line - 1]);
    rest = rest.substr(0, rest.find('\n'));
    if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
    return rest;
  }

 private:
  std::string_view source_;
  std::vector<std::size_t> starts_;
};

// One character as it is printed, and the number of terminal columns that it needs.
struct Glyph {
  std::string text;
  std::uint32_t width = 1;
};

constexpr bool between(char32_t c, char32_t first, char32_t last) {
  return first <= c && c <= last;
}

// A mistake may be that a character cannot be seen.
bool is_invisible(char32_t c) {
  return is_hostile(c) || c == 0xad || between(c, 0x200b, 0x200d) || between(c, 0x2060, 0x2065);
}

// Reads one character and moves `at` to the next one.
Glyph take_glyph(std::string_view text, std::size_t& at) {
  const CodePoint point = decode_utf8(text, at);
  const std::string_view bytes = text.substr(at, point.bytes);
  at += point.bytes;
  Glyph glyph;
  if (!point.valid) {
    for (const char byte : bytes) {
      glyph.text += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
  } else if (point.value == '\t') {
    glyph.text = "\\t";
  } else if (point.value < 0x80 && is_invisible(point.value)) {
    glyph.text = fmt::format("\\x{:02x}", static_cast<std::uint32_t>(point.value));
  } else if (is_invisible(point.value)) {
    glyph.text = fmt::format("\\u{{{:04x}}}", static_cast<std::uint32_t>(point.value));
  } else {
    return {std::string(bytes), terminal_width(point.value)};
  }
  glyph.width = static_cast<std::uint32_t>(glyph.text.size());
  return glyph;
}

// A message may quote the user's text. This keeps it on one line.
std::string visible(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) out += take_glyph(text, at).text;
  return out;
}

// The characters around the caret that fit on the page, and whether the line has more on either
// side.
struct Window {
  std::vector<Glyph> glyphs;
  std::size_t caret = 0;  // index into glyphs; glyphs.size() is just after the end
  bool cut_left = false;
  bool cut_right = false;
};

// Reads the line at most twice, and keeps only the window. `caret` counts from 0.
Window window_around(std::string_view line, std::uint64_t caret) {
  Window window;
  std::size_t at = 0;
  caret = std::min(caret, count_code_points(line));
  const std::uint64_t skipped = caret > page_width ? caret - page_width : 0;
  for (std::uint64_t i = 0; i < skipped; ++i) at += decode_utf8(line, at).bytes;
  window.cut_left = at > 0;
  while (at < line.size() && window.glyphs.size() <= caret - skipped + page_width) {
    window.glyphs.push_back(take_glyph(line, at));
  }
  window.cut_right = at < line.size();
  window.caret = caret - skipped;
  return window;
}

// Cuts the window to what fits on the page. It grows from the caret to both sides; when one side
// ends, the other gets the rest.
void cut_to_page(Window& window) {
  const std::size_t page = page_width - indent.size();
  std::size_t whole = 0;
  for (const Glyph& glyph : window.glyphs) whole += glyph.width;
  if (whole <= page && !window.cut_left && !window.cut_right) return;

  const std::size_t budget = page - 2 * cut_mark.size();
  std::size_t left = window.caret;
  std::size_t right = window.caret;
  std::size_t used = 0;
  const auto fits = [&](std::size_t i) { return used + window.glyphs[i].width <= budget; };
  for (bool grew = true; grew;) {
    grew = false;
    if (right < window.glyphs.size() && fits(right)) {
      used += window.glyphs[right++].width;
      grew = true;
    }
    if (left > 0 && fits(left - 1)) {
      used += window.glyphs[--left].width;
      grew = true;
    }
  }
  window.cut_right = window.cut_right || right < window.glyphs.size();
  window.cut_left = window.cut_left || left > 0;
  window.glyphs.resize(right);
  window.glyphs.erase(window.glyphs.begin(),
                      window.glyphs.begin() + static_cast<std::ptrdiff_t>(left));
  window.caret -= left;
}

// "\n  the line\n      ^"
std::string snippet(std::string_view line, std::uint32_t column) {
  Window window = window_around(line, column > 0 ? column - 1 : 0);
  cut_to_page(window);
  std::string text(indent);
  std::size_t caret_width = indent.size();
  if (window.cut_left) {
    text += cut_mark;
    caret_width += cut_mark.size();
  }
  for (std::size_t i = 0; i < window.glyphs.size(); ++i) {
    text += window.glyphs[i].text;
    if (i < window.caret) caret_width += window.glyphs[i].width;
  }
  if (window.cut_right) text += cut_mark;
  const std::string caret = column > 0 ? "\n" + std::string(caret_width, ' ') + "^" : "";
  return "\n" + text + caret;
}

// The words, wrapped to the page, each line indented. A longer word gets its own line.
std::string on_pages(std::string_view text) {
  std::string out;
  std::size_t used = page_width;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const std::size_t width = display_width(word);
    if (used + 1 + width > page_width) {
      out += fmt::format("\n{}{}", indent, word);
      used = indent.size() + width;
    } else {
      out += fmt::format(" {}", word);
      used += 1 + width;
    }
  }
  return out;
}

std::string render_with(const Diagnostic& diagnostic, const Lines& lines) {
  std::string text = visible(diagnostic.file);
  if (diagnostic.line > 0) text += fmt::format(":{}", diagnostic.line);
  if (diagnostic.line > 0 && diagnostic.column > 0) text += fmt::format(":{}", diagnostic.column);
  text += ": error: " + visible(diagnostic.message);
  if (!diagnostic.excerpt.empty()) {
    text += snippet(diagnostic.excerpt, diagnostic.column);
  } else if (lines.has(diagnostic.line)) {
    text += snippet(lines.text(diagnostic.line), diagnostic.column);
  }
  text += on_pages(visible(diagnostic.suggestion));
  return text;
}

std::vector<Diagnostic> by_position(std::vector<Diagnostic> diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return std::tie(a.line, a.column) < std::tie(b.line, b.column);
                   });
  return diagnostics;
}

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// How many characters at the beginning of both words are the same.
std::size_t common_beginning(std::string_view a, std::string_view b) {
  const auto same = [](char x, char y) { return folded(x) == folded(y); };
  const auto end = std::mismatch(a.begin(), a.end(), b.begin(), b.end(), same).first;
  return static_cast<std::size_t>(end - a.begin());
}

}  // namespace

ScenarioError::ScenarioError(std::vector<Diagnostic> diagnostics, std::string_view source_text)
    : std::runtime_error(render(by_position(diagnostics), source_text)),
      diagnostics_(by_position(std::move(diagnostics))) {}

ScenarioError::ScenarioError(const ScenarioError& first, const ScenarioError& second)
    : std::runtime_error(std::string(first.what()) + "\n" + second.what()),
      diagnostics_(first.diagnostics_) {
  diagnostics_.insert(diagnostics_.end(), second.diagnostics_.begin(), second.diagnostics_.end());
}

std::string render(const Diagnostic& diagnostic, std::string_view source_text) {
  return render_with(diagnostic, Lines(source_text));
}

std::string render(const std::vector<Diagnostic>& diagnostics, std::string_view source_text) {
  const Lines lines(source_text);
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!text.empty()) text += '\n';
    text += render_with(diagnostic, lines);
  }
  return text;
}

// The table of distances between prefixes. A swap of two characters needs the last three rows.
std::uint32_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::uint32_t> two_above(b.size() + 1);
  std::vector<std::uint32_t> above(b.size() + 1);
  std::vector<std::uint32_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<std::uint32_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    two_above.swap(above);
    above.swap(row);
    row[0] = static_cast<std::uint32_t>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = folded(a[i - 1]);
      const char y = folded(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (x == y ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && x == folded(b[j - 2]) && y == folded(a[i - 2]);
      if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
    }
  }
  return row[b.size()];
}

// A suggestion is useful when it differs by at most three edits, and by at most one in three
// characters of the word. Of two that are as near, the one that begins like the word is meant.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t most_edits = 3;
  std::string_view best;
  std::size_t best_distance = std::min(most_edits, std::max<std::size_t>(word.size() / 3, 1)) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t difference = candidate.size() > word.size() ? candidate.size() - word.size()
                                                                  : word.size() - candidate.size();
    // The lengths alone may exclude it. This also bounds the work for a hostile word.
    if (difference > best_distance || candidate.empty()) continue;
    const std::size_t distance = edit_distance(word, candidate);
    const bool is_nearer = distance < best_distance ||
                           (distance == best_distance && !best.empty() &&
                            common_beginning(word, candidate) > common_beginning(word, best));
    if (is_nearer && distance < std::max(word.size(), candidate.size())) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t word_max = 100;  // no name is that long, and a comparison would take long
  if (word.size() > word_max) return "";
  const std::string_view near = nearest(word, candidates);
  return near.empty() ? "" : fmt::format("did you mean `{}`?", near);
}

}  // namespace trimhorizon
