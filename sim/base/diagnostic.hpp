// A mistake in the user's input: its place, what is wrong, and what to write instead.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace trimhorizon {

struct Diagnostic {
  std::string file;
  std::uint32_t line = 0;    // from 1; 0: the whole file
  std::uint32_t column = 0;  // from 1, in characters (code points)
  std::string message;       // one sentence, no full stop
  std::string suggestion;    // may be empty; for example "did you mean `BatchSize`?"
  // The line to show, when it is not a line of the source text: that of `--set PATH=VALUE`.
  std::string excerpt = {};

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// All mistakes together, sorted by their place.
class ScenarioError : public std::runtime_error {
 public:
  ScenarioError(std::vector<Diagnostic> diagnostics, std::string_view source_text);
  ScenarioError(const ScenarioError& first, const ScenarioError& second);  // the mistakes of both
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

// A mistake that has no place in a file: a variant that does not exist, a file that cannot be
// written.
class HintedError : public std::runtime_error {
 public:
  explicit HintedError(const std::string& message, std::string hint = "")
      : std::runtime_error(message), hint_(std::move(hint)) {}
  const std::string& hint() const { return hint_; }  // what to do about it; may be empty

 private:
  std::string hint_;
};

// The text for a terminal: "file:line:column: error: message", the line, a caret below the column,
// the suggestion. A long line is cut around the caret to 80 columns; suggestions are wrapped to 80.
// Tabs and control characters are shown as text. No newline at the end.
std::string render(const Diagnostic& diagnostic, std::string_view source_text);
std::string render(const std::vector<Diagnostic>& diagnostics, std::string_view source_text);

// Damerau-Levenshtein distance: the number of edits between two words. A swap of neighbours is one
// edit; upper and lower case are equal.
std::uint32_t edit_distance(std::string_view a, std::string_view b);

// The nearest candidate that is close enough to suggest; empty when none is.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);
// "did you mean `BatchSize`?" of it, or empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace trimhorizon
