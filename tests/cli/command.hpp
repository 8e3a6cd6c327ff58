// What the tests of the commands share: the scenarios that they run, and looks at what is printed.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "sim/cli/options.hpp"
#include "tests/support/places.hpp"
#include "tests/support/program.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::tests {

inline std::string scenario(const char* name) {
  return "tests/cli/scenarios/" + std::string(name) + ".yaml";
}

inline std::string read_whole(const std::string& path) {
  std::ifstream in(std::filesystem::path(source_dir()) / path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::string last_line(const std::string& text) {
  if (text.size() < 2) return text;
  const std::size_t start = text.rfind('\n', text.size() - 2);
  return text.substr(start == std::string::npos ? 0 : start + 1);
}

using testing::contains;

// What `--help` or `--version` prints; empty for anything else.
inline std::string answer(const std::vector<std::string>& words) {
  const Parsed parsed = parse_command_line(words);
  return std::holds_alternative<Answered>(parsed) ? std::get<Answered>(parsed).text : "";
}

// A scenario in which a record can be lost.
inline const std::string loss = "scenarios/400-loss-needs-a-fault.yaml";

// A folder of its own that goes away with the test.
struct Folder {
  std::filesystem::path path;
  explicit Folder(const std::string& name)
      : path(std::filesystem::temp_directory_path() / ("trimhorizon-" + name)) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
  }
};

}  // namespace trimhorizon::tests
