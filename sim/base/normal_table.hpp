// The inverse of the standard normal distribution for tail probabilities, as a committed table:
// computed once by tools/make_normal_table.py, never by the libm of the machine that runs.
//
// Always:
//  1. Entry (o, j) is |z| where the tail holds p = 2^(o - octaves - 1) * (1 + j / 64); it stands at
//     64 o + j. The last entry is p = 1/2, z = 0. So entries fall while p grows.
//  2. Fixed point with 28 fraction bits. The smallest p is 2^-41, |z| = 7.14.
#pragma once

#include <array>
#include <cstdint>

namespace trimhorizon {

inline constexpr int normal_table_octaves = 40;
inline constexpr int normal_table_steps = 64;  // in an octave; the chord errs by less than 3e-5

extern const std::array<std::int32_t, normal_table_octaves * normal_table_steps + 1> normal_table;

}  // namespace trimhorizon
