// The sizes of generated records, which may change with the rate: a record has the size of the step
// in which it arrives when all gaps have their nominal length. So the size follows from its number.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/producer/producer.hpp"

namespace trimhorizon {

// Records from this number on have this size.
struct SizeFrom {
  std::uint64_t number = 0;
  std::int64_t bytes = 0;

  friend bool operator==(const SizeFrom&, const SizeFrom&) = default;
};

// By ascending number, from 0 on; empty when all records have the size of the load.
std::vector<SizeFrom> sizes_of(const GeneratedLoad& load);

// The size of the data of a record. REQUIRES: the sizes are not empty.
std::int64_t size_of_record(const std::vector<SizeFrom>& sizes, std::uint64_t number);

// The largest and the smallest size over all steps.
std::int64_t largest_size(const GeneratedLoad& load);
std::int64_t smallest_size(const GeneratedLoad& load);

}  // namespace trimhorizon
