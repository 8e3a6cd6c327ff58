// The mistakes in the points of a grid, each reported once and at the place where it was written.
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

  // A mistake of an axis itself: at its path, or at one of its values.
  void at_path(std::size_t axis, std::string message, std::string suggestion);
  void at_value(std::size_t axis, std::size_t value, std::string message, std::string suggestion);
  // A mistake of the grid as a whole.
  void whole(std::string message, std::string suggestion);

  // The mistakes found when the point at `places` was read; these are indexes into the values of
  // the axes.
  void add(const ScenarioError& error, const std::vector<std::size_t>& places);

  bool any() const { return !found_.empty(); }
  // Throws ScenarioError with all mistakes.
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
  std::set<std::tuple<std::size_t, std::uint32_t, std::uint32_t, std::string>> reported_;
};

}  // namespace trimhorizon
