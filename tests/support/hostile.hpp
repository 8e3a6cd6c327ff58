// Texts that stand in nobody's way only if every writer is careful.
#pragma once

#include <string>
#include <vector>

#include "sim/base/medium.hpp"
#include "sim/base/utf8.hpp"

namespace trimhorizon::testing {

struct Hostile {
  std::string kind;
  std::string text;
};

// In UTF-8, so that they can stand in a scenario.
inline std::vector<Hostile> hostile_texts() {
  return {
      {"control characters", "a\x01\x07\x08\x1f z"},
      {"DEL", "a\x7fz"},
      {"C1", "a\xc2\x85\xc2\x9bz"},
      {"bidirectional overrides", "a\xe2\x80\xaez\xe2\x80\xac"},
      {"bidirectional isolates", "a\xe2\x81\xa6z\xe2\x81\xa9\xd8\x9c\xe2\x80\x8f"},
      {"zero width", "a\xe2\x80\x8bz\xe2\x81\xa0"},
      {"BOM", "a\xef\xbb\xbfz"},
      {"U+FFFE and U+FFFF", "a\xef\xbf\xbe\xef\xbf\xbfz"},
      {"line and paragraph separators", "a\xe2\x80\xa8z\xe2\x80\xa9"},
      {"quotes", "a'b\"c`d"},
      {"backslashes", "a\\b\\n\\"},
      {"dollars", "$a $(b) ${c} $1"},
      {"markup", "<b>&amp;a</b>"},
      {"the end of CDATA", "a]]>b"},
      {"YAML: a key", "a: b #c"},
      {"YAML: a list", "- a"},
      {"YAML: a directive", "%a, *b, &c, !d, |, >"},
      {"YAML: braces", "{a: [b]}"},
      {"format braces", "{} {0} {:d} %s %d"},
      {"ANSI escapes", "\x1b[31ma\x1b]0;b\x07"},
      {"CRLF", "a\r\nb"},
      {"a line break", "a\nreplay: b"},
      {"tabs", "a\tb\t"},
      {"combining marks", "a\xcc\x81\xcc\x82\xcc\x83z"},
      {"text from right to left", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"},
      {"emoji with joiners",
       "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"},
      {"very long", std::string(700, 'x')},
      {"an option", "-x"},
      {"a number", "1e3"},
      {"nothing", "~"},
  };
}

// Bytes that no YAML can hold, but the name of a file can.
inline std::vector<Hostile> broken_texts() {
  return {{"a lone surrogate", "a\xed\xa0\x80z"}, {"no UTF-8", "a\xff\xc3z\xe2\x82"}};
}

// The first place in a text for people, or in a document, that could harm its reader; "" for none.
// The line breaks of the text itself are allowed.
inline std::string harm_in(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (!point.valid || (is_hostile(point.value) && point.value != '\n')) {
      return "at byte " + std::to_string(at) + ": U+" +
             std::to_string(static_cast<std::uint32_t>(point.value)) + " after " +
             std::string(text.substr(at < 40 ? 0 : at - 40, at < 40 ? at : 40));
    }
    at += point.bytes;
  }
  return "";
}

}  // namespace trimhorizon::testing
