// TH_CHECK: checks a promise of our own code; always compiled in. A failure is our bug. It is never
// a finding about the modelled system, and never a mistake of the user. Throws InternalError.
#pragma once

#include <stdexcept>
#include <string>

namespace trimhorizon {

// Thrown by TH_CHECK. The engine adds the simulated time and the command that replays the run.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace trimhorizon

#define TH_CHECK(expression)                                        \
  do {                                                              \
    if (!(expression)) [[unlikely]]                                 \
      ::trimhorizon::check_failed(#expression, __FILE__, __LINE__); \
  } while (false)
