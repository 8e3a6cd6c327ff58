// A file that a command writes. Its text goes into a new file beside its place, which takes the
// place when all is written: whoever reads it finds the whole old or the whole new one.
//
// Always:
//  1. An input of the command is never overwritten, also when a link leads to it.
//  2. What cannot be written is refused by the constructor, so before a long run.
//  3. Nothing stays beside the place when the command fails or is interrupted.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace trimhorizon {

class OutputFile {
 public:
  // `option` is the one that names it, for messages. `inputs` are files as on the command line;
  // "-" is the standard input. Throws CommandError.
  OutputFile(std::string path, std::string_view option, const std::vector<std::string>& inputs);
  OutputFile(const OutputFile&) = delete;
  ~OutputFile();

  // Opens it at the first call. Throws CommandError.
  std::ostream& stream();
  // Puts it in its place. Throws CommandError.
  void finish();

  void write(std::string_view text) { stream() << text, finish(); }

 private:
  void open();
  [[noreturn]] void fail(int error) const;

  std::string path_;              // as on the command line
  std::filesystem::path target_;  // where the links lead
  std::filesystem::path beside_;  // empty: written in its place, such as /dev/null
  std::ofstream file_;
};

}  // namespace trimhorizon
