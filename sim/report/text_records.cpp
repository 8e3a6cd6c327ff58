// The sections of the text report about records: what happened, fates, pictures and destinations.
#include "sim/report/text_records.hpp"

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/metrics/metrics.hpp"
#include "sim/report/strip.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

std::string short_name(std::string_view name) { return cut_middle(clean(name), 40); }

// Who put how many records into which stream. A result of an older version knows only the sum.
std::vector<ProducerResult> producers_of(const ReportRun& run) {
  const Scenario& scenario = *run.scenario;
  if (!run.result->producers.empty() || scenario.producers.size() != 1) {
    return run.result->producers;
  }
  const ProducerEntry& only = scenario.producers[0];
  return {{only.name, scenario.streams[only.stream.value].name, run.result->produced}};
}

// "shop put 6 records into orders" or "shop put 6 records into orders, late put nothing and 5 other
// producers put 30 records".
std::string who_put(const ReportRun& run) {
  constexpr std::size_t shown_max = 3;
  const std::vector<ProducerResult> producers = producers_of(run);
  std::vector<std::string> parts;
  std::uint64_t told = 0;
  for (std::size_t i = 0; i < std::min(producers.size(), shown_max); ++i) {
    const ProducerResult& each = producers[i];
    told += each.produced;
    parts.push_back(short_name(each.name) + " put " +
                    (each.produced == 0
                         ? "nothing"
                         : counted(each.produced, "record") + " into " + short_name(each.stream)));
  }
  if (parts.empty()) return counted(run.result->produced, "record") + " were put";
  if (producers.size() > shown_max) {
    const std::uint64_t rest = run.result->produced - told;
    parts.push_back(counted(producers.size() - shown_max, "other producer") + " put " +
                    (rest == 0 ? "nothing" : counted(rest, "record")));
  }
  return listed(parts);
}

// What the producers put, how often it was stored, and what was not accepted.
std::string put_sentence(const ReportRun& run) {
  const Result& result = *run.result;
  if (result.produced == 0) return "No records were put.";
  std::string text = who_put(run);
  if (result.stored > result.produced - std::min(result.never_accepted, result.produced)) {
    text += (producers_of(run).size() == 1 ? ", which stored " : "; stored were ") +
            counted(result.stored, "copy", "copies") + " of them";
  }
  text += ".";
  if (result.never_accepted > 0) {
    text += " " + counted(result.never_accepted, "record") +
            (result.never_accepted == 1 ? " was" : " were") +
            " never accepted, and the producer knows.";
  }
  return text;
}

// " (15 to 120 under other assumptions)", or nothing when no other assumption changes the number.
std::string range_words(const Ranges& ranges, std::string_view name) {
  for (const NumberRange& each : ranges.numbers) {
    if (each.name != name) continue;
    return " (" + count_text(each.least) + " to " + count_text(each.most) +
           " under other assumptions)";
  }
  return "";
}

// How far the number of records that were given up may differ, where one mapping gives them up in
// one way, and the number of lost records does not say it already.
std::string range_of_given_up(const Result& result, const Ranges& ranges) {
  if (result.consumers.size() != 1 || result.lost > 0) return "";
  const ConsumerResult& only = result.consumers.front();
  const bool two_ways = only.fates[Fate::discarded] > 0 && only.fates[Fate::dropped] > 0;
  return two_ways ? "" : range_words(ranges, "given_up");
}

// `range`: of the records that were given up, or empty.
std::string mapping_sentence(const ConsumerResult& mapping, const std::string& range) {
  std::string text = short_name(mapping.name);
  const bool called = mapping.invocations > 0;
  text += called ? " called " : " never called ";
  text += short_name(mapping.function);
  if (called) text += " " + times(mapping.invocations);
  std::vector<std::string> parts;
  const auto part = [&](Fate fate, const std::string& words) {
    const std::uint64_t n = mapping.fates[fate];
    if (n == 0) return;
    const bool given_up = fate == Fate::discarded;
    parts.push_back(count_text(n) + " " + words + (given_up ? range : ""));
  };
  part(Fate::processed, "processed");
  part(Fate::filtered, "filtered out");
  part(Fate::discarded, "given up and sent to a destination");
  const std::uint64_t undone = mapping.fates[Fate::dropped] - mapping.dropped_with_effect;
  const auto given_up = [&](std::uint64_t n, std::string_view words) {
    if (n > 0) parts.push_back(count_text(n) + " " + for_count(n, words) + range);
  };
  given_up(undone, "given up and kept nowhere");
  given_up(mapping.dropped_with_effect, "given up after their work was done");
  part(Fate::expired, "taken by retention while waiting");
  part(Fate::unread, "before its starting position");
  part(Fate::pending, "still waiting at the end");
  return parts.empty() ? text + "." : text + ": " + listed(parts) + ".";
}

