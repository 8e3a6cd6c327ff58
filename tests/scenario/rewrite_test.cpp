#include "sim/scenario/rewrite.hpp"

#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

const std::string original = with_mapping(from_trim_horizon,
                                          "expect: {lost: 0}\n"
                                          "variants:\n"
                                          "  small: {set: {BatchSize: 2, Timeout: 5}}\n"
                                          "  plain: {}\n");

std::string rewritten(const Rewrite& rewrite) { return rewrite_scenario(original, rewrite); }

}  // namespace

TEST_CASE("a scenario that is only written again says the same") {
  const Scenario before = read(original);
  const Scenario after = read(rewritten({}));
  CHECK(after.mappings[0].settings == before.mappings[0].settings);
  CHECK(after.producers[0].settings == before.producers[0].settings);
  CHECK(after.streams[0].settings == before.streams[0].settings);
  CHECK(after.variants.size() == 2);
  CHECK(rewrite_scenario(rewritten({}), {}) == rewritten({}));
}

TEST_CASE("the settings of a variant and overrides are put in, as when the file is read") {
  Rewrite rewrite;
  rewrite.overrides = {{"BatchSize", "7"}, {"ShardCount", "4"}};
  CHECK(read(rewritten(rewrite)).mappings[0].settings.batch_size == 7);
  rewrite.variant = "small";
  const Scenario small = read(rewritten(rewrite));
  CHECK(small.mappings[0].settings.batch_size == 7);  // the override wins
  CHECK(small.functions[0].settings.timeout_s == 5);
  CHECK(small.streams[0].settings.shard_count == 4);
}

TEST_CASE("a variant without settings, or one that is not there, changes nothing") {
  for (const char* name : {"plain", "unknown"}) {
    Rewrite rewrite;
    rewrite.variant = name;
    CHECK(rewritten(rewrite) == rewritten({}));
  }
}

TEST_CASE("blocks are left out, replaced, and made where there were none") {
  Rewrite rewrite;
  rewrite.leave_out = {"variants", "not_there"};
  rewrite.replace = {{"expect", "{duplicates: 3}"}, {"title", "'Again'"}};
  const Scenario scenario = read(rewritten(rewrite));
  CHECK(scenario.variants.empty());
  CHECK(scenario.title == "Again");
  REQUIRE(scenario.expect.size() == 1);
  CHECK(scenario.expect[0].kind == ExpectKind::duplicates);
}

TEST_CASE("entries go to the end of a list, which is made with all on the way to it") {
  const auto fail_of = [](const std::string& with_fail) {
    Rewrite rewrite;
    if (!with_fail.empty()) rewrite.overrides = {{"functions.billing.fail", with_fail}};
    rewrite.append = {{{"functions", "billing", "fail"}, "[{records: [r1]}, {records: [r2]}]"}};
    std::string records;
    const Scenario scenario = read(rewritten(rewrite));
    for (const FailRule& rule : scenario.functions[0].settings.fail) records += rule.records.at(0);
    return records;
  };
  CHECK(fail_of("") == "r1r2");
  CHECK(fail_of("[{records: [r9]}]") == "r9r1r2");
  Rewrite rewrite;
  rewrite.append = {{{"timeline"}, "[{at: 1s, crash_poller: {mapping: billing-orders}}]"}};
  CHECK(rewritten(rewrite).find("crash_poller") != std::string::npos);
}

TEST_CASE("a text, a path or a value that cannot be read is a mistake") {
  CHECK_THROWS_AS(rewrite_scenario("a: [", {}), ScenarioError);
  Rewrite rewrite;
  rewrite.overrides = {{"BatchSiez", "7"}};
  CHECK_THROWS_AS(rewritten(rewrite), ScenarioError);
  rewrite = {};
  rewrite.replace = {{"expect", "{lost: ["}};
  CHECK_THROWS_AS(rewritten(rewrite), ScenarioError);
}
