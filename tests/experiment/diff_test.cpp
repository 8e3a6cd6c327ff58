#include "sim/experiment/diff.hpp"

#include "sim/scenario/yaml_reader.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

using Texts = std::vector<std::string>;

std::shared_ptr<const Scenario> three_records() {
  return std::make_shared<const Scenario>(read_scenario(
      "trimhorizon: 1\n"
      "streams:\n"
      "  orders: {ShardCount: 1}\n"
      "producers:\n"
      "  shop:\n"
      "    stream: orders\n"
      "    put: [{at: 0s, records: [{}, {}, {}]}]\n"
      "functions:\n"
      "  billing: {}\n"
      "event_source_mappings:\n"
      "  m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON}\n"
      "variants:\n"
      "  small: {set: {BatchSize: 1}}\n",
      "shop.yaml"));
}

std::int64_t batch_size(const Scenario& scenario) {
  return scenario.mappings.at(0).settings.batch_size;
}

}  // namespace

TEST_CASE("settings are split at commas that do not belong to a value") {
  CHECK(split_settings("a=1") == Texts{"a=1"});
  CHECK(split_settings("a=1,b=2") == Texts{"a=1", "b=2"});
  CHECK(split_settings("a=[1, 2],b={c: 1, d: 2}") == Texts{"a=[1, 2]", "b={c: 1, d: 2}"});
  CHECK(split_settings("a=\"x,y\",b='p,q'") == Texts{"a=\"x,y\"", "b='p,q'"});
}

TEST_CASE("a side is the base, a variant, or settings") {
  const std::shared_ptr<const Scenario> base = three_records();
  CHECK(diff_side(base, "base") == base);
  CHECK(batch_size(*diff_side(base, "small")) == 1);
  CHECK(batch_size(*diff_side(base, "BatchSize=7")) == 7);
  const auto both = diff_side(base, "BatchSize=7,MaximumRetryAttempts=2");
  CHECK(batch_size(*both) == 7);
  CHECK(both->mappings.at(0).settings.maximum_retry_attempts == 2);
}

TEST_CASE("a side that is nothing of that says what there is") {
  const std::shared_ptr<const Scenario> base = three_records();
  try {
    diff_side(base, "smal");
    FAIL("no error");
  } catch (const DiffError& error) {
    CHECK(std::string(error.what()) == "shop.yaml has no variant `smal`");
    CHECK(error.hint() == "did you mean `small`?");
  }
  try {
    diff_side(base, "nothing-like-it");
    FAIL("no error");
  } catch (const DiffError& error) {
    CHECK(error.hint() == "write PATH=VALUE, or one of: base, small");
  }
}

TEST_CASE("a side must not change the traffic or the seed") {
  const std::shared_ptr<const Scenario> base = three_records();
  CHECK_THROWS_AS(diff_side(base, "seed=2"), DiffError);
  Scenario other = *base;
  CHECK(same_traffic(*base, other));
  other.producers[0].settings.put[0].at = Instant{5};
  CHECK(!same_traffic(*base, other));
  other = *base;
  other.producers[0].settings.retry.attempts = 9;  // how it retries is a setting
  CHECK(same_traffic(*base, other));
}
