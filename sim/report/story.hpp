// The life of one record told with times: what was put, every time it was handed to the function,
// why it ended that way, and what to learn from it. Many equal attempts are folded into one line.
#pragma once

#include <string>

#include "sim/history/life.hpp"

namespace trimhorizon {

struct StoryOptions {
  bool colour = false;
  std::string replay;  // the last line
};

std::string story_text(const RecordLife& life, const StoryOptions& options = {});

// Why a record ended as it did in one mapping, and what to learn from it; the latter may be empty.
std::string ending_of(const RecordLife& life, const LifeInMapping& mapping);
// `of_kpl`: KPL put some of its copies again.
std::string lesson_of(const LifeInMapping& mapping, bool of_kpl = false);

}  // namespace trimhorizon
