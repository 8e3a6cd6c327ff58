#include "sim/report/words.hpp"

#include <set>

#include "sim/faults/assumption_words.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("words about several records are those about one, when it is one") {
  for (const LossCause cause : all_of<LossCause>) {
    CHECK(for_count(2, words(cause)) == words(cause));
    const std::string one = for_count(1, words(cause));
    INFO(one);
    CHECK(one.find("them") == std::string::npos);
    CHECK(one.find("they") == std::string::npos);
  }
  CHECK(for_count(1, words(LossCause::age)) ==
        "given up because it was too old, and no destination has it");
}

TEST_CASE("numbers are said in words with their noun") {
  CHECK(counted(1, "record") == "1 record");
  CHECK(counted(12'000, "delivery", "deliveries") == "12,000 deliveries");
  CHECK(times(1) == "once");
  CHECK(times(2) == "twice");
  CHECK(times(3) == "3 times");
  CHECK(listed({"a"}) == "a");
  CHECK(listed({"a", "b", "c"}) == "a, b and c");
  CHECK(examples({"r0", "r1"}, 2) == "r0 r1");
  CHECK(examples({"r0", "r1"}, 5) == "r0 r1 …");
}

TEST_CASE("every assumption has a value that can be read") {
  for (const AssumptionInfo& each : assumption_table()) {
    INFO(each.name);
    CHECK(assumption_value({}, each.which) != "");
    CHECK(is_default({}, each.which));
  }
  Assumptions changed;
  changed.retry_backoff.factor_thousandths = 1'500;
  changed.retry_backoff.jitter = Backoff::Jitter::full;
  changed.throttle_backoff.on = false;
  changed.partial_progress = assume::partial_progress::keeps_retries;
  CHECK(assumption_value(changed, Assumption::retry_backoff) == "200ms x1.5 up to 15s, jitter");
  CHECK(assumption_value(changed, Assumption::throttle_backoff) == "none");
  CHECK(assumption_value(changed, Assumption::partial_progress) == "keeps_retries");
  CHECK(!is_default(changed, Assumption::retry_backoff));
  CHECK(assumption_value({}, Assumption::retry_backoff) == "200ms x2 up to 15s");
  CHECK(assumption_value({}, Assumption::throttle_backoff) == "500ms x2 up to 15s, jitter");
}

TEST_CASE("every fate and cause has words of its own") {
  std::set<std::string_view> seen;
  const auto check = [&](auto member, bool is_none) {
    CHECK(words(member).empty() == is_none);
    if (!is_none) CHECK(seen.insert(words(member)).second);
  };
  for (const Fate each : all_of<Fate>) check(each, each == Fate::processed);
  for (const DeliveryReason each : all_of<DeliveryReason>) {
    check(each, each == DeliveryReason::first);
  }
  for (const LossCause each : all_of<LossCause>) check(each, each == LossCause::none);
}

TEST_CASE("what reports print of a back-off is read as that back-off") {
  for (const Backoff& each :
       {Backoff{}, Backoff{true, milliseconds(500), 2'000, seconds(15), Backoff::Jitter::full},
        Backoff{true, microseconds(1'500), 1'001, minutes(61), Backoff::Jitter::none},
        Backoff{true, seconds(90), 1'000, seconds(90), Backoff::Jitter::full},
        Backoff{false, milliseconds(200), 2'000, seconds(15), Backoff::Jitter::none}}) {
    Assumptions assumptions;
    assumptions.retry_backoff = each;
    const std::string printed = assumption_value(assumptions, Assumption::retry_backoff);
    INFO(printed);
    const Scenario again = read_scenario(
        "trimhorizon: 1\nstreams: {s: {}}\nassumptions: {retry_backoff: '" + printed + "'}\n", "");
    CHECK(again.assumptions.retry_backoff == each);
  }
}
