#include "sim/report/text_records.hpp"
#include "tests/report/samples.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/given.hpp"
#include "tests/support/text.hpp"

using namespace trimhorizon;
using samples::written;
using trimhorizon::testing::contains;

namespace {

// As one line, wherever it was wrapped.
std::string unwrapped(const std::string& text) {
  std::string line;
  for (const char c : text) {
    if (c != ' ' && c != '\n')
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  return line;
}

std::size_t count_of_text(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

std::string mapping_text(const samples::Sample& sample) {
  return written([&](Page& page) { add_mapping(page, sample.result, sample.result.consumers[0]); });
}

}  // namespace

TEST_CASE("the story counts only fates that some record has") {
  samples::Sample sample = samples::partial_response();
  const std::string text = story_of(sample.view());
  CHECK(contains(text, "6 records"));
  CHECK(contains(text, "5 processed"));
  CHECK_FALSE(contains(text, " 0 "));
}

TEST_CASE("copies are told only when more were stored than accepted") {
  samples::Sample sample = samples::partial_response();
  sample.result.stored = 9;
  CHECK(contains(story_of(sample.view()), "9 copies"));
  sample.result.stored = 4, sample.result.never_accepted = 2;
  CHECK_FALSE(contains(story_of(sample.view()), "copies"));
  sample.result.stored = 5;  // four were accepted, one of them twice
  CHECK(contains(story_of(sample.view()), "5 copies"));
}

TEST_CASE("of many mappings the story tells four") {
  samples::Sample sample = samples::partial_response();
  sample.result.consumers.resize(6, sample.result.consumers[0]);
  for (std::size_t i = 0; i < 6; ++i) sample.result.consumers[i].name = "m" + std::to_string(i);
  const std::string text = story_of(sample.view());
  CHECK(contains(text, "m3 "));
  CHECK_FALSE(contains(text, "m4 "));
  CHECK(contains(text, "2 more"));
}

TEST_CASE("each fate has a line with its count and its part, in the order of the fates") {
  samples::Sample sample = samples::partial_response();
  const std::string text = mapping_text(sample);
  CHECK(contains(text, "  processed  "));
  CHECK(contains(text, " 83.3%"));
  CHECK(contains(text, " 16.7%"));
  CHECK(text.find("  processed  ") < text.find("  discarded  "));
  CHECK_FALSE(contains(text, "  pending  "));
  CHECK(contains(text, "6 invocations, 10 deliveries, 5 effects."));
}

TEST_CASE("causes stand with examples, and with how many more there are") {
  samples::Sample sample = samples::partial_response();
  CHECK_FALSE(contains(mapping_text(sample), "Never"));
  CHECK_FALSE(contains(mapping_text(sample), "Twice"));
  ConsumerResult& mapping = sample.result.consumers[0];
  mapping.lost = 1'207;
  mapping.lost_by_cause =
      testing::given<LossCause>({{LossCause::retention, 1'200}, {LossCause::swallowed, 7}});
  mapping.lost_examples =
      testing::given<LossCause, std::vector<std::string>>({{LossCause::retention, {"r1", "r2"}}});
  const std::string text = mapping_text(sample);
  CHECK(contains(text, "    1,200  "));
  CHECK(contains(text, "        7  "));  // in one column
  CHECK(contains(unwrapped(text), "r1 r2 …"));
}

TEST_CASE("one picture for each mapping, the most telling shard, three at most") {
  samples::Sample sample = samples::poison_pill();
  const auto pictures = [&] {
    return written([&](Page& page) { add_pictures(page, sample.result, {}); });
  };
  CHECK(contains(pictures(), "shardId-000000000001"));  // it has failed invocations
  CHECK_FALSE(contains(pictures(), "shardId-000000000000"));
  CHECK(contains(pictures(), "1 other shard"));
  sample.result.consumers.resize(5, sample.result.consumers[0]);
  CHECK(count_of_text(pictures(), "shardId-000000000001") == 3);
  sample.result.consumers.resize(1);
  sample.result.consumers[0].pictures[1].bars_left_out = 17;
  CHECK(contains(pictures(), "17 later invocations"));
}

TEST_CASE("of a destination five messages are told, and how many more it has") {
  samples::Sample sample = samples::partial_response();
  const auto destinations = [&] {
    return written([&](Page& page) { add_destinations(page, sample.view()); });
  };
  CHECK(contains(destinations(), "dlq (SQS)"));
  CHECK(contains(destinations(), "RetryAttemptsExhausted: "));
  CHECK_FALSE(contains(destinations(), "approximateInvokeCount"));
  DestinationResult& dlq = sample.result.destinations[0];
  dlq.messages[0].approximate_invoke_count = 9;  // AWS and we count otherwise: worth a word
  CHECK(contains(destinations(), "approximateInvokeCount"));
  dlq.messages.resize(7, dlq.messages[0]);
  dlq.left_out = 100;
  CHECK(count_of_text(destinations(), "RetryAttemptsExhausted: ") == 5);
  CHECK(contains(destinations(), "102 more"));
}
