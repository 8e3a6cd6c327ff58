// One place for the words of fates and causes, so that all reports use the same ones.
#include "sim/report/words.hpp"

#include <algorithm>
#include <array>

#include "sim/base/format.hpp"

namespace trimhorizon {
std::string counted(std::uint64_t n, std::string_view singular, std::string_view plural) {
  std::string text = count_text(n) + " ";
  if (n == 1) return text + std::string(singular);
  return plural.empty() ? text + std::string(singular) + "s" : text + std::string(plural);
}

std::string for_count(std::uint64_t n, std::string_view words) {
  std::string text(words);
  if (n != 1) return text;
  constexpr std::array<std::array<std::string_view, 2>, 3> pairs = {
      {{"they were", "it was"}, {"them", "it"}, {"their", "its"}}};
  for (const auto& [many, one] : pairs) {
    for (std::size_t at = 0; (at = text.find(many, at)) != std::string::npos; at += one.size()) {
      text.replace(at, many.size(), one);
    }
  }
  return text;
}

std::string times(std::uint64_t n) {
  if (n == 1) return "once";
  if (n == 2) return "twice";
  return count_text(n) + " times";
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('.') + 1); }

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

std::string examples(const std::vector<std::string>& ids, std::uint64_t total, std::size_t shown) {
  std::string text;
  const std::size_t count = std::min(ids.size(), shown);
  for (std::size_t i = 0; i < count; ++i) text += (text.empty() ? "" : " ") + ids[i];
  if (total > count && count > 0) text += " …";
  return text;
}

std::string_view words(Fate fate) {
  switch (fate) {
    case Fate::processed: return "";
    case Fate::filtered: return "the filter took them";
    case Fate::discarded: return "given up; a destination has them";
    case Fate::dropped: return "given up; no destination has them";
    case Fate::expired: return "taken by retention, not settled";
    case Fate::unread: return "before the starting position";
    case Fate::pending: return "not settled when the run ended";
  }
  return "";
}

char letter_of(Fate fate) {
  switch (fate) {
    case Fate::processed: return '.';
    case Fate::filtered: return 'F';
    case Fate::discarded: return 'D';
    case Fate::dropped: return 'X';
    case Fate::expired: return 'E';
    case Fate::unread: return 'G';
    case Fate::pending: return '~';
  }
  return '?';
}

std::string_view words(DeliveryReason cause) {
  switch (cause) {
    case DeliveryReason::first: return "";
    case DeliveryReason::retry_after_error: return "the batch was tried again after an error";
    case DeliveryReason::retry_after_timeout: return "the batch was tried again after a timeout";
    case DeliveryReason::retry_after_crash:
      return "the batch was tried again after the function crashed";
    case DeliveryReason::retry_after_partial_response:
      return "the batch came again after a report of failures";
    case DeliveryReason::bisect: return "a failing batch was split and its parts tried again";
    case DeliveryReason::poller_crash:
      return "the poller crashed before the checkpoint of work that was done";
    case DeliveryReason::overlapping_pollers:
      return "two pollers worked on the shard at the same time";
    case DeliveryReason::checkpoint_lost: return "the checkpoint of a success was lost";
    case DeliveryReason::re_enabled:
      return "the mapping was switched off and on with the batch in flight";
    case DeliveryReason::recreated: return "the mapping was created again and read the shard again";
    case DeliveryReason::producer_retry: return "the producer stored more than one copy";
  }
  return "";
}

std::string_view words(LossCause cause) {
  switch (cause) {
    case LossCause::none: return "";
    case LossCause::retries: return "given up after the last retry, and no destination has them";
    case LossCause::age: return "given up because they were too old, and no destination has them";
    case LossCause::retention:
      return "still waiting when retention took them; no AWS metric counts this";
    case LossCause::latest_gap:
      return "stored before LATEST was resolved, though the mapping existed; no AWS metric counts "
             "this";
    case LossCause::swallowed:
      return "the handler hid its error and reported success; no AWS metric counts this";
    case LossCause::report_ignored:
      return "the handler reported them, but ReportBatchItemFailures is not switched on";
    case LossCause::skipped_by_handler:
      return "the handler never worked on them and reported success";
    case LossCause::destination_failed:
      return "given up, and the destination did not take the message";
    case LossCause::deaggregation:
      return "their aggregate had a record of another shard, so it was dropped whole; no AWS "
             "metric "
             "counts this";
    case LossCause::producer_ignored_failure:
      return "the put failed, and the producer did not look at the answer";
    case LossCause::oversized:
      return "the event of one record exceeds 6 MB, and no destination has it";
  }
  return "";
}

}  // namespace trimhorizon
