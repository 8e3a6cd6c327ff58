#include "sim/report/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/format.hpp"

namespace trimhorizon {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

template <std::size_t N>
std::string_view look_up(const std::array<Pair, N>& table, std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Pair& row) { return row.first == name; });
  return found == table.end() ? name : found->second;
}

constexpr std::array<Pair, 7> fates = {{
    {"processed", ""},
    {"filtered", "the filter took them"},
    {"discarded", "given up; a destination has them"},
    {"dropped", "given up; nothing has them"},
    {"expired", "retention took them, unsettled"},
    {"unread", "before the starting position"},
    {"pending", "not settled when the run ended"},
}};

constexpr std::array<Pair, 11> duplicate_causes = {{
    {"retry_after_error", "the batch was tried again after an error"},
    {"retry_after_timeout", "the batch was tried again after a timeout"},
    {"retry_after_crash", "the batch was tried again after the function crashed"},
    {"retry_after_partial_response", "the batch came again after a report of failures"},
    {"bisect", "a failing batch was split and its parts tried again"},
    {"poller_crash", "the poller crashed before the checkpoint of work that was done"},
    {"overlapping_pollers", "two pollers worked on the shard at the same time"},
    {"checkpoint_lost", "the checkpoint of a success was lost"},
    {"re_enabled", "the mapping was switched off and on with the batch in flight"},
    {"recreated", "the mapping was created anew and read the shard again"},
    {"producer_retry", "the producer stored more than one copy"},
}};

constexpr std::array<Pair, 10> loss_causes = {{
    {"retries", "given up after the last retry, and no destination has them"},
    {"age", "given up because they were too old, and no destination has them"},
    {"retention", "still waiting when retention took them; no AWS metric counts this"},
    {"latest_gap",
     "stored before LATEST was resolved, though the mapping existed; no AWS metric counts this"},
    {"swallowed", "the handler hid its error and reported success; no AWS metric counts this"},
    {"report_ignored", "the handler reported them, but ReportBatchItemFailures is not switched on"},
    {"skipped_by_handler", "the handler never worked on them and reported success"},
    {"destination_failed", "given up, and the destination did not take the message"},
    {"producer_ignored_failure", "the put failed, and the producer did not look at the answer"},
    {"oversized", "the event of one record exceeds 6 MB, and no destination has it"},
}};

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

std::string_view fate_words(std::string_view fate) { return look_up(fates, fate); }
std::string_view duplicate_words(std::string_view cause) {
  return look_up(duplicate_causes, cause);
}
std::string_view loss_words(std::string_view cause) { return look_up(loss_causes, cause); }

std::string assumption_value(const Assumptions& assumptions, Assumption which) {
  if (which == Assumption::retry_backoff) return backoff_text(assumptions.retry_backoff);
  if (which == Assumption::throttle_backoff) return backoff_text(assumptions.throttle_backoff);
  if (which == Assumption::poller_failover) return friendly_duration(assumptions.poller_failover);
  const AssumptionInfo& info = assumption_table()[static_cast<std::size_t>(which)];
  return std::string(info.values[get_assumption(assumptions, which)]);
}

bool is_default(const Assumptions& assumptions, Assumption which) {
  return assumption_value(assumptions, which) == assumption_value(Assumptions{}, which);
}

std::string_view assumption_words(Assumption which) {
  switch (which) {
    case Assumption::split: return "do the halves of a split retry afresh?";
    case Assumption::split_when: return "split at the first error or after retries?";
    case Assumption::age_scope: return "what an age limit takes of a batch";
    case Assumption::bisect_with_report: return "where a reported failure splits the batch";
    case Assumption::partial_progress: return "does progress start the retries anew?";
    case Assumption::lanes: return "how keys spread over concurrent batches";
    case Assumption::lane_blocks: return "what a failing key holds up";
    case Assumption::iterator_age: return "when the age of a batch is measured";
    case Assumption::never_invoked_count: return "the count of what was never invoked";
    case Assumption::final_window_failure: return "what a failing last window does";
    case Assumption::put_rounding: return "how put capacity is rounded";
    case Assumption::child_shards: return "do child shards wait for their parents?";
    case Assumption::child_start: return "where reading of a child shard begins";
    case Assumption::odd_split: return "which half of an odd batch is the larger";
    case Assumption::oversized_record: return "what a record above the payload limit does";
    case Assumption::in_flight_at_disable: return "does a batch in flight at a disable count?";
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
  }
  return "";
}

}  // namespace trimhorizon
