// What a token of decisions was made from, so that a replay that drifts can say what differs: the
// file, the settings or the program.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trimhorizon {

struct Origin {
  std::uint32_t file = 0;      // hash of the text of the scenario, without the tokens in it
  std::uint32_t settings = 0;  // hash of `--set`, the variant and the seed
  // The numbers in the version and the edition of the program: 0.1.0, 2026-11.
  std::array<std::uint32_t, 5> program{};

  friend bool operator==(const Origin&, const Origin&) = default;
};

Origin origin_of(std::string_view text, const std::vector<std::string>& changes,
                 std::uint64_t seed);

// "The settings differ from those that were explored (--set, --variant, --seed); the file and the
// version are the same."
std::string what_differs(const Origin& recorded, const Origin& now);

}  // namespace trimhorizon
