// The explorer against the abstract model: outcome sets that two other tools agree on, a second
// implementation of ours, and the facts that AWS recorded.
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sim/base/json.hpp"
#include "sim/run/simulation.hpp"
#include "tests/explore/model_scenario.hpp"
#include "tests/explore/reference_model.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"
#include "tests/support/rapidcheck.hpp"

namespace trimhorizon::testing {
namespace {

std::uint32_t bits(const std::vector<std::uint32_t>& records) {
  std::uint32_t set = 0;
  for (const std::uint32_t r : records) set |= 1u << r;
  return set;
}

std::string outcome_text(const ExploredOutcome& outcome) {
  std::string effects;
  for (const std::uint8_t n : outcome.end.effects) {
    effects += n < 10 ? std::to_string(n) : fmt::format("({})", n);
  }
  return fmt::format("{}:{}:{}:{}", outcome.end.stored, effects, bits(outcome.end.discarded),
                     bits(outcome.end.lost));
}

ExploreOptions all_properties(const ModelConfig& config) {
  ExploreOptions options = options_of(config);
  for (std::size_t i = 0; i < trimhorizon::count_of<Property>; ++i) {
    if (static_cast<Property>(i) == Property::quiescence) continue;
    options.properties.push_back(static_cast<Property>(i));
  }
  return options;
}

// The result of the explorer in the words of the reference.
ReferenceResult explored(const ModelConfig& config) {
  Explorer explorer(exploring_plan(config), all_properties(config));
  const Exploration found = explorer.run();
  CHECK(found.complete);
  ReferenceResult result;
  result.states = found.states;
  for (const ExploredOutcome& each : found.outcomes) {
    result.outcomes.emplace(outcome_text(each), each.minimum_faults);
  }
  for (const ExploredViolation& each : found.violations) {
    result.violations.emplace(each.property, each.minimum_faults);
  }
  return result;
}

std::uint32_t number(const Json& json, std::string_view key) {
  const Json* found = json.find(key);
  return found == nullptr ? 0 : static_cast<std::uint32_t>(std::stoul(*found->number()));
}

ModelConfig config_of(const Json& json) {
  ModelConfig c;
  c.records = number(json, "records");
  c.batch = number(json, "batch");
  c.faults = number(json, "faults");
  c.keys = number(json, "keys");
  c.bisect = number(json, "BISECT") != 0;
  c.retries = number(json, "R");
  c.destination = number(json, "DEST") != 0;
  c.report = static_cast<int>(number(json, "PBR"));
  c.reset = number(json, "RESET") != 0;
  c.crash = number(json, "CRASH") != 0;
  c.dup = number(json, "DUP") != 0;
  c.trim = number(json, "TRIM") != 0;
  c.any = number(json, "ANY") != 0;
  c.poison = number(json, "POISON");
  return c;
}

Json oracle() {
  std::ifstream file(tests::source_dir() + "/tests/explore/oracle/model.json");
  std::stringstream text;
  text << file.rdbuf();
  return std::get<Json>(parse_json(text.str()));
}

// Runs the first moments of a scenario without faults; sizes of its invocations.
std::vector<std::uint64_t> invocation_sizes(const ModelConfig& config) {
  struct Sizes : Observer {
    void on(const Happened& event, const World&) override {
      if (const auto* call = std::get_if<Delivered>(&event.what))
        sizes.push_back(call->batch.count);
    }
    std::vector<std::uint64_t> sizes;
  } sizes;
  Simulation simulation(make_plan(scenario_of(config)));
  simulation.watch(sizes);
  simulation.run();
  return sizes.sizes;
}

// Ends only where the model does: a poison record with endless retries needs a way out.
bool terminates(const ModelConfig& c) { return c.poison >= c.records || c.retries != 255; }

// Of the whole range, whatever the size of the case.
std::uint32_t below(std::uint32_t n) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0u, n));
}
bool either() { return below(2) == 1; }

ModelConfig random_config(std::uint32_t records_max, std::uint32_t faults_max) {
  ModelConfig c;
  c.records = 1 + below(records_max);
  c.batch = 1 + below(4);
  c.faults = below(faults_max + 1);
  c.keys = 1 + below(3);
  c.bisect = either();
  c.retries = std::vector<std::uint32_t>{0, 1, 2, 3, 255}[below(5)];
  c.destination = either();
  c.report = static_cast<int>(below(3));
  c.reset = either();
  c.split0 = either();
  c.ceil = either();
  c.crash = either();
  c.dup = either();
  c.trim = either();
  c.any = either();
  if (below(3) == 0) c.poison = below(c.records);
  if (!terminates(c)) c.retries = below(4);
  return c;
}

}  // namespace

