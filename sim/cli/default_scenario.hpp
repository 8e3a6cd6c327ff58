// What `trimhorizon run` runs without a file. A test keeps it equal to 010-hello-shard.yaml.
#pragma once

#include <string_view>

namespace trimhorizon {

inline constexpr std::string_view default_scenario_name = "010-hello-shard.yaml (built in)";

inline constexpr std::string_view default_scenario_text = R"yaml(trimhorizon: 1
title: The healthy path
lesson: "The healthy path: read, invoke, checkpoint, repeat."

streams:
  orders: {ShardCount: 1}

producers:
  shop:
    stream: orders
    ids: r
    put:
      - {at: 0s, records: [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}]}

functions:
  billing: {}

event_source_mappings:
  billing-orders: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON, BatchSize: 100}

expect:
  lost: 0
  duplicates: 0
  fates: {billing-orders: {processed: 10}}
  checkpoint: {billing-orders: {shardId-000000000000: r9}}
evidence: [{kind: model}]
)yaml";

}  // namespace trimhorizon
