// The sites of the explorer, one fault at a time: what each answer does to a small story.
#include <map>
#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// Gives one answer at the n-th question of one site (from 0), and 0 everywhere else.
class OneFault : public Choices {
 public:
  OneFault(Site site, std::uint32_t chosen, std::uint32_t question = 0)
      : Choices(1u << static_cast<unsigned>(site)), chosen_(chosen), left_(question) {}
  std::vector<Question> questions;

 protected:
  std::uint32_t answer(const Question& question) override {
    questions.push_back(question);
    return left_-- == 0 ? chosen_ : 0;
  }

 private:
  std::uint32_t chosen_;
  std::uint32_t left_;
};

Told with(const Story& story, Site site, std::uint32_t chosen = 1, std::uint32_t question = 0) {
  OneFault fault(site, chosen, question);
  return story.tell(fault);
}

Story three() { return story().records(3).retries(3); }

}  // namespace

TEST_CASE("function_error fails at a record, or after all effects") {
  CHECK(with(three(), Site::function_error, 1).effects() == "1 1 1");
  CHECK(with(three(), Site::function_error, 2).effects() == "2 1 1");
  CHECK(with(three(), Site::function_error, 3).effects() == "2 2 1");
  const Told after_all = with(three(), Site::function_error, 4);
  CHECK(after_all.effects() == "2 2 2");
  CHECK(after_all.duplicates() == "retry_after_error 3");
  CHECK(after_all.invocations() == "[0-2][0-2]");
  OneFault fault(Site::function_error, 0);
  three().tell(fault);
  REQUIRE(fault.questions.size() == 1);
  CHECK(fault.questions[0].arity == 5);
}

TEST_CASE("with a poison record function_error strikes before it or not at all") {
  OneFault fault(Site::function_error, 0);
  story().records(3).retries(0).poison("r1").tell(fault);
  REQUIRE(fault.questions.size() == 1);
  CHECK(fault.questions[0].arity == 2);
  OneFault none(Site::function_error, 0);
  story().records(3).retries(0).poison("r0").tell(none);
  CHECK(none.questions.empty());
}

TEST_CASE("function_error is reported where the function reports") {
  const Told told = with(three().report(), Site::function_error, 3);
  CHECK(told.invocations() == "[0-2][2]");
  CHECK(told.effects() == "1 1 1");
  const Told goes_on =
      with(three().report().respond(Respond::report_failures), Site::function_error, 2);
  CHECK(goes_on.invocations() == "[0-2][1-2]");
  CHECK(goes_on.effects() == "1 1 2");
}

TEST_CASE("function_error is ignored or hidden where the function says so [ESM-PBR-01, rule 7]") {
  const Told ignored = with(three().respond(Respond::report_failures), Site::function_error, 2);
  CHECK(ignored.effects() == "1 0 1");
  CHECK(ignored.lost() == "report_ignored 1");
  const Told stops = with(three().respond(Respond::stop_silently), Site::function_error, 2);
  CHECK(stops.effects() == "1 0 0");
  CHECK(stops.lost() == "swallowed 2");
}

TEST_CASE("timeout comes after the effects and lasts as long as Timeout") {
  const Told told = with(three().timeout(5), Site::timeout);
  CHECK(told.schedule() == "0s[0-2] 5.2s[0-2]");
  CHECK(told.duplicates() == "retry_after_timeout 3");
}

TEST_CASE("poller_crash and checkpoint_lost repeat a success [ESM-POL-18]") {
  const Told crash = with(three(), Site::poller_crash);
  CHECK(crash.schedule() == "0s[0-2] 0.1s[0-2]");
  CHECK(crash.duplicates() == "poller_crash 3");
  const Told lost = with(three(), Site::checkpoint_lost);
  CHECK(lost.duplicates() == "checkpoint_lost 3");
  CHECK(lost.happened(Situation::checkpoint_lost));
}

TEST_CASE("poller_crash is asked only when the whole invocation would succeed") {
  OneFault fault(Site::poller_crash, 0);
  story().records(3).retries(2).poison("r1").tell(fault);
  CHECK(fault.questions.empty());
}

TEST_CASE("poller_crash does not wake a mapping that was disabled meanwhile") {
  const Told told = with(three().work(2_s).disable(1_s).enable(1_m), Site::poller_crash);
  CHECK(told.schedule() == "0s[0-2] 60s[0-2]");
}

