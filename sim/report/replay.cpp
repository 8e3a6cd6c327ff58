#include "sim/report/replay.hpp"

namespace trimhorizon {

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
  std::string line = "trimhorizon run";
  if (!file.empty()) line += " " + shell_word(file);
  line += " --seed " + std::to_string(seed);
  for (const std::string& each : set) line += " --set " + shell_word(each);
  if (!variant.empty()) line += " --variant " + shell_word(variant);
  return line;
}

std::string command_line(const std::string& command, const std::string& file,
                         const std::vector<std::string>& set, std::optional<std::uint64_t> seed,
                         const std::string& variant) {
  std::string line = "trimhorizon " + command + " " + shell_word(file);
  if (seed) line += " --seed " + std::to_string(*seed);
  for (const std::string& each : set) line += " --set " + shell_word(each);
  if (!variant.empty()) line += " --variant " + shell_word(variant);
  return line;
}

}  // namespace trimhorizon
