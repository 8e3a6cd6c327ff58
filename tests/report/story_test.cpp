#include "sim/report/story.hpp"

#include "tests/report/lives.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("the life of a record that fails every time and is given up") {
  CHECK_APPROVED("report", "life-given-up.txt", story_text(samples::given_up(), {false, "again"}));
}

TEST_CASE("thousands of attempts alike are one line in the life of a poison record") {
  CHECK_APPROVED("report", "life-until-retention.txt", story_text(samples::until_retention()));
}

TEST_CASE("the life of a record with two copies, done three times") {
  CHECK_APPROVED("report", "life-done-twice.txt", story_text(samples::done_twice()));
}

TEST_CASE("a record that was never stored has a short life") {
  RecordLife life = samples::given_up();
  life.copies.clear();
  life.mappings.clear();
  life.never_accepted = true;
  life.put_tries = 4;
  life.refusals = {{Instant{0}, Instant{0} + milliseconds(300), 4, PutEnd::throttled, false,
                    "shardId-000000000000"}};
  const std::string refused =
      "  key k5, put by shop\n"
      "\n"
      "    0s    shop puts it into orders\n"
      "          refused: shardId-000000000000 is above its limit; 3 more tries until\n"
      "          300ms end alike\n";
  CHECK(story_text(life) == "r5: never accepted\n" + refused +
                                "  It is never stored. The producer gives up and knows it.\n");
  life.never_accepted = false;
  life.believed_stored = true;
  CHECK(story_text(life) ==
        "r5: never stored, lost\n" + refused +
            "  It is never stored. The producer does not look at the answer and believes that\n"
            "  it is stored.\n");
}

TEST_CASE("a stream that nobody reads leaves its records as they are") {
  RecordLife life = samples::given_up();
  life.mappings.clear();
  CHECK(story_text(life) ==
        "r5: stored; nothing reads its stream\n"
        "  key k5, put by shop\n"
        "\n"
        "    0s    shop puts it into orders\n"
        "          stored in shardId-000000000000 as\n"
        "          49671246667567228643283430150187087032206582658\n");
}

TEST_CASE("a timestamp that is off is told, and is why a record was too old [KDS-SHD-15]") {
  RecordLife life = samples::given_up();
  CHECK(story_text(life).find("timestamp") == std::string::npos);
  life.copies.at(0).timestamp = life.copies[0].arrival - seconds(72);
  CHECK(story_text(life).find("its timestamp is 1m 12s before its arrival (timestamp_skew)") !=
        std::string::npos);
}
