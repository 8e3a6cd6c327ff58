#include "sim/report/text_streams.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/report/lineage_picture.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

// What is said of one stream: a label and words for each line, and the picture after the first.
struct StreamSection {
  struct Item {
    std::string label;
    std::string words;
  };
  std::vector<Item> items;
  std::vector<std::string> picture;

  void add(std::string label, std::string words) {
    if (!words.empty()) items.push_back({std::move(label), std::move(words)});
  }
};

std::string instant_text(Instant at) { return friendly_duration(at - Instant{0}); }

std::string bytes_text(std::int64_t bytes) {
  constexpr std::int64_t mebibyte = 1024 * 1024;
  if (bytes % mebibyte == 0)
    return count_text(static_cast<std::uint64_t>(bytes / mebibyte)) + " MiB";
  return decimal_text(static_cast<std::uint64_t>(bytes * 10 / mebibyte), 1) + " MiB";
}

// "2.3 times its 1,000"; nothing when the limit was hardly exceeded.
std::string times_above(const LimitExceeded& over, const std::string& allowed) {
  const std::int64_t tenths =
      over.allowed > 0 ? (over.rate * 10 + over.allowed / 2) / over.allowed : 0;
  if (tenths <= 10) return fmt::format("its limit is {}", allowed);
  return fmt::format("{} times its {}", decimal_text(static_cast<std::uint64_t>(tenths), 1),
                     allowed);
}

// ---------- shards ----------

struct ShardCount {
  Instant since;
  std::int64_t open = 0;
};

// How many shards were open, from each change on.
std::vector<ShardCount> shard_counts(const std::vector<ShardLife>& lives) {
  std::map<Instant, std::int64_t> changes;
  for (const ShardLife& each : lives) {
    changes[each.opened] += 1;
    if (each.closed) changes[*each.closed] -= 1;
  }
  std::vector<ShardCount> counts;
  std::int64_t open = 0;
  for (const auto& [at, change] : changes) {
    open += change;
    if (counts.empty() || counts.back().open != open) counts.push_back({at, open});
  }
  return counts;
}

// "1 until 5m 25s, then 2, from 7m on 3"; of many changes the extremes.
std::string shards_over_time(const std::vector<ShardLife>& lives) {
  if (lives.empty()) return "";
  constexpr std::size_t told_max = 5;
  const std::vector<ShardCount> counts = shard_counts(lives);
  const auto number = [](std::int64_t n) { return count_text(static_cast<std::uint64_t>(n)); };
  if (counts.size() == 1) return number(counts[0].open) + " open at all times.";
  std::string text = number(counts[0].open) + " until " + instant_text(counts[1].since);
  if (counts.size() <= told_max) {
    text += ", then " + number(counts[1].open);
    for (std::size_t i = 2; i < counts.size(); ++i) {
      text += fmt::format("; {} from {} on", number(counts[i].open), instant_text(counts[i].since));
    }
    return text + ".";
  }
  const auto [least, most] =
      std::minmax_element(counts.begin(), counts.end(),
                          [](const ShardCount& a, const ShardCount& b) { return a.open < b.open; });
  return fmt::format("{}, then {} changes between {} and {}; {} from {} on.", text,
                     counts.size() - 1, number(least->open), number(most->open),
                     number(counts.back().open), instant_text(counts.back().since));
}

// ---------- what was refused ----------

// For each limit the shard that refused most.
void add_hot(const ReportRun& run, const std::string& stream, StreamSection& section) {
  for (const ShardLimit limit : all_of<ShardLimit>) {
    const LimitExceeded* worst = nullptr;
    std::uint64_t shards = 0;
    for (const LimitExceeded& each : run.result->limits_exceeded) {
      if (each.stream != stream || each.limit != limit) continue;
      shards += 1;
      if (worst == nullptr || each.refused > worst->refused) worst = &each;
    }
    if (worst == nullptr) continue;
    std::string text = worst->shard + " was " + hot_words(*worst);
    if (shards > 1) {
      text += "; " + counted(shards - 1, "other shard") +
              (shards == 2 ? " was above that limit too" : " were above that limit too");
    }
    section.add("Hot", text + ".");
  }
}

// Under their names in CloudWatch.
void add_refused(const StreamResult& stream, StreamSection& section) {
  const auto add = [&](StreamMetricId id, std::string_view one) {
    for (const StreamMetric& each : stream.metrics) {
      if (each.id != id || each.counter == 0) continue;
      section.add("CloudWatch",
                  fmt::format("{}: {}", each.info().name, counted(each.counter, one)));
    }
  };
  add(StreamMetricId::WriteThrottled, "record");
  add(StreamMetricId::PutRecordsThrottled, "record");
  add(StreamMetricId::PutRecordsFailed, "record");
  add(StreamMetricId::ReadThrottled, "call");
  add(StreamMetricId::SubscribeRateExceeded, "call");
}

