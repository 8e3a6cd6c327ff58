// Parts of the format that are read, but that a run does not do yet.
#include "sim/scenario/coming.hpp"

#include "sim/scenario/tables.hpp"
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("a part that a run does not do yet is refused, whatever it says") {
  using namespace reader;
  int coming = 0;
  for (const Block* block : {&scenario_block(), &timeline_block(), &explore_block()}) {
    for (const Key& key : block->keys) {
      if (key.coming.empty()) continue;
      INFO(key.name);
      coming += 1;
      CHECK(key.is_refused());
      CHECK_FALSE(key.is_ours_to_read());
      CHECK(key.advice() == key.coming);
      CHECK(scenario_schema_json().find("\"" + std::string(key.name) + "\":") == std::string::npos);
    }
  }
  if (coming == 0) return;  // then all of the format is done, and this mechanism can go
  const std::string text =
      "trimhorizon: 1\nstreams: {orders: {}}\n"
      "autoscaler: {orders: {nonsense: 1}}\n";
  if (scenario_block().find("autoscaler")->coming.empty()) return;
  CHECK(said_about(text) ==
        "3:1 `autoscaler` is not modelled yet (shards stay as ShardCount says)");
  CHECK(said_about_all(text).starts_with("3:23 unknown key `nonsense` in an autoscaler"));
}
