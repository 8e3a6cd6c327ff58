// Watches a run for what AWS never does, whatever the scenario: judged from the trace, the logs and
// the plan, by rules written anew from the catalogue.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/world/step.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon::testing {

class RuleWatch : public Observer {
 public:
  void on(const TraceEvent& event, const World& world) override;
  const std::vector<std::string>& complaints() const { return complaints_; }
  std::string text() const;

 private:
  struct Call {
    Instant started;
    std::uint32_t function = 0;
    std::uint32_t mapping = 0;
  };

  void started(const TraceEvent& event, const World& world);
  void invoke(const TraceEvent& event, const World& world);
  void check_records(const TraceEvent& event, const World& world, const MappingSettings& settings);
  void end_of_call(const TraceEvent& event, const World& world);
  void discard(const TraceEvent& event, const World& world);
  void expect(bool holds, const TraceEvent& event, const char* rule);

  Instant last_{INT64_MIN};
  std::uint64_t last_number_ = 0;
  std::map<std::uint32_t, bool> enabled_;             // by mapping, once it exists
  std::map<std::uint64_t, Call> open_;                // by number of the invocation
  std::map<std::uint32_t, std::uint32_t> in_flight_;  // by function
  std::vector<std::string> complaints_;
};

}  // namespace trimhorizon::testing
