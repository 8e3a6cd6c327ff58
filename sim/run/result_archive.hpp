// A result as bytes and back, for pickles and caches: whole, on any machine, by any later version.
//
// Always:
//  1. Reading what was written gives the same values; broken or foreign bytes throw ArchiveError,
//     whatever they are.
//  2. `archive_version` grows when a member is added or changes its form; older bytes stay readable
//     and leave it at its default.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "sim/handlers/recorded_handlers.hpp"
#include "sim/history/result.hpp"
#include "sim/run/judgement.hpp"
#include "sim/run/recipe.hpp"

namespace trimhorizon {

inline constexpr std::uint32_t archive_version = 3;

class ArchiveError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A run that has been made: what it came to, and what it takes beside the scenario to make it
// again.
struct ArchivedRun {
  Result result;
  Judgement judgement;
  HandlerRecord handlers;
  Recipe recipe;
};

std::string to_bytes(const ArchivedRun& run);
ArchivedRun from_bytes(std::string_view bytes);

}  // namespace trimhorizon
