// The words of other tools.
#include "sim/scenario/tables.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon::reader;

namespace {

std::string_view meant(std::string_view word, const Block& block) {
  const OtherWords* words = scenario_format().meaning_of(word, block);
  return words ? words->ours : std::string_view{};
}

}  // namespace

TEST_CASE("words of the CDK, SAM and Serverless lead to the properties of a mapping") {
  CHECK(meant("retryAttempts", mapping_block()) == "MaximumRetryAttempts");
  CHECK(meant("bisectBatchOnError", mapping_block()) == "BisectBatchOnFunctionError");
  CHECK(meant("maxBatchingWindow", mapping_block()) == "MaximumBatchingWindowInSeconds");
  CHECK(meant("reportBatchItemFailures", mapping_block()) == "FunctionResponseTypes");
  CHECK(meant("on_failure", mapping_block()) == "DestinationConfig");
}

TEST_CASE("one word means what the block has that it stands in") {
  CHECK(meant("duration", timeline_block()) == "for");
  CHECK(meant("stream", mapping_block()) == "EventSourceArn");
  CHECK(meant("dlq", mapping_block()) == "DestinationConfig");
  CHECK(meant("dlq", function_block()) == "DeadLetterConfig");
}

TEST_CASE("every key that other words lead to is a key of some block") {
  for (const std::string_view word : {"kcl", "efo", "aggregation", "rps", "filters", "UUID"}) {
    INFO(word);
    const std::string_view ours = meant(word, scenario_block());
    bool found = false;
    for (const Block* block : scenario_format().blocks()) found = found || block->find(ours);
    CHECK(found);
  }
}

TEST_CASE("a word can mean another thing in one block") {
  CHECK(meant("events", scenario_block()) == "timeline");
  CHECK(meant("Events", function_block()) == "event_source_mappings");
  CHECK(meant("retries", producer_block()) == "retry");
  CHECK(meant("retries", mapping_block()) == "MaximumRetryAttempts");
  CHECK(meant("kinesis", scenario_block()) == "streams");
  CHECK_FALSE(scenario_format().meaning_of("consumers", scenario_block())->advice.empty());
  CHECK_FALSE(scenario_format().meaning_of("events", function_block())->advice.empty());
}