// ---------- producers ----------

std::string retry_setting(const ProducerRetry& retry) {
  switch (retry.mode) {
    case RetryMode::retries:
      return fmt::format("retry: attempts {}, {} apart", retry.attempts,
                         friendly_duration(retry.backoff));
    case RetryMode::sdk: return "retry: sdk";
    case RetryMode::none: return "retry: none";
    case RetryMode::ignore: return "retry: ignore";
  }
  return "";
}

void add_not_stored(const ReportRun& run, const std::string& stream, StreamSection& section) {
  for (const ProducerResult& each : run.result->producers) {
    if (each.stream != stream || each.never_accepted + each.believed_stored == 0) continue;
    std::string setting;
    for (const ProducerEntry& entry : run.scenario->producers) {
      if (entry.name != each.name) continue;
      setting = entry.settings.kpl
                    ? fmt::format(" (KPL: {}RecordTtl {} ms)",
                                  entry.settings.kpl->fail_if_throttled ? "FailIfThrottled, " : "",
                                  entry.settings.kpl->record_ttl_ms)
                    : " (" + retry_setting(entry.settings.retry) + ")";
    }
    const std::string name = clean(each.name);
    if (each.never_accepted > 0) {
      section.add("Not stored", fmt::format("{} gave up {}, and knows it{}.", name,
                                            counted(each.never_accepted, "record"), setting));
    }
    if (each.believed_stored > 0) {
      section.add("Not stored",
                  fmt::format("{} takes {} for stored {} not{}.", name,
                              counted(each.believed_stored, "record"),
                              each.believed_stored == 1 ? "that is" : "that are", setting));
    }
  }
}

void add_stored_again(const StreamResult& stream, StreamSection& section) {
  if (stream.stored_again == 0) return;
  section.add("Twice", counted(stream.stored_again, "stored record") +
                           (stream.stored_again == 1 ? " is a copy" : " are copies") +
                           ": a producer put again what was stored already.");
}

// ---------- order ----------

// Examples of one kind, or nothing.
std::vector<const OrderExample*> order_examples(const StreamResult& stream, OrderLoss why) {
  constexpr std::size_t shown_max = 2;
  std::vector<const OrderExample*> shown;
  for (const OrderExample& each : stream.order_examples) {
    if (each.why == why && shown.size() < shown_max) shown.push_back(&each);
  }
  return shown;
}

void add_two_shards(const StreamResult& stream, StreamSection& section) {
  const std::uint64_t keys = stream.order_lost[OrderLoss::two_shards];
  if (keys == 0) return;
  std::vector<std::string> shown;
  for (const OrderExample* each : order_examples(stream, OrderLoss::two_shards)) {
    shown.push_back(fmt::format("{} of key {} on {} and {} on {}", clean(each->earlier),
                                clean(each->key), each->other, clean(each->record), each->shard));
  }
  section.add("Order", fmt::format("not promised for {}: ExplicitHashKey put {} (KDS-SHD-02).",
                                   counted(keys, "key"), listed(shown)));
}

void add_late_retries(const StreamResult& stream, bool kpl, StreamSection& section) {
  const std::uint64_t records = stream.order_lost[OrderLoss::late_retry];
  if (records == 0) return;
  std::vector<std::string> shown;
  for (const OrderExample* each : order_examples(stream, OrderLoss::late_retry)) {
    shown.push_back(fmt::format("{} behind {} of the same key {}", clean(each->record),
                                clean(each->earlier), clean(each->key)));
  }
  const bool all = shown.size() == records;
  section.add("Order", fmt::format("{}{} ({}).",
                                   all ? "a retry put "
                                       : "retries put " + counted(records, "record") +
                                             " behind later ones of their key, such as ",
                                   listed(shown), kpl ? "KDS-PRD-14" : "KDS-PRD-05"));
}

// Does a producer of the stream use KPL?
bool has_kpl(const Scenario& scenario, std::string_view stream) {
  return std::any_of(
      scenario.producers.begin(), scenario.producers.end(), [&](const ProducerEntry& each) {
        return each.settings.kpl && scenario.streams[each.stream.value].name == stream;
      });
}

// ---------- calls of the API ----------

std::optional<std::int64_t> retention_of(const ApiCall& call) {
  if (const auto* more = std::get_if<IncreaseRetentionCall>(&call.action)) return more->hours;
  if (const auto* less = std::get_if<DecreaseRetentionCall>(&call.action)) return less->hours;
  return std::nullopt;
}

