#include "sim/report/timeline.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/base/overloaded.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t lines_max = 12;
constexpr std::size_t lines_max_with_reads = 26;  // their answers stand only there
constexpr std::size_t letters_max = 26;

std::string target_of(const Scenario& scenario, const TimelineAction& action) {
  switch (action.kind) {
    case ActionKind::throttle:
    case ActionKind::outage: return scenario.functions[action.function.value].name;
    case ActionKind::crash_poller:
      return scenario.mappings[action.mapping.value].name + " at " +
             shard_id_text(action.shard_number);
    case ActionKind::lose_acknowledgements: return scenario.producers[action.producer.value].name;
    case ActionKind::fail_destination: return scenario.destinations[action.destination.value].name;
    case ActionKind::update_event_source_mapping:
      return scenario.mappings[action.mapping.value].name;
    case ActionKind::api_call:
      return call_words(*action.call, scenario.streams[action.call->stream.value].name);
    case ActionKind::stream_failures: return scenario.streams[action.failures->stream.value].name;
    case ActionKind::get_records: return scenario.streams[action.read->stream.value].name;
  }
  return "";
}

// "; r1 and r2, MillisBehindLatest 60s", or the error.
std::string read_words(const std::vector<ReadRow>& reads, std::uint32_t entry) {
  for (const ReadRow& each : reads) {
    if (each.timeline != entry) continue;
    if (each.error) {
      return fmt::format("; refused, {}: {}", name(*each.error), sentence(each.reason));
    }
    std::string text = each.trimmed ? "; that record is gone: " : "; ";
    if (each.records.empty()) {
      text += "no record";
    } else if (each.records.size() <= 3) {
      text += listed(each.records);
    } else {
      text += fmt::format("{}, {} to {}", counted(each.records.size(), "record"),
                          clean(each.records.front()), clean(each.records.back()));
    }
    text += ", MillisBehindLatest " + friendly_duration(milliseconds(each.millis_behind_latest));
    if (each.last) text += "; the end of the shard: then " + listed(each.children);
    return text;
  }
  return "";
}

// "puts of orders fail: InternalFailure 5%; reads: ThrottlingException 1%"
std::string failure_words(const StreamFailures& failures, const std::string& stream) {
  const auto kinds = [](const FailureRates& rates) {
    const std::array<std::pair<ApiError, Probability>, 5> all = {
        {{ApiError::InternalFailure, rates.internal_failure},
         {ApiError::ServiceUnavailable, rates.unavailable},
         {ApiError::ThrottlingException, rates.throttling},
         {ApiError::ProvisionedThroughputExceededException, rates.throughput_exceeded},
         {ApiError::ExpiredIteratorException, rates.expired_iterator}}};
    std::vector<std::string> texts;
    for (const auto& [error, rate] : all) {
      if (rate.parts_per_billion == 0) continue;
      texts.push_back(fmt::format("{} {:g}%", name(error), rate.parts_per_billion / 10'000'000.0));
    }
    return listed(texts);
  };
  const std::string puts = kinds(failures.put);
  const std::string reads = kinds(failures.get);
  std::string text;
  if (!puts.empty()) text = fmt::format("puts into {} fail: {}", stream, puts);
  if (!reads.empty()) {
    text += text.empty() ? fmt::format("reads of {} fail: {}", stream, reads)
                         : "; reads fail: " + reads;
  }
  return text;
}

// "shard 0 of orders after r3 (probe)"
std::string what_is_read(const BareRead& read, std::string_view stream) {
  const std::string number = read.record.empty() ? read.sequence_number.value_or("") : read.record;
  std::string from;
  switch (read.from) {
    case IteratorType::at_sequence_number: from = "at " + number; break;
    case IteratorType::after_sequence_number: from = "after " + number; break;
    case IteratorType::trim_horizon: from = "from TRIM_HORIZON"; break;
    case IteratorType::latest: from = "from LATEST"; break;
    case IteratorType::at_timestamp: from = "from a timestamp"; break;
  }
  const std::string named = read.name.empty() ? "" : fmt::format(" ({})", read.name);
  return fmt::format("GetRecords of {}: shard {} {}{}", stream, read.shard_number, from, named);
}

std::string fail_words(const FunctionEntry& function, const FailRule& rule) {
  std::string what = clean(function.name);
  if (!rule.records.empty())
    what += " fails at " + listed(rule.records);
  else if (!rule.keys.empty())
    what += " fails at records with key " + listed(rule.keys);
  else
    what += " fails";
  if (rule.over_records) what += " with more than " + counted(*rule.over_records, "record");
  if (rule.over_bytes)
    what +=
        " with more than " + count_text(static_cast<std::uint64_t>(*rule.over_bytes)) + " bytes";
  if (!rule.attempts.empty() || !rule.deliveries.empty() || rule.probability) what += " at times";
  return what;
}

// "; refused, InvalidArgumentException: the shard is closed", or when it was done.
std::string answer_words(const std::vector<ApiCallRow>& answers, std::uint32_t entry) {
  for (const ApiCallRow& each : answers) {
    if (each.timeline != entry) continue;
    if (each.error) {
      return fmt::format("; refused, {}: {}", name(*each.error), sentence(each.reason));
    }
    return each.in_force ? "; in force at " + friendly_duration(*each.in_force - Instant{0}) : "";
  }
  return "";
}

