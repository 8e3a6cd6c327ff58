// The command line that repeats a run: every failure prints it last.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace trimhorizon {

// "trimhorizon run FILE --seed 1 --set … --variant …"; no file: the built-in scenario.
std::string replay_line(const std::string& file, const std::vector<std::string>& set,
                        std::uint64_t seed, const std::string& variant);
// The same for the life of one record: "trimhorizon explain FILE RECORD --seed 1 …".
std::string explain_line(const std::string& file, const std::string& record,
                         const std::vector<std::string>& set, std::uint64_t seed,
                         const std::string& variant);

// "trimhorizon COMMAND FILE --seed … --set … --variant …"; no seed: the file's.
std::string command_line(const std::string& command, const std::string& file,
                         const std::vector<std::string>& set, std::optional<std::uint64_t> seed,
                         const std::string& variant);

}  // namespace trimhorizon
