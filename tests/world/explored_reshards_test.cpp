// What the site `reshard` offers, and what its answer does.
#include "sim/world/explored_reshards.hpp"

#include "sim/scenario/build_world.hpp"
#include "sim/world/first_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

using Entries = std::vector<std::uint32_t>;

// Always the same answer, where it is allowed.
class SameAnswer : public Choices {
 public:
  explicit SameAnswer(std::uint32_t answer)
      : Choices(std::uint64_t{1} << number(Site::reshard)), answer_(answer) {}

 protected:
  std::uint32_t answer(const Question& question) override {
    return std::min(answer_, question.arity - 1);
  }

 private:
  std::uint32_t answer_;
};

World world_with(std::vector<ApiAction> actions, const Story& story = Story()) {
  Scenario scenario = story.scenario();
  for (const ApiAction& each : actions) scenario.explore.reshards.push_back({{0}, each});
  PlanOptions options;
  options.exploring = true;
  return first_world(make_plan(scenario, options));
}

void reshard_all(World& world) {
  SameAnswer first(1);
  ModelledFunction function;
  Outside outside{first, function};
  ask_reshard({world, outside, {}}, {0});
}

}  // namespace

TEST_CASE("only what AWS accepts now, and what changes something, is offered") {
  const World world =
      world_with({SplitShardCall{0, {}}, SplitShardCall{1, {}}, MergeShardsCall{0, 1},
                  UpdateShardCountCall{1}, UpdateShardCountCall{2}, SplitShardCall{0, HashKey{0}}});
  CHECK(offered_reshards(world, {0}) == Entries{0, 4});
}

TEST_CASE("each happens once, and its cut at once") {
  World world = world_with({SplitShardCall{0, {}}, SplitShardCall{1, {}}, MergeShardsCall{2, 3}});
  reshard_all(world);
  CHECK(world.surroundings[0].reshards_done == 3);  // the ranges of 2 and 3 touch only after both
  CHECK(world.shards.size() == 5);
  CHECK(world.shards[0].is_cut);
  CHECK(world.shards[1].is_cut);
  CHECK_FALSE(world.shards[4].is_cut);
  CHECK(offered_reshards(world, {0}).empty());
}

}  // namespace trimhorizon::testing
