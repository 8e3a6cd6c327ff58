// When some records were handed to a function for the first time.
//
// Always:
//  1. A record has at most one first delivery for each consumer, whichever of its copies it was.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/history/result.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

class FirstDeliveries : public Observer {
 public:
  // Of the records with these ids. Ids that no producer makes are left out.
  FirstDeliveries(const Plan& plan, const std::vector<std::string>& ids);

  void on(const Happened& event, const World& world) override;
  bool takes_runs() const override { return true; }  // puts deliver nothing

  // By record, then by consumer.
  std::vector<FirstDelivery> found(const Plan& plan) const;

 private:
  std::vector<RecordId> asked_;  // sorted
  std::map<std::pair<RecordId, ConsumerId>, Instant> found_;
};

}  // namespace trimhorizon
