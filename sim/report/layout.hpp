// Text in a terminal: widths, cutting, wrapping, columns and colour. Nothing here knows what a
// record is.
//
// Always:
//  1. A width counts columns of the terminal: a wide character takes two, a combining one none.
//  2. Control characters of a user's file never reach the terminal.
//  3. Colour adds no information: without it the text says the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/utf8.hpp"

namespace trimhorizon {

// One line, without control characters: newlines and tabs become blanks.
std::string clean(std::string_view text);

// At most `width` columns, the rest cut with an ellipsis; cut_middle keeps both ends.
std::string cut(std::string_view text, std::size_t width);
std::string cut_middle(std::string_view text, std::size_t width);

std::string pad_right(std::string_view text, std::size_t width);  // unchanged if it is longer
std::string pad_left(std::string_view text, std::size_t width);

// A column of a table for people.
struct TextColumn {
  std::string head;
  std::string above = "";  // a second line of its head, above the first
  std::vector<std::string> cells = {};

  std::size_t width() const;
};

// Breaks at blanks into lines of at most `width` columns; a longer word is cut.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// The lines of `wrap` with `indent` blanks before each, joined, with a final newline.
std::string paragraph(std::string_view text, std::size_t indent, std::size_t width = page_width);

// `part` of `whole` as blocks, at most `width` columns. Any part above 0 is visible.
std::string bar(std::uint64_t part, std::uint64_t whole, std::size_t width);

// "99.9%" for each part of their sum. They add up to 100: those with the largest remainders are
// rounded up. A small part above 0 is "<0.1%", and one just below the whole is ">99.9%".
std::vector<std::string> percents(const std::vector<std::uint64_t>& parts);

enum class Paint : std::uint8_t { good, bad, doubt, faint, strong };

class Painter {
 public:
  explicit Painter(bool on) : on_(on) {}
  std::string operator()(Paint paint, std::string_view text) const;

 private:
  bool on_;
};

}  // namespace trimhorizon