std::string balance_sentence(const Result& result, const Ranges& ranges) {
  const std::string lost = (result.lost == 0   ? "No record was lost"
                            : result.lost == 1 ? "1 record was lost"
                                               : count_text(result.lost) + " records were lost") +
                           range_words(ranges, "lost");
  const std::string twice = range_words(ranges, "duplicates");
  if (result.duplicates == 0) {
    return lost +
           (result.lost == 0 ? ", and none was worked on twice" : "; none was worked on twice") +
           twice + ".";
  }
  return lost + (result.lost == 0 ? ", but work was done " : ", and work was done ") +
         times(result.duplicates) + " more than needed" + twice + ".";
}

void add_fates(Page& page, const ConsumerResult& mapping) {
  constexpr std::size_t name_width = 9;
  const std::uint64_t whole = sum_of(mapping.fates);
  const std::vector<std::string> shares =
      percents({mapping.fates.values.begin(), mapping.fates.values.end()});
  std::size_t count_width = 1;
  for (const std::uint64_t count : mapping.fates.values) {
    count_width = std::max(count_width, count_text(count).size());
  }
  const std::size_t bar_width = 22 - std::min<std::size_t>(count_width, 14);
  for (const Fate fate : all_of<Fate>) {
    const std::uint64_t count = mapping.fates[fate];
    if (count == 0) continue;
    const std::string start = "  " + pad_right(name(fate), name_width) + "  " +
                              pad_right(bar(count, whole, bar_width), bar_width) + "  " +
                              pad_left(count_text(count), count_width) + "  " +
                              pad_left(shares[static_cast<std::size_t>(fate)], 6);
    const std::size_t left = page_width - std::min(page_width, display_width(start) + 2);
    const std::string meaning = for_count(count, words(fate));
    page.line(meaning.empty() ? start : start + "  " + cut(meaning, left));
  }
}

// A lost record counts once; a record may have many surplus effects.
enum class Counted : std::uint8_t { records, effects };

template <class Cause>
void add_causes(Page& page, const Counts<Cause>& causes, const Examples<Cause>& ids, Counted what) {
  std::size_t width = 1;
  for (const std::uint64_t n : causes.values) width = std::max(width, count_text(n).size());
  for (const Cause cause : all_of<Cause>) {
    if (causes[cause] == 0) continue;
    std::string text = for_count(causes[cause], words(cause));
    if (!ids[cause].empty()) {
      std::vector<std::string> shown;
      for (const std::string& id : ids[cause]) shown.push_back(short_name(id));
      text += ": " + examples(shown, what == Counted::records ? causes[cause] : shown.size());
    }
    page.item("    " + pad_left(count_text(causes[cause]), width) + "  ", text);
  }
}

std::string block_sentence(const LongestBlock& block) {
  using Release = LongestBlock::Release;
  std::string text = "Longest block: ";
  text += block.record.empty() ? "record " + count_text(block.position) : block.record;
  text += " was at the head of " + block.shard + " for " + friendly_duration(block.lasted);
  const bool fits_nowhere = block.attempts + block.throttles == 0;
  text += fits_nowhere ? ", since it fits into no event" : " and was ";
  if (block.attempts > 0) text += "tried " + times(block.attempts);
  if (block.attempts > 0 && block.throttles > 0) text += " and ";
  if (block.throttles > 0) text += "throttled " + times(block.throttles);
  switch (block.release) {
    case Release::still_there: return text + "; it is still there.";
    case Release::done: return text + ", then done.";
    case Release::given_up: return text + ", then given up.";
    case Release::expired:
      text += ", until retention took it";
      // Retention took the rest of its batch one by one.
      if (block.stood > block.lasted) {
        text += "; the shard stood for " + friendly_duration(block.stood);
      }
      return text + ".";
    case Release::unread: return text + ", until LATEST was resolved again behind it.";
  }
  return text;
}

// As in JSON and under `expect`, so that one number is found in all of them. A long time is also
// told in hours.
std::string metric_text(Duration value) {
  const std::string seconds = duration_text(value);
  return value < minutes(1) ? seconds : seconds + " (" + friendly_duration(value) + ")";
}

// CloudWatch has one IteratorAge for each invocation, so its percentiles count invocations, not
// records.
std::string age_words(const ConsumerResult& mapping) {
  if (!mapping.max_iterator_age) return "";
  const auto age = std::find_if(mapping.metrics.begin(), mapping.metrics.end(),
                                [](const auto& m) { return m.id == MetricId::IteratorAge; });
  const std::string most = metric_text(*mapping.max_iterator_age);
  const bool one_number =
      age == mapping.metrics.end() || !age->samples || age->samples->count() < 2 ||
      value_of(*age->samples, Statistic::p50) == value_of(*age->samples, Statistic::max);
  if (one_number) {
    return " Iterator age at most " + most + ".";
  }
  const auto at = [&](Statistic statistic) {
    return metric_text(Duration{value_of(*age->samples, statistic)});
  };
  return " Iterator age, one for each invocation: half at most " + at(Statistic::p50) +
         ", 99 % at most " + at(Statistic::p99) + ", all at most " + most + ".";
}

