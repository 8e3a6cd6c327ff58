#include "sim/explore/end_of_run.hpp"

#include "tests/explore/witnessed.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

using Records = std::vector<std::uint32_t>;

Records breaking(const Witnessed& run, Property property) {
  CHECK(holds(property, run.monitor()) == records_breaking(property, run.monitor()).empty());
  return records_breaking(property, run.monitor());
}

}  // namespace

TEST_CASE("an end has the effects of each record, and what is nowhere") {
  const Witnessed run = witnessed(two_records().poison("r1"));
  const EndOfRun end = look_at_end(run.monitor());
  CHECK(end.stored == 2);
  CHECK(end.effects == std::vector<std::uint8_t>{1, 0});
  CHECK(end.discarded.empty());
  CHECK(end.lost == Records{1});
  CHECK(breaking(run, Property::no_loss) == Records{1});
  CHECK(breaking(run, Property::all_processed) == Records{1});
  CHECK(breaking(run, Property::destination_exclusive).empty());
}

TEST_CASE("a destination saves a record from being lost, and a batch takes its neighbours along") {
  const Witnessed run = witnessed(two_records().poison("r1").destination());
  const EndOfRun end = look_at_end(run.monitor());
  CHECK(end.discarded == Records{0, 1});
  CHECK(end.lost.empty());
  CHECK(breaking(run, Property::no_loss).empty());
  CHECK(breaking(run, Property::all_processed) == Records{1});
  CHECK(breaking(run, Property::destination_exclusive) == Records{0});
  CHECK(holds_for(Property::destination_exclusive, run.monitor(), 1));
}

TEST_CASE("effects are summed over mappings, a loss in one of them is a loss") {
  Story s = two_records();
  s.another_mapping("audit").batch(2).poison("r0");
  s.retries(0);
  const EndOfRun end = look_at_end(witnessed(s).monitor());
  CHECK(end.effects == std::vector<std::uint8_t>{1, 1});  // of billing alone
  CHECK(end.lost == Records{0, 1});
}

TEST_CASE("at most once is broken by the second effect of one mapping, not by two mappings") {
  CHECK(breaking(witnessed(two_records().poison("r1").retries(1)), Property::at_most_once) ==
        Records{0});
  Story both = two_records();
  both.another_mapping("audit").batch(2);
  CHECK(breaking(witnessed(both), Property::at_most_once).empty());
}

TEST_CASE("the order is broken by an older effect again, or for the first time") {
  // The poller crashes after the batch: r0 comes again after r1.
  const Witnessed again = witnessed(two_records(), sites({Site::poller_crash}), {1});
  CHECK(breaking(again, Property::order_regress) == Records{0});
  CHECK(breaking(again, Property::order_first).empty());
  FailRule at_first;
  at_first.records = {"r0"};
  at_first.attempts = {1};
  Story past = two_records().retries(1).report().respond(Respond::report_failures);
  const Witnessed first = witnessed(past.fail(at_first));
  CHECK(breaking(first, Property::order_first) == Records{0});
}

TEST_CASE("what has no effect may still get one; what came twice stays so") {
  for (const Property each : {Property::at_most_once, Property::order_first,
                              Property::order_regress, Property::destination_exclusive}) {
    CHECK(cannot_recover(each));
  }
  for (const Property each : {Property::no_loss, Property::all_processed, Property::quiescence}) {
    CHECK_FALSE(cannot_recover(each));
  }
}

}  // namespace trimhorizon::testing