std::string when_words(const TimelineMark& mark) {
  const std::string from = friendly_duration(mark.from - Instant{0});
  if (mark.at_once) return from;
  return mark.until ? from + " to " + friendly_duration(*mark.until - Instant{0})
                    : "from " + from + " on";
}

}  // namespace

std::string action_words(ActionKind kind, std::string_view target, bool enabled) {
  const std::string name = clean(target);
  switch (kind) {
    case ActionKind::throttle: return "throttle of " + name;
    case ActionKind::outage: return "outage of " + name;
    case ActionKind::crash_poller: return "a poller of " + name + " crashes";
    case ActionKind::lose_acknowledgements: return "acknowledgements to " + name + " are lost";
    case ActionKind::fail_destination: return name + " takes no message";
    case ActionKind::update_event_source_mapping:
      return name + (enabled ? " is enabled" : " is disabled");
    case ActionKind::api_call: return name;
    case ActionKind::stream_failures: return "calls of " + name + " fail";
    case ActionKind::get_records: return "a read of " + name;
  }
  return "";
}

std::string call_words(const ApiCall& call, std::string_view stream) {
  const std::string what = fmt::format("{} of {}", name(call.action_name()), stream);
  const auto hours_text = [](std::int64_t hours) { return fmt::format(": {}h", hours); };
  return what +
         std::visit(
             overloaded{
                 [](const SplitShardCall& e) {
                   const bool middle = !e.new_starting_hash_key;
                   return fmt::format(
                       ": shard {} at {}", e.shard,
                       middle ? "its middle" : "hash key " + to_decimal(*e.new_starting_hash_key));
                 },
                 [](const MergeShardsCall& e) {
                   return fmt::format(": shards {} and {}", e.shard, e.adjacent);
                 },
                 [](const UpdateShardCountCall& e) { return fmt::format(": to {}", e.target); },
                 [](const UpdateStreamModeCall& e) { return fmt::format(": {}", name(e.mode)); },
                 [&](const IncreaseRetentionCall& e) { return hours_text(e.hours); },
                 [&](const DecreaseRetentionCall& e) { return hours_text(e.hours); },
                 [](const RegisterConsumerCall& e) { return ": " + e.name; },
                 [](const DeregisterConsumerCall& e) { return ": " + e.name; },
             },
             call.action);
}

std::vector<TimelineMark> timeline_of(const Scenario& scenario, const Result& result) {
  std::vector<TimelineMark> marks;
  for (std::uint32_t i = 0; i < scenario.timeline.size(); ++i) {
    const TimelineAction& action = scenario.timeline[i];
    TimelineMark mark;
    mark.from = action.at;
    mark.at_once = action.happens_at_once();
    if (action.lasts) mark.until = action.at + *action.lasts;
    mark.words = action_words(action.kind, target_of(scenario, action), action.enabled);
    if (action.kind == ActionKind::api_call) mark.words += answer_words(result.api_calls, i);
    if (action.failures) {
      mark.words = failure_words(*action.failures, clean(target_of(scenario, action)));
    }
    if (action.read) {
      mark.is_read = true;
      mark.words = clean(what_is_read(*action.read, target_of(scenario, action))) +
                   read_words(result.reads, i);
    }
    marks.push_back(std::move(mark));
  }
  for (const FunctionEntry& function : scenario.functions) {
    for (const FailRule& rule : function.settings.fail) {
      if (!rule.from && !rule.until) continue;
      TimelineMark mark;
      mark.from = rule.from.value_or(Instant{0});
      mark.until = rule.until;
      mark.words = fail_words(function, rule);
      marks.push_back(std::move(mark));
    }
  }
  std::stable_sort(marks.begin(), marks.end(),
                   [](const auto& a, const auto& b) { return a.from < b.from; });
  for (std::size_t i = 0; i < std::min(marks.size(), letters_max); ++i) {
    marks[i].letter = static_cast<char>('A' + i);
  }
  return marks;
}

void add_timeline(Page& page, const std::vector<TimelineMark>& marks, Instant end) {
  if (marks.empty()) return;
  page.heading("Timeline");
  std::size_t width = 0;
  const bool reads =
      std::any_of(marks.begin(), marks.end(), [](const auto& m) { return m.is_read; });
  const std::size_t shown = std::min(marks.size(), reads ? lines_max_with_reads : lines_max);
  for (std::size_t i = 0; i < shown; ++i) {
    width = std::max(width, display_width(when_words(marks[i])));
  }
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string letter(1, marks[i].letter);
    const std::string_view reached = marks[i].from > end ? " (the run ended before)" : "";
    page.item("  " + letter + "  " + pad_right(when_words(marks[i]), width) + "  ",
              marks[i].words + std::string(reached));
  }
  if (marks.size() > shown) {
    page.line("  … and " + counted(marks.size() - shown, "more entry", "more entries"));
  }
}

std::vector<PictureMark> picture_marks(const std::vector<TimelineMark>& marks, Instant end) {
  std::vector<PictureMark> drawn;
  for (std::size_t i = 0; i < std::min(marks.size(), lines_max); ++i) {
    const TimelineMark& mark = marks[i];
    const Instant until = mark.at_once ? mark.from : mark.until.value_or(end);
    drawn.push_back({mark.from, until, mark.letter});
  }
  return drawn;
}

}  // namespace trimhorizon
