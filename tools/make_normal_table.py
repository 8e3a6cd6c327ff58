#!/usr/bin/env python3
"""Writes sim/base/normal_table.cpp: |z| for the tail probabilities of normal_table.hpp.

The result is committed; run this only when the layout of the table changes:
    python3 tools/make_normal_table.py > sim/base/normal_table.cpp
"""

from statistics import NormalDist

OCTAVES = 40
STEPS = 64
FRACTION_BITS = 28
PER_LINE = 8


def entries():
    normal = NormalDist()
    for octave in range(OCTAVES):
        for step in range(STEPS):
            p = 2.0 ** (octave - OCTAVES - 1) * (1 + step / STEPS)
            yield round(-normal.inv_cdf(p) * 2**FRACTION_BITS)
    yield 0


def main():
    values = list(entries())
    print("// Written by tools/make_normal_table.py; do not edit.")
    print('#include "sim/base/normal_table.hpp"\n')
    print("namespace trimhorizon {\n")
    print("// clang-format off")
    print("const std::array<std::int32_t, normal_table_octaves * normal_table_steps + 1> "
          "normal_table = {")
    for i in range(0, len(values), PER_LINE):
        print("    " + ", ".join(str(v) for v in values[i:i + PER_LINE]) + ",")
    print("};\n// clang-format on\n\n}  // namespace trimhorizon")


if __name__ == "__main__":
    main()
