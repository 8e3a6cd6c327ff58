// Which records are lost, to what, and which of them are named.
#include "sim/history/losses.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

using Ids = std::vector<std::string>;

Losses losses_of(const Told& told, std::uint32_t consumer = 0) {
  return find_losses(told.simulation->history().ledger, told.world(), ConsumerId{consumer});
}
std::uint64_t lost(const Losses& losses) { return sum_of<LossCause>(losses.by_cause); }

// r0 is put twice; each copy is a batch of its own. Both fail, the last one before `until`.
Told put_twice(Duration until, bool with_destination = false) {
  FailRule rule;
  rule.until = Instant{0} + until;
  Story twice = story()
                    .record("r0", "a")
                    .batch(1)
                    .retries(0)
                    .fail(rule)
                    .lose_acknowledgements(0_s, 10_ms)
                    .producer_retry(RetryMode::retries, 1, 5_s);
  if (with_destination) twice.destination();
  return twice.tell();
}

}  // namespace

TEST_CASE("what is given up without a destination is lost to its cause, and named") {
  const Losses losses = losses_of(story().records(4).batch(2).poison("r2").retries(0).tell());
  CHECK(lost(losses) == 2);
  CHECK(losses.by_cause[LossCause::retries] == 2);
  CHECK(losses.examples[LossCause::retries] == Ids{"r2", "r3"});
}

TEST_CASE("what a destination has, what is pending and what had its effect is not lost") {
  CHECK(lost(losses_of(story().records(2).poison("r1").retries(0).destination().tell())) == 0);
  CHECK(lost(losses_of(story().records(2).poison("r1").lasts(10_s).tell())) == 0);
  FailRule after_all;
  after_all.after = FailAfter::all;
  CHECK(lost(losses_of(story().records(2).fail(after_all).retries(0).tell())) == 0);
}

TEST_CASE("a record is lost once, at the first of its copies [KDS-PRD-07]") {
  const Told told = put_twice(1_m);
  CHECK(told.result.stored == 2);
  CHECK(losses_of(told).by_cause[LossCause::retries] == 1);
  CHECK(losses_of(told).examples[LossCause::retries] == Ids{"r0"});
}

TEST_CASE("a copy that had its effect, or is in a destination, saves its record [KDS-PRD-07]") {
  const Told saved = put_twice(2_s);
  CHECK(saved.effects() == "0 1");
  CHECK(lost(losses_of(saved)) == 0);
  CHECK(lost(losses_of(put_twice(1_m, true))) == 0);
}

TEST_CASE("consumers lose records apart from one another") {
  const Told told = story().records(3).poison("r0").retries(0).another_mapping("audit").tell();
  CHECK(lost(losses_of(told, 0)) == 3);
  CHECK(lost(losses_of(told, 1)) == 0);
}

TEST_CASE("the first seven are named, however many there are") {
  const Told told = story().records(20).poison("r0").retries(0).tell();
  CHECK(lost(losses_of(told)) == 20);
  CHECK(losses_of(told).examples[LossCause::retries] ==
        Ids{"r0", "r1", "r2", "r3", "r4", "r5", "r6"});
}

TEST_CASE("records with surplus effects are named by the reason of the last one") {
  const Told told = story().records(3).work(2_s).crash(1_s).tell();
  const Examples<DeliveryReason> found =
      find_duplicates(told.simulation->history().ledger, told.world(), ConsumerId{0});
  CHECK(found[DeliveryReason::poller_crash] == Ids{"r0", "r1", "r2"});
  CHECK(found[DeliveryReason::retry_after_error].empty());
  CHECK(find_duplicates(told.simulation->history().ledger, told.world(),
                        ConsumerId{1})[DeliveryReason::poller_crash]
            .empty());
}
