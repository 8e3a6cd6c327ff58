#include "tests/support/program.hpp"
#include "tests/support/places.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace trimhorizon::tests {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string read_whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Files of this process, removed at the end of the run.
struct Scratch {
  std::filesystem::path folder;
  Scratch() {
    folder = std::filesystem::temp_directory_path() /
             ("trimhorizon-test-" + std::to_string(static_cast<long>(getpid())));
    std::filesystem::create_directories(folder);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
};

ProgramRun run_with_input(const std::string& command, const std::string& input) {
  const Scratch scratch;
  const std::filesystem::path in = scratch.folder / "in";
  const std::filesystem::path out = scratch.folder / "out";
  const std::filesystem::path err = scratch.folder / "err";
  std::ofstream(in, std::ios::binary) << input;
  const std::string line = "cd " + quoted(source_dir()) +
                           " && export TRIMHORIZON_AS=trimhorizon && TH=" + quoted(program()) +
                           " && { " + command + "\n} < " + quoted(in.string()) + " > " +
                           quoted(out.string()) + " 2> " + quoted(err.string());
  const int status = std::system(line.c_str());
  ProgramRun run;
  run.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  run.out = read_whole(out);
  run.err = read_whole(err);
  return run;
}

}  // namespace

ProgramRun run_trimhorizon(const std::vector<std::string>& arguments, const std::string& input) {
  std::string command = quoted(program());
  for (const std::string& each : arguments) command += " " + quoted(each);
  return run_with_input(command, input);
}

ProgramRun run_shell(const std::string& command) { return run_with_input(command, ""); }

}  // namespace trimhorizon::tests
