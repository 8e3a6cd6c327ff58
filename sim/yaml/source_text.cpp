#include "sim/yaml/source_text.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fmt/format.h>

#include "sim/base/diagnostic.hpp"
#include "sim/base/utf8.hpp"

namespace trimhorizon::reader {

std::string_view without_bom(std::string_view text) {
  constexpr std::string_view bom = "\xef\xbb\xbf";
  return text.starts_with(bom) ? text.substr(bom.size()) : text;
}

namespace {

// "UTF-16" or "UTF-32" when the text begins as such a file does, with its mark or without. A text
// in UTF-8 has no byte 0 at all.
std::string_view other_encoding(std::string_view text) {
  for (const std::string_view mark :
       {std::string_view("\xff\xfe\0\0", 4), std::string_view("\0\0\xfe\xff", 4)}) {
    if (text.starts_with(mark)) return "UTF-32";
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return "UTF-16";
  if (text.size() < 4) return {};
  std::string zeros;
  for (const char byte : text.substr(0, 4)) zeros += byte == 0 ? '0' : 'x';
  if (zeros == "x000" || zeros == "000x") return "UTF-32";
  return zeros == "x0x0" || zeros == "0x0x" ? "UTF-16" : std::string_view{};
}

}  // namespace

bool is_readable_text(std::string_view text, Mistakes& mistakes, std::uint32_t source) {
  if (text.size() > text_bytes_max) {
    mistakes.error({source, 0}, fmt::format("the file is longer than {} MiB", text_bytes_max >> 20),
                   "use a producer with `rate` instead of writing every record");
    return false;
  }
  if (const std::string_view other = other_encoding(text); !other.empty()) {
    mistakes.error({source, 0}, fmt::format("the file is in {}", other), "save it as UTF-8");
    return false;
  }
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const Mark mark{source, static_cast<std::uint32_t>(at)};
    if (!point.valid) {
      mistakes.error(
          mark, fmt::format("the byte 0x{:02x} is not UTF-8", static_cast<unsigned char>(text[at])),
          "save the file as UTF-8");
      return false;
    }
    const bool white = point.value == '\t' || point.value == '\n' || point.value == '\r';
    if (point.value < 0x20 && !white) {
      mistakes.error(mark,
                     fmt::format("the control character 0x{:02x} is not allowed here",
                                 static_cast<unsigned>(point.value)),
                     "remove it; in quotes you can write it as an escape");
      return false;
    }
    at += point.bytes;
  }
  return true;
}

std::string read_file(const std::string& path) {
  const auto fail = [&](const std::string& why) { throw ScenarioError({{path, 0, 0, why}}, ""); };
  const auto close = [](std::FILE* file) {
    if (file && file != stdin) std::fclose(file);
  };
  const std::unique_ptr<std::FILE, decltype(close)> file(
      path == "-" ? stdin : std::fopen(path.c_str(), "rb"), close);
  if (!file) fail(fmt::format("cannot be opened: {}", std::strerror(errno)));
  std::string text;
  char buffer[65'536];
  while (text.size() <= text_bytes_max) {
    const std::size_t got = std::fread(buffer, 1, sizeof buffer, file.get());
    text.append(buffer, got);
    if (got < sizeof buffer) break;
  }
  if (std::ferror(file.get())) fail(fmt::format("cannot be read: {}", std::strerror(errno)));
  return text;
}

}  // namespace trimhorizon::reader
