// What the tests of handlers share: a small world, and an answer in one word.
#pragma once

#include <string>
#include <utility>

#include "sim/handlers/recorded_handlers.hpp"
#include "tests/support/small_world.hpp"

namespace trimhorizon::testing {

inline SmallWorld six_records() {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}, {}, {}, {}, {}]}]\n";
  world.mapping = "BatchSize: 3\nMaximumRetryAttempts: 2\n";
  return world;
}

inline HandlerAnswer says(std::string response) {
  HandlerAnswer answer;
  answer.response = std::move(response);
  return answer;
}

}  // namespace trimhorizon::testing
