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

TEST_CASE("explore is read") {
  const Scenario scenario = read(
      "trimhorizon: 1\nstreams: {s: {}}\nexplore: {faults: 3, sites: [trim, ack_lost], "
      "batch_sizes: any, properties: [no_loss, conservation]}\n");
  SiteSet sites;
  sites.add(Site::trim);
  sites.add(Site::ack_lost);
  CHECK(scenario.explore.faults == 3);
  CHECK(scenario.explore.sites == sites);
  CHECK(scenario.explore.any_batch_size);
  CHECK(scenario.explore.properties == std::vector<std::string>{"no_loss", "conservation"});
}

TEST_CASE("a switch of what is not built yet is named when it is not at its default") {
  const Scenario scenario = read(
      "trimhorizon: 1\nstreams: {s: {}}\nassumptions: {lanes: key_lock, lane_blocks: lane, "
      "read_throttle: fixed, odd_split: ceil}\n");
  CHECK(scenario.not_modelled ==
        std::vector<std::string>{"assumptions.lanes", "assumptions.read_throttle"});
}
