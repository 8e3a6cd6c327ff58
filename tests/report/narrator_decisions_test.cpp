// What was decided at a choice site: its place, its records, and which answer it was.
#include "sim/faults/site.hpp"
#include "sim/report/narrator.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/world/first_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

Sentence said(const World& world, Site site, std::uint32_t answer, std::uint64_t ordinal = 1,
              std::uint32_t arity = 2) {
  return say_decision(world, {number(site), 0, ordinal, arity, {}}, answer);
}

}  // namespace

TEST_CASE("every site has a sentence of its own") {
  // The site `reshard` needs a reshard that may happen.
  Scenario scenario = Story().records(3).scenario();
  scenario.explore.reshards.push_back({{0}, SplitShardCall{0, {}}});
  PlanOptions options;
  options.exploring = true;
  const Told told = Story().records(3).tell();
  const World resharded = first_world(make_plan(scenario, options));
  for (const Site site : all_of<Site>) {
    if (info(site).cost == 0) continue;  // drawn from the seed, never decided
    INFO(name(site));
    const World& world = site == Site::reshard ? resharded : told.world();
    const std::string text = said(world, site, 1).text;
    CHECK_FALSE(text.empty());
    CHECK(text.find("answer 1") == std::string::npos);
  }
}

TEST_CASE("a reshard that is not offered is a mistake of ours, and no crash") {
  const Told told = Story().records(3).tell();
  CHECK_THROWS_AS(said(told.world(), Site::reshard, 1), InternalError);
}

TEST_CASE("a lost acknowledgement names its record, and when it is put again") {
  const Told told = Story().records(3).tell();
  const Sentence at_once = said(told.world(), Site::ack_lost, 1, 2);
  CHECK(at_once.about == std::vector<RecordId>{RecordId::of({0}, 2)});
  CHECK(at_once.text.find("r2") != std::string::npos);
  CHECK(said(told.world(), Site::ack_lost_late, 1, 2).text != at_once.text);
}

TEST_CASE("a smaller batch says how many records of how many") {
  const Told told = Story().records(5).tell();
  const Sentence sentence = said(told.world(), Site::batch_size, 2, 0, 5);
  CHECK(sentence.text.find("3 of 5 records") != std::string::npos);
  CHECK(sentence.about.size() == 3);
}

}  // namespace trimhorizon::testing
