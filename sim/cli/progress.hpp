// A bar on stderr for runs of more than a second, on a terminal only.
#pragma once

#include <chrono>

#include "sim/cli/console.hpp"

namespace trimhorizon {

class Progress {
 public:
  explicit Progress(Console& console) : console_(console) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  void show(double fraction);
  void say(std::string_view what);  // where no fraction is known
  void clear();

 private:
  bool is_due();

  using Clock = std::chrono::steady_clock;

  Console& console_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point shown_ = started_;
  bool visible_ = false;
};

}  // namespace trimhorizon
