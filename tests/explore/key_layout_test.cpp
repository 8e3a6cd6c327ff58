#include "sim/explore/key_layout.hpp"

#include "tests/explore/witnessed.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

KeyLayout layout_of(const Story& story, SiteSet open = {}, bool own_functions = false) {
  return KeyLayout(*exploring_plan(story, open), open, own_functions);
}

Story plain_record() { return Story().record("r0", "a"); }

}  // namespace

TEST_CASE("of a plain mapping next to nothing can matter") {
  const KeyLayout plain = layout_of(plain_record());
  CHECK_FALSE(plain.ages);
  CHECK_FALSE(plain.windows);
  CHECK_FALSE(plain.absolute_time);
  CHECK_FALSE(plain.environments);
  CHECK_FALSE(plain.latest);
  CHECK_FALSE(plain.literal_positions);
  CHECK_FALSE(plain.waits_matter);
  CHECK(plain.attempts == 0);
  CHECK(plain.creations.empty());
}

TEST_CASE("an age limit makes ages matter, up to the largest, and whether there was an attempt") {
  const KeyLayout aged = layout_of(plain_record().age(60).another_mapping("audit").age(90));
  CHECK(aged.ages);
  CHECK(aged.oldest_age == 90_s + microseconds(1));
  CHECK(aged.attempts == 1);
  CHECK(aged.waits_matter);
}

TEST_CASE("attempts are told apart as far as a rule or a memo looks at them") {
  FailRule third;
  third.attempts = {1, 3};
  CHECK(layout_of(plain_record().fail(third)).attempts == 4);
  CHECK(layout_of(plain_record(), {}, true).attempts > 0);
}

TEST_CASE("a window, a cold start and LATEST each make something matter") {
  CHECK(layout_of(plain_record().window(5)).windows);
  CHECK(layout_of(plain_record().cold_start(1_s)).environments);
  const KeyLayout latest = layout_of(plain_record()
                                         .starting(StartingPosition::latest)
                                         .created(4_s)
                                         .another_mapping("audit")
                                         .starting(StartingPosition::latest)
                                         .created(2_s)
                                         .another_mapping("first")
                                         .created(3_s));
  CHECK(latest.latest);
  CHECK(latest.creations == std::vector<Instant>{Instant{0} + 2_s, Instant{0} + 4_s});
}

TEST_CASE("rules with a time make the clock matter up to the last of them") {
  FailRule at_times;
  at_times.from = Instant{0} + 3_s;
  at_times.until = Instant{0} + 8_s;
  const KeyLayout timed = layout_of(plain_record().fail(at_times));
  CHECK(timed.absolute_time);
  CHECK(timed.last_boundary == Instant{0} + 8_s);
  CHECK(layout_of(plain_record().starting(StartingPosition::at_timestamp, 0_s)).absolute_time);
}

TEST_CASE("an answer that names a sequence number makes positions matter as they are") {
  const std::string number(56, '4');
  const auto answering = [](const std::string& id) {
    return layout_of(plain_record().report().returns(
        R"({"batchItemFailures": [{"itemIdentifier": ")" + id + R"("}]})"));
  };
  CHECK(answering(number).literal_positions);
  CHECK(answering(number).absolute_time);
  CHECK_FALSE(answering("r0").literal_positions);
}

TEST_CASE("a wait says nothing where nothing else can happen while a lane waits") {
  CHECK(layout_of(plain_record().shards(2)).waits_matter);
  CHECK(layout_of(plain_record().throttle(5_s, 1_s)).waits_matter);
  CHECK(layout_of(plain_record(), sites({Site::overlapping_pollers})).waits_matter);
  CHECK_FALSE(layout_of(plain_record(), sites({Site::poller_crash})).waits_matter);
}

TEST_CASE("back-off steps are told apart until they wait alike") {
  // 500 ms, 1 s, 2 s, 2 s, …
  CHECK(layout_of(plain_record().backoff({true, 500_ms, 2'000, 2_s})).retry_steps == 2);
  CHECK(layout_of(plain_record().backoff({true, 500_ms, 1'000, 500_ms})).retry_steps == 0);
  CHECK(layout_of(plain_record().throttle_backoff({true, 1_s, 2'000, 8_s})).throttle_steps == 3);
}

}  // namespace trimhorizon::testing
