#include "sim/report/replay.hpp"

namespace trimhorizon {
namespace {

std::string with_settings(std::string line, const std::vector<std::string>& set,
                          std::optional<std::uint64_t> seed, const std::string& variant) {
  if (seed) line += " --seed " + std::to_string(*seed);
  for (const std::string& each : set) line += " --set " + shell_word(each);
  if (!variant.empty()) line += " --variant " + shell_word(variant);
  return line;
}

}  // namespace

std::string shell_word(const std::string& text) {
  const bool plain =
      !text.empty() && text.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                           "_-+=:,./@%") == std::string::npos;
  if (plain) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string replay_line(const std::string& file, const std::vector<std::string>& set,
                        std::uint64_t seed, const std::string& variant) {
  const std::string word = file.empty() ? "" : " " + shell_word(file);
  return with_settings("trimhorizon run" + word, set, seed, variant);
}

std::string explain_line(const std::string& file, const std::string& record,
                         const std::vector<std::string>& set, std::uint64_t seed,
                         const std::string& variant) {
  return with_settings("trimhorizon explain " + shell_word(file) + " " + shell_word(record), set,
                       seed, variant);
}

std::string command_line(const std::string& command, const std::string& file,
                         const std::vector<std::string>& set, std::optional<std::uint64_t> seed,
                         const std::string& variant) {
  return with_settings("trimhorizon " + command + " " + shell_word(file), set, seed, variant);
}

}  // namespace trimhorizon
