#include "sim/report/narrator.hpp"

#include <algorithm>

#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::testing {
namespace {

// What the narrator says of a run, sentence by sentence.
class Listener : public Observer {
 public:
  void on(const Happened& event, const World& world) override {
    const Sentence sentence = say(world, event.what);
    if (!sentence.text.empty()) sentences.push_back(sentence);
  }
  // The first sentence with this part; "nothing" if there is none.
  std::string with(std::string_view part) const {
    const auto found = std::find_if(sentences.begin(), sentences.end(), [&](const Sentence& each) {
      return each.text.find(part) != std::string::npos;
    });
    return found == sentences.end() ? "nothing" : found->text;
  }

  std::vector<Sentence> sentences;
};

Listener heard(const Story& story) {
  Listener listener;
  Simulation simulation(make_plan(story.scenario(), {}));
  simulation.watch(listener);
  simulation.run();
  return listener;
}

}  // namespace

TEST_CASE("a run is told from the put to the checkpoint, each sentence with its records") {
  const Listener listener = heard(Story().records(3).batch(2));
  CHECK(listener.with("put") == "r0, r1 and r2 are put");
  const auto put = std::find_if(listener.sentences.begin(), listener.sentences.end(),
                                [](const Sentence& each) { return contains(each.text, "put"); });
  CHECK(put->about.size() == 3);
  const std::string call = listener.with("invocation 1 on shard 0");
  CHECK(contains(call, "r0 and r1"));
  CHECK(contains(listener.with("checkpoint"), "r0 and r1"));
}

TEST_CASE("what a batch comes to names the records and how it ended") {
  const Listener split = heard(Story().records(4).batch(4).poison("r2").retries(3).bisect());
  CHECK(contains(split.with("split"), "2"));
  CHECK(contains(split.with("given up"), "r2"));
  CHECK(contains(split.with("attempt 2"), "invocation"));
  const Listener sent = heard(Story().records(1).poison("r0").retries(0).destination());
  CHECK(contains(sent.with("destination"), "r0"));
}

TEST_CASE("attempts at a record that is too large are told as attempts without a call") {
  const Listener listener = heard(Story().big_record(6 << 20).retries(0));
  CHECK(contains(listener.with("without a call"), "r0"));
  CHECK(contains(listener.with("given up"), "r0"));
  CHECK_FALSE(contains(listener.with("given up"), "attempt"));
  CHECK(listener.with("invocation") == "nothing");
}

TEST_CASE("a life is told in the words of the events, about one record") {
  LifeEntry entry;
  entry.kind = LifeKind::checkpoint;
  const std::string of_batch = heard(Story().records(1)).with("checkpoint");
  CHECK(say(entry) == of_batch.substr(0, of_batch.find("r0")) + "it");
  entry.kind = LifeKind::attempt;
  entry.invocation = 3;
  entry.attempt = 2;
  entry.batch_size = 5;
  entry.place = 1;
  entry.end = CallOutcome::timeout;
  entry.effect = true;
  CHECK(contains(say(entry), "invocation 3, number 2 of a batch of 5, attempt 2"));
  CHECK(contains(say(entry), "its work is done"));
}

TEST_CASE("every kind of entry in a life has a sentence of its own") {
  std::vector<std::string> seen;
  for (int kind = 0; kind <= static_cast<int>(LifeKind::timeline); ++kind) {
    LifeEntry entry;
    entry.kind = static_cast<LifeKind>(kind);
    entry.destination = "dlq";
    const std::string sentence = say(entry);
    CHECK_FALSE(sentence.empty());
    CHECK(std::count(seen.begin(), seen.end(), sentence) == 0);
    seen.push_back(sentence);
  }
}

TEST_CASE("a wait is told with its length, its reason, the tries meanwhile and its beginning") {
  LifeEntry entry;
  entry.kind = LifeKind::waited;
  entry.at = entry.since = Instant{0} + 1_s;
  entry.waited = 90_s;
  const auto waits_for = [&](WaitFor what) {
    entry.wait = what;
    return say(entry);
  };
  entry.repeats = 4;
  CHECK(waits_for(WaitFor::slot) ==
        "waits 1m 30s for a free slot of the function, refused 4 times");
  CHECK(waits_for(WaitFor::throttle) ==
        "waits 1m 30s because the function is throttled, refused 4 times");
  CHECK(waits_for(WaitFor::disabled) == "waits 1m 30s because the mapping is disabled");
  CHECK(waits_for(WaitFor::creation) == "waits 1m 30s because the mapping does not exist yet");
  CHECK(waits_for(WaitFor::start) == "waits 1m 30s until polling starts");
  CHECK(waits_for(WaitFor::failover) == "waits 1m 30s until another poller takes over");
  CHECK(waits_for(WaitFor::window) == "waits 1m 30s in the batching window");
  CHECK(waits_for(WaitFor::walk) ==
        "waits 1m 30s because reads from a trimmed number come back empty");
  CHECK(waits_for(WaitFor::empty) ==
        "waits 1m 30s because a read gave nothing, though records were there");
  CHECK(waits_for(WaitFor::blocked) ==
        "waits 1m 30s because it fits into no event, and blocks the shard");
  entry.behind = "r7";
  CHECK(waits_for(WaitFor::too_large) ==
        "waits 1m 30s behind r7, which fits into no event, tried 4 times");
  entry.since = Instant{0};
  CHECK(waits_for(WaitFor::disabled) == "waits 1m 30s because the mapping is disabled, since 0s");
  // The tries before the record came do not count, and the words say so.
  CHECK(waits_for(WaitFor::slot) ==
        "waits 1m 30s for a free slot of the function, refused 4 times meanwhile, since 0s");
  // Several waits with others between them have no common beginning.
  entry.in_all = true;
  CHECK(waits_for(WaitFor::slot) ==
        "waits 1m 30s in all for a free slot of the function, refused 4 times");
}

