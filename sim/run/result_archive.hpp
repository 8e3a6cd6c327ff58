// A result as bytes and back, for pickles and caches. All of it is stored, for every machine and
// every later version.
//
// Always:
//  1. Reading gives the values that were written. Any other bytes throw ArchiveError, whatever they
//     are.
//  2. `archive_version` grows when a member is added or changes its form. Older bytes can still be
//     read; they leave a new member at its default.
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

inline constexpr std::uint32_t archive_version = 8;

class ArchiveError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A finished run: its result, and everything beside the scenario that is needed to repeat it.
struct ArchivedRun {
  Result result;
  Judgement judgement;
  HandlerRecord handlers;
  Recipe recipe;
};

std::string to_bytes(const ArchivedRun& run);
// Throws ArchiveError.
ArchivedRun from_bytes(std::string_view bytes);

}  // namespace trimhorizon
