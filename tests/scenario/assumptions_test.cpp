// The switches for what AWS leaves open, and what the explorer may do.
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("assumptions are named switches with named values") {
  const Scenario scenario = read(
      "trimhorizon: 1\nstreams: {s: {}}\nassumptions:\n  partial_progress: keeps_retries\n"
      "  read_record_limit: none\n  odd_split: ceil\n  retry_backoff: none\n"
      "  throttle_backoff: {first: 1s, factor: 1.5, cap: 1m, jitter: full}\n"
      "  poller_failover: 30s\n");
  Assumptions wanted;
  wanted.partial_progress = assume::partial_progress::keeps_retries;
  wanted.odd_split = assume::odd_split::ceil;
  wanted.retry_backoff.on = false;
  wanted.throttle_backoff = {true, seconds(1), 1'500, minutes(1), Backoff::Jitter::full};
  wanted.poller_failover = seconds(30);
  CHECK(scenario.assumptions == wanted);
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nassumptions: {odd_spilt: ceil, split: x, "
                   "retry_backoff: {first: 1s, cap: 1ms, factor: 0.5}}\n") ==
        "3:15 unknown key `odd_spilt` in `assumptions` (did you mean `odd_split`?)\n"
        "3:39 split must be `resets_retries` or `inherits_retries`, not `x`\n"
        "3:74 the cap is shorter than first\n"
        "3:87 factor must be from 1 to 1000, not 0.5");
}

TEST_CASE("a back-off may be written as reports print it [ESM-RTY-06]") {
  const auto retry = [](const std::string& text) {
    return read("trimhorizon: 1\nstreams: {s: {}}\nassumptions: {retry_backoff: '" + text + "'}\n")
        .assumptions.retry_backoff;
  };
  const Backoff plain;  // 200ms x2 up to 15s, no jitter
  CHECK(retry("200ms x2 up to 15s") == plain);
  CHECK(retry("1s") == Backoff{true, seconds(1), 2'000, seconds(15), Backoff::Jitter::none});
  CHECK(retry("500ms x1.5 up to 1m 30s, jitter") ==
        Backoff{true, milliseconds(500), 1'500, seconds(90), Backoff::Jitter::full});
  CHECK(retry("20s") == Backoff{true, seconds(20), 2'000, seconds(20), Backoff::Jitter::none});
  CHECK(retry("1s, jitter").jitter == Backoff::Jitter::full);
  // The long form of a back-off with jitter by default takes the jitter away when it says none.
  const Scenario throttle = read(
      "trimhorizon: 1\nstreams: {s: {}}\nassumptions: {throttle_backoff: 500ms x2 up to 15s}\n");
  CHECK(throttle.assumptions.throttle_backoff.jitter == Backoff::Jitter::none);
  const Scenario shorter =
      read("trimhorizon: 1\nstreams: {s: {}}\nassumptions: {throttle_backoff: 1s}\n");
  CHECK(shorter.assumptions.throttle_backoff.jitter == Backoff::Jitter::full);
}

TEST_CASE("a back-off that says something else is a mistake") {
  for (const std::string wrong :
       {"2", "200ms x", "200ms x0.5", "200ms x2 up to", "200ms x2 up to 10ms", "200ms twice",
        "200ms x2 up to 15s jitter", "200ms x1001"}) {
    INFO(wrong);
    CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nassumptions: {retry_backoff: '" + wrong +
                     "'}\n") ==
          "3:30 retry_backoff is no back-off (write 200ms (the first wait), 200ms x2 up to 15s, or "
          "none)");
  }
}

TEST_CASE("the durations of on-demand splits and of new shards are read and bounded [KDS-LIM-12]") {
  const auto with = [](const std::string& assumptions) {
    return "trimhorizon: 1\nstreams: {s: {}}\nassumptions: {" + assumptions + "}\n";
  };
  const Scenario scenario = read(with("on_demand_split_delay: 15m, child_start_delay: 1s"));
  CHECK(scenario.assumptions.on_demand_split_delay == minutes(15));
  CHECK(scenario.assumptions.child_start_delay == seconds(1));
  CHECK(scenario.not_modelled.empty());
  CHECK(read(with("on_demand_split_delay: 10m, child_start_delay: 8s")).not_modelled.empty());
  CHECK(said_about(with("on_demand_split_delay: 901s")) ==
        "3:38 on_demand_split_delay must be at most 15m");
}

TEST_CASE("explore is read") {
  const Scenario scenario = read(
      "trimhorizon: 1\nstreams: {s: {}}\nexplore: {faults: 3, sites: [trim, ack_lost], "
      "batch_sizes: any, properties: [no_loss, conservation], first_records: 12}\n");
  SiteSet sites;
  sites.add(Site::trim);
  sites.add(Site::ack_lost);
  CHECK(scenario.explore.faults == 3);
  CHECK(scenario.explore.sites == sites);
  CHECK(scenario.explore.any_batch_size);
  CHECK(scenario.explore.records == 12);
  CHECK(read("trimhorizon: 1\nstreams: {s: {}}\n").explore.records == 6);
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nexplore: {first_records: 0}\n") ==
        "3:26 first_records must be from 1 to 10000, not 0");
  CHECK(scenario.explore.properties == std::vector<std::string>{"no_loss", "conservation"});
}

TEST_CASE("a switch of what is not built yet is named when it is not at its default") {
  const Scenario scenario = read(
      "trimhorizon: 1\nstreams: {s: {}}\nassumptions: {lanes: key_lock, lane_blocks: lane, "
      "read_throttle: fixed, odd_split: ceil, lane_checkpoint: per_lane}\n");
  CHECK(scenario.not_modelled ==
        std::vector<std::string>{"assumptions.lanes", "assumptions.lane_checkpoint"});
}

TEST_CASE("the cap of a back-off is not judged where it or the first wait is wrong") {
  const auto said = [](const std::string& backoff) {
    return said_about("trimhorizon: 1\nstreams: {s: {}}\nassumptions: {retry_backoff: {" + backoff +
                      "}}\n");
  };
  CHECK(said("first: 1x, cap: 100ms").find("cap is shorter") == std::string::npos);
  CHECK(said("first: 1m, cap: 2x").find("cap is shorter") == std::string::npos);
  CHECK(said("first: 1m, cap: 2s") == "3:47 the cap is shorter than first");
}
