// Reading scenarios in tests: what comes out, or the whole text of what is wrong.
#pragma once

#include <string>
#include <vector>

#include "sim/base/diagnostic.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon::tests {

inline Scenario read(const std::string& text, const std::vector<Override>& overrides = {},
                     Coming coming = Coming::refused) {
  return read_scenario(text, "s.yaml", overrides, nullptr, coming);
}

// The rendered mistakes; empty when there are none.
inline std::string mistakes_in(const std::string& text,
                               const std::vector<Override>& overrides = {}) {
  try {
    read(text, overrides);
    return "";
  } catch (const ScenarioError& error) {
    return error.what();
  }
}

// "3:5 message (suggestion)" for each mistake, one a line.
inline std::string said_about(const std::string& text, const std::vector<Override>& overrides = {},
                              Coming coming = Coming::refused) {
  try {
    read(text, overrides, coming);
    return "";
  } catch (const ScenarioError& error) {
    std::string all;
    for (const Diagnostic& each : error.diagnostics()) {
      if (!all.empty()) all += '\n';
      all += std::to_string(each.line) + ":" + std::to_string(each.column) + " " + each.message;
      if (!each.suggestion.empty()) all += " (" + each.suggestion + ")";
    }
    return all;
  }
}

// The same with the parts of the format that a run does not do yet.
inline Scenario read_all(const std::string& text) { return read(text, {}, Coming::read); }
inline std::string said_about_all(const std::string& text) {
  return said_about(text, {}, Coming::read);
}

// One stream, one function, one mapping of them with more lines, then more keys of the file.
inline std::string with_mapping(const std::string& mapping, const std::string& rest = "") {
  return "trimhorizon: 1\n"
         "streams: {orders: {ShardCount: 2}}\n"
         "producers: {shop: {stream: orders, ids: r, rate: 10/s, records: 100}}\n"
         "functions: {billing: {}}\n"
         "destinations: {dlq: {}}\n"
         "event_source_mappings:\n"
         "  billing-orders:\n"
         "    EventSourceArn: orders\n"
         "    FunctionName: billing\n" +
         mapping + rest;
}

// A stream and these lines of one producer `shop`.
inline std::string with_producer(const std::string& lines) {
  return "trimhorizon: 1\nstreams: {orders: {}}\nproducers:\n  shop:\n    stream: orders\n" + lines;
}

// A producer of r0 to r9 and these lines of one function `billing`.
inline std::string with_function(const std::string& lines) {
  return "trimhorizon: 1\nstreams: {orders: {}}\n"
         "producers: {shop: {stream: orders, ids: r, rate: 1/s, records: 10}}\n"
         "functions:\n  billing:\n" +
         lines;
}

inline const std::string from_trim_horizon = "    StartingPosition: TRIM_HORIZON\n";

}  // namespace trimhorizon::tests
