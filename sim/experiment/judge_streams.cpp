#include "sim/experiment/judge_streams.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/format.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t shown_of_list_max = 20;

// The snapshot at this instant; null, with a judgement, when the run ended before.
const Snapshot* snapshot_at(JudgedExpectation& out, const Result& result, Instant at, bool before) {
  for (const Snapshot& each : result.snapshots) {
    if (each.at == at && each.before == before) return &each;
  }
  undecided(out, fmt::format("the run ended before {}", duration_text(at - Instant{0})));
  return nullptr;
}

// The stream that the expectation is about, at its instant or at the end of the run. Null, with a
// judgement, when nothing is known of it.
const StreamResult* stream_then(JudgedExpectation& out, const Expectation& expected,
                                const Result& result) {
  const std::vector<StreamResult>* streams = &result.streams;
  if (expected.check) {
    const Snapshot* then = snapshot_at(out, result, expected.check->from, false);
    if (then == nullptr) return nullptr;
    streams = &then->streams;
  }
  const StreamResult* found = stream_of(*streams, expected.scope);
  if (found == nullptr) undecided(out, fmt::format("no stream `{}` exists", expected.scope));
  return found;
}

// ---- shards

std::string shard_text(const ListedShard& shard) {
  const auto or_null = [](const std::optional<std::string>& text) { return text.value_or("null"); };
  return fmt::format(
      "{{ShardId: {}, ParentShardId: {}, AdjacentParentShardId: {}, HashKeyRange: [{}, {}], "
      "SequenceNumberRange: [{}, {}]}}",
      shard.id, or_null(shard.parent), or_null(shard.adjacent), shard.first_hash_key,
      shard.last_hash_key, shard.starting_sequence_number, or_null(shard.ending_sequence_number));
}

std::string difference_of(const ListedShard& got, const WantedShard& wanted) {
  Difference first;
  first.check("ShardId", got.id, wanted.id);
  first.check("ParentShardId", got.parent, wanted.parent);
  first.check("AdjacentParentShardId", got.adjacent, wanted.adjacent);
  first.check("HashKeyRange", std::vector{got.first_hash_key, got.last_hash_key}, wanted.hash_keys);
  first.check("SequenceNumberRange",
              std::vector<std::optional<std::string>>{got.starting_sequence_number,
                                                      got.ending_sequence_number},
              wanted.sequence_numbers);
  return first.text();
}

// Both lists in their order: the first pair that differs, or else their lengths.
template <class Got, class Wanted, class Differ>
void judge_list(JudgedExpectation& out, const std::vector<Got>& got,
                const std::vector<Wanted>& wanted, std::string_view noun, Differ differ) {
  for (std::size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) {
    const std::string what = differ(got[i], wanted[i]);
    if (!what.empty()) return violated(out, fmt::format("{} {}: {}", noun, i + 1, what));
  }
  if (got.size() == wanted.size()) return;
  violated(out, fmt::format("{} instead of {}", number_of(got.size(), noun), wanted.size()));
}

void judge_ids(JudgedExpectation& out, const std::vector<std::string>& got,
               const Expectation& expected) {
  out.wanted = in_brackets(expected.ids);
  out.actual = in_brackets(got);
  out.verdict = got == expected.ids ? Verdict::holds : Verdict::violated;
}

void judge_listing(JudgedExpectation& out, const Expectation& expected,
                   const StreamResult& stream) {
  out.wanted = number_of(expected.shards.size(), "shard");
  for (const WantedShard& each : expected.shards) out.wanted += " " + each.text;
  out.actual = number_of(stream.listed.size(), "shard");
  for (std::size_t i = 0; i < std::min(stream.listed.size(), shown_of_list_max); ++i) {
    out.actual += " " + shard_text(stream.listed[i]);
  }
  judge_list(out, stream.listed, expected.shards, "shard", difference_of);
}

// ---- what the API answered

std::string call_text(const ApiCallRow& call) {
  return fmt::format("{{at: {}, action: {}, stream: {}, error: {}}}",
                     duration_text(call.at - Instant{0}), call.action, call.stream,
                     name(*call.error));
}

std::string difference_of(const ApiCallRow& got, const WantedError& wanted) {
  Difference first;
  first.check("action", got.action, wanted.action);
  first.check("stream", got.stream, wanted.stream);
  first.check("error", std::string(name(*got.error)), wanted.error);
  if (!first.text().empty() || wanted.at.empty()) return first.text();
  JudgedExpectation at;
  Expectation of_time;
  of_time.wanted = wanted.at;
  judge_duration(at, got.at - Instant{0}, of_time);
  if (at.verdict == Verdict::holds) return {};
  return fmt::format("at is {}, wanted {}", at.actual, wanted_text(wanted.at));
}

// ---- instants

