#include "sim/report/text.hpp"

#include <algorithm>

#include "sim/base/version.hpp"
#include "sim/report/layout.hpp"
#include "tests/report/samples.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/given.hpp"

using namespace trimhorizon;
using samples::Sample;

namespace {

std::string text_of(const Sample& sample, bool colour = false) {
  Report report;
  report.base = sample.view();
  return report_text(report, {colour});
}

// A run in which nothing holds: an expectation, an invariant, a destination, an absent metric.
Sample violated() {
  Sample sample = samples::partial_response();
  sample.judgement.verdict = Verdict::violated;
  sample.result.duplicates = sample.result.consumers[0].duplicates = 18;
  sample.result.consumers[0].duplicates_by_cause = testing::given<DeliveryReason>(
      {{DeliveryReason::retry_after_error, 6}, {DeliveryReason::bisect, 12}});
  sample.result.consumers[0].duplicate_examples =
      testing::given<DeliveryReason, std::vector<std::string>>(
          {{DeliveryReason::bisect, {"r0", "r1", "r2"}}});
  JudgedExpectation& duplicates = sample.judgement.expectations[1];
  duplicates.verdict = Verdict::violated;
  duplicates.actual = "18";
  sample.judgement.expectations.push_back(
      {"destinations.dlq",
       "1 message {condition: RetryAttemptsExhausted, batchSize: 1, records: [r4]}",
       "1 message {condition: RetryAttemptsExhausted, approximateInvokeCount: 4, batchSize: 1, "
       "records: [r5]}",
       {},
       Verdict::violated,
       "message 1: records is [r5], wanted [r4]"});
  sample.judgement.expectations.push_back({"metrics.billing-orders.Duration.p99",
                                           "< 3s",
                                           "never occurred",
                                           {},
                                           Verdict::undecided,
                                           "the metric `Duration` has no samples"});
  InvariantResult& broken = sample.result.invariants[1];
  broken.violations = 2, broken.at = Instant{4'100'000}, broken.reader = "billing-orders";
  return sample;
}

std::string without_paint(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\x1b')
      at = text.find('m', at);
    else
      out += text[at];
  }
  return out;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// The widest line, but for those that must be copied whole.
std::size_t widest(const std::string& text) {
  std::size_t widest = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    if (line.find("replay: ") == std::string::npos) widest = std::max(widest, display_width(line));
    at = end + 1;
  }
  return widest;
}

}  // namespace

TEST_CASE("the report of a run that holds") {
  CHECK_APPROVED("report", "holds.txt", text_of(samples::partial_response()));
}

TEST_CASE("the report of a shard that is blocked for a day") {
  CHECK_APPROVED("report", "blocked.txt", text_of(samples::poison_pill()));
}

TEST_CASE("the report of a run in which much does not hold") {
  CHECK_APPROVED("report", "violated.txt", text_of(violated()));
}

TEST_CASE("variants stand side by side, and what fails in one is told in full") {
  const Sample base = samples::partial_response();
  const Sample good = samples::partial_response();
  const Sample bad = violated();
  Report report;
  report.base = base.view();
  report.variants = {good.view("keeps_retries"), bad.view("without_report")};
  CHECK(report.verdict() == Verdict::violated);
  CHECK_APPROVED("report", "variants.txt", report_text(report));
}

TEST_CASE("the last line of every report repeats the run") {
  for (const Sample& sample : {samples::partial_response(), samples::poison_pill(), violated()}) {
    const std::string text = text_of(sample);
    CHECK(text.substr(text.rfind('\n', text.size() - 2) + 1) ==
          "replay: trimhorizon run " + sample.scenario.file + " --seed 1\n");
  }
}

TEST_CASE("colour is never the only sign: without it the report says the same") {
  for (const Sample& sample : {samples::partial_response(), samples::poison_pill(), violated()}) {
    CHECK(text_of(sample, true) != text_of(sample));
    CHECK(without_paint(text_of(sample, true)) == text_of(sample));
  }
}