TEST_CASE("the explorer finds the outcomes and the fewest faults that two other tools agree on") {
  const Json all = oracle();
  REQUIRE(all.array() != nullptr);
  REQUIRE(all.array()->size() == 34);
  for (const Json& entry : *all.array()) {
    const ModelConfig config = config_of(*entry.find("config"));
    INFO(*entry.find("config")->find("name")->string() << ": " << describe(config));
    const ReferenceResult found = explored(config);

    std::vector<std::string> wanted;
    for (const Json& each : *entry.find("outcomes")->array()) wanted.push_back(*each.string());
    std::vector<std::string> got;
    for (const auto& [outcome, faults] : found.outcomes) {
      got.push_back(fmt::format("{}@{}", outcome, faults));
    }
    CHECK(got == wanted);

    const Json::Array& budgets = *entry.find("outcomes_by_budget")->array();
    for (std::size_t budget = 0; budget < budgets.size(); ++budget) {
      const auto within = std::count_if(found.outcomes.begin(), found.outcomes.end(),
                                        [&](const auto& each) { return each.second <= budget; });
      CHECK(std::to_string(within) == *budgets[budget].number());
    }

    std::map<std::string, std::uint32_t> fewest;
    const Json::Object& violations = *entry.find("min_faults_to_violate")->object();
    for (const auto& [property, faults] : violations) {
      fewest.emplace(property, static_cast<std::uint32_t>(std::stoul(*faults.number())));
    }
    std::map<std::string, std::uint32_t> same = found.violations;
    same.erase("destination_exclusive");
    fewest.erase("dlq_exclusive");
    fewest.erase("destination_exclusive");
    CHECK(same == fewest);
  }
}

TEST_CASE("the second implementation of the model agrees with the oracle") {
  const Json all = oracle();
  for (const Json& entry : *all.array()) {
    const ModelConfig config = config_of(*entry.find("config"));
    std::vector<std::string> wanted;
    for (const Json& each : *entry.find("outcomes")->array()) wanted.push_back(*each.string());
    std::vector<std::string> got;
    for (const auto& [outcome, faults] : run_reference_model(config).outcomes) {
      got.push_back(fmt::format("{}@{}", outcome, faults));
    }
    CHECK(got == wanted);
  }
}

TEST_CASE("explorer and second implementation agree on random configurations") {
  const bool large = property_count() > 10'000;  // ./test --all
  check_property(
      "same outcomes, same fewest faults",
      [&] {
        const ModelConfig config = random_config(large ? 6 : 4, 3);
        const ReferenceResult wanted = run_reference_model(config);
        const ReferenceResult found = explored(config);
        RC_LOG() << describe(config) << "\n";
        RC_ASSERT(found.outcomes == wanted.outcomes);
        RC_ASSERT(found.violations == wanted.violations);
      },
      large ? 20 : 4);
}

TEST_CASE("a reported record that always fails is delivered five times, as AWS recorded") {
  ModelConfig c;
  c.records = 6;
  c.batch = 3;
  c.retries = 3;
  c.report = 1;
  c.poison = 5;
  c.reset = true;
  CHECK(invocation_sizes(c) == std::vector<std::uint64_t>{3, 3, 1, 1, 1, 1});
  c.reset = false;
  CHECK(invocation_sizes(c) == std::vector<std::uint64_t>{3, 3, 1, 1, 1});
}

TEST_CASE("a split batch comes as 4, 2, 1, 1, 2") {
  ModelConfig c;
  c.records = 4;
  c.batch = 4;
  c.retries = 0;
  c.bisect = true;
  c.poison = 1;
  CHECK(invocation_sizes(c) == std::vector<std::uint64_t>{4, 2, 1, 1, 2});
}

TEST_CASE("a poison record among eight costs 2k + 1 + R invocations when batches are split") {
  ModelConfig c;
  c.records = 8;
  c.batch = 8;
  c.retries = 2;
  c.bisect = true;
  c.split0 = true;
  c.poison = 3;
  CHECK(invocation_sizes(c).size() == 9);
}

}  // namespace trimhorizon::testing