std::uint64_t counter_at(const Snapshot& snapshot, const Expectation& expected, bool& is_known) {
  if (const auto asked = stream_metric_named(expected.subject)) {
    const StreamResult* stream = stream_of(snapshot.streams, expected.scope);
    const auto total = stream == nullptr
                           ? std::nullopt
                           : total_of(std::vector<const StreamResult*>{stream}, asked->id);
    is_known = is_known && total.has_value();
    return total ? total->counter : 0;
  }
  std::vector<const ConsumerThen*> consumers;
  for (const ConsumerThen& each : snapshot.consumers) {
    if (each.name == expected.scope) consumers.push_back(&each);
  }
  const auto asked = metric_named(expected.subject);
  const auto total = asked ? total_of(consumers, asked->id) : std::nullopt;
  is_known = is_known && total.has_value();
  return total ? total->counter : 0;
}

// The consumer at the instant of the check; null, with a judgement, when there is none.
const ConsumerThen* consumer_then(JudgedExpectation& out, const Expectation& expected,
                                  const Result& result) {
  const Snapshot* then = snapshot_at(out, result, expected.check->from, false);
  if (then == nullptr) return nullptr;
  for (const ConsumerThen& each : then->consumers) {
    if (each.name == expected.scope) return &each;
  }
  undecided(out, fmt::format("no consumer `{}` exists", expected.scope));
  return nullptr;
}

}  // namespace

const StreamResult* stream_of(const std::vector<StreamResult>& streams, std::string_view name) {
  for (const StreamResult& each : streams) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

void judge_shards(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  const StreamResult* stream = stream_then(out, expected, result);
  if (stream == nullptr) return;
  if (expected.subject == "list") return judge_listing(out, expected, *stream);
  std::vector<std::string> open;
  for (const ListedShard& each : stream->listed) {
    if (each.open) open.push_back(each.id);
  }
  if (expected.subject == "ids") return judge_ids(out, open, expected);
  const bool wants_open = expected.subject == "open";
  judge_count(out, wants_open ? open.size() : stream->listed.size() - open.size(), expected);
}

void judge_across(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  const StreamResult* stream = stream_then(out, expected, result);
  if (stream == nullptr) return;
  const bool nobody = expected.subject == "nobody";
  judge_count(out, nobody ? stream->across.nobody : stream->across.several, expected);
}

void judge_user_records(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  const StreamResult* stream = stream_then(out, expected, result);
  if (stream == nullptr) return;
  for (const ListedShard& shard : stream->listed) {
    if (shard.id == expected.subject) return judge_ids(out, shard.user_records, expected);
  }
  out.wanted = in_brackets(expected.ids);
  undecided(out, fmt::format("stream `{}` has no shard `{}` at the end", expected.scope,
                             expected.subject));
}

void judge_api_errors(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  std::vector<ApiCallRow> errors;
  for (const ApiCallRow& each : result.api_calls) {
    if (each.error) errors.push_back(each);
  }
  out.wanted = number_of(expected.errors.size(), "error");
  for (const WantedError& each : expected.errors) out.wanted += " " + each.text;
  out.actual = number_of(errors.size(), "error");
  for (std::size_t i = 0; i < std::min(errors.size(), shown_of_list_max); ++i) {
    out.actual += " " + call_text(errors[i]);
  }
  judge_list(
      out, errors, expected.errors, "error",
      [](const ApiCallRow& got, const WantedError& wanted) { return difference_of(got, wanted); });
}

void judge_first_delivery(JudgedExpectation& out, const Expectation& expected,
                          const Result& result) {
  const FirstDelivery* first = nullptr;
  for (const FirstDelivery& each : result.first_deliveries) {
    if (each.record != expected.subject || each.consumer != expected.scope) continue;
    if (first == nullptr || each.at < first->at) first = &each;
  }
  if (first != nullptr) return judge_duration(out, first->at - Instant{0}, expected);
  undecided(
      out, fmt::format("no record `{}` was ever handed to `{}`", expected.subject, expected.scope));
}

void judge_caught_up(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  for (const ConsumerResult* each : consumers_of(result, expected.scope)) {
    if (each->caught_up) return judge_duration(out, *each->caught_up - Instant{0}, expected);
    return judge_not_yet(out, Instant{0} + result.simulated, result.ended == RunEnd::drained,
                         expected, "at the end a record that is not settled is older than 2 s");
  }
  undecided(out, fmt::format("no consumer `{}` exists", expected.scope));
}

void judge_backlog(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  const ConsumerThen* then = consumer_then(out, expected, result);
  if (then != nullptr) judge_count(out, then->backlog, expected);
}

void judge_oldest(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  const ConsumerThen* then = consumer_then(out, expected, result);
  if (then != nullptr) judge_duration(out, then->oldest, expected);
}

// The counter just before the end of the part, less the counter just before its beginning.
void judge_metric_of_part(JudgedExpectation& out, const Expectation& expected,
                          const Result& result) {
  const Snapshot* until = snapshot_at(out, result, *expected.check->until, true);
  const Snapshot* from =
      until == nullptr ? nullptr : snapshot_at(out, result, expected.check->from, true);
  if (from == nullptr) return;
  bool is_known = true;
  const std::uint64_t last = counter_at(*until, expected, is_known);
  const std::uint64_t first = counter_at(*from, expected, is_known);
  if (!is_known) {
    return undecided(out, fmt::format("the metric `{}` is not counted", expected.subject));
  }
  judge_count(out, last - first, expected);
}

}  // namespace trimhorizon
