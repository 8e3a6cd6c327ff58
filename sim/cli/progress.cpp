#include "sim/cli/progress.hpp"

#include <algorithm>

namespace trimhorizon {

bool Progress::is_due() {
  if (!console_.err_is_terminal()) return false;
  const Clock::time_point now = Clock::now();
  if (now - started_ < std::chrono::seconds(1)) return false;
  if (visible_ && now - shown_ < std::chrono::milliseconds(100)) return false;
  shown_ = now;
  visible_ = true;
  return true;
}

void Progress::say(std::string_view what) {
  if (is_due()) console_.draw("\r\x1b[K" + std::string(what) + " ");
}

void Progress::show(double fraction) {
  if (!is_due()) return;
  constexpr int width = 40;
  const int percent = std::clamp(static_cast<int>(fraction * 100), 0, 100);
  const int filled = percent * width / 100;
  console_.draw("\r[" + std::string(static_cast<std::size_t>(filled), '#') +
                std::string(static_cast<std::size_t>(width - filled), '.') + "] " +
                std::to_string(percent) + "% ");
}

void Progress::clear() {
  if (visible_) console_.draw("\r\x1b[K");
  visible_ = false;
}

}  // namespace trimhorizon
