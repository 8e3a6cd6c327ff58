#include "sim/report/story.hpp"

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/report/text_parts.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

std::string time_text(Instant at) { return friendly_duration(at - Instant{0}); }

// Times stand right-aligned in a column as wide as the widest of this life.
struct Teller {
  Page& page;
  std::size_t time_width = 4;

  void widen(Instant at) { time_width = std::max(time_width, time_text(at).size()); }
  void tell(const std::string& time, const std::string& sign, const std::string& words) {
    page.item("  " + pad_left(time, time_width) + "  " + sign + " ", words);
  }
};

std::string end_words(CallOutcome end) {
  switch (end) {
    case CallOutcome::running: return "still running when the run ended";
    case CallOutcome::success: return "success";
    case CallOutcome::partial: return "partial response";
    case CallOutcome::malformed:
      return "a response that names nothing of the batch: all of it failed";
    case CallOutcome::error: return "error";
    case CallOutcome::timeout: return "timeout";
    case CallOutcome::crash: return "the function crashed";
  }
  return "";
}

// Why it comes again, where the line before does not say so already.
std::string reason_words(DeliveryReason reason) {
  if (reason == DeliveryReason::overlapping_pollers) return "by a second poller at the same time, ";
  if (reason == DeliveryReason::recreated) return "by the mapping created anew, ";
  return "";
}

std::string effect_words(const LifeEntry& entry) {
  const bool settles = entry.end == CallOutcome::success || entry.end == CallOutcome::partial;
  if (entry.end == CallOutcome::running) return "";
  if (entry.effect) return settles ? ", its work is done" : ", but its work is done";
  if (entry.failed_here) {
    return entry.end == CallOutcome::success ? ", though it failed itself" : ", it fails itself";
  }
  return entry.end == CallOutcome::success ? ", but its work is not done"
                                           : ", its work is not done";
}

std::string attempt_words(const LifeEntry& entry) {
  std::string text = "invocation " + count_text(entry.invocation) + ", ";
  text += reason_words(entry.reason);
  text += entry.batch_size == 1 ? "alone"
                                : "number " + count_text(entry.place + 1) + " of a batch of " +
                                      count_text(entry.batch_size);
  if (entry.attempt > 1) text += ", attempt " + count_text(entry.attempt);
  return text + ": " + end_words(entry.end) + effect_words(entry);
}

std::string stale_words(DeliveryReason reason) {
  const std::string_view whose =
      reason == DeliveryReason::overlapping_pollers ? "of the second poller"
      : reason == DeliveryReason::re_enabled        ? "from before the mapping was switched off"
                                                    : "of the crashed poller";
  return "the invocation " + std::string(whose) + " ends: its work counts, the checkpoint stays";
}

std::string other_words(const LifeEntry& entry) {
  switch (entry.kind) {
    case LifeKind::attempt: return attempt_words(entry);
    case LifeKind::throttled:
      return "throttled " + times(entry.repeats) +
             "; that is no attempt, and nothing is lost by it";
    case LifeKind::split:
      return "its batch of " + count_text(entry.batch_size) +
             " is split; it is now in a batch of " + count_text(entry.new_batch_size);
    case LifeKind::progress:
      return "what stood before it is settled; the rest is a new batch of " +
             count_text(entry.new_batch_size);
    case LifeKind::checkpoint: return "the checkpoint passes it";
    case LifeKind::checkpoint_lost: return "the checkpoint of this success is lost";
    case LifeKind::filtered: return "the filter takes it";
    case LifeKind::unread: return "it lies before the position where reading starts";
    case LifeKind::discarded:
      return "given up (" + entry.condition + "); a message about it goes to " +
             clean(entry.destination);
    case LifeKind::dropped: return "given up; nothing has it";
    case LifeKind::destination_failed:
      return "given up (" + entry.condition + "); " + clean(entry.destination) +
             " does not take the message";
    case LifeKind::expired: return "retention takes it, unsettled";
    case LifeKind::poller_crashed: return "the poller crashes; a new one starts at the checkpoint";
    case LifeKind::stale: return stale_words(entry.reason);
    case LifeKind::disabled: return "the mapping is switched off";
    case LifeKind::enabled: return "the mapping is switched on";
  }
  return "";
}

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

