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

std::string_view assumption_words(Assumption which) {
  switch (which) {
    case Assumption::split: return "does a split reset the retries?";
    case Assumption::split_when: return "split at the first error or after retries?";
    case Assumption::age_scope: return "which part of a batch an age limit takes";
    case Assumption::bisect_with_report: return "where a reported failure splits the batch";
    case Assumption::partial_progress: return "does progress reset the retries?";
    case Assumption::lanes: return "how keys spread over concurrent batches";
    case Assumption::lane_blocks: return "what a failing key holds up";
    case Assumption::iterator_age: return "when the age of a batch is measured";
    case Assumption::never_invoked_count: return "the invoke count of a batch never invoked";
    case Assumption::final_window_failure: return "what a failing last window does";
    case Assumption::put_rounding: return "how put capacity is rounded";
    case Assumption::child_shards: return "do child shards wait for their parents?";
    case Assumption::child_start: return "where reading of a child shard begins";
    case Assumption::odd_split: return "which half of an odd batch is the larger";
    case Assumption::oversized_record: return "what a record above the payload limit does";
    case Assumption::in_flight_at_disable: return "is a batch in flight at a disable counted?";
    case Assumption::lane_checkpoint: return "what the checkpoint covers with lanes";
    case Assumption::read_record_limit: return "are records read per second limited?";
    case Assumption::age_boundary: return "is a record at exactly the limit too old?";
    case Assumption::malformed_report: return "does a malformed report split the batch?";
    case Assumption::mixed_identifiers: return "a report with right and wrong identifiers";
    case Assumption::consolidate_failures: return "are split batches joined again?";
    case Assumption::read_throttle: return "how long an exhausted read limit holds";
    case Assumption::trimmed_position: return "what reading below the trim horizon does";
    case Assumption::retry_backoff: return "how long Lambda waits between attempts";
    case Assumption::throttle_backoff: return "how long Lambda waits after a throttle";
    case Assumption::poller_failover: return "how soon a crashed poller is replaced";
    case Assumption::update_shard_count_plan: return "which shards UpdateShardCount cuts";
    case Assumption::latest_position: return "from when LATEST is a fixed position";
    case Assumption::other_answers: return "what an answer that is no object means";
    case Assumption::partial_remainder: return "is the rest of a batch filled up?";
    case Assumption::esm_read: return "how much a mapping reads at once";
    case Assumption::on_demand_scale_down: return "does an on-demand stream shrink?";
    case Assumption::on_demand_split_delay: return "how soon a busy shard is split";
    case Assumption::child_start_delay: return "how soon a child shard is read";
    case Assumption::reshard_listing: return "when a reshard is listed";
  }
  return "";
}

}  // namespace trimhorizon
