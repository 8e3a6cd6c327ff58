// Reads of the timeline: what AWS answers at an instant, from each place where a read may start.
#include "sim/world/bare_read.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

struct Probe {
  Duration at;
  BareRead read;
};

BareRead from(IteratorType type, std::string record = {}, std::uint32_t shard = 0) {
  BareRead read;
  read.stream = {0};
  read.shard_number = shard;
  read.from = type;
  read.record = std::move(record);
  return read;
}

// "r0 r1 behind 600s", "refused InvalidArgumentException", with " end" where no iterator follows.
std::vector<std::string> answers(Story story, const std::vector<Probe>& probes) {
  for (const Probe& each : probes) story.read(each.at, each.read);
  std::vector<std::string> texts;
  for (const ReadRow& row : story.tell().result.reads) {
    std::string text;
    for (const std::string& id : row.records) text += id + " ";
    if (row.error) {
      text = "refused " + std::string(name(*row.error));
    } else {
      text += "behind " + std::to_string(row.millis_behind_latest / 1'000) + "s";
    }
    if (row.last) text += " end " + std::to_string(row.children.size());
    texts.push_back(std::move(text));
  }
  return texts;
}

using Texts = std::vector<std::string>;
using enum IteratorType;

// r0 and r1 at 0 s, r2 at 300 s.
Story three() { return story().records(2).records(1, 300_s).lasts(30_h); }

}  // namespace

TEST_CASE("a read starts at each of the five places [KDS-ITR-01] [KDS-ITR-06] [KDS-ITR-13]") {
  BareRead one = from(after_sequence_number, "r0");
  one.limit = 1;
  BareRead time = from(at_timestamp);
  time.timestamp_ms = three().scenario().epoch_ms + 1'000;
  BareRead future = time;
  future.timestamp_ms = three().scenario().epoch_ms + 600'001;
  CHECK(answers(three(), {{600_s, from(trim_horizon)},
                          {600_s, from(latest)},
                          {600_s, one},
                          {600_s, from(at_sequence_number, "r1")},
                          {600_s, time},
                          {600_s, future}}) ==
        Texts{"r0 r1 r2 behind 0s", "behind 0s", "r1 behind 600s", "r1 r2 behind 0s",
              "r2 behind 0s", "refused InvalidArgumentException"});
}

TEST_CASE("the sixth read in a second is refused, and a refused one takes nothing [KDS-LIM-04]") {
  std::vector<Probe> six(6, Probe{600_s, from(trim_horizon)});
  six.push_back({601_s, from(trim_horizon)});
  Texts wanted(5, "r0 r1 r2 behind 0s");
  wanted.push_back("refused ProvisionedThroughputExceededException");
  wanted.push_back("r0 r1 r2 behind 0s");
  CHECK(answers(three().limits(), six) == wanted);
}

TEST_CASE("a read may find nothing of what is there, and knows no end then [KDS-ITR-10]") {
  Story told = three().call(400_s, SplitShardCall{0}).empty_reads(100);
  CHECK(answers(told, {{100_s, from(trim_horizon)},
                       {100_s, from(after_sequence_number, "r0")},
                       {100_s, from(latest)},
                       {500_s, from(at_sequence_number, "r2")},
                       {500_s, from(latest)}}) ==
        Texts{"behind 100s", "behind 100s", "behind 0s", "behind 200s", "behind 0s end 2"});
}

TEST_CASE("a record of another shard, or of none, gives no iterator [KDS-ITR-08]") {
  Story told = story().shards(2).record_at("low", 10).record_at("high", 90).lasts(1_h);
  CHECK(answers(told, {{1_s, from(at_sequence_number, "low", 0)},
                       {1_s, from(at_sequence_number, "high", 0)},
                       {1_s, from(at_sequence_number, "r9", 0)},
                       {1_s, from(trim_horizon, "", 7)}}) ==
        Texts{"low behind 0s", "refused InvalidArgumentException",
              "refused InvalidArgumentException", "refused ResourceNotFoundException"});
}

TEST_CASE("the read that reaches the end of a closed shard names the children [KDS-ITR-11]") {
  Story told = three().call(400_s, SplitShardCall{0});
  BareRead first = from(trim_horizon);
  first.limit = 1;
  // Before the cut the shard takes records, though it is listed as closed (KDS-RSH-15).
  CHECK(answers(told, {{410_s, from(trim_horizon)},
                       {500_s, first},
                       {500_s, from(trim_horizon)},
                       {500_s, from(latest)},
                       {500_s, from(trim_horizon, "", 1)}}) ==
        Texts{"r0 r1 r2 behind 0s", "r0 behind 500s", "r0 r1 r2 behind 0s end 2", "behind 0s end 2",
              "behind 0s"});
}

TEST_CASE("a trimmed number is read from as the switch says [KDS-ITR-08] [CON-29]") {
  Story told = story().records(1).records(1, 20_h).lasts(30_h);
  const std::vector<Probe> probe = {{25_h, from(at_sequence_number, "r0")}};
  CHECK(answers(told, probe) == Texts{"r1 behind 0s"});
  CHECK(answers(told.assume("trimmed_position", "walk_from_horizon"), probe) ==
        Texts{"behind 86400s"});
  CHECK(answers(told.assume("trimmed_position", "error"), probe) ==
        Texts{"refused InvalidArgumentException"});
}

TEST_CASE("a read of the timeline moves nobody, and counts in the metrics of its stream [MET-01]") {
  Story told = three().limits();
  const Told without = told.tell();
  const Told with = told.read(600_s, from(trim_horizon)).tell();
  CHECK(with.schedule() == without.schedule());
  const auto records_read = [](const Told& each) {
    return each.simulation->history().traffic.stream({0})->value(StreamMetricId::GetRecordsRecords);
  };
  CHECK(records_read(with) == records_read(without) + 3);
}

TEST_CASE("a read fails as the timeline says [KDS-PRD-20]") {
  FailureRates rates;
  rates.expired_iterator = Probability{1'000'000'000};
  Story told = three().failing_reads(500_s, rates).read(600_s, from(trim_horizon));
  const Result result = told.tell().result;
  REQUIRE(result.reads.size() == 1);
  CHECK(result.reads[0].error == ApiError::ExpiredIteratorException);
}

}  // namespace trimhorizon::testing