void add_retention(const ReportRun& run, const StreamEntry& stream, StreamSection& section) {
  std::string text = fmt::format("{}h", stream.settings.retention_hours);
  bool changed = false;
  for (const ApiCallRow& each : run.result->api_calls) {
    if (each.stream != stream.name || each.error || !each.timeline) continue;
    if (*each.timeline >= run.scenario->timeline.size()) continue;
    const TimelineAction& action = run.scenario->timeline[*each.timeline];
    const auto now = action.call ? retention_of(*action.call) : std::nullopt;
    if (!now) continue;
    text += fmt::format(", from {} on {}h", instant_text(each.at), *now);
    changed = true;
  }
  if (changed) section.add("Retention", text + ".");
}

// Those of the timeline are told there; a scaler's are told here.
void add_calls(const ReportRun& run, const std::string& stream, StreamSection& section) {
  constexpr std::size_t shown_max = 3;
  std::vector<const ApiCallRow*> refused;
  std::uint64_t calls = 0;
  for (const ApiCallRow& each : run.result->api_calls) {
    if (each.stream != stream) continue;
    calls += 1;
    if (each.error) refused.push_back(&each);
  }
  if (refused.empty()) return;
  const bool all_in_timeline = std::all_of(refused.begin(), refused.end(),
                                           [](const auto* each) { return !!each->timeline; });
  const std::string where = all_in_timeline ? "; the timeline says why." : ":";
  section.add("API", fmt::format("{} of {} refused{}", count_text(refused.size()),
                                 counted(calls, "call"), where));
  if (all_in_timeline) return;
  for (std::size_t i = 0; i < std::min(refused.size(), shown_max); ++i) {
    section.add("", fmt::format("{} {}: {}, {}", instant_text(refused[i]->at), refused[i]->action,
                                name(*refused[i]->error), sentence(refused[i]->reason)));
  }
  if (refused.size() > shown_max)
    section.add("", "… and " + count_text(refused.size() - shown_max) + " more");
}

StreamSection section_of(const ReportRun& run, const StreamEntry& entry, const Painter& paint) {
  StreamSection section;
  const auto& streams = run.result->streams;
  const auto found = std::find_if(streams.begin(), streams.end(), [&](const StreamResult& each) {
    return each.name == entry.name;
  });
  if (found != streams.end()) {
    section.add("Shards", shards_over_time(found->lives));
    section.picture = draw_lineage(found->lives, paint);
  }
  add_hot(run, entry.name, section);
  if (found != streams.end()) add_refused(*found, section);
  add_not_stored(run, entry.name, section);
  if (found != streams.end()) {
    add_stored_again(*found, section);
    add_two_shards(*found, section);
    add_late_retries(*found, has_kpl(*run.scenario, entry.name), section);
  }
  add_retention(run, entry, section);
  add_calls(run, entry.name, section);
  return section;
}

}  // namespace

std::string hot_words(const LimitExceeded& over) {
  const auto number = [](std::int64_t n) { return count_text(static_cast<std::uint64_t>(n)); };
  switch (over.limit) {
    case ShardLimit::records_written:
      return fmt::format("sent up to {} records in a second ({}) and refused {}", number(over.rate),
                         times_above(over, number(over.allowed)), counted(over.refused, "record"));
    case ShardLimit::bytes_written:
      return fmt::format("sent up to {} in a second ({}) and refused {}", bytes_text(over.rate),
                         times_above(over, bytes_text(over.allowed)),
                         counted(over.refused, "record"));
    case ShardLimit::reads:
      return fmt::format("read up to {} times in a second ({}) and refused {}", number(over.rate),
                         times_above(over, number(over.allowed)), counted(over.refused, "read"));
    case ShardLimit::bytes_read:
      return fmt::format("read at up to {} a second ({}) and refused {}", bytes_text(over.rate),
                         times_above(over, bytes_text(over.allowed)),
                         counted(over.refused, "read"));
  }
  return "";
}

void add_streams(Page& page, const ReportRun& run) {
  for (const StreamEntry& entry : run.scenario->streams) {
    const StreamSection section = section_of(run, entry, page.paint);
    if (section.items.empty()) continue;
    page.heading("Stream " + cut_middle(clean(entry.name), 60));
    std::size_t width = 0;
    for (const StreamSection::Item& each : section.items) {
      width = std::max(width, each.label.size());
    }
    std::string last;
    for (const StreamSection::Item& each : section.items) {
      const std::string label = each.label == last ? "" : each.label;
      if (!each.label.empty()) last = each.label;
      page.item("  " + pad_right(label, width) + "  ", each.words);
      if (each.label != "Shards") continue;
      for (const std::string& line : section.picture) page.line(line);
    }
  }
}

}  // namespace trimhorizon
