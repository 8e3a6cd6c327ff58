// What `trimhorizon run` runs without a file. A test keeps it equal to 010-hello-shard.yaml.
#pragma once

#include <string_view>

namespace trimhorizon {

inline constexpr std::string_view default_scenario_name = "010-hello-shard.yaml (built in)";

inline constexpr std::string_view default_scenario_text =
    R"yaml(# yaml-language-server: $schema=../docs/scenario.schema.json
trimhorizon: 1                        # version of this format
title: Hello, shard
lesson: "The healthy path: read the shard, invoke the function, move the checkpoint, repeat."

streams:
  orders: {ShardCount: 1}             # what AWS names too is spelt as in CloudFormation

producers:
  shop:
    stream: orders
    ids: r                            # its records are called r0, r1, …, r9
    rate: 4/s
    records: 10

functions:
  billing:
    duration: 100ms                   # one invocation works this long; what is ours carries a unit

event_source_mappings:                # connects a stream to a function, and remembers how far it is
  billing-orders:
    EventSourceArn: orders            # names stand in for ARNs
    FunctionName: billing
    StartingPosition: TRIM_HORIZON    # begin with the oldest record the shard still has
    BatchSize: 100

expect:                               # what must come out; the run fails otherwise
  fates: {billing-orders: {processed: 10}}
  lost: 0
  duplicates: 0
  invocations: 3                      # one poll a second finds r0-r3, then r4-r7, then r8-r9
  checkpoint: {billing-orders: {shardId-000000000000: r9}}

evidence:                             # how sure we are, and of which rule
  - {kind: aws-documented, rule: ESM-POL-01}
  - {kind: aws-documented, rule: ESM-CHK-01}
)yaml";

}  // namespace trimhorizon
