// From a scenario to a plan.
#include "sim/scenario/build_world.hpp"

#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/given.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;
using trimhorizon::testing::set_of;

namespace {

std::string scenario_with(const std::string& producer, const std::string& mapping = "",
                          const std::string& rest = "") {
  return "trimhorizon: 1\n"
         "streams: {orders: {ShardCount: 2}}\n"
         "producers:\n  shop:\n    stream: orders\n    ids: r\n" +
         producer +
         "functions: {billing: {}}\n"
         "destinations: {dlq: {}}\n"
         "event_source_mappings:\n  m: {EventSourceArn: orders, FunctionName: billing, "
         "StartingPosition: TRIM_HORIZON" +
         mapping + "}\n" + rest;
}

const std::string one_put = "    put: [{at: 0s, records: [{}]}]\n";

std::shared_ptr<const Plan> plan_of(const std::string& text, const PlanOptions& options = {}) {
  return make_plan(read(text), options);
}

PlanOptions exploring(SiteSet open = {}) {
  PlanOptions options;
  options.exploring = true;
  options.open_sites = open;
  return options;
}

bool retention_while_exploring(const std::string& mapping, const std::string& rest = "") {
  return plan_of(scenario_with(one_put, mapping, rest), exploring())->natural_retention;
}

}  // namespace

TEST_CASE("calls stand in order of time, those of one instant as in the file") {
  const auto plan =
      plan_of(scenario_with("    put:\n"
                            "      - {at: 2s, records: [{id: late}]}\n"
                            "      - {at: 1s, records: [{id: one}, {id: two}]}\n"
                            "      - {at: 1s, records: [{id: three}]}\n"));
  const ProducerPlan& shop = plan->producers[0];
  REQUIRE(shop.calls.size() == 3);
  CHECK(shop.records[shop.calls[0].first_number].id == "one");
  CHECK(shop.calls[0].count == 2);
  CHECK(shop.records[shop.calls[1].first_number].id == "three");
  CHECK(shop.records[shop.calls[2].first_number].id == "late");
}

TEST_CASE("a key is one entry a stream, name and hash [KDS-SHD-02]") {
  const auto plan =
      plan_of(scenario_with("    put: [{at: 0s, records: [{key: a}, {key: a}, {key: b}, "
                            "{key: a, ExplicitHashKey: '5'}, {key: a, ExplicitHashKey: '5'}]}]\n"));
  const auto& records = plan->producers[0].records;
  CHECK(plan->keys.size() == 3);
  CHECK(records[0].key == records[1].key);
  CHECK(records[0].key != records[3].key);
  CHECK(records[3].key == records[4].key);
  CHECK(plan->keys[records[3].key.value].hash == 5);
  CHECK(plan->keys[records[0].key.value].hash == hash_of_partition_key("a"));
}

TEST_CASE("an entry of `fail` names records by number and a key in every hash of it") {
  Scenario scenario = read(scenario_with(
      "    put: [{at: 0s, records: [{key: a}, {key: b}, {key: a, ExplicitHashKey: '5'}]}]\n"));
  FailRule rule;
  rule.records = {"r2", "r0", "nobody"};
  rule.keys = {"a"};
  scenario.functions[0].settings.fail = {rule};
  const auto plan = make_plan(scenario);
  const FailRulePlan& fail = plan->functions[0].fail[0];
  CHECK(fail.records ==
        std::vector{RecordId::of(ProducerId{0}, 0), RecordId::of(ProducerId{0}, 2)});
  CHECK(fail.keys == std::vector{KeyId{0}, KeyId{2}});
  CHECK(plan->functions[0].has_record_rules);
}

TEST_CASE("the seed of a run is the file's, unless another is given") {
  const std::string text = scenario_with(one_put, "", "seed: 9\n");
  CHECK(plan_of(text)->seed == 9);
  PlanOptions options;
  options.seed = 0;
  CHECK(plan_of(text, options)->seed == 0);
}

TEST_CASE("only what a setting gives a weight is left to the seed") {
  CHECK(plan_of(scenario_with(one_put))->seeded_sites == SiteSet{});
  Scenario scenario = read(scenario_with(one_put));
  scenario.functions[0].settings.fail = {FailRule{}};
  CHECK(make_plan(scenario)->seeded_sites == SiteSet{});
  scenario.functions[0].settings.fail[0].probability = Probability{5};
  TimelineAction lose;
  lose.kind = ActionKind::lose_acknowledgements;
  scenario.timeline = {lose};
  CHECK(make_plan(scenario)->seeded_sites ==
        set_of({Site::fail_probability, Site::lost_acknowledgement}));
}

