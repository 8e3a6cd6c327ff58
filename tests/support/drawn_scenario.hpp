// Scenarios drawn at random: small, quick to run, and with everything in them that is built.
#pragma once

#include <string>

#include "sim/base/choices.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon::testing {

// Only inside a property of RapidCheck.
// `reshards`: shards may be split, merged and counted while it runs.
Scenario drawn_scenario(bool reshards = false);

// One line a thing: what a failing property prints.
std::string described(const Scenario& scenario);

// Every site of the explorer that a run may ask.
SiteSet all_sites();

// Answers at random, pure in the question's number, with at most `budget` faults.
class DrawnFaults : public Choices {
 public:
  DrawnFaults(std::uint64_t seed, std::uint32_t budget)
      : Choices(all_sites().bits), seed_(seed), budget_(budget) {}

 protected:
  std::uint32_t answer(const Question& question) override;

 private:
  std::uint64_t seed_;
  std::uint32_t budget_;
};

}  // namespace trimhorizon::testing
