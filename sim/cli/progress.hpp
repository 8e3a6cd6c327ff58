// A progress bar on stderr, only on a terminal and only for runs of more than a second.
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

  void show(double fraction);       // 0 to 1
  void say(std::string_view what);  // if the fraction is not known
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
