// A text that is there, or one that is made each time somebody asks: it may be too long to keep.
#pragma once

#include <functional>
#include <string>
#include <utility>

namespace trimhorizon {

class LateText {
 public:
  LateText() = default;
  LateText(std::string text) : text_(std::move(text)) {}
  explicit LateText(std::function<std::string()> make) : make_(std::move(make)) {}

  std::string text() const { return make_ ? make_() : text_; }

 private:
  std::string text_;
  std::function<std::string()> make_;
};

}  // namespace trimhorizon
