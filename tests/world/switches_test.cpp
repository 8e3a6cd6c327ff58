// Which assumptions a run has met: the switches whose question came up, whatever their value.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// All but iterator_age, which every invocation meets.
std::string met(const Story& story) {
  const Told told = story.tell();
  std::string out;
  for (const AssumptionInfo& info : assumption_table()) {
    if (info.which == Assumption::iterator_age || !told.met(info.which)) continue;
    out += (out.empty() ? "" : " ") + std::string(info.name);
  }
  return out;
}

Story failing() { return story().records(3).retries(1).poison("r1"); }

}  // namespace

TEST_CASE("a run without trouble depends on no assumption but how age is sampled") {
  CHECK(met(story().records(10)) == "");
  CHECK(story().records(1).tell().met(Assumption::iterator_age));
  CHECK_FALSE(story().tell().met(Assumption::iterator_age));
}

TEST_CASE("retries meet the back-off, the last attempt alone does not") {
  CHECK(met(failing()) == "retry_backoff");
  CHECK(met(story().records(3).retries(0).poison("r1")) == "");
}

TEST_CASE("a split meets its rounding and what becomes of the retries") {
  CHECK(met(failing().bisect()) == "split split_when odd_split retry_backoff");
  // Without a limit the other answer is never to split; there is no counter to inherit.
  CHECK(met(story().records(2).bisect().poison("r1").lasts(5_s)) == "split_when retry_backoff");
}

TEST_CASE("a report meets the question of the budget, with bisect that of halving") {
  CHECK(met(failing().report()) == "partial_progress retry_backoff");
  // [0-2] [1-2] [1] [1] [2]: r1 alone at the head of the rest makes it a split.
  CHECK(met(failing().report().bisect()) ==
        "split bisect_with_report partial_progress retry_backoff");
  CHECK(met(story().records(3).report().poison("r0").retries(0)) == "");
}

TEST_CASE("a malformed answer meets its switch only where a split is possible") {
  const char* empty = "{\"batchItemFailures\": [{\"itemIdentifier\": \"\"}]}";
  CHECK(met(story().records(3).retries(0).report().returns(empty)) == "");
  CHECK(met(story().records(3).retries(0).report().bisect().returns(empty)) == "malformed_report");
}

TEST_CASE("age meets its scope where fresh records come after old ones") {
  const Story old_head = story().records(1).records(5, 80_s).age(60).created(80_s);
  CHECK(met(old_head) == "age_scope never_invoked_count");
  CHECK(met(Story(old_head).assume("age_scope", "whole_batch")) == "age_scope never_invoked_count");
  CHECK(met(story().records(1).age(60).created(80_s)) == "never_invoked_count");
}

TEST_CASE("a record of exactly the age limit meets the boundary, whatever is assumed of it") {
  const Story at_limit = story().records(1).age(60).created(60_s);
  CHECK(met(at_limit) == "age_boundary");
  CHECK(met(Story(at_limit).assume("age_boundary", "at_or_over")) ==
        "never_invoked_count age_boundary");
}

TEST_CASE("throttles, crashes and pauses meet theirs") {
  CHECK(met(story().records(1).throttle(0_s, 1_s)) == "throttle_backoff");
  CHECK(met(story().records(1).crash(1_s)) == "poller_failover");
  CHECK(met(story().records(1).work(2_s).disable(1_s)) == "in_flight_at_disable");
  CHECK(met(story().records(1).disable(1_s)) == "");
}

TEST_CASE("a record above 6 MB meets the question what becomes of it") {
  CHECK(met(story().big_record(5'242'880).retries(0)) == "oversized_record");
  CHECK(met(story().big_record(5'242'880).retries(1)) == "oversized_record retry_backoff");
  CHECK(met(story().big_record(1'048'576)) == "");
}

TEST_CASE("valid and invalid identifiers together meet theirs") {
  CHECK(met(story().records(2).retries(0).report().returns(
            "{\"batchItemFailures\": [{\"itemIdentifier\": \"$sequence[1]\"},"
            "{\"itemIdentifier\": \"\"}]}")) == "mixed_identifiers");
}
