// The life of one record told with times: what was put, every time it was handed over, why it
// ended so, and what is to be learnt from it. Many attempts alike are folded into one line.
#pragma once

#include <string>

#include "sim/history/life.hpp"

namespace trimhorizon {

struct StoryOptions {
  bool colour = false;
  std::string replay;  // the last line
};

std::string story_text(const RecordLife& life, const StoryOptions& options = {});

// The two closing sentences about a record in one mapping.
std::string ending_of(const RecordLife& life, const LifeInMapping& mapping);
std::string lesson_of(const LifeInMapping& mapping);

}  // namespace trimhorizon
