#include "sim/cli/console.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "sim/base/medium.hpp"

namespace trimhorizon {
namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool colour_wanted() {
  const char* terminal = std::getenv("TERM");
  return !is_set("NO_COLOR") && !(terminal != nullptr && std::strcmp(terminal, "dumb") == 0);
}

}  // namespace

Console::Console() {
  // A write to a closed pipe must fail with EPIPE instead of ending the program; finish() checks
  // it.
  std::signal(SIGPIPE, SIG_IGN);
  err_is_terminal_ = isatty(STDERR_FILENO) != 0;
  out_is_terminal_ = isatty(STDOUT_FILENO) != 0;
  colour_out_ = out_is_terminal_ && err_is_terminal_ && colour_wanted();
}

void Console::out(std::string_view text) {
  if (write_error_ != 0) return;
  if (std::fwrite(text.data(), 1, text.size(), stdout) < text.size()) write_error_ = errno;
}

void Console::err(std::string_view text) { draw(for_terminal_lines(text)); }

void Console::draw(std::string_view text) {
  std::fflush(stdout);  // so that a terminal shows both streams in the right order
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

int Console::finish(int code) {
  if (write_error_ == 0 && std::fflush(stdout) != 0) write_error_ = errno;
  if (write_error_ == 0 || write_error_ == EPIPE) return code;
  err("trimhorizon: cannot write the result: " + std::string(std::strerror(write_error_)) + "\n");
  return 2;
}

}  // namespace trimhorizon