// "From put to settled: half within 0.4s, 99 % within 2.1s, all within 3s. Caught up at 12m."
std::string waits_sentence(const ConsumerResult& mapping) {
  if (mapping.waits.count() == 0) return "";
  const auto within = [&](Statistic statistic) {
    return friendly_duration(Duration{value_of(mapping.waits, statistic)});
  };
  const bool one_number =
      value_of(mapping.waits, Statistic::p50) == value_of(mapping.waits, Statistic::max);
  std::string text =
      one_number ? "From put to settled: each record within " + within(Statistic::max) + "."
                 : "From put to settled: half within " + within(Statistic::p50) + ", 99 % within " +
                       within(Statistic::p99) + ", all within " + within(Statistic::max) + ".";
  if (!mapping.caught_up) return text + " Not caught up at the end.";
  const std::string when = friendly_duration(*mapping.caught_up - Instant{0});
  if (*mapping.caught_up == Instant{0}) {
    return text + (mapping.lost > 0 ? "" : " Never behind by more than 2s.");
  }
  // It may be retention that took the last one, so this is no success.
  if (mapping.fates[Fate::expired] > 0) return text + " After " + when + " no old record was left.";
  return text + " Caught up at " + when + ".";
}

// Do the shards of a mapping tell different stories? Some lose or keep records, others do not, or
// one waits much longer than another.
bool shards_differ(const ConsumerResult& mapping) {
  if (mapping.shards.size() < 2) return false;
  const auto [least, most] = std::minmax_element(
      mapping.shards.begin(), mapping.shards.end(),
      [](const ShardResult& a, const ShardResult& b) { return a.longest_wait < b.longest_wait; });
  if (most->longest_wait * 2 > least->longest_wait * 3 + seconds(2)) return true;
  for (const Fate fate : all_of<Fate>) {
    if (fate == Fate::processed) continue;
    std::size_t with = 0;
    for (const ShardResult& each : mapping.shards) with += each.fates[fate] > 0 ? 1 : 0;
    if (with > 0 && with < mapping.shards.size()) return true;
  }
  return false;
}

// A line for each shard where they differ, those that waited longest first.
void add_shards(Page& page, const ConsumerResult& mapping) {
  constexpr std::size_t shown_max = 8;
  if (!shards_differ(mapping)) return;
  std::vector<const ShardResult*> shards;
  for (const ShardResult& each : mapping.shards) shards.push_back(&each);
  if (shards.size() > shown_max) {
    std::stable_sort(shards.begin(), shards.end(), [](const auto* a, const auto* b) {
      return a->longest_wait > b->longest_wait;
    });
  }
  page.line("  " + page.paint(Paint::strong, "The shards differ:"));
  for (std::size_t i = 0; i < std::min(shards.size(), shown_max); ++i) {
    std::vector<std::string> parts;
    for (const Fate fate : all_of<Fate>) {
      const std::uint64_t n = shards[i]->fates[fate];
      if (n > 0) parts.push_back(count_text(n) + " " + std::string(name(fate)));
    }
    std::string text = parts.empty() ? "nothing stored" : listed(parts);
    if (shards[i]->longest_wait > Duration{0}) {
      text += "; waited at most " + friendly_duration(shards[i]->longest_wait);
    }
    page.item("    " + shards[i]->shard + "  ", text);
  }
  if (shards.size() > shown_max) {
    page.line("    … and " + counted(shards.size() - shown_max, "more shard"));
  }
}

}  // namespace

std::string story_of(const ReportRun& run) {
  const Result& result = *run.result;
  std::string text = put_sentence(run);
  constexpr std::size_t shown_max = 4;
  for (std::size_t i = 0; i < std::min(result.consumers.size(), shown_max); ++i) {
    text += " " + mapping_sentence(result.consumers[i], range_of_given_up(result, run.ranges));
  }
  if (result.consumers.size() > shown_max) {
    text += " " + std::to_string(result.consumers.size() - shown_max) +
            " more mappings are shown below.";
  }
  if (!result.consumers.empty()) text += " " + balance_sentence(result, run.ranges);
  const std::string when = friendly_duration(result.simulated);
  if (result.ended == RunEnd::drained)
    return text + " After " + when + " nothing was left to happen.";
  return text + " The run stopped at its time limit, " + when + " (`duration`).";
}

