// The inverse of the standard normal distribution for small tail probabilities, as a committed
// table. tools/make_normal_table.py computed it once. The libm of the machine is never used,
// because it may differ.
//
// Always:
//  1. Entry 64 o + j is |z| for the tail probability p = 2^(o - octaves - 1) * (1 + j / 64). The
//     last entry is p = 1/2, z = 0. So the entries fall while p grows.
//  2. The numbers are fixed point with 28 fraction bits. The smallest p is 2^-41, |z| = 7.14.
#pragma once

#include <array>
#include <cstdint>

namespace trimhorizon {

inline constexpr int normal_table_octaves = 40;
// In an octave; linear interpolation errs by less than 3e-5.
inline constexpr int normal_table_steps = 64;

extern const std::array<std::int32_t, normal_table_octaves * normal_table_steps + 1> normal_table;

}  // namespace trimhorizon
