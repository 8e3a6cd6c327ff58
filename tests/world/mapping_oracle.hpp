// tests/lambda/oracle/mapping.yaml: what event source mappings and streams did on real AWS. Its
// head explains the format. Here a case becomes a scenario file of ours, is run, and is compared.
//
// Always:
//  1. Nothing in a case is passed over: a key, an operation or a behaviour that is not known throws
//     OracleError with its name.
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/yaml/tree.hpp"

namespace trimhorizon::oracle {

using reader::Node;

struct OracleError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// One case from YAML text.
Node node_of(const std::string& yaml);
// The whole file; read once.
const Node& mapping_oracle();

// Throws OracleError when a key is not among these, or appears twice. `what` names the mapping.
void allow_only(const Node& mapping, std::string_view what,
                std::initializer_list<std::string_view> keys);
// The value of a key that must be there.
const Node& member(const Node& mapping, std::string_view key);
std::vector<std::string> texts_in(const Node& list);
Duration seconds_in(const Node& number);

// The parts of sim/ that this case of `esm_cases`, or of `streams`, needs and that are not built
// yet, separated by commas. Empty: it can be run.
std::string unbuilt_parts_of(const Node& esm_case);
std::string unbuilt_parts_of_stream(const Node& stream_case);

// The case as a scenario file. Record 2 of the case is the record r2 of the scenario.
std::string scenario_of(const Node& esm_case);

// Runs the case. What differs from `expected`, a line each; empty: nothing.
std::string differences(const Node& esm_case);
std::string stream_differences(const Node& stream_case);

}  // namespace trimhorizon::oracle
