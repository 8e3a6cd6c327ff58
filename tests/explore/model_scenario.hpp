// The abstract model of the explorer (one shard, one mapping) said as a scenario.
#pragma once

#include <string>

#include "sim/explore/explorer.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/scenario/scenario.hpp"
#include "tests/explore/model_config.hpp"

namespace trimhorizon::testing {

inline Scenario scenario_of(const ModelConfig& c) {
  Scenario s;
  s.streams.push_back({"orders", {}});
  ProducerSettings shop;
  shop.ids = "r";
  for (std::uint32_t n = 0; n < c.records; ++n) {
    PutCall call;
    const std::string id = "r" + std::to_string(n);
    call.records.push_back({id, "k" + std::to_string(n % c.keys), id, std::nullopt});
    shop.put.push_back(call);
  }
  s.producers.push_back({"shop", {0}, shop});
  FunctionSettings billing;
  billing.respond = c.report == 0   ? Respond::raise
                    : c.report == 1 ? Respond::report_first_failure
                                    : Respond::report_failures;
  if (c.poison != 255) {
    FailRule poison;
    poison.records = {"r" + std::to_string(c.poison)};
    billing.fail.push_back(poison);
  }
  s.functions.push_back({"billing", billing});
  MappingSettings mapping;
  mapping.batch_size = c.batch;
  mapping.maximum_retry_attempts = c.retries == 255 ? -1 : static_cast<int>(c.retries);
  mapping.bisect_batch_on_function_error = c.bisect;
  mapping.report_batch_item_failures = c.report > 0;
  mapping.created = Instant{seconds(1).us};
  if (c.destination) s.destinations.push_back({"dlq", DestinationType::sqs});
  s.mappings.push_back(
      {"billing-orders", {0}, {0}, c.destination ? DestinationId{0} : DestinationId{}, mapping});
  s.assumptions.partial_progress =
      c.reset ? assume::partial_progress::resets_retries : assume::partial_progress::keeps_retries;
  s.assumptions.split = c.split0 ? assume::split::resets_retries : assume::split::inherits_retries;
  s.assumptions.bisect_with_report = assume::bisect_with_report::at_identifier;
  s.assumptions.odd_split = c.ceil ? assume::odd_split::ceil : assume::odd_split::floor;
  return s;
}

inline ExploreOptions options_of(const ModelConfig& c) {
  ExploreOptions options;
  options.faults = c.faults;
  options.sites.add(Site::function_error);
  if (c.crash) options.sites.add(Site::poller_crash);
  if (c.dup) {
    options.sites.add(Site::ack_lost);
    options.sites.add(Site::ack_lost_late);
  }
  if (c.trim) options.sites.add(Site::trim);
  options.any_batch_size = c.any;
  return options;
}

inline std::shared_ptr<const Plan> exploring_plan(const ModelConfig& c) {
  PlanOptions options;
  options.exploring = true;
  options.open_sites = options_of(c).open();
  return make_plan(scenario_of(c), options);
}

}  // namespace trimhorizon::testing
