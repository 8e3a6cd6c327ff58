// What each site beyond those of the reference model adds to the ways in which runs can end.
#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

using Lines = std::vector<std::string>;

// From LATEST, with a record that comes when the poller has found nothing so far.
Story latest() {
  Story s;
  s.starting(StartingPosition::latest).created(0_s).retries(1).record("r0", "a", 1_s);
  return s;
}

}  // namespace

namespace {

bool happened(const ExploreReport& report, Situation situation) {
  return report.situations.has(situation);
}

}  // namespace

TEST_CASE("the gap of LATEST is claimed only where some run has one") {
  Story s;
  s.starting(StartingPosition::latest).created(1_s).retries(1);
  s.record("r0", "a", 0_s).record("r1", "a", 10_s).record("r2", "a", 20_s);
  CHECK_FALSE(happened(explored(s, sites({Site::timeout, Site::function_error}), 2),
                       Situation::latest_gap));
  CHECK(happened(explored(s, sites({Site::iterator_expired}), 1), Situation::latest_gap));
}

TEST_CASE("progress is not a retry: what is left is a new batch") {
  FailRule once;
  once.records = {"r1"};
  once.until = Instant{0} + 50_ms;
  Story s;
  s.record("r0", "a").record("r1", "a").report().respond(Respond::report_first_failure);
  s.retries(1).fail(once);
  const ExploreReport report = explored(s, sites({Site::function_error}), 0);
  CHECK(happened(report, Situation::partial_response));
  CHECK_FALSE(happened(report, Situation::retry));
  CHECK(happened(explored(s, sites({Site::function_error}), 1), Situation::retry));
}

TEST_CASE("a record given up by age after an attempt meets no question about one without") {
  Story s;
  s.record("r0", "a").record("r1", "a").poison("r0").age(60).destination();
  const ExploreReport report = explored(s, sites({Site::timeout}), 1);
  CHECK(happened(report, Situation::age_discard));
  CHECK_FALSE(report.met.has(Assumption::never_invoked_count));
}

TEST_CASE("a timeout comes after the effects: the batch is done again") {
  CHECK(endings(explored(two_records().retries(1), sites({Site::timeout}), 1)) ==
        Lines{"1 1 @0", "2 2 @1"});
}

TEST_CASE("a lost checkpoint repeats a success and counts no attempt") {
  CHECK(endings(explored(two_records(), sites({Site::checkpoint_lost}), 2)) ==
        Lines{"1 1 @0", "2 2 @1", "3 3 @2"});
}

TEST_CASE("throttles lose nothing and repeat nothing") {
  const ExploreReport report = explored(two_records(), sites({Site::throttle}), 3);
  CHECK(endings(report) == Lines{"1 1 @0"});
  CHECK(report.taken == sites({Site::throttle}));
  CHECK(report.situations.has(Situation::throttle));
}

TEST_CASE("throttles let a record grow too old: under an age limit they lose it") {
  Story s = two_records();
  s.throttle_backoff({true, 70_s, 1'000, 70_s}).age(60);
  CHECK(endings(explored(s, sites({Site::throttle}), 1)) == Lines{"1 1 @0", "0 0 lost r0 r1 @1"});
}

TEST_CASE("a failure destination that takes nothing turns a discard into a loss") {
  Story s = two_records();
  s.destination().poison("r1");
  CHECK(endings(explored(s, sites({Site::destination_failure}), 1)) ==
        Lines{"1 0 discarded r0 r1 @0", "1 0 lost r1 @1"});
}

TEST_CASE("a poller that crashes while its call runs leaves the effects and reads again") {
  const ExploreReport report = explored(two_records(), sites({Site::poller_crash_anywhere}), 2);
  CHECK(endings(report) == Lines{"1 1 @0", "2 2 @1", "3 3 @2"});
  CHECK(report.verdict == Verdict::holds);
}

TEST_CASE("a crash before an attempt gives a failing batch its attempts back") {
  Story s;
  s.record("r0", "a").record("r1", "a").batch(2).retries(1).poison("r1").created(1_s);
  // Without the crash two attempts; the poller_crash of the model needs a success and is not asked.
  CHECK(endings(explored(s, sites({Site::poller_crash}), 1)) == Lines{"2 0 lost r1 @0"});
  CHECK(endings(explored(s, sites({Site::poller_crash_anywhere}), 1)) ==
        Lines{"2 0 lost r1 @0", "3 0 lost r1 @1", "4 0 lost r1 @1"});
}

TEST_CASE(
    "a crash before the first checkpoint keeps LATEST, since a record was read [ESM-CHK-07]") {
  CHECK(endings(explored(latest(), sites({Site::poller_crash_anywhere}), 1)) ==
        Lines{"1 @0", "2 @1"});
}

TEST_CASE("or it resolves LATEST again and loses what came [CON-27]") {
  Story s = latest();
  s.assume("latest_position", "kept_once_settled");
  CHECK(endings(explored(s, sites({Site::poller_crash_anywhere}), 1)) ==
        Lines{"1 @0", "0 lost r0 @1"});
}

TEST_CASE("an expired iterator loses what came since LATEST was resolved") {
  const ExploreReport report = explored(latest(), sites({Site::iterator_expired}), 1);
  CHECK(endings(report) == Lines{"1 @0", "0 lost r0 @1"});
  CHECK(fewest(report, "no_loss") == 1);
  CHECK(report.situations.has(Situation::latest_gap));
}

TEST_CASE("an expired iterator is not asked about where it cannot matter") {
  // From TRIM_HORIZON, and from LATEST once there is a checkpoint.
  CHECK(explored(two_records(), sites({Site::iterator_expired}), 1).taken.bits == 0);
  Story s = latest();
  s.record("r1", "a", 10_s);
  CHECK(endings(explored(s, sites({Site::iterator_expired}), 2)) ==
        Lines{"1 1 @0", "0 1 lost r0 @1", "0 0 lost r0 r1 @2"});
  // r1 alone is never lost: when it came, r0 had been checkpointed.
}

TEST_CASE("a second poller doubles the effects, moves nothing, and comes after the first") {
  const ExploreReport report =
      explored(two_records(), sites({Site::overlapping_pollers}), 1,
               {"no_loss", "at_most_once", "order_regress", "order_first"});
  CHECK(endings(report) == Lines{"1 1 @0", "2 2 @1"});
  CHECK(fewest(report, "at_most_once") == 1);
  CHECK(fewest(report, "order_regress") == 1);
  CHECK(fewest(report, "order_first") == -1);
  CHECK(fewest(report, "one_batch_per_lane") == -1);
}

TEST_CASE("a second poller does the work of a batch that the first one fails") {
  const ExploreReport report =
      explored(two_records(), sites({Site::function_error, Site::overlapping_pollers}), 2);
  CHECK(endings(report) ==
        Lines{"1 1 @0", "0 0 lost r0 r1 @1", "1 0 lost r1 @1", "2 2 @1", "2 1 @2"});
}

TEST_CASE("a second poller needs room in the function") {
  Story s = two_records();
  s.reserved(1);
  CHECK(explored(s, sites({Site::overlapping_pollers}), 1).taken.bits == 0);
}

TEST_CASE("a site that is off is not asked, and stands beside the verdict") {
  const ExploreReport report = explored(two_records(), sites({Site::trim}), 1);
  CHECK(endings(report) == Lines{"1 1 @0", "0 1 lost r0 @1"});
  CHECK(report.sites == sites({Site::trim}));
  CHECK(fewest(report, "no_loss") == 1);
}

}  // namespace trimhorizon::testing
