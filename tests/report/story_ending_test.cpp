// Why a record ended as it did, and what is to be learnt from it.
#include "sim/report/story.hpp"

#include "tests/report/lives.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("each fate and each cause of a loss has an ending and a lesson") {
  RecordLife life = samples::given_up();
  LifeInMapping& mapping = life.mappings[0];
  for (std::size_t i = 0; i < count_of<Fate>; ++i) {
    mapping.fates = {static_cast<Fate>(i)};
    CHECK(ending_of(life, mapping).size() > 40);
  }
  for (std::size_t i = 1; i < count_of<LossCause>; ++i) {
    mapping.lost_cause = static_cast<LossCause>(i);
    CHECK(lesson_of(mapping).size() > 40);
  }
}

TEST_CASE("an innocent record that stood alone is not told that splitting would have saved it") {
  LifeInMapping mapping;
  mapping.fates = {Fate::discarded};
  mapping.deliveries = 1;
  LifeEntry attempt;
  attempt.end = CallOutcome::error;
  attempt.batch_size = 1;
  mapping.entries = {attempt};
  CHECK(lesson_of(mapping).find("it was alone in its batch: the function failed") !=
        std::string::npos);
  mapping.entries[0].end = CallOutcome::timeout;
  CHECK(lesson_of(mapping).find("ran into its Timeout") != std::string::npos);
  mapping.entries[0].end = CallOutcome::error;
  mapping.entries[0].batch_size = 2;
  CHECK(lesson_of(mapping).find("Splitting or reporting") != std::string::npos);
}