TEST_CASE("a mapping is told when its largest batch may exceed 6 MB [ESM-POL-06]") {
  const auto may_exceed = [](const std::string& size, const std::string& batch) {
    return plan_of(scenario_with("    rate: 1/s\n    records: 1\n    size: " + size + "\n",
                                 ", BatchSize: " + batch))
        ->mappings[0]
        .payload_may_exceed;
  };
  CHECK_FALSE(may_exceed("100B", "10000"));
  CHECK_FALSE(may_exceed("1KiB", "3400"));  // 1,768 bytes each, of 6,291,456
  CHECK(may_exceed("1KiB", "3600"));
}

TEST_CASE("records are counted before the run, as they are put or from rate and time") {
  const auto expected = [](const std::string& producer) {
    return expected_records(read(scenario_with(producer)));
  };
  CHECK(expected("    put: [{at: 0s, records: [{}, {}]}, {at: 1s, records: [{}]}]\n") == 3);
  CHECK(expected("    rate: 10/s\n    records: 7\n") == 7);
  CHECK(expected("    rate: 10/s\n    for: 1m\n") == 600);
  CHECK(expected("    rate: 120/m\n    for: 1h\n") == 7'200);
}

TEST_CASE("a long run forgets settled records, unless something asks for them") {
  const std::string many = "    rate: 1000/s\n    records: 1000001\n";
  CHECK_FALSE(plan_of(scenario_with(many))->keep_log);
  CHECK(plan_of(scenario_with("    rate: 1000/s\n    records: 1000000\n"))->keep_log);
  PlanOptions keep;
  keep.keep_records = true;
  CHECK(plan_of(scenario_with(many), keep)->keep_log);
  CHECK(plan_of(scenario_with(many), exploring())->keep_log);
  CHECK(plan_of(scenario_with(many, "", "expect: {deliveries: {r5: 1}}\n"))->keep_log);
  Scenario copies = read(scenario_with(many));
  copies.destinations[0].type = DestinationType::s3;
  CHECK(make_plan(copies)->keep_log);
}

TEST_CASE("while exploring gaps are nominal and decisions of the file are left alone") {
  const std::string text = scenario_with("    rate: 1/s\n    records: 2\n    arrivals: poisson\n",
                                         "", "decisions: th1:AAAAXZW9dA\n");
  const auto replayed = plan_of(text);
  CHECK(replayed->exploring);
  REQUIRE(replayed->decisions);
  CHECK(replayed->producers[0].settings.load->arrivals == Arrivals::steady);
  const auto explored = plan_of(text, exploring());
  CHECK(explored->decisions == nullptr);
  CHECK(explored->producers[0].settings.load->arrivals == Arrivals::steady);
}

TEST_CASE("retention is off while exploring, unless the scenario itself outlasts it") {
  CHECK(plan_of(scenario_with(one_put))->natural_retention);
  CHECK_FALSE(retention_while_exploring(""));  // retries without an end are a loop
  CHECK_FALSE(retention_while_exploring(", MaximumRetryAttempts: 5"));
  CHECK(retention_while_exploring(", MaximumRetryAttempts: 10000"));
  CHECK(retention_while_exploring(", MaximumRecordAgeInSeconds: 86400"));
  CHECK_FALSE(retention_while_exploring(", MaximumRecordAgeInSeconds: 86399"));
  const auto crash_at = [](const std::string& at) {
    return "duration: 48h\ntimeline: [{at: " + at +
           ", crash_poller: {mapping: m, shard: shardId-000000000000}}]\n";
  };
  CHECK(retention_while_exploring("", crash_at("24h")));
  CHECK_FALSE(retention_while_exploring("", crash_at("23h")));
}

TEST_CASE("site `trim` stands for retention where it is open") {
  const std::string text = scenario_with(one_put, ", MaximumRecordAgeInSeconds: 86400");
  CHECK(plan_of(text, exploring(set_of({Site::timeout})))->natural_retention);
  CHECK_FALSE(plan_of(text, exploring(set_of({Site::trim})))->natural_retention);
}
