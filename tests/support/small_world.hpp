// A scenario of one producer, function and mapping, from its few differing lines.
#pragma once

#include <memory>
#include <string>

#include "sim/scenario/build_world.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon::testing {

// Lines of YAML, each ended, without indentation.
struct SmallWorld {
  std::string stream = "ShardCount: 1\n";
  std::string producer;  // lines of `shop`, which puts into `orders` records r0, r1, …
  std::string function;  // lines of `billing`
  std::string mapping;   // lines of `billing-orders`, TRIM_HORIZON
  std::string rest;      // sections of their own

  Scenario scenario() const;
  std::shared_ptr<const Plan> plan() const { return make_plan(scenario(), {{}, true}); }
};

}  // namespace trimhorizon::testing
