// The checks of the house. Each takes text and gives what it found, so that each can be tested.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/tidy/source_text.hpp"

namespace trimhorizon::tidy {

// Folder of sim/ -> level. A file may include the folders of lower levels and its own.
using Levels = std::map<std::string, int>;
Levels parse_levels(const std::string& text);  // "base|kinesis faults|lambda ..."

Findings check_inclusion(const SourceFile& file, const Levels& levels);
Findings check_libraries(const SourceFile& file);  // yaml-cpp, CLI11, ... each in its place
Findings check_sizes(const SourceFile& file);      // columns, lines of a file
Findings check_function_lengths(const SourceFile& file);
Findings check_guard(const SourceFile& file);  // #pragma once
Findings check_banned(const SourceFile& file, const Levels& levels);
Findings check_rules(const SourceFile& file);  // TH_RULE and its id, for tools/check_wrong_rules
// A type has one definition in the whole program, or in its folder when its namespace is unnamed:
// files of a folder may be compiled together.
Findings check_defined_once(const std::vector<SourceFile>& files);
// A class with a pointer or reference as a member says what a copy of it is.
Findings check_copies(const SourceFile& file);
// sim/FOLDER/NAME.cpp has tests/FOLDER/NAME_test.cpp, so whoever looks for its test finds it.
Findings check_has_tests(const std::vector<std::string>& paths);
Findings check_places(const SourceFile& file);  // names of one machine
Findings check_top_level(const std::vector<std::string>& names);

}  // namespace trimhorizon::tidy
