// Prints the life of one record: its puts, then for each mapping its attempts and why it ended.
#include "sim/report/story.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/report/narrator.hpp"
#include "sim/report/page.hpp"
#include "sim/report/timed_lines.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

std::string time_text(Instant at) { return friendly_duration(at - Instant{0}); }

bool alike(const LifeEntry& a, const LifeEntry& b) {
  return a.kind == LifeKind::attempt && b.kind == LifeKind::attempt && a.copy == b.copy &&
         a.reason == b.reason && a.batch_size == b.batch_size && a.end == b.end &&
         a.effect == b.effect && a.failed_here == b.failed_here;
}

std::string folded_words(const std::vector<LifeEntry>& entries, std::size_t first,
                         std::size_t end) {
  Duration shortest{INT64_MAX};
  Duration longest{0};
  for (std::size_t i = first; i < end; ++i) {
    const Duration gap = entries[i].at - entries[i - 1].at;
    shortest = std::min(shortest, gap);
    longest = std::max(longest, gap);
  }
  std::string text = count_text(end - first) + " more attempts like this, ";
  text += shortest == longest
              ? "every " + friendly_duration(longest)
              : friendly_duration(shortest) + " to " + friendly_duration(longest) + " apart";
  return text + ", the last at " + friendly_duration(entries[end - 1].at - Instant{0});
}

// ✓ if the work was done, ✗ if not; blank for entries that are not attempts.
std::string sign_of(const LifeEntry& entry, const Painter& paint) {
  if (entry.kind != LifeKind::attempt || entry.end == CallOutcome::running) return " ";
  return mark(entry.effect ? Verdict::holds : Verdict::violated, paint);
}

TimedLine line_of(const std::string& time, const std::string& words,
                  const std::string& sign = " ") {
  return {"  ", time, sign + " ", words};
}

std::vector<TimedLine> lines_of(const std::vector<LifeEntry>& entries, bool several_copies,
                                const Painter& paint) {
  constexpr std::size_t shown_alike = 2;  // of equal attempts in a row, before the rest is folded
  constexpr std::size_t folded_least = 3;
  std::vector<TimedLine> lines;
  for (std::size_t i = 0; i < entries.size();) {
    std::size_t end = i + 1;
    while (end < entries.size() && alike(entries[i], entries[end])) ++end;
    const bool fold = end - i >= shown_alike + folded_least;
    const std::size_t shown_end = fold ? i + shown_alike : end;
    for (; i < shown_end; ++i) {
      std::string words = say(entries[i]);
      if (several_copies) words = "copy " + std::to_string(entries[i].copy + 1) + ": " + words;
      lines.push_back(line_of(time_text(entries[i].at), words, sign_of(entries[i], paint)));
    }
    if (fold) lines.push_back(line_of("…", folded_words(entries, i, end)));
    i = end;
  }
  return lines;
}

// The tries that AWS refused when so many copies were stored.
void add_refusals(const RecordLife& life, std::size_t copies, const std::string& who,
                  std::vector<TimedLine>& lines) {
  for (const LifeRefusal& each : life.refusals) {
    if (each.copies != copies) continue;
    const std::string puts = lines.empty() ? who : clean(life.producer) + " puts it again";
    lines.push_back(line_of(time_text(each.first), puts));
    std::string words = "refused: " + clean(each.shard) + " is above its limit";
    if (each.fault) {
      words = fmt::format("fails with {}, as the timeline says", name(error_of(each.end)));
    }
    if (each.times > 1) {
      words += "; " + counted(each.times - 1, "more try", "more tries") + " until " +
               time_text(each.last) + " " + (each.times == 2 ? "ends" : "end") + " alike";
    }
    lines.push_back(line_of("", words));
  }
}

