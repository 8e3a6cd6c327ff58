#include "sim/cli/progress.hpp"

#include <algorithm>

namespace trimhorizon {

void Progress::show(double fraction) {
  if (!console_.err_is_terminal()) return;
  const Clock::time_point now = Clock::now();
  if (now - started_ < std::chrono::seconds(1)) return;
  if (visible_ && now - shown_ < std::chrono::milliseconds(100)) return;
  constexpr int width = 40;
  const int percent = std::clamp(static_cast<int>(fraction * 100), 0, 100);
  const int filled = percent * width / 100;
  console_.err("\r[" + std::string(static_cast<std::size_t>(filled), '#') +
               std::string(static_cast<std::size_t>(width - filled), '.') + "] " +
               std::to_string(percent) + "% ");
  shown_ = now;
  visible_ = true;
}

void Progress::clear() {
  if (visible_) console_.err("\r\x1b[K");
  visible_ = false;
}

}  // namespace trimhorizon
