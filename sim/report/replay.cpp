#include "sim/report/replay.hpp"

#include "sim/base/medium.hpp"

namespace trimhorizon {
namespace {

std::string with_settings(std::string line, const std::vector<std::string>& set,
                          std::optional<std::uint64_t> seed, const std::string& variant) {
  if (seed) line += " --seed " + std::to_string(*seed);
  for (const std::string& each : set) line += " --set " + for_shell(each);
  // A name that begins with a dash must not look like an option.
  const char* const equals = variant.starts_with('-') ? "=" : " ";
  if (!variant.empty()) line += std::string(" --variant") + equals + for_shell(variant);
  return line;
}

std::string file_word(const std::string& file) {
  const bool like_option = file.size() > 1 && file[0] == '-';
  return " " + for_shell(like_option ? "./" + file : file);
}

}  // namespace

std::string replay_line(const std::string& file, const std::vector<std::string>& set,
                        std::uint64_t seed, const std::string& variant) {
  const std::string word = file.empty() ? "" : file_word(file);
  return with_settings("trimhorizon run" + word, set, seed, variant);
}

std::string explain_line(const std::string& file, const std::string& record,
                         const std::vector<std::string>& set, std::uint64_t seed,
                         const std::string& variant) {
  const std::string line = "trimhorizon explain" + file_word(file);
  if (record.starts_with('-')) {
    return with_settings(line, set, seed, variant) + " -- " + for_shell(record);
  }
  return with_settings(line + " " + for_shell(record), set, seed, variant);
}

std::string command_line(const std::string& command, const std::string& file,
                         const std::vector<std::string>& set, std::optional<std::uint64_t> seed,
                         const std::string& variant) {
  return with_settings("trimhorizon " + command + file_word(file), set, seed, variant);
}

}  // namespace trimhorizon
