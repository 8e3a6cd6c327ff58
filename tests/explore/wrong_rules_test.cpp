// The wrong rules of the rules' own files, found by the explorer: the fewest faults that break a
// property change, and are printed.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "sim/base/rule.hpp"
#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

// Selects a wrong rule, and then again what the test run has selected.
class WrongRule {
 public:
  explicit WrongRule(std::string_view id) { select_wrong_rule(id); }
  ~WrongRule() {
    const char* chosen = std::getenv("TH_WRONG_RULE");
    select_wrong_rule(chosen == nullptr ? "" : chosen);
  }
};

// One record that is handed to the function alone.
Story alone() {
  Story s;
  s.record("r0", "a").batch(1).created(1_s);
  return s;
}
Story pair() {
  Story s;
  s.record("r0", "a").record("r1", "a").batch(2).created(1_s);
  return s;
}
FailRule fails_first(const char* id) {
  FailRule rule;
  rule.records = {id};
  rule.attempts = {1};
  return rule;
}

constexpr int holds = -1;

struct Case {
  const char* id;
  Story story;
  SiteSet open;
  std::uint32_t faults;
  const char* property;
  int right;  // the fewest faults that break it
  int wrong;
};

std::vector<Case> cases() {
  const SiteSet none{};
  const SiteSet errors = sites({Site::function_error});
  const SiteSet crashes = sites({Site::poller_crash});
  return {
      {"retries_are_one_plus_n", alone().retries(1), errors, 2, "no_loss", 2, 1},
      {"a_failed_attempt_counts", alone().retries(1).poison("r0"), none, 0, "quiescence", holds, 0},
      {"a_split_is_not_a_retry", pair().retries(1).bisect(), errors, 3, "no_loss", 3, 2},
      {"progress_resets_retries",
       pair().retries(1).report().respond(Respond::report_first_failure).fail(fails_first("r1")),
       errors, 1, "no_loss", 1, 0},
      {"records_below_the_report_are_done",
       pair().retries(1).report().respond(Respond::report_first_failure).poison("r1"), none, 0,
       "quiescence", holds, 0},
      {"report_needs_the_setting", pair().retries(1).respond(Respond::report_failures), errors, 2,
       "no_loss", 1, 2},
      {"malformed_report_fails_the_batch",
       alone().retries(1).report().returns(R"({"batchItemFailures": 7})"), none, 0, "at_most_once",
       0, holds},
      {"a_discard_writes_its_message", alone().retries(0).destination(), errors, 1, "no_loss",
       holds, 1},
      {"throttles_never_count", alone().retries(1).fail(fails_first("r0")), sites({Site::throttle}),
       1, "no_loss", holds, 1},
      {"checkpoint_follows_the_work", alone(),
       sites({Site::function_error, Site::poller_crash_anywhere}), 2, "no_loss", holds, 2},
      {"checkpoint_follows_the_work", alone(), crashes, 1, "at_most_once", 1, holds},
      {"latest_is_resolved_by_the_poller",
       Story(alone()).starting(StartingPosition::latest).created(0_s, 10_s).record("r1", "a", 5_s),
       none, 0, "no_loss", 0, holds},
      {"latest_without_a_checkpoint_is_symbolic",
       Story()
           .record("r0", "a", 1_s)
           .starting(StartingPosition::latest)
           .created(0_s)
           .assume("latest_position", "kept_once_settled"),
       sites({Site::poller_crash_anywhere}), 1, "no_loss", 1, holds},
  };
}

}  // namespace

TEST_CASE("wrong rules change the fewest faults that break a property") {
  for (const Case& each : cases()) {
    INFO(each.id << ": " << each.property);
    const ExploreReport right = explored(each.story, each.open, each.faults, {each.property});
    CHECK(fewest(right, each.property) == each.right);
    const WrongRule selected(each.id);
    const ExploreReport wrong = explored(each.story, each.open, each.faults, {each.property});
    CHECK(fewest(wrong, each.property) == each.wrong);
    const auto words = [](int faults) {
      return faults == holds ? std::string("holds") : fmt::format("broken by {} faults", faults);
    };
    fmt::print(stderr, "{}: {} {} instead of {}\n", each.id, each.property,
               words(fewest(wrong, each.property)), words(each.right));
  }
}

}  // namespace trimhorizon::testing