void add_mapping(Page& page, const Result& result, const ConsumerResult& mapping) {
  page.heading(cut(short_name(mapping.name) + ": " + short_name(mapping.stream) + " → " +
                       short_name(mapping.function),
                   page_width));
  add_fates(page, mapping);
  std::string counts = counted(mapping.invocations, "invocation") + ", " +
                       counted(mapping.deliveries, "delivery", "deliveries") + ", " +
                       counted(mapping.effects, "effect") + ".";
  counts += age_words(mapping);
  page.text += paragraph(counts, 2);
  page.text += paragraph(waits_sentence(mapping), 2);
  if (mapping.duplicates > 0) {
    page.item("  " + page.paint(Paint::strong, "Twice") + ": ",
              counted(mapping.duplicates, "effect") + " too many, because");
    add_causes(page, mapping.duplicates_by_cause, mapping.duplicate_examples, Counted::effects);
  }
  if (mapping.lost > 0) {
    page.item("  " + page.paint(Paint::strong, "Never") + ": ",
              counted(mapping.lost, "record") + " lost");
    add_causes(page, mapping.lost_by_cause, mapping.lost_examples, Counted::records);
  }
  add_shards(page, mapping);
  for (const std::string& line : draw_strip(result.rows, mapping.name, page.paint)) page.line(line);
  if (mapping.longest_block) page.text += paragraph(block_sentence(*mapping.longest_block), 2);
}

// The most interesting shard of each mapping, at most three pictures.
void add_pictures(Page& page, const Result& result, const std::vector<PictureMark>& marks) {
  constexpr std::size_t pictures_max = 3;
  std::size_t drawn = 0;
  for (const ConsumerResult& mapping : result.consumers) {
    const auto best = std::max_element(
        mapping.pictures.begin(), mapping.pictures.end(),
        [](const ShardPicture& a, const ShardPicture& b) { return interest(a) < interest(b); });
    if (best == mapping.pictures.end() || drawn == pictures_max) continue;
    const std::vector<std::string> lines = draw_picture(*best, page.paint, marks);
    if (lines.empty()) continue;
    ++drawn;
    std::string title = "Position over time: " + clean(best->shard);
    title += " (" + counted(best->points.empty() ? 0 : best->points.back().tip, "record") + ")";
    if (result.consumers.size() > 1) title += ", " + short_name(mapping.name);
    page.heading(cut(title, page_width));
    for (const std::string& line : lines) page.line(line);
    // Only the first shards of a run have a picture at all.
    const std::size_t others = std::max(mapping.pictures.size(), mapping.shards.size()) - 1;
    if (others > 0) page.line("  " + counted(others, "other shard") + " not drawn.");
    if (best->bars_left_out > 0) {
      page.line("  " + counted(best->bars_left_out, "later invocation") +
                " not drawn, since the picture is full.");
    }
  }
}

namespace {

std::string_view type_name(const Scenario& scenario, std::string_view destination) {
  for (const DestinationEntry& each : scenario.destinations) {
    if (each.name != destination) continue;
    switch (each.type) {
      case DestinationType::sqs: return "SQS";
      case DestinationType::sns: return "SNS";
      case DestinationType::s3: return "S3";
    }
  }
  return "";
}

void add_message(Page& page, const DestinationMessage& message) {
  std::vector<std::string> ids;
  for (const std::string& id : message.records) ids.push_back(short_name(id));
  std::string text = counted(message.batch_size, "record");
  if (!ids.empty()) text += " (" + examples(ids, message.batch_size, 10) + ")";
  const std::uint64_t invoked = message.true_invoke_count;
  // After a split the batch is a new one, which may be too old at once (ESM-AGE-03).
  text += invoked == 0 ? ", this batch was never invoked" : ", invoked " + times(invoked);
  if (message.true_invoke_count != message.approximate_invoke_count) {
    text += "; approximateInvokeCount says " + std::to_string(message.approximate_invoke_count);
  }
  page.item("  " + message.condition + ": ", text);
}

}  // namespace

void add_destinations(Page& page, const ReportRun& run) {
  constexpr std::size_t shown_max = 5;
  for (const DestinationResult& each : run.result->destinations) {
    const std::uint64_t count = each.messages.size() + each.left_out;
    const std::string_view type = type_name(*run.scenario, each.name);
    page.heading(short_name(each.name) + (type.empty() ? "" : " (" + std::string(type) + ")") +
                 " received " + (count == 0 ? "nothing" : counted(count, "message")));
    for (std::size_t i = 0; i < std::min(each.messages.size(), shown_max); ++i) {
      add_message(page, each.messages[i]);
    }
    if (count > shown_max) page.line("  … and " + count_text(count - shown_max) + " more");
  }
}

}  // namespace trimhorizon