TEST_CASE("a record that retention took is told as gone, whenever that is noticed") {
  LifeEntry entry;
  entry.kind = LifeKind::expired;
  CHECK(say(entry) == "it is gone: retention took it before it was settled");
}

TEST_CASE("a wait behind a batch names how that fails") {
  LifeEntry entry;
  entry.kind = LifeKind::waited;
  entry.wait = WaitFor::ahead;
  entry.waited = 10_s;
  const auto behind = [&](CallOutcome end, std::uint64_t tries, const std::string& record = "") {
    entry.end = end, entry.repeats = tries, entry.behind = record;
    return say(entry);
  };
  CHECK(behind(CallOutcome::success, 1) == "waits 10s behind the batch ahead of it");
  CHECK(behind(CallOutcome::success, 1'200) == "waits 10s behind 1,200 batches ahead of it");
  CHECK(behind(CallOutcome::running, 1) == "waits 10s behind the batch ahead of it");
  CHECK(behind(CallOutcome::error, 3, "r7") == "waits 10s behind r7, which fails, tried 3 times");
  CHECK(behind(CallOutcome::error, 3) == "waits 10s behind a batch that fails, tried 3 times");
  CHECK(behind(CallOutcome::timeout, 2) == "waits 10s behind a batch that times out, tried twice");
  CHECK(behind(CallOutcome::crash, 2) == "waits 10s behind a batch that crashes, tried twice");
  entry.outage = true;
  CHECK(behind(CallOutcome::error, 3) ==
        "waits 10s behind a batch that fails in the outage, tried 3 times");
  entry.batches = 208;
  CHECK(behind(CallOutcome::error, 833) ==
        "waits 10s behind 208 batches that fail in the outage, tried 833 times in all");
  entry.outage = false;
  CHECK(behind(CallOutcome::timeout, 833) ==
        "waits 10s behind 208 batches that time out, tried 833 times in all");
}

TEST_CASE("a wait behind a batch that began before says nothing of zero tries") {
  LifeEntry entry;
  entry.kind = LifeKind::waited;
  entry.wait = WaitFor::ahead;
  entry.waited = 10_s;
  entry.repeats = 0;  // the call ran already when the record came
  entry.end = CallOutcome::success;
  CHECK(say(entry) == "waits 10s behind the batch ahead of it");
  entry.end = CallOutcome::error, entry.behind = "r7";
  CHECK(say(entry) == "waits 10s behind r7, which fails");
  entry.wait = WaitFor::slot;
  CHECK(say(entry) == "waits 10s for a free slot of the function");
}

TEST_CASE("an entry of the timeline is told with its target and how long it lasts") {
  LifeEntry entry;
  entry.kind = LifeKind::timeline;
  entry.action = ActionKind::outage;
  entry.target = "billing";
  CHECK(say(entry) == "timeline: outage of billing to the end of the run");
  entry.lasts = 90_s;
  CHECK(say(entry) == "timeline: outage of billing for 1m 30s");
}

TEST_CASE("a wait behind parents names them, and a call of the API what AWS answered") {
  LifeEntry entry;
  entry.kind = LifeKind::waited;
  entry.wait = WaitFor::parents;
  entry.waited = 3_s;
  CHECK(say(entry) == "waits 3s until the parents of its shard are read to their end");
  entry.behind = "shardId-000000000000";
  CHECK(say(entry) ==
        "waits 3s until shardId-000000000000, the parent of its shard, is read to its end");
  entry.behind += " and shardId-000000000001";
  CHECK(say(entry) ==
        "waits 3s until shardId-000000000000 and shardId-000000000001, the parents of its shard, "
        "are read to their end");
  LifeEntry call;
  call.kind = LifeKind::timeline;
  call.action = ActionKind::api_call;
  call.target = "orders";
  call.call = ApiCall{{0}, SplitShardCall{0}};
  CHECK(say(call) == "timeline: SplitShard of orders: shard 0 at its middle; accepted");
  call.refusal = ApiRefusal{ApiError::InvalidArgumentException, ApiReason::shard_is_closed};
  CHECK(say(call) ==
        "timeline: SplitShard of orders: shard 0 at its middle; refused, "
        "InvalidArgumentException: the shard is closed");
}

}  // namespace trimhorizon::testing
