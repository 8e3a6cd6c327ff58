#include "sim/base/hash.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace trimhorizon {

// The length comes first, so that ("ab", "c") and ("a", "bc") give different digests.
void Digest::add_text(std::string_view text) {
  add(text.size());
  for (std::size_t from = 0; from < text.size(); from += 8) {
    const std::size_t end = std::min(from + 8, text.size());
    std::uint64_t word = 0;
    for (std::size_t i = from; i < end; ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * (i - from));
    }
    add(word);
  }
}

std::string Digest::hex() const { return fmt::format("{:016x}{:016x}", high(), low()); }

}  // namespace trimhorizon
