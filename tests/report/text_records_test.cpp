#include "sim/report/text_records.hpp"
#include "sim/report/json.hpp"
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

TEST_CASE("the story says who put how many records into which stream") {
  samples::Sample sample = samples::partial_response();
  const auto said = [&] { return story_of(sample.view()); };
  sample.result.producers = {{"shop", "orders", 6}, {"late", "other", 0}};
  CHECK(contains(said(), "shop put 6 records into orders and late put nothing. "));
  sample.result.producers = {{"shop", "orders", 4}, {"late", "other", 2}};
  CHECK(contains(said(), "shop put 4 records into orders and late put 2 records into other. "));
  sample.result.stored = 9;
  CHECK(contains(said(), "into other; stored were 9 copies of them. "));
  sample.result.stored = 6;
  sample.result.producers = {
      {"a", "x", 1}, {"b", "x", 0}, {"c", "y", 1}, {"d", "z", 2}, {"e", "z", 2}};
  CHECK(contains(said(),
                 "a put 1 record into x, b put nothing, c put 1 record into y and 2 other "
                 "producers put 4 records. "));
  // A result that an older version wrote knows only the sum.
  sample.result.producers.clear();
  CHECK(contains(said(), "shop put 6 records into orders. "));
  sample.scenario.producers.push_back(sample.scenario.producers[0]);
  CHECK(contains(said(), "6 records were put. "));
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

TEST_CASE("records that are given up after their work was done are told apart") {
  samples::Sample sample = samples::partial_response();
  ConsumerResult& mapping = sample.result.consumers[0];
  mapping.fates = testing::given<Fate>({{Fate::processed, 1}, {Fate::dropped, 5}});
  CHECK(contains(story_of(sample.view()), "1 processed and 5 given up and kept nowhere"));
  mapping.dropped_with_effect = 4;
  CHECK(contains(story_of(sample.view()),
                 "1 processed, 1 given up and kept nowhere and 4 given up after their work "
                 "was done"));
  mapping.dropped_with_effect = 5;
  CHECK(contains(story_of(sample.view()), "1 processed and 5 given up after their work was done"));
  CHECK_FALSE(contains(story_of(sample.view()), "nothing left"));
  mapping.fates = testing::given<Fate>({{Fate::dropped, 1}});
  mapping.dropped_with_effect = 1;
  CHECK(contains(story_of(sample.view()), "1 given up after its work was done"));
}

TEST_CASE("numbers that other assumptions change are told with their range") {
  samples::Sample sample = samples::partial_response();
  sample.result.lost = 30;
  ReportRun run = sample.view();
  CHECK(contains(story_of(run), "30 records were lost; none was worked on twice."));
  run.ranges.numbers = {{"lost", 30, 15, 1'200, {"split"}}};
  CHECK(contains(story_of(run),
                 "30 records were lost (15 to 1,200 under other assumptions); none was worked on "
                 "twice."));
  run.ranges.numbers = {{"duplicates", 2, 0, 3, {"split"}}};
  sample.result.lost = 0, sample.result.duplicates = 2;
  CHECK(contains(story_of(run),
                 "No record was lost, but work was done twice more than needed (0 to 3 under other "
                 "assumptions)."));
  sample.result.duplicates = 0;
  run.ranges.numbers = {{"invocations", 2, 0, 3, {"split"}}};
  CHECK(contains(story_of(run), "No record was lost, and none was worked on twice."));
}

TEST_CASE("how long records waited is told with what half and 99 % of them had") {
  samples::Sample sample = samples::partial_response();
  ConsumerResult& mapping = sample.result.consumers[0];
  mapping.waits = {};
  CHECK_FALSE(contains(mapping_text(sample), "From put to settled"));
  mapping.waits.add(400'000, 98);
  mapping.waits.add(2'100'000, 1);
  mapping.waits.add(3'000'000, 1);
  mapping.caught_up = Instant{0};
  const std::string waits =
      "From put to settled: half within 400ms, 99 % within 2.1s, all within 3s. ";
  sample.result.consumers[0].lost = 0;
  CHECK(contains(unwrapped(mapping_text(sample)), waits + "Never behind by more than 2s."));
  mapping.lost = 1;  // what is lost was never caught up with
  CHECK_FALSE(contains(unwrapped(mapping_text(sample)), "Never behind"));
  mapping.caught_up = Instant{0} + minutes(12);
  CHECK(contains(unwrapped(mapping_text(sample)), waits + "Caught up at 12m."));
  mapping.fates[Fate::expired] = 1;  // that was retention, not the mapping
  CHECK(contains(unwrapped(mapping_text(sample)), waits + "After 12m no old record was left."));
  mapping.caught_up.reset();
  CHECK(contains(unwrapped(mapping_text(sample)), waits + "Not caught up at the end."));
}

TEST_CASE("a longest block says how it ended, and how long the shard stood in all") {
  samples::Sample sample = samples::partial_response();
  ConsumerResult& mapping = sample.result.consumers[0];
  mapping.longest_block = LongestBlock{};
  LongestBlock& block = *mapping.longest_block;
  block.record = "r0", block.shard = "s", block.attempts = 3, block.lasted = seconds(39);
  block.release = LongestBlock::Release::unread;
  CHECK(contains(unwrapped(mapping_text(sample)),
                 "tried 3 times, until LATEST was resolved again behind it."));
  block.release = LongestBlock::Release::expired;
  CHECK(contains(unwrapped(mapping_text(sample)), "tried 3 times, until retention took it."));
  block.stood = seconds(50);
  CHECK(contains(unwrapped(mapping_text(sample)),
                 "until retention took it; the shard stood for 50s."));
  block.attempts = 0, block.stood = {};
  CHECK(contains(
      unwrapped(mapping_text(sample)),
      "was at the head of s for 39s, since it fits into no event, until retention took it."));
}

TEST_CASE("a mapping that never called its function says what waits") {
  samples::Sample sample = samples::partial_response();
  ConsumerResult& mapping = sample.result.consumers[0];
  mapping.invocations = 0;
  mapping.fates = testing::given<Fate>({{Fate::pending, 6}});
  CHECK(contains(story_of(sample.view()), "never called billing: 6 still waiting at the end."));
}

TEST_CASE("iterator ages are told as those of invocations") {
  samples::Sample sample = samples::partial_response();
  // 0, 0.1, 0.2 and 4 s.
  CHECK(contains(unwrapped(mapping_text(sample)),
                 "Iterator age, one for each invocation: half at most 0.1s, 99 % at most 4s, all "
                 "at most 4s."));
  Histogram one;
  one.add(4'000'000);
  sample.result.consumers[0].metrics = {{MetricId::IteratorAge, 0, one}};
  CHECK(contains(mapping_text(sample), "Iterator age at most 4s."));
  sample.result.consumers[0].max_iterator_age.reset();
  CHECK_FALSE(contains(mapping_text(sample), "terator age"));
}

TEST_CASE("a duration of a metric has the same form in the text and in JSON") {
  samples::Sample sample = samples::partial_response();
  const std::int64_t age_us = (hours(36) + minutes(5)).us;
  Histogram one;
  one.add(age_us);
  sample.result.consumers[0].metrics = {{MetricId::IteratorAge, 0, one}};
  sample.result.consumers[0].max_iterator_age = Duration{age_us};
  CHECK(contains(unwrapped(mapping_text(sample)), "Iterator age at most 129900s (36h 5m)."));
  Report report;
  report.base = sample.view();
  CHECK(contains(report_json(report, false), "\"max_iterator_age\": \"129900s\""));
}

TEST_CASE("shards with different fates or waits have a line each") {
  samples::Sample sample = samples::partial_response();
  ConsumerResult& mapping = sample.result.consumers[0];
  ShardResult calm{"shard-0",        3, "r1", 0, testing::given<Fate>({{Fate::processed, 3}}),
                   milliseconds(100)};
  ShardResult other = calm;
  other.shard = "shard-1";
  mapping.shards = {calm, other};
  CHECK_FALSE(contains(mapping_text(sample), "The shards differ"));
  mapping.shards[1].longest_wait = milliseconds(1'150);  // half as long again, and a second
  CHECK_FALSE(contains(mapping_text(sample), "The shards differ"));
  mapping.shards[1].longest_wait = milliseconds(1'151);
  CHECK(contains(mapping_text(sample),
                 "  The shards differ:\n"
                 "    shard-0  3 processed; waited at most 100ms\n"
                 "    shard-1  3 processed; waited at most 1.151s\n"));
  mapping.shards[1] = other;
  mapping.shards[1].fates = testing::given<Fate>({{Fate::processed, 1}, {Fate::expired, 2}});
  CHECK(contains(mapping_text(sample), "    shard-1  1 processed and 2 expired; waited at most"));
  mapping.shards.resize(1);
  CHECK_FALSE(contains(mapping_text(sample), "The shards differ"));
}

TEST_CASE("of many shards the eight that waited longest are shown") {
  samples::Sample sample = samples::partial_response();
  ConsumerResult& mapping = sample.result.consumers[0];
  mapping.shards.clear();
  for (int i = 0; i < 11; ++i) {
    mapping.shards.push_back({"shard-" + std::to_string(i), 1, "r1", 0, {}, seconds(i)});
  }
  const std::string text = mapping_text(sample);
  CHECK(contains(text, "The shards differ:\n    shard-10  "));
  CHECK(contains(text, "    shard-3  "));
  CHECK_FALSE(contains(text, "    shard-2  "));
  CHECK(contains(text, "    … and 3 more shards\n"));
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