void add_put(Page& page, const RecordLife& life, std::size_t width) {
  const std::string who = clean(life.producer) + " puts it into " + clean(life.stream);
  if (life.put_tries == 0) {
    page.item("  ", life.never_accepted
                        ? "KPL gives it up before any call has it: it is never stored."
                        : "The run ends before " + who + ".");
    return;
  }
  std::vector<TimedLine> lines;
  add_refusals(life, 0, who, lines);
  if (life.copies.empty()) {
    add_timed_lines(page, lines, width);
    page.item("  ", "It is never stored. " +
                        std::string(life.believed_stored
                                        ? "The producer does not look at the answer and believes "
                                          "that it is stored."
                                    : life.never_accepted ? "The producer gives up and knows it."
                                                          : "The producer still tries."));
    return;
  }
  for (std::size_t i = 0; i < life.copies.size(); ++i) {
    if (i > 0) add_refusals(life, i, who, lines);
    const LifeCopy& copy = life.copies[i];
    std::string words = lines.empty() ? who : clean(life.producer) + " puts it again";
    if (!copy.because.empty()) words += " with KPL: " + copy.because;
    if (!copy.acknowledged) words += "; the acknowledgement is lost";
    lines.push_back(line_of(time_text(copy.arrival), words));
    std::string where = "stored in " + clean(copy.shard) + " as " + copy.sequence_number;
    if (life.copies.size() > 1) where = "copy " + std::to_string(i + 1) + ": " + where;
    lines.push_back(line_of("", where));
    if (copy.timestamp != copy.arrival) {
      const bool early = copy.timestamp < copy.arrival;
      const Duration off = early ? copy.arrival - copy.timestamp : copy.timestamp - copy.arrival;
      lines.push_back(line_of("", fmt::format("its timestamp is {} {} its arrival (timestamp_skew)",
                                              friendly_duration(off), early ? "before" : "after")));
    }
    if (copy.user_records > 0) {
      lines.push_back(line_of("", fmt::format("user record {} of the {} of an aggregate",
                                              copy.user_record, count_text(copy.user_records))));
    }
    if (!copy.parents.empty()) {
      lines.push_back(line_of("", "that shard came from " + listed(copy.parents) + " at " +
                                      time_text(copy.shard_opened)));
    }
  }
  add_timed_lines(page, lines, width);
}

// One column of times for all mappings.
std::size_t time_width(const RecordLife& life) {
  std::size_t width = 4;
  for (const LifeCopy& copy : life.copies) width = std::max(width, time_text(copy.arrival).size());
  for (const LifeRefusal& each : life.refusals) {
    width = std::max(width, time_text(each.first).size());
  }
  for (const LifeInMapping& mapping : life.mappings) {
    for (const LifeEntry& each : mapping.entries)
      width = std::max(width, time_text(each.at).size());
  }
  return width;
}

// "processed", or "processed and expired" when copies ended differently.
std::string fates_words(const LifeInMapping& mapping) {
  std::vector<std::string> fates;
  for (const Fate fate : mapping.fates) {
    const std::string word(name(fate));
    if (std::find(fates.begin(), fates.end(), word) == fates.end()) fates.push_back(word);
  }
  return listed(fates);
}

std::string headline(const RecordLife& life) {
  if (life.copies.empty()) {
    return life.believed_stored  ? "never stored, lost"
           : life.never_accepted ? "never accepted"
                                 : "never stored";
  }
  std::vector<std::string> parts;
  for (const LifeInMapping& mapping : life.mappings) {
    std::string text = fates_words(mapping);
    if (text.empty()) continue;
    if (mapping.lost_cause != LossCause::none) text += ", lost";
    if (mapping.duplicates > 0) text += ", its work done " + times(mapping.effects);
    if (life.mappings.size() > 1) text += " in " + clean(mapping.mapping);
    parts.push_back(text);
  }
  return parts.empty() ? "stored; nothing reads its stream" : listed(parts);
}

}  // namespace

std::string story_text(const RecordLife& life, const StoryOptions& options) {
  Page page{"", Painter(options.colour)};
  page.item(page.paint(Paint::strong, cut_middle(clean(life.id), 60)) + ": ", headline(life));
  page.text += paragraph("key " + clean(life.key) + ", put by " + clean(life.producer), 2);
  page.line();
  const std::size_t width = time_width(life);
  add_put(page, life, width);
  const bool of_kpl = std::any_of(life.copies.begin(), life.copies.end(),
                                  [](const LifeCopy& copy) { return !copy.because.empty(); });
  for (const LifeInMapping& mapping : life.mappings) {
    page.heading("In " + cut_middle(clean(mapping.mapping), 40) + ", which calls " +
                 cut_middle(clean(mapping.function), 30));
    add_timed_lines(page, lines_of(mapping.entries, life.copies.size() > 1, page.paint), width);
    page.heading("Why it ended this way");
    page.text += paragraph(ending_of(life, mapping), 2);
    const std::string lesson = lesson_of(mapping, of_kpl);
    if (!lesson.empty()) page.text += paragraph(lesson, 2);
  }
  if (!options.replay.empty()) {
    page.line();
    page.line("replay: " + options.replay);
  }
  return page.text;
}

}  // namespace trimhorizon