TEST_CASE("long and hostile names break neither the width nor the terminal") {
  Sample sample = violated();
  const std::string name = std::string(300, 'n') + "\x1b[31m注文";
  sample.scenario.title = name + " " + name;
  sample.scenario.lesson = name;
  sample.scenario.producers[0].name = name;
  sample.scenario.streams[0].name = name;
  sample.scenario.file = "file.yaml";
  ConsumerResult& mapping = sample.result.consumers[0];
  mapping.name = mapping.stream = mapping.function = name;
  mapping.pictures[0].shard = name;
  mapping.pictures[0].labels = {name, name, name, name, name, name};
  mapping.duplicate_examples = testing::given<DeliveryReason, std::vector<std::string>>(
      {{DeliveryReason::bisect, {name, name}}});
  mapping.longest_block = LongestBlock{name, 0, name, seconds(4), 3, 0, {}};
  mapping.fates[Fate::processed] = UINT64_MAX / 2;
  sample.result.destinations[0].name = name;
  sample.result.destinations[0].messages[0].records = {name};
  for (RecordRow& row : sample.result.rows) row.id = name;
  for (JudgedExpectation& each : sample.judgement.expectations) {
    each.name += name, each.wanted += name, each.actual += name;
  }
  Report report;
  report.base = sample.view();
  report.variants = {sample.view(name)};
  const std::string text = report_text(report);
  INFO(text);
  CHECK(widest(text) <= page_width);
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("the record that stood longest at the head is told with its end") {
  Sample sample = samples::partial_response();
  const auto told = [&](LongestBlock block) {
    block.shard = "shardId-000000000000";
    sample.result.consumers[0].longest_block = block;
    const std::string text = text_of(sample);
    const std::size_t from = text.find("Longest block");
    std::string found = text.substr(from, text.find("\n\n", from) - from);
    for (std::size_t at; (at = found.find("\n  ")) != std::string::npos;) found.replace(at, 3, " ");
    return found;
  };
  using Release = LongestBlock::Release;
  CHECK(told({"r0", 0, "", milliseconds(1'800), 3, 0, Release::done}) ==
        "Longest block: r0 was at the head of shardId-000000000000 for 1.8s and was tried 3 "
        "times, then done.");
  CHECK(told({"", 1'234, "", hours(24), 2, 0, Release::expired}) ==
        "Longest block: record 1,234 was at the head of shardId-000000000000 for 24h and was "
        "tried twice, until retention took it.");
  CHECK(told({"r0", 0, "", seconds(3), 1, 3, Release::still_there}) ==
        "Longest block: r0 was at the head of shardId-000000000000 for 3s and was tried once "
        "and throttled 3 times; it is still there.");
  CHECK(told({"r0", 0, "", seconds(3), 0, 2, Release::given_up}) ==
        "Longest block: r0 was at the head of shardId-000000000000 for 3s and was throttled "
        "twice, then given up.");
}

TEST_CASE("a run of which nothing is expected is told by what happened, the worst first") {
  Sample sample = samples::partial_response();
  sample.judgement = Judgement{};
  ConsumerResult& mapping = sample.result.consumers[0];
  const auto head = [&] { return first_line(text_of(sample)); };
  const std::string title = "  Progress resets the retry budget";
  const auto fates = [&](std::initializer_list<std::pair<Fate, std::uint64_t>> all) {
    mapping.fates = testing::given<Fate>(all);
  };
  fates({{Fate::processed, 6}});
  CHECK(head() == "• ALL PROCESSED" + title);
  fates({{Fate::processed, 5}, {Fate::pending, 1'000}});
  CHECK(head() == "• WAITING 1,000" + title);
  sample.result.duplicates = 2;
  CHECK(head() == "• REPEATED 2" + title);
  fates({{Fate::processed, 4}, {Fate::pending, 1}, {Fate::discarded, 1}, {Fate::dropped, 2}});
  CHECK(head() == "• GAVE UP 3" + title);
  fates({{Fate::processed, 4}, {Fate::discarded, 1}, {Fate::expired, 7}});
  CHECK(head() == "• EXPIRED 7" + title);
  sample.result.lost = 3;
  CHECK(head() == "• LOST 3" + title);
  CHECK(text_of(sample).find(
            "The file has no `expect:`, so there is no verdict; 9 invariants held.") !=
        std::string::npos);
  fates({{Fate::unread, 6}});
  sample.result.lost = sample.result.duplicates = 0;
  CHECK(head() == "• RAN" + title);
}

TEST_CASE("a run is judged as soon as it or a variant expects something") {
  Sample sample = samples::partial_response();
  const Sample judged = samples::partial_response();
  CHECK(first_line(text_of(judged)) == "✓ HOLDS  Progress resets the retry budget");
  sample.judgement = Judgement{};
  Report report;
  report.base = sample.view();
  report.variants = {judged.view("with_expectations")};
  CHECK(first_line(report_text(report)) == "✓ HOLDS  Progress resets the retry budget");
  // A broken invariant is a verdict too.
  sample.judgement.verdict = Verdict::violated;
  sample.result.invariants[0].violations = 1;
  report = Report{sample.view(), {}};
  CHECK(first_line(report_text(report)) == "✗ VIOLATED  Progress resets the retry budget");
}

TEST_CASE("a report names the edition of its rules") {
  CHECK(text_of(samples::partial_response())
            .find("scenarios/050-partial-response-budget.yaml, seed 1, rules of " +
                  std::string(edition()) + "\n") != std::string::npos);
}

TEST_CASE("a run without mappings or records is reported all the same") {
  Sample sample = samples::partial_response();
  sample.result = Result{};
  sample.result.ended = RunEnd::drained;
  sample.judgement = Judgement{};
  CHECK(text_of(sample) ==
        "• RAN  Progress resets the retry budget\n"
        "  The file has no `expect:`, so there is no verdict; 0 invariants held.\n"
        "  scenarios/050-partial-response-budget.yaml, seed 1, rules of 2026-11\n"
        "\n"
        "A partial response that makes progress starts a new batch with a fresh retry\n"
        "budget.\n"
        "\n"
        "What happened\n"
        "  No records were put. After 0s nothing was left to happen.\n"
        "\n"
        "replay: trimhorizon run scenarios/050-partial-response-budget.yaml --seed 1\n");
}
