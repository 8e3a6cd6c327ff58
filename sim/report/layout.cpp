// Measures, cuts and wraps text by the columns it takes in a terminal, which differ from its bytes.
#include "sim/report/layout.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "sim/base/medium.hpp"
#include "sim/base/utf8.hpp"

namespace trimhorizon {
namespace {

// Bytes of the longest beginning of `text` that takes at most `width` columns.
std::size_t bytes_within(std::string_view text, std::size_t width) {
  std::size_t at = 0;
  std::size_t used = 0;
  while (at < text.size()) {
    const CodePoint next = decode_utf8(text, at);
    used += terminal_width(next.value);
    if (used > width) break;
    at += next.bytes;
  }
  return at;
}

}  // namespace

std::string clean(std::string_view text) {
  std::string out = for_terminal(text);
  const std::size_t last = out.find_last_not_of(' ');
  out.resize(last == std::string::npos ? 0 : last + 1);
  return out;
}

std::string cut(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return "";
  return std::string(text.substr(0, bytes_within(text, width - 1))) + "…";
}

std::string cut_middle(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width < 3) return cut(text, width);
  const std::size_t head = (width - 1) / 2;
  const std::size_t tail = width - 1 - head;
  std::size_t begin = 0;
  while (display_width(text.substr(begin)) > tail) begin += decode_utf8(text, begin).bytes;
  return std::string(text.substr(0, bytes_within(text, head))) + "…" +
         std::string(text.substr(begin));
}

std::string pad_right(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(used < width ? width - used : 0, ' ') + std::string(text);
}

std::size_t TextColumn::width() const {
  std::size_t widest = std::max(display_width(above), display_width(head));
  for (const std::string& each : cells) widest = std::max(widest, display_width(each));
  return widest;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) lines.push_back(line);
    line.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find_first_not_of(' ', at);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    std::string_view word = text.substr(begin, end - begin);
    at = end;
    const std::size_t blank = line.empty() ? 0 : 1;
    if (display_width(line) + blank + display_width(word) > width) flush();
    while (display_width(word) > width) {
      const std::size_t bytes = std::max<std::size_t>(bytes_within(word, width), 1);
      lines.emplace_back(word.substr(0, bytes));
      word.remove_prefix(bytes);
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  flush();
  return lines;
}

std::string paragraph(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  for (const std::string& line : wrap(clean(text), width - indent)) {
    out += std::string(indent, ' ') + line + "\n";
  }
  return out;
}

std::string bar(std::uint64_t part, std::uint64_t whole, std::size_t width) {
  if (part == 0 || whole == 0) return "";
  static constexpr std::array<std::string_view, 8> eighths = {"",  "▏", "▎", "▍",
                                                              "▌", "▋", "▊", "▉"};
  const auto total =
      static_cast<std::size_t>(static_cast<unsigned __int128>(part) * width * 8 / whole);
  const std::size_t filled = std::max<std::size_t>(std::min(total, width * 8), 1);
  std::string out;
  for (std::size_t i = 0; i < filled / 8; ++i) out += "█";
  return out + std::string(eighths[filled % 8]);
}

namespace {

std::string share_text(std::uint64_t part, std::uint64_t whole, std::uint64_t tenths) {
  if (part == 0) return "0%";
  if (part == whole) return "100%";
  if (tenths == 0) return "<0.1%";
  if (tenths >= 1000) return ">99.9%";
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "%";
}

}  // namespace

std::vector<std::string> percents(const std::vector<std::uint64_t>& parts) {
  const std::uint64_t whole = std::accumulate(parts.begin(), parts.end(), std::uint64_t{0});
  std::vector<std::string> texts(parts.size());
  if (whole == 0) return texts;
  std::vector<std::uint64_t> tenths, rests;
  for (const std::uint64_t part : parts) {
    const auto scaled = static_cast<unsigned __int128>(part) * 1000;
    tenths.push_back(static_cast<std::uint64_t>(scaled / whole));
    rests.push_back(static_cast<std::uint64_t>(scaled % whole));
  }
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rests[a] > rests[b]; });
  const std::uint64_t missing =
      1000 - std::accumulate(tenths.begin(), tenths.end(), std::uint64_t{0});
  for (std::uint64_t i = 0; i < missing; ++i) tenths[order[i]] += 1;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    texts[i] = share_text(parts[i], whole, tenths[i]);
  }
  return texts;
}

std::string Painter::operator()(Paint paint, std::string_view text) const {
  if (!on_ || text.empty()) return std::string(text);
  const char* code = "";
  switch (paint) {
    case Paint::good: code = "32"; break;
    case Paint::bad: code = "1;31"; break;
    case Paint::doubt: code = "33"; break;
    case Paint::faint: code = "2"; break;
    case Paint::strong: code = "1"; break;
  }
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace trimhorizon
