// One place for the words of fates, causes and assumptions, so that all reports use the same ones.
#include "sim/report/words.hpp"

#include <algorithm>

#include "sim/base/format.hpp"

namespace trimhorizon {
namespace {

std::string backoff_text(const Backoff& backoff) {
  if (!backoff.on) return "none";
  std::string factor = std::to_string(backoff.factor_thousandths / 1000);
  if (backoff.factor_thousandths % 1000 != 0) {
    std::string fraction = std::to_string(1000 + backoff.factor_thousandths % 1000).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    factor += "." + fraction;
  }
  std::string text =
      friendly_duration(backoff.first) + " x" + factor + " up to " + friendly_duration(backoff.cap);
  if (backoff.jitter == Backoff::Jitter::full) text += ", jitter";
  return text;
}

}  // namespace

std::string counted(std::uint64_t n, std::string_view singular, std::string_view plural) {
  std::string text = count_text(n) + " ";
  if (n == 1) return text + std::string(singular);
  return plural.empty() ? text + std::string(singular) + "s" : text + std::string(plural);
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
    case LossCause::producer_ignored_failure:
      return "the put failed, and the producer did not look at the answer";
    case LossCause::oversized:
      return "the event of one record exceeds 6 MB, and no destination has it";
  }
  return "";
}

std::string assumption_value(const Assumptions& assumptions, Assumption which) {
  if (which == Assumption::retry_backoff) return backoff_text(assumptions.retry_backoff);
  if (which == Assumption::throttle_backoff) return backoff_text(assumptions.throttle_backoff);
  if (which == Assumption::poller_failover) return friendly_duration(assumptions.poller_failover);
  if (which == Assumption::on_demand_split_delay) {
    return friendly_duration(assumptions.on_demand_split_delay);
  }
  if (which == Assumption::child_start_delay) {
    return friendly_duration(assumptions.child_start_delay);
  }
  const AssumptionInfo& info = assumption_table()[static_cast<std::size_t>(which)];
  return std::string(info.values[get_assumption(assumptions, which)]);
}

bool is_default(const Assumptions& assumptions, Assumption which) {
  return assumption_value(assumptions, which) == assumption_value(Assumptions{}, which);
}

}  // namespace trimhorizon
