#include "sim/explore/branching.hpp"

#include <string>

#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

Question of(Site site, std::uint32_t arity) { return {number(site), 0, 0, arity, {}}; }

// "10@1 …": the answers of every branch of a step that asks this, and what each spends.
std::string branches(const std::vector<Question>& questions, std::uint32_t budget) {
  BranchChoices choices(SiteSet::all());
  choices.begin(budget);
  std::string all;
  do {
    choices.rewind(budget);
    std::string answers;
    for (const Question& each : questions) answers += std::to_string(choices.pick(each));
    all += (all.empty() ? "" : " ") + answers + "@" + std::to_string(choices.spent());
  } while (choices.next());
  return all;
}

const Question fault = of(Site::function_error, 3);
const Question crash = of(Site::poller_crash, 2);
const Question size = of(Site::batch_size, 2);

}  // namespace

TEST_CASE("all branches come once, in order, the one without faults first") {
  CHECK(branches({}, 3) == "@0");
  CHECK(branches({fault}, 3) == "0@0 1@1 2@1");
  CHECK(branches({fault, crash}, 2) == "00@0 01@1 10@1 11@2 20@1 21@2");
}

TEST_CASE("where the budget is spent only the ordinary answer is open") {
  CHECK(branches({fault}, 0) == "0@0");
  CHECK(branches({fault, crash}, 1) == "00@0 01@1 10@1 20@1");
}

TEST_CASE("free answers cost nothing, and are open when the budget is spent") {
  CHECK(branches({size}, 0) == "0@0 1@0");
  CHECK(branches({crash, size}, 1) == "00@0 01@0 10@1 11@1");
}

TEST_CASE("a question may be asked in some branches only") {
  BranchChoices choices(SiteSet::all());
  choices.begin(1);
  std::string all;
  do {
    choices.rewind(1);
    const std::uint32_t first = choices.pick(crash);
    all += std::to_string(first);
    if (first == 0) all += std::to_string(choices.pick(fault));
    all += " ";
  } while (choices.next());
  CHECK(all == "00 01 02 1 ");
}

TEST_CASE("a branch that is taken again gives the same answers, and tells its sites again") {
  BranchChoices choices(SiteSet::all());
  choices.begin(2);
  choices.pick(fault);
  choices.pick(crash);
  REQUIRE(choices.next());
  for (int again = 0; again < 2; ++again) {
    choices.rewind(2);
    CHECK(choices.pick(fault) == 0);
    CHECK(choices.pick(crash) == 1);
    CHECK(choices.sites_taken() == sites({Site::poller_crash}));
    CHECK(choices.questions() == 2);
  }
  choices.begin(2);
  CHECK(choices.pick(fault) == 0);
  CHECK(choices.sites_taken() == SiteSet{});
  CHECK(choices.answers() == std::vector<std::uint32_t>{0});
}

}  // namespace trimhorizon::testing
