// `expect:` in all its forms.
#include "sim/scenario/names.hpp"
#include "tests/scenario/expecting.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("invariants and situations are named") {
  CHECK(summary(one("  always: [conservation, key_order]\n  sometimes: [retry]\n")) ==
        "always.conservation |  | conservation | \nalways.key_order |  | key_order | \n"
        "sometimes.retry |  | retry | ");
  CHECK(
      said_about(one("  always: [conservaton]\n  sometimes: [magic]\n")) ==
      "12:12 always cannot be `conservaton` (did you mean `conservation`?)\n"
      "13:15 sometimes cannot be `magic` (write one of `retry`, `timeout`, `partial_response`, "
      "`malformed_response`, `bisect`, `discard`, `age_discard`, `expire`, `throttle`, "
      "`poller_crash`, `checkpoint_lost`, `ack_lost`, `producer_retry`, `filtered`, `latest_gap`, "
      "`reshard`, `cold_start`, `swallow` or `destination_failure`)");
}

TEST_CASE("unknown mappings, fates and causes are mistakes; an unknown record is a warning") {
  CHECK(
      said_about(one("  fates: {billing: {processed: 1}, billing-orders: {procesed: 1, lost: 1}}\n"
                     "  lost_by_cause: {swalowed: 0}\n  duplicates_by_cause: {luck: 0}\n")) ==
      "12:11 no event source mapping is called `billing` (write `billing-orders`)\n"
      "12:53 `procesed` is not a fate (did you mean `processed`?)\n"
      "12:66 `lost` is not a fate (write `processed`, `filtered`, `discarded`, `dropped`, "
      "`expired`, `unread` or `pending`)\n"
      "13:19 `swalowed` is not a cause of loss (did you mean `swallowed`?)\n"
      "14:25 `luck` is not a cause of duplicates (write `retry_after_error`, "
      "`retry_after_timeout`, `retry_after_crash`, `retry_after_partial_response`, `bisect`, "
      "`poller_crash`, `overlapping_pollers`, `checkpoint_lost`, `re_enabled`, `recreated` or "
      "`producer_retry`)");
  CHECK(read(one("  deliveries: {r100: 1}\n")).warnings ==
        std::vector<std::string>{
            "s.yaml:12:16: warning: no producer puts a record `r100`: `shop` puts 100 records"});
}

TEST_CASE("expectations of the wrong shape are mistakes") {
  CHECK(said_about(one("  lost:\n  duplicates: []\n  never_accepted: {billing-orders: 1}\n"
                       "  fates: 3\n  deliveries: {billing-orders: 5}\n  invocations: [[1]]\n")) ==
        "12:3 lost must be a number or a comparison, not nothing\n"
        "13:15 duplicates is an empty list\n"
        "14:19 never_accepted must be a number or a comparison, not a mapping\n"
        "15:10 fates must be a mapping, not `3`\n"
        "16:32 deliveries.billing-orders must be a mapping, not `5`\n"
        "17:17 invocations must be a number or a comparison, not a list");
}

TEST_CASE("an expectation that checks nothing is a mistake") {
  const std::string nothing = " checks nothing (write what is expected, or remove the key)";
  CHECK(said_about(one("  lost: {}\n  fates: {billing-orders: {}}\n  deliveries:\n"
                       "  lost_by_cause: {}\n  metrics: ~\n  destinations: {}\n")) ==
        "12:9 lost" + nothing + "\n13:27 fates.billing-orders" + nothing + "\n14:3 deliveries" +
            nothing + "\n15:18 lost_by_cause" + nothing + "\n16:12 metrics" + nothing +
            "\n17:17 destinations" + nothing);
  CHECK(said_about(one("  destinations: {dlq: }\n")) ==
        "12:18 destinations.dlq must be a list of messages, not nothing (write [] for none, or "
        "[{condition: RetryAttemptsExhausted}])");
  CHECK(said_about(one("  destinations: {dlq: [~]}\n")) ==
        "12:24 an entry of destinations.dlq is empty (write {} for an entry with all defaults, or "
        "remove it)");
}

TEST_CASE("a fate, a cause or a metric that stands too high is led to its map") {
  CHECK(said_about(one("  processd: 0\n")).ends_with("(write fates: {processed: 0})"));
  CHECK(said_about(one("  Throttles: '< 3'\n")).ends_with("(write metrics: {Throttles: …})"));
}

TEST_CASE("the short form misses no mapping where mappings cannot be read") {
  const auto said = [](const std::string& mappings) {
    return said_about("trimhorizon: 1\nstreams: {s: {}}\nevent_source_mappings: " + mappings +
                      "\nexpect: {fates: {pending: 0}, lost: {m: 0}}\n");
  };
  CHECK(said("3").find('\n') == std::string::npos);
  CHECK(said("{}") == "4:18 fates is about event source mappings, but there is none");
}
