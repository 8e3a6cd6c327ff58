#include "tests/support/approved.hpp"
#include "tests/support/places.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace trimhorizon::tests {
namespace {

std::string first_difference(const std::string& approved, const std::string& got) {
  std::istringstream left(approved);
  std::istringstream right(got);
  for (int number = 1;; ++number) {
    std::string wanted_line;
    std::string got_line;
    const bool more_left = static_cast<bool>(std::getline(left, wanted_line));
    const bool more_right = static_cast<bool>(std::getline(right, got_line));
    if (!more_left && !more_right) return ": the final newline differs";
    if (more_left && more_right && wanted_line == got_line) continue;
    return ":" + std::to_string(number) +
           ":\n  approved: " + (more_left ? wanted_line : "(end of file)") +
           "\n  got:      " + (more_right ? got_line : "(end of text)");
  }
}

}  // namespace

std::string approved_difference(const std::string& folder, const std::string& name,
                                const std::string& text) {
  const std::string path = "tests/" + folder + "/approved/" + name;
  const std::filesystem::path file = std::filesystem::path(source_dir()) / path;
  if (std::getenv("TH_ACCEPT") != nullptr) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return "";
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return path + " does not exist; TH_ACCEPT=1 writes it. Got:\n" + text;
  std::ostringstream approved;
  approved << in.rdbuf();
  return approved.str() == text ? "" : path + first_difference(approved.str(), text);
}

}  // namespace trimhorizon::tests