// ✓ where the work was done, ✗ where not; nothing for what is no attempt.
std::string sign_of(const LifeEntry& entry, const Painter& paint) {
  if (entry.kind != LifeKind::attempt || entry.end == CallOutcome::running) return " ";
  return mark(entry.effect ? Verdict::holds : Verdict::violated, paint);
}

void tell_entries(Teller& teller, const std::vector<LifeEntry>& entries, bool several_copies) {
  constexpr std::size_t shown_alike = 2;  // of a row of attempts alike, before folding
  constexpr std::size_t folded_least = 3;
  for (std::size_t i = 0; i < entries.size();) {
    std::size_t end = i + 1;
    while (end < entries.size() && alike(entries[i], entries[end])) ++end;
    const bool fold = end - i >= shown_alike + folded_least;
    const std::size_t shown_end = fold ? i + shown_alike : end;
    for (; i < shown_end; ++i) {
      std::string words = other_words(entries[i]);
      if (several_copies) words = "copy " + std::to_string(entries[i].copy + 1) + ": " + words;
      teller.tell(time_text(entries[i].at), sign_of(entries[i], teller.page.paint), words);
    }
    if (fold) teller.tell("…", " ", folded_words(entries, i, end));
    i = end;
  }
}

void tell_put(Teller& teller, const RecordLife& life) {
  const std::string tries =
      life.put_tries > 1 ? " in " + counted(life.put_tries, "call") : std::string();
  const std::string who = clean(life.producer) + " puts it into " + clean(life.stream);
  if (life.put_tries == 0) {
    teller.page.item("  ", "The run ends before " + who + ".");
    return;
  }
  if (life.copies.empty()) {
    teller.page.item("  ",
                     who + tries + ", and it is never stored. " +
                         (life.believed_stored ? "The producer does not look at the answer and "
                                                 "believes it stored."
                                               : "The producer gives up and knows it."));
    return;
  }
  for (std::size_t i = 0; i < life.copies.size(); ++i) {
    const LifeCopy& copy = life.copies[i];
    std::string words = i == 0 ? who : clean(life.producer) + " puts it again";
    if (!copy.acknowledged) words += "; the acknowledgement is lost";
    teller.tell(time_text(copy.arrival), " ", words);
    std::string where = "stored in " + clean(copy.shard) + " as " + copy.sequence_number;
    if (life.copies.size() > 1) where = "copy " + std::to_string(i + 1) + ": " + where;
    teller.tell("", " ", where);
  }
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
  if (life.copies.empty()) return life.never_accepted ? "never accepted" : "never stored";
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
  Teller teller{page};
  for (const LifeCopy& copy : life.copies) teller.widen(copy.arrival);
  for (const LifeInMapping& mapping : life.mappings) {
    for (const LifeEntry& entry : mapping.entries) teller.widen(entry.at);
  }
  tell_put(teller, life);
  for (const LifeInMapping& mapping : life.mappings) {
    page.heading("In " + cut_middle(clean(mapping.mapping), 40) + ", which calls " +
                 cut_middle(clean(mapping.function), 30));
    tell_entries(teller, mapping.entries, life.copies.size() > 1);
    page.heading("Why it ended so");
    page.text += paragraph(ending_of(life, mapping), 2);
    const std::string lesson = lesson_of(mapping);
    if (!lesson.empty()) page.text += paragraph(lesson, 2);
  }
  if (!options.replay.empty()) {
    page.line();
    page.line("replay: " + options.replay);
  }
  return page.text;
}

}  // namespace trimhorizon
