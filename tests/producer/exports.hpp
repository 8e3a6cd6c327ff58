// The exports beside the tests, and what is wrong with one.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sim/producer/cloudwatch_export.hpp"
#include "tests/support/places.hpp"

namespace trimhorizon::tests {

inline std::string export_file(const std::string& name) {
  std::ifstream in(source_dir() + "/tests/producer/exports/" + name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// "LINE:COLUMN message (suggestion)" for each note.
inline std::string notes_in(const std::string& text, const std::vector<ExportNote>& notes) {
  std::string all;
  for (const ExportNote& note : notes) {
    std::size_t line = 1;
    std::size_t start = 0;
    for (std::size_t i = 0; i < note.offset && i < text.size(); ++i) {
      if (text[i] == '\n') {
        ++line;
        start = i + 1;
      }
    }
    if (!all.empty()) all += '\n';
    all +=
        std::to_string(line) + ":" + std::to_string(note.offset - start + 1) + " " + note.message;
    if (!note.suggestion.empty()) all += " (" + note.suggestion + ")";
  }
  return all;
}

inline std::string mistakes_of_export(const std::string& text, const std::string& stream = "") {
  return notes_in(text, read_cloudwatch_export(text, stream).mistakes);
}

}  // namespace trimhorizon::tests
