// How far a number of a run may be from the truth because of what nobody documents: the same run
// under the other values of the switches that it met. Plain values: experiment/ranges makes them,
// reports print them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trimhorizon {

// A number that another value of a switch changes.
struct NumberRange {
  // lost, duplicates, given_up, expired, invocations, or iterator_age_ms: the largest of all
  std::string name;
  std::uint64_t value = 0;
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  std::vector<std::string> switches;  // that change it, in the order of reports
};

struct Ranges {
  bool tried = false;      // false: the run is too long, or cannot be made again
  std::uint64_t runs = 0;  // under other values
  std::vector<NumberRange> numbers;
  // The values whose run was stopped, since it grew too long: what they change is not known. As in
  // "retry_backoff = none".
  std::vector<std::string> stopped;
};

}  // namespace trimhorizon