TEST_CASE("poller_crash_anywhere strikes before an invocation or while it runs") {
  CHECK(with(three(), Site::poller_crash_anywhere, 1).invocations() == "[0-2]");
  const Told while_it_runs = with(three(), Site::poller_crash_anywhere, 2);
  CHECK(while_it_runs.schedule() == "0s[0-2] 0s[0-2]");
  CHECK(while_it_runs.duplicates() == "poller_crash 3");
}

TEST_CASE("a report does not rule out that what it settles is done again [ESM-PBR-11]") {
  const Story reporting = three().report().poison("r2").retries(0);
  CHECK(reporting.tell().effects() == "1 1 0");
  CHECK(with(reporting, Site::poller_crash_anywhere, 2).effects() == "2 2 0");
}

TEST_CASE("overlapping_pollers: two calls with one batch, one moves the checkpoint [ESM-POL-18]") {
  const Told told = with(three(), Site::overlapping_pollers);
  CHECK(told.schedule() == "0s[0-2] 0s[0-2]");
  CHECK(told.effects() == "2 2 2");
  CHECK(told.duplicates() == "overlapping_pollers 3");
  CHECK(told.fates() == "processed 3");
}

TEST_CASE("ack_lost copies a record directly after itself") {
  const Told told = with(three(), Site::ack_lost, 1, 1);
  REQUIRE(told.result.stored == 4);
  CHECK(told.effects() == "1 1 1 1");
  CHECK(told.duplicates() == "producer_retry 1");
  CHECK(told.result.rows[1].id == "r1");
  CHECK(told.result.rows[2].id == "r1");
}

TEST_CASE("ack_lost_late copies it after all other puts of the instant") {
  const Told told = with(story().record("a", "k").record("b", "k").record("c", "k").created(1_s),
                         Site::ack_lost_late, 1, 0);
  CHECK(told.result.stored == 4);
  CHECK(told.invocations() == "[0-3]");
  CHECK(told.duplicates() == "producer_retry 1");
}

TEST_CASE("trim takes the record at the checkpoint, whatever the clock says") {
  const Told told = with(three(), Site::trim);
  CHECK(told.invocations() == "[1-2]");
  CHECK(told.fates() == "processed 2, expired 1");
  CHECK(told.lost() == "retention 1");
}

TEST_CASE("throttle refuses one attempt") {
  const Told told = with(three().retries(0).throttle_backoff(exact_throttles), Site::throttle);
  CHECK(told.schedule() == "0.5s[0-2]");
  CHECK(told.metric("Throttles") == 1);
  CHECK(told.fates() == "processed 3");
}

TEST_CASE("destination_failure loses what was given up [ESM-DST-07]") {
  const Told told = with(three().retries(0).poison("r0").destination(), Site::destination_failure);
  CHECK(told.fates() == "dropped 3");
  CHECK(told.lost() == "destination_failed 3");
  CHECK(told.messages() == 0);
}

TEST_CASE("iterator_expired under LATEST without a checkpoint skips [KDS-ITR-04, KDS-ITR-05]") {
  const Story latest = story().records(2, 5_s).starting(StartingPosition::latest);
  const Told told = with(latest, Site::iterator_expired);
  CHECK(told.fates() == "unread 2");
  CHECK(told.lost() == "latest_gap 2");
  OneFault fault(Site::iterator_expired, 0);
  three().tell(fault);
  CHECK(fault.questions.empty());  // a number to go on from loses nothing
}

TEST_CASE("batch_size is free: any number of the records that are there") {
  std::set<std::string> seen;
  for (const std::uint32_t chosen : {0u, 1u, 2u}) {
    seen.insert(with(three(), Site::batch_size, chosen).invocations());
  }
  CHECK(seen == std::set<std::string>{"[0-2]", "[0-1][2]", "[0][1-2]"});
}

TEST_CASE("free_slot is free: any of the lanes that wait gets the slot [LAM-CON-13]") {
  const Story waiting = story().shards(3).evenly(100_ms, 1).created(1_s).reserved(1).work(1_s);
  const auto order = [&](std::uint32_t chosen) {
    const Told told = with(waiting, Site::free_slot, chosen);
    return told.schedule(0, 0) + " " + told.schedule(0, 1) + " " + told.schedule(0, 2);
  };
  CHECK(order(0) == "1s[0] 2s[0] 3s[0]");
  CHECK(order(1) == "1s[0] 3s[0] 2s[0]");
}
