// The version of this build. The number is written only in project(VERSION) of CMakeLists.txt.
#pragma once

#include <string_view>

namespace trimhorizon {

std::string_view version();  // "0.1.0"
// Of the rules of AWS that this program follows: the year and month in which they were collected.
// When a new edition changes a default, the same scenario may give other numbers.
std::string_view edition();  // "2026-11"
std::string_view build();    // compiler and kind of build: "GNU 12.2.0 Release"

}  // namespace trimhorizon
