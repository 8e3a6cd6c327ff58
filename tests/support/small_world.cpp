#include "tests/support/small_world.hpp"

namespace trimhorizon::testing {
namespace {

std::string indented(const std::string& lines) {
  std::string text;
  bool line_starts = true;
  for (const char c : lines) {
    if (line_starts) text += "    ";
    text += c;
    line_starts = c == '\n';
  }
  return text;
}

}  // namespace

Scenario SmallWorld::scenario() const {
  const std::string text =
      "trimhorizon: 1\n"
      "title: small\n"
      "streams:\n  orders:\n" +
      indented(stream) + "producers:\n  shop:\n    stream: orders\n    ids: r\n" +
      indented(producer) + "functions:\n  billing:\n    Timeout: 3\n" + indented(function) +
      "event_source_mappings:\n  billing-orders:\n"
      "    EventSourceArn: orders\n    FunctionName: billing\n"
      "    StartingPosition: TRIM_HORIZON\n" +
      indented(mapping) + rest;
  return read_scenario(text, "small.yaml");
}

}  // namespace trimhorizon::testing
