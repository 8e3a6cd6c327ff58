// Watches a run for what AWS never does, whatever the scenario: judged from the trace, the logs and
// the plan, by rules that were written a second time from the catalogue.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/world/happening.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon::testing {

class RuleWatch : public Observer {
 public:
  void on(const Happened& event, const World& world) override;
  const std::vector<std::string>& complaints() const { return complaints_; }
  std::string text() const;

 private:
  struct Call {
    Instant started;
    std::uint32_t function = 0;
    std::uint32_t mapping = 0;
  };

  void handle(const MappingSwitched& event, const World& world);
  void handle(const Positioned& event, const World& world);
  void handle(const Delivered& event, const World& world);
  void handle(const Ended& event, const World& world);
  void handle(const GaveUp& event, const World& world);
  void handle(const MessageSent& event, const World& world);
  void handle(const PutAnswered& event, const World& world);
  void handle(const SplitInTwo& event, const World& world);
  void handle(const ReaderRestarted& event, const World& world);
  void check_records(ReaderId reader, const Batch& batch, const World& world,
                     const MappingSettings& settings);
  template <class Other>
  void handle(const Other&, const World&) {}
  Duration age_for_limit(ReaderId reader, ShardId shard, Position p, const World& world) const;
  void expect(bool holds, const char* rule);

  std::uint64_t number_ = 0;  // of the event that is looked at
  Instant last_{INT64_MIN};
  std::uint64_t last_number_ = 0;
  std::map<std::uint32_t, bool> enabled_;             // by mapping, once it exists
  std::map<std::uint64_t, Call> open_;                // by number of the invocation
  std::map<std::uint32_t, std::uint32_t> in_flight_;  // by function
  // When the batch of a record was split last: by reader and position.
  std::map<std::pair<std::uint32_t, Position>, Instant> split_at_;
  std::vector<std::string> complaints_;
};

}  // namespace trimhorizon::testing
