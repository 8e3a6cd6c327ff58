// What is wrong with the points of a grid, each mistake once and where its writer will look for it.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "sim/base/diagnostic.hpp"
#include "sim/run/sweep.hpp"

namespace trimhorizon {

class SweepMistakes {
 public:
  SweepMistakes(const SweepMistakes&) = delete;
  explicit SweepMistakes(const std::vector<SweepAxis>& axes) : axes_(axes) {}

  // Of an axis itself: at its path, or at one of its values.
  void at_path(std::size_t axis, std::string message, std::string suggestion);
  void at_value(std::size_t axis, std::size_t value, std::string message, std::string suggestion);
  void whole(std::string message, std::string suggestion);

  // What reading the point at `places` (an index into the values of each axis) said.
  void add(const ScenarioError& error, const std::vector<std::size_t>& places);

  bool any() const { return !found_.empty(); }
  [[noreturn]] void raise(std::string_view source_text) const;

 private:
  struct Found {
    std::size_t axis = 0;  // axes_.size(): in the file
    Diagnostic diagnostic;
  };
  void keep(std::size_t axis, Diagnostic diagnostic);
  std::string point_words(const std::vector<std::size_t>& places) const;

  const std::vector<SweepAxis>& axes_;
  std::vector<Found> found_;
  std::set<std::tuple<std::size_t, std::uint32_t, std::uint32_t, std::string>> said_;
};

}  // namespace trimhorizon
