#include "sim/faults/assumption_words.hpp"

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
    case Assumption::kpl_call_time: return "how long a call of KPL takes";
    case Assumption::child_start_delay: return "how soon a child shard is read";
    case Assumption::reshard_listing: return "when a reshard is listed";
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
  if (which == Assumption::kpl_call_time) return friendly_duration(assumptions.kpl_call_time);
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
