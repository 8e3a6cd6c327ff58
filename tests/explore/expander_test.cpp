#include "sim/explore/expander.hpp"

#include "tests/explore/witnessed.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

// A worker, and the key of the state where it stands.
struct Worker {
  Worker(const Story& story, SiteSet open, std::uint32_t faults)
      : plan(exploring_plan(story, open)), index(*plan), layout(*plan, open) {
    options.sites = open;
    options.faults = faults;
    expander = std::make_unique<Expander>(plan, index, layout, options);
    expander->encode_first(key);
  }
  const std::vector<Candidate>& expand(std::uint32_t layer = 0) {
    expander->clear_candidates();
    expander->expand(7, key, layer);
    return expander->candidates();
  }
  void go(std::size_t candidate) {
    const auto next = expander->key(expander->candidates().at(candidate));
    key.assign(next.begin(), next.end());
  }
  // To the first state that has several ways.
  const std::vector<Candidate>& go_to_fork() {
    for (int steps = 0; expand().size() == 1; ++steps) {
      REQUIRE(steps < 100);
      go(0);
    }
    return expander->candidates();
  }

  std::shared_ptr<const Plan> plan;
  RecordIndex index;
  KeyLayout layout;
  ExploreOptions options;
  std::unique_ptr<Expander> expander;
  Key key;
};

}  // namespace

TEST_CASE("a state has a successor for each way through its step, with the faults it takes") {
  Worker worker(one_record(), failing, 1);
  const std::vector<Candidate> ways = worker.go_to_fork();
  REQUIRE(ways.size() == 3);  // it succeeds, fails at r0, fails after r0
  for (std::uint32_t i = 0; i < 3; ++i) {
    CHECK(ways[i].parent.state == 7);
    CHECK(ways[i].parent.branch == i);
    CHECK(ways[i].parent.layer == (i == 0 ? 0u : 1u));
    CHECK(ways[i].hash == hash_key(worker.expander->key(ways[i])));
  }
  CHECK(worker.expander->taken() == failing);
  CHECK(worker.expand(1).size() == 1);  // the budget is spent
}

TEST_CASE("a way is found again by its number, with its answers") {
  Worker worker(one_record(), failing, 1);
  const std::vector<Candidate> ways = worker.go_to_fork();
  for (std::uint32_t branch = 0; branch < 3; ++branch) {
    Key key = worker.key;
    CHECK(worker.expander->take_branch(key, 0, branch) == std::vector<std::uint32_t>{branch});
    const auto wanted = worker.expander->key(ways[branch]);
    CHECK(key == Key(wanted.begin(), wanted.end()));
  }
}

TEST_CASE(
    "a successor in which nothing is left to happen is terminal, and shows how the run ended") {
  Worker worker(one_record(), failing, 1);
  worker.go_to_fork();
  worker.go(1);
  for (int steps = 0; !worker.expand(1).at(0).parent.terminal; ++steps) {
    REQUIRE(steps < 100);
    worker.go(0);
  }
  worker.go(0);
  const OutcomeMonitor& monitor = worker.expander->look_at(worker.key);
  CHECK(monitor.stored() == 1);
  CHECK(monitor.effects(0, 0) == 0);
  std::vector<std::vector<std::uint32_t>> answers;
  std::vector<Key> successors;
  worker.expander->free_ways(worker.key, answers, successors);
  CHECK(successors.empty());
}

TEST_CASE("a way that costs no fault and moves no checkpoint may lead back") {
  const auto free_ways_at_fork = [](const Story& story) {
    Worker worker(story, failing, 1);
    const std::vector<Candidate> ways = worker.go_to_fork();
    std::vector<std::vector<std::uint32_t>> answers;
    std::vector<Key> successors;
    worker.expander->free_ways(worker.key, answers, successors);
    CHECK(answers.size() == successors.size());
    CHECK(ways[0].makes_progress == successors.empty());
    return successors.size();
  };
  CHECK(free_ways_at_fork(one_record()) == 0);  // r0 is settled
  Story endless = one_record();
  endless.record("r1", "a").batch(2).retries(-1).poison("r1");
  CHECK(free_ways_at_fork(endless) == 1);
}

TEST_CASE("a put cuts a state only where its acknowledgement may be lost") {
  Event put;
  put.what = PutDue{};
  CHECK_FALSE(is_state_point(put, failing));
  CHECK(is_state_point(put, sites({Site::ack_lost})));
  CHECK(is_state_point(put, sites({Site::ack_lost_late})));
  Event poll;
  poll.what = PollDue{};
  CHECK(is_state_point(poll, {}));
  Event done;
  done.what = InvocationDone{};
  CHECK_FALSE(is_state_point(done, SiteSet::all()));
}

}  // namespace trimhorizon::testing
