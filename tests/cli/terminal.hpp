// A terminal that nobody sits at, and a process of its own to try what looks at its streams.
#pragma once

#include <fcntl.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/support/catch.hpp"

namespace trimhorizon::tests {

class Terminal {
 public:
  Terminal() : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    REQUIRE(master_ >= 0);
    REQUIRE(grantpt(master_) == 0);
    REQUIRE(unlockpt(master_) == 0);
    screen_ = open(ptsname(master_), O_RDWR | O_NOCTTY);
    REQUIRE(screen_ >= 0);
    fcntl(master_, F_SETFL, O_NONBLOCK);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() { close(screen_), close(master_); }

  // What programs write to.
  int screen() const { return screen_; }
  // All that was written since the last time.
  std::string shown() const {
    std::string text;
    char bytes[4096];
    for (ssize_t n; (n = read(master_, bytes, sizeof bytes)) > 0;) {
      text.append(bytes, static_cast<std::size_t>(n));
    }
    return text;
  }

 private:
  int master_;
  int screen_ = -1;
};

// Runs `f` in a child whose stdout and stderr are these; what it returns.
template <class F>
int in_child(int out, int err, F f) {
  std::fflush(nullptr);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // it does not outlive its test
#endif
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    _exit(f());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace trimhorizon::tests
