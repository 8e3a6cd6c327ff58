#include "sim/history/first_deliveries.hpp"

#include <algorithm>

#include "sim/world/event_records.hpp"

namespace trimhorizon {

FirstDeliveries::FirstDeliveries(const Plan& plan, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    if (const auto record = plan.record_named(id)) asked_.push_back(*record);
  }
  std::sort(asked_.begin(), asked_.end());
}

void FirstDeliveries::on(const Happened& event, const World& world) {
  const auto* delivered = std::get_if<Delivered>(&event.what);
  if (delivered == nullptr || asked_.empty()) return;
  const ConsumerId consumer = world.reader(delivered->reader).consumer;
  const RecordLog& log = world.shard(delivered->batch.shard).log;
  each_run(world, delivered->batch, [&](Span run) {
    log.each(run, [&](const StoredRecord& stored) {
      if (std::binary_search(asked_.begin(), asked_.end(), stored.record)) {
        found_.try_emplace({stored.record, consumer}, event.at);
      }
      return true;
    });
  });
}

std::vector<FirstDelivery> FirstDeliveries::found(const Plan& plan) const {
  std::vector<FirstDelivery> all;
  for (const auto& [which, at] : found_) {
    all.push_back({plan.record_id(which.first), std::string(plan.name(which.second)), at});
  }
  return all;
}

}  // namespace trimhorizon
