// Runs the program as a user does.
#pragma once

#include <string>
#include <vector>

namespace trimhorizon::tests {

struct ProgramRun {
  int code = -1;
  std::string out;
  std::string err;
};

// The native program with these arguments, in the top folder of the source; `input` is its
// standard input. Neither stream is a terminal.
ProgramRun run_trimhorizon(const std::vector<std::string>& arguments,
                           const std::string& input = "");

// Any command of a shell; `$TH` in it is the program.
ProgramRun run_shell(const std::string& command);

}  // namespace trimhorizon::tests
