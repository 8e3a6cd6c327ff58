// Source files as text, for the checks of the house: reading them, and blanking what is not code.
#pragma once

#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trimhorizon::tidy {

struct SourceFile {
  std::string path;  // from the top of the checkout, with slashes
  std::string text;
};

// One broken rule of the house and what to do instead.
struct Finding {
  std::string path;
  std::size_t line = 0;  // from 1; 0: the whole file
  std::string rule;
  std::string instead;
};

using Findings = std::vector<Finding>;

// "sim/world/step.cpp:12: float or double: write integers instead"
std::string to_string(const Finding& finding);
std::string to_string(const Findings& findings);

inline bool in_identifier(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}
std::vector<std::string> lines_of(std::string_view text);
std::size_t columns_of(std::string_view line);  // code points, not bytes
bool has_extension(const SourceFile& file, std::initializer_list<std::string_view> extensions);

// The same text with comments and the insides of literals made blank. Lines stay where they are.
std::string code_only(std::string_view text);

// All text files below the folders, sorted by path.
std::vector<SourceFile> read_tree(const std::string& top, const std::vector<std::string>& folders);

}  // namespace trimhorizon::tidy
