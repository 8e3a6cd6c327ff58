// Judges each kind of expectation against a result.
#include "sim/experiment/judge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/metrics/metrics.hpp"

namespace trimhorizon {
namespace {

// ---- comparing ----------------------------------------------------------------------------------

bool compare(__int128 actual_thousandths, const Comparison& wanted) {
  const __int128 value = wanted.value_thousandths;
  switch (wanted.op) {
    case Comparison::Op::equal: return actual_thousandths == value;
    case Comparison::Op::not_equal: return actual_thousandths != value;
    case Comparison::Op::less: return actual_thousandths < value;
    case Comparison::Op::at_most: return actual_thousandths <= value;
    case Comparison::Op::greater: return actual_thousandths > value;
    case Comparison::Op::at_least: return actual_thousandths >= value;
  }
  return false;
}

// `0` in the file becomes "== 0"; "<= 10" stays as it is.
std::string wanted_text(const std::vector<Comparison>& wanted) {
  std::string text;
  for (const Comparison& each : wanted) {
    if (!text.empty()) text += " and ";
    const bool has_operator =
        !each.text.empty() && std::string_view("=!<>").find(each.text[0]) != std::string_view::npos;
    text += has_operator ? each.text : "== " + each.text;
  }
  return text;
}

void judge_thousandths(JudgedExpectation& out, __int128 actual, const Expectation& expected) {
  const bool all = std::all_of(expected.wanted.begin(), expected.wanted.end(),
                               [&](const Comparison& each) { return compare(actual, each); });
  out.verdict = all ? Verdict::holds : Verdict::violated;
}

void judge_count(JudgedExpectation& out, std::uint64_t actual, const Expectation& expected) {
  out.actual = std::to_string(actual);
  out.actual_number = static_cast<std::int64_t>(actual);
  judge_thousandths(out, static_cast<__int128>(actual) * 1000, expected);
}

void undecided(JudgedExpectation& out, std::string why) {
  out.actual = "never occurred";
  out.verdict = Verdict::undecided;
  out.why = std::move(why);
}

// ---- finding ------------------------------------------------------------------------------------

// The mappings an expectation is about: the named one, those of the named function, or all.
std::vector<const ConsumerResult*> mappings_of(const Result& result, std::string_view scope) {
  std::vector<const ConsumerResult*> found;
  for (const ConsumerResult& each : result.consumers) {
    if (scope.empty() || each.name == scope) found.push_back(&each);
  }
  if (!found.empty()) return found;
  for (const ConsumerResult& each : result.consumers) {
    if (each.function == scope) found.push_back(&each);
  }
  return found;
}

template <class Of>
std::uint64_t sum(const std::vector<const ConsumerResult*>& mappings, Of of) {
  std::uint64_t total = 0;
  for (const ConsumerResult* each : mappings) total += of(*each);
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
  for (const ConsumerResult* mapping : mappings_of(result, expected.scope)) {
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

std::string field_text(const std::string& text) { return text; }
std::string field_text(std::int64_t number) { return std::to_string(number); }
std::string field_text(const std::optional<std::string>& text) { return text.value_or("null"); }
std::string field_text(const std::vector<std::string>& ids) {
  return fmt::format("[{}]", fmt::join(ids, ", "));
}

// The first named field that differs, or empty.
std::string difference(const DestinationMessage& got, const WantedMessage& wanted) {
  std::string first;
  const auto check = [&](std::string_view field, const auto& is, const auto& want) {
    if (!first.empty() || !want || *want == is) return;
    first = fmt::format("{} is {}, wanted {}", field, field_text(is), field_text(*want));
  };
  check("condition", got.condition, wanted.condition);
  check("approximateInvokeCount", static_cast<std::int64_t>(got.approximate_invoke_count),
        wanted.approximate_invoke_count);
  check("batchSize", static_cast<std::int64_t>(got.batch_size), wanted.batch_size);
  check("shardId", got.shard_id, wanted.shard_id);
  check("functionError", got.function_error, wanted.function_error);
  check("records", got.records, wanted.records);
  return first;
}

void judge_destination(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  const auto messages_text = [](std::size_t n) {
    return std::to_string(n) + (n == 1 ? " message" : " messages");
  };
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

// The metric over all these mappings: counters are added, a maximum is the largest of all. Nothing
// if no mapping counts it.
std::optional<Metric> total_of(const std::vector<const ConsumerResult*>& mappings, MetricId id) {
  std::optional<Metric> total;
  for (const ConsumerResult* mapping : mappings) {
    for (const Metric& metric : mapping->metrics) {
      if (metric.id != id) continue;
      if (!total) total = Metric{id, 0, std::nullopt};
      const bool is_maximum = metric.info().shape == MetricShape::maximum;
      total->counter =
          is_maximum ? std::max(total->counter, metric.counter) : total->counter + metric.counter;
      if (!metric.samples) continue;
      if (!total->samples) total->samples.emplace();
      total->samples->merge(*metric.samples);
    }
  }
  return total;
}

void judge_metric(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  const std::optional<MetricName> asked = metric_named(expected.subject);
  const std::string name = expected.subject.substr(0, expected.subject.find('.'));
  std::optional<Metric> found;
  if (asked) found = total_of(mappings_of(result, expected.scope), asked->id);
  if (!found) return undecided(out, "the metric `" + name + "` is not counted");
  const Metric& total = *found;
  const MetricInfo& metric = asked->metric();
  const bool reached = metric.shape == MetricShape::maximum && total.counter > 0;
  if (metric.shape == MetricShape::counter || reached) {
    return judge_count(out, total.counter, expected);
  }
  if (!total.samples || total.samples->count() == 0) {
    return undecided(out, "the metric `" + name + "` has no samples");
  }
  const __int128 actual = thousandths_of(*total.samples, *asked->statistic);
  const auto whole = static_cast<std::int64_t>(actual / 1000);
  out.actual =
      metric.unit == MetricUnit::time ? duration_text(Duration{whole}) : std::to_string(whole);
  judge_thousandths(out, actual, expected);
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
  const auto scoped = [&] { return mappings_of(result, expected.scope); };
  const auto total = [&](auto of) { judge_count(out, sum(scoped(), of), expected); };
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
