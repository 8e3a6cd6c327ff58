// Choices in which one fault happens: at the first question of one site.
#pragma once

#include "sim/base/choices.hpp"
#include "sim/faults/site.hpp"

namespace trimhorizon::testing {

class OnceAt : public Choices {
 public:
  explicit OnceAt(Site site) : Choices(1u << static_cast<unsigned>(site)) {}

 protected:
  std::uint32_t answer(const Question&) override { return asked() == 0 ? 1 : 0; }
};

}  // namespace trimhorizon::testing
