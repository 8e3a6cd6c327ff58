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
  for (int kind = 0; kind <= static_cast<int>(LifeKind::enabled); ++kind) {
    LifeEntry entry;
    entry.kind = static_cast<LifeKind>(kind);
    entry.destination = "dlq";
    const std::string sentence = say(entry);
    CHECK_FALSE(sentence.empty());
    CHECK(std::count(seen.begin(), seen.end(), sentence) == 0);
    seen.push_back(sentence);
  }
}

}  // namespace trimhorizon::testing
