// Judges each kind of expectation against a result.
#include "sim/experiment/judge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/experiment/judge_reads.hpp"
#include "sim/experiment/judge_streams.hpp"
#include "sim/experiment/judging.hpp"
#include "sim/metrics/metrics.hpp"

namespace trimhorizon {
namespace {

template <class Of>
std::uint64_t sum(const std::vector<const ConsumerResult*>& consumers, Of of) {
  std::uint64_t total = 0;
  for (const ConsumerResult* each : consumers) total += of(*each);
  return total;
}

// ---- one kind each ------------------------------------------------------------------------------

// A run without rows of all records still has those that an expectation names, in `watched`.
void judge_deliveries(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  bool is_stored = false;
  std::uint64_t deliveries = 0;  // over all copies of the record
  for (const std::vector<RecordRow>* rows : {&result.watched, &result.rows}) {
    if (is_stored) break;
    for (const RecordRow& row : *rows) {
      if (row.id != expected.subject) continue;
      is_stored = true;
      for (const RecordAtConsumer& each : row.consumers) {
        const bool counts = expected.scope.empty() || each.consumer == expected.scope;
        if (counts) deliveries += each.deliveries;
      }
    }
  }
  if (is_stored) return judge_count(out, deliveries, expected);
  undecided(out, "no record `" + expected.subject + "` was ever stored");
}

void judge_checkpoint(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  out.wanted = expected.wanted_text.empty() ? "none" : expected.wanted_text;
  for (const ConsumerResult* mapping : consumers_of(result, expected.scope)) {
    for (const ShardResult& shard : mapping->shards) {
      if (shard.shard != expected.subject) continue;
      out.actual = shard.checkpoint.value_or("none");
      out.verdict = out.actual == out.wanted ? Verdict::holds : Verdict::violated;
      return;
    }
  }
  undecided(out, "no shard `" + expected.subject + "` was ever read by this mapping");
}

// A message in the words an expectation uses, with the fields that are compared.
std::string message_text(const DestinationMessage& message) {
  const std::string count = std::to_string(message.approximate_invoke_count);
  std::string text = "{condition: " + message.condition + ", approximateInvokeCount: " + count +
                     ", batchSize: " + std::to_string(message.batch_size) + ", records: [";
  constexpr std::size_t shown_max = 10;
  for (std::size_t i = 0; i < message.records.size(); ++i) {
    if (i > 0) text += ", ";
    if (i == shown_max) {
      text += "… " + std::to_string(message.records.size() - shown_max) + " more";
      break;
    }
    text += message.records[i];
  }
  return text + "]}";
}

// The first named field that differs, or empty.
std::string difference(const DestinationMessage& got, const WantedMessage& wanted) {
  Difference first;
  first.check("condition", got.condition, wanted.condition);
  first.check("approximateInvokeCount", static_cast<std::int64_t>(got.approximate_invoke_count),
              wanted.approximate_invoke_count);
  first.check("batchSize", static_cast<std::int64_t>(got.batch_size), wanted.batch_size);
  first.check("shardId", got.shard_id, wanted.shard_id);
  first.check("functionError", got.function_error, wanted.function_error);
  first.check("records", got.records, wanted.records);
  return first.text();
}

void judge_destination(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  const auto messages_text = [](std::size_t n) { return number_of(n, "message"); };
  out.wanted = messages_text(expected.messages.size());
  for (const WantedMessage& each : expected.messages) out.wanted += " " + each.text;
  const auto found =
      std::find_if(result.destinations.begin(), result.destinations.end(),
                   [&](const DestinationResult& each) { return each.name == expected.scope; });
  if (found == result.destinations.end()) {
    return undecided(out, "no destination `" + expected.scope + "` exists");
  }
  const std::vector<DestinationMessage>& got = found->messages;
  const std::size_t got_count = got.size() + found->left_out;
  out.actual = messages_text(got_count);
  constexpr std::size_t shown_max = 20;
  for (std::size_t i = 0; i < std::min(got.size(), shown_max); ++i) {
    out.actual += " " + message_text(got[i]);
  }
  for (std::size_t i = 0; i < std::min(got.size(), expected.messages.size()); ++i) {
    const std::string what = difference(got[i], expected.messages[i]);
    if (what.empty()) continue;
    out.verdict = Verdict::violated;
    out.why = "message " + std::to_string(i + 1) + ": " + what;
    return;
  }
  if (got_count != expected.messages.size()) {
    out.verdict = Verdict::violated;
    out.why = messages_text(got_count) + " instead of " + std::to_string(expected.messages.size());
  }
}

template <class MetricEnum>
void judge_value(JudgedExpectation& out, const Expectation& expected,
                 const AskedMetric<MetricEnum>& asked,
                 const std::optional<MetricValue<MetricEnum>>& found) {
  const auto& metric = asked.metric();
  if (!found) return undecided(out, fmt::format("the metric `{}` is not counted", metric.name));
  const bool reached = metric.shape == MetricShape::maximum && found->counter > 0;
  if (metric.shape == MetricShape::counter || reached) {
    return judge_count(out, found->counter, expected);
  }
  if (!found->samples || found->samples->count() == 0) {
    return undecided(out, fmt::format("the metric `{}` has no samples", metric.name));
  }
  const __int128 actual = thousandths_of(*found->samples, *asked.statistic);
  const auto whole = static_cast<std::int64_t>(actual / 1000);
  out.actual =
      metric.unit == MetricUnit::time ? duration_text(Duration{whole}) : std::to_string(whole);
  judge_thousandths(out, actual, expected);
}

// Streams have other metrics than mappings and functions, so the metric says whose it is.
void judge_metric(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  if (expected.check) return judge_metric_of_part(out, expected, result);
  if (const auto asked = stream_metric_named(expected.subject)) {
    std::vector<const StreamResult*> streams;
    if (const StreamResult* stream = stream_of(result.streams, expected.scope)) {
      streams.push_back(stream);
    }
    return judge_value(out, expected, *asked, total_of(streams, asked->id));
  }
  const std::optional<MetricName> asked = metric_named(expected.subject);
  if (!asked) {
    return undecided(out, fmt::format("the metric `{}` is not counted", expected.subject));
  }
  judge_value(out, expected, *asked, total_of(consumers_of(result, expected.scope), asked->id));
}

void judge_always(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  out.wanted = "holds";
  for (const InvariantResult& each : result.invariants) {
    if (name(each.invariant) != expected.subject) continue;
    if (!each.holds()) out.why = violation_text(each);
    out.verdict = each.holds() ? Verdict::holds : Verdict::violated;
    out.actual = name(out.verdict);
    return;
  }
  undecided(out, "the invariant `" + expected.subject + "` was never checked");
}

void judge_sometimes(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  out.wanted = "occurs";
  const std::optional<Situation> situation = member_named<Situation>(expected.subject);
  if (!situation || !result.situations.has(*situation)) {
    return undecided(out, "`" + expected.subject + "` did not occur in this run");
  }
  out.actual = "occurred";
}

void judge_kind(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  const auto scoped = [&] { return consumers_of(result, expected.scope); };
  // The whole run also loses what its producers never stored, where nobody reads the stream.
  const bool also_unread =
      expected.scope.empty() && (expected.kind == ExpectKind::lost ||
                                 expected.subject == name(LossCause::producer_ignored_failure));
  const std::uint64_t more = also_unread ? result.lost_without_consumer : 0;
  const auto total = [&](auto of) { judge_count(out, more + sum(scoped(), of), expected); };
  const auto total_member = [&](std::uint64_t ConsumerResult::*member) {
    total([&](const ConsumerResult& m) { return m.*member; });
  };
  const auto total_of = [&]<class Enum>(Counts<Enum> ConsumerResult::*counts) {
    const std::optional<Enum> which = member_named<Enum>(expected.subject);
    total([&](const ConsumerResult& m) { return which ? (m.*counts)[*which] : 0; });
  };
  switch (expected.kind) {
    case ExpectKind::lost: return total_member(&ConsumerResult::lost);
    case ExpectKind::duplicates: return total_member(&ConsumerResult::duplicates);
    case ExpectKind::never_accepted: return judge_count(out, result.never_accepted, expected);
    case ExpectKind::invocations: return total_member(&ConsumerResult::invocations);
    case ExpectKind::fates: return total_of(&ConsumerResult::fates);
    case ExpectKind::lost_by_cause: return total_of(&ConsumerResult::lost_by_cause);
    case ExpectKind::duplicates_by_cause: return total_of(&ConsumerResult::duplicates_by_cause);
    case ExpectKind::deliveries: return judge_deliveries(out, expected, result);
    case ExpectKind::checkpoint: return judge_checkpoint(out, expected, result);
    case ExpectKind::destinations: return judge_destination(out, expected, result);
    case ExpectKind::metrics: return judge_metric(out, expected, result);
    case ExpectKind::always: return judge_always(out, expected, result);
    case ExpectKind::sometimes: return judge_sometimes(out, expected, result);
    case ExpectKind::shards: return judge_shards(out, expected, result);
    case ExpectKind::across: return judge_across(out, expected, result);
    case ExpectKind::user_records: return judge_user_records(out, expected, result);
    case ExpectKind::api_errors: return judge_api_errors(out, expected, result);
    case ExpectKind::reads: return judge_read(out, expected, result);
    case ExpectKind::first_delivery: return judge_first_delivery(out, expected, result);
    case ExpectKind::caught_up: return judge_caught_up(out, expected, result);
    case ExpectKind::backlog: return judge_backlog(out, expected, result);
    case ExpectKind::iterator_age: return judge_oldest(out, expected, result);
  }
}

}  // namespace

Judgement judge(const Scenario& scenario, const Result& result) {
  Judgement judgement = judge_invariants(result);
  for (const Expectation& expected : scenario.expect) {
    JudgedExpectation judged;
    judged.name = expected.name;
    judged.wanted = wanted_text(expected.wanted);
    judge_kind(judged, expected, result);
    judgement.verdict = worse(judgement.verdict, judged.verdict);
    judgement.expectations.push_back(std::move(judged));
  }
  return judgement;
}

Judgement judge_invariants(const Result& result) {
  Judgement judgement;
  for (const InvariantResult& each : result.invariants) {
    if (!each.holds()) judgement.verdict = Verdict::violated;
  }
  return judgement;
}

}  // namespace trimhorizon
