#include "tests/tidy/source_text.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace trimhorizon::tidy {
namespace {

// Blanks [from, to) but keeps the ends of lines.
void blank(std::string& text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to && i < text.size(); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

std::size_t end_of(std::string_view text, std::string_view closing, std::size_t from) {
  const std::size_t at = text.find(closing, from);
  return at == std::string_view::npos ? text.size() : at;
}

// `at` is the opening quote; the answer is the place of the closing one.
std::size_t closing_quote(std::string_view text, std::size_t at) {
  const char quote = text[at];
  std::size_t i = at + 1;
  while (i < text.size() && text[i] != quote && text[i] != '\n') i += text[i] == '\\' ? 2 : 1;
  return std::min(i, text.size());
}

// R"delimiter( ... )delimiter": `at` is the quote; the answer is the place of the last quote.
std::size_t closing_raw_quote(std::string_view text, std::size_t at) {
  const std::size_t open = end_of(text, "(", at);
  const std::string closing = ")" + std::string(text.substr(at + 1, open - at - 1)) + "\"";
  return std::min(text.size(), end_of(text, closing, open) + closing.size() - 1);
}

}  // namespace

std::string to_string(const Finding& finding) {
  const std::string line = finding.line == 0 ? "" : std::to_string(finding.line) + ":";
  return finding.path + ":" + line + " " + finding.rule + "; instead: " + finding.instead;
}

std::string to_string(const Findings& findings) {
  std::string out;
  for (const Finding& finding : findings) out += to_string(finding) + "\n";
  return out;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = end_of(text, "\n", from);
    lines.emplace_back(text.substr(from, to - from));
    from = to + 1;
  }
  return lines;
}

std::size_t columns_of(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

bool has_extension(const SourceFile& file, std::initializer_list<std::string_view> extensions) {
  return std::any_of(extensions.begin(), extensions.end(), [&](std::string_view extension) {
    return std::string_view(file.path).ends_with(extension);
  });
}

std::string code_only(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view here = text.substr(i);
    if (here.starts_with("//")) {
      const std::size_t end = end_of(text, "\n", i);
      blank(out, i, end);
      i = end;
    } else if (here.starts_with("/*")) {
      const std::size_t end = end_of(text, "*/", i + 2);
      blank(out, i, end + 2);
      i = end + 1;
    } else if (text[i] == '"') {
      const bool raw = i > 0 && text[i - 1] == 'R';
      const std::size_t end = raw ? closing_raw_quote(text, i) : closing_quote(text, i);
      blank(out, i + 1, end);
      i = end;
    } else if (text[i] == '\'' && !(i > 0 && in_identifier(text[i - 1]))) {  // else 1'000
      const std::size_t end = closing_quote(text, i);
      blank(out, i + 1, end);
      i = end;
    }
  }
  return out;
}

std::vector<SourceFile> read_tree(const std::string& top, const std::vector<std::string>& folders) {
  namespace fs = std::filesystem;
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    const fs::path root = fs::path(top) / folder;
    if (!fs::is_directory(root)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (!entry.is_regular_file() || entry.file_size() > 2'000'000) continue;
      const std::string path = fs::relative(entry.path(), top).generic_string();
      if (path.find("/__pycache__/") != std::string::npos) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      files.push_back(
          {path, {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace trimhorizon::tidy
