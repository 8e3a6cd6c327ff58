// Decides from a plan what a state key must contain. Whatever cannot matter is left out, so that
// more states are merged.
#include "sim/explore/key_layout.hpp"

#include <algorithm>

#include "sim/handlers/memo_handlers.hpp"
#include "sim/kinesis/resharding.hpp"
#include "sim/kinesis/stream_settings.hpp"
#include "sim/lambda/backoff.hpp"

namespace trimhorizon {
namespace {

constexpr std::uint32_t backoff_steps_max = 10'000;

// The first back-off step that waits as long as all later ones.
std::uint32_t steps_of(const Backoff& backoff) {
  std::uint32_t step = 0;
  while (step < backoff_steps_max &&
         backoff_delay(backoff, step) != backoff_delay(backoff, step + 1)) {
    ++step;
  }
  return step;
}

// The timeline may change the retention of a stream.
Duration longest_retention(const Plan& plan, StreamId stream) {
  Duration longest = plan.stream(stream).settings.retention();
  for (const TimelineAction& action : plan.timeline) {
    if (!action.call || action.call->stream != stream) continue;
    const auto* increase = std::get_if<IncreaseRetentionCall>(&action.call->action);
    if (increase != nullptr) longest = std::max(longest, hours(increase->hours));
  }
  return longest;
}

// KDS-LIM-08, KDS-SHD-18. Only then it matters when the calls were made.
bool calls_may_use_up_quotas(const Plan& plan) {
  std::size_t updates = 0;
  std::size_t switches = 0;
  const auto count = [&](const ApiCall& call) {
    updates += std::holds_alternative<UpdateShardCountCall>(call.action) ? 1 : 0;
    switches += std::holds_alternative<UpdateStreamModeCall>(call.action) ? 1 : 0;
  };
  for (const TimelineAction& action : plan.timeline) {
    if (action.call) count(*action.call);
  }
  for (const ApiCall& call : plan.reshards) count(call);
  return updates > count_updates_max || switches > mode_switches_max;
}

bool looks_like_sequence_number(const std::string& text) {
  return text.size() >= 20 && text.find_first_not_of("0123456789") == std::string::npos;
}

// The latest instant at which a poller may start, if its mapping takes time to start.
Instant last_start(const Plan& plan) {
  Instant last{0};
  for (const MappingPlan& mapping : plan.mappings) {
    last = std::max(last, mapping.settings.created + mapping.settings.create_delay);
    for (const TimelineAction& action : plan.timeline) {
      last = std::max({last, action.at + mapping.settings.update_delay,
                       action.at + mapping.settings.disable_delay});
    }
  }
  return last;
}

}  // namespace

KeyLayout::KeyLayout(const Plan& plan, SiteSet open, bool own_functions) {
  if (own_functions) attempts = attempts_told_apart - 1;
  look_at_mappings(plan);
  look_at_functions(plan);
  look_at_creations(plan);
  look_at_clock(plan);
  std::uint32_t readers = 0;
  for (const MappingPlan& mapping : plan.mappings) {
    readers += plan.stream(mapping.stream).settings.shard_count;
  }
  streams_change = plan.changes_streams();
  quotas = calls_may_use_up_quotas(plan);
  refused_reads = open.has(Site::read_throttled);
  waits_matter = readers > 1 || streams_change || !plan.timeline.empty() || ages || windows ||
                 absolute_time || open.has(Site::poller_crash_anywhere) ||
                 open.has(Site::overlapping_pollers);
  walks = plan.natural_retention;
  tops_up = plan.assumptions.partial_remainder == assume::partial_remainder::topped_up;
  if (tops_up) attempts = std::max(attempts, 1u);
  retry_steps = steps_of(plan.assumptions.retry_backoff);
  throttle_steps = steps_of(plan.assumptions.throttle_backoff);
}

void KeyLayout::look_at_mappings(const Plan& plan) {
  const auto ages_up_to = [&](Duration age) {
    ages = true;
    oldest_age = std::max(oldest_age, age + microseconds(1));
  };
  for (const MappingPlan& mapping : plan.mappings) {
    const MappingSettings& settings = mapping.settings;
    split_ages = split_ages || (settings.age_is_limited() &&
                                plan.assumptions.age_scope == assume::age_scope::restarts_on_split);
    if (settings.age_is_limited()) {
      ages_up_to(settings.maximum_record_age());
      attempts = std::max(attempts, 1u);  // was the batch ever invoked?
    }
    if (plan.natural_retention) ages_up_to(longest_retention(plan, mapping.stream));
    windows = windows || settings.batching_window_s > 0;
    latest = latest || settings.starting_position == StartingPosition::latest;
    if (settings.starting_position == StartingPosition::at_timestamp) {
      absolute_time = true;
      ages_up_to(last_start(plan) - Instant{0});
    }
  }
}

void KeyLayout::look_at_functions(const Plan& plan) {
  for (const FunctionPlan& function : plan.functions) {
    environments = environments || function.settings.cold_start > Duration{0};
    for (const FailRulePlan& entry : function.fail) {
      absolute_time = absolute_time || entry.rule.from || entry.rule.until;
      last_boundary = std::max({last_boundary, entry.rule.from.value_or(Instant{0}),
                                entry.rule.until.value_or(Instant{0})});
      for (const std::uint32_t n : entry.rule.attempts) attempts = std::max(attempts, n + 1);
      for (const std::uint32_t n : entry.rule.deliveries) deliveries = std::max(deliveries, n + 1);
    }
    if (!function.fixed_response) continue;
    for (const ItemIdentifier& item : function.fixed_response->identifiers) {
      literal_positions =
          literal_positions || (item.text && looks_like_sequence_number(*item.text));
    }
  }
}

void KeyLayout::look_at_creations(const Plan& plan) {
  for (const MappingPlan& mapping : plan.mappings) {
    const MappingSettings& settings = mapping.settings;
    if (settings.created == Instant{0}) continue;  // nothing is stored before that
    // Any other starting position is resolved once, so clock and ages must count until then.
    if (plan.natural_retention) {
      absolute_time = true;
      oldest_age = std::max(oldest_age, last_start(plan) - Instant{0});
    }
    const bool skips = settings.starting_position == StartingPosition::latest;
    if (skips) creations.push_back(settings.created);
  }
  std::sort(creations.begin(), creations.end());
  creations.erase(std::unique(creations.begin(), creations.end()), creations.end());
  if (creations.empty() || !ages) return;
  // With both ages and creations, arrivals are exact only while the clock counts.
  absolute_time = true;
  last_boundary = std::max(last_boundary, creations.back() + oldest_age);
}

// Sequence numbers are made from arrivals, so the clock must count until the last record is too old
// for any rule.
void KeyLayout::look_at_clock(const Plan& plan) {
  if (literal_positions) {
    absolute_time = true;
    for (const ProducerPlan& producer : plan.producers) {
      last_boundary = std::max(last_boundary, producer.last_put() + oldest_age);
    }
  }
  if (!absolute_time) return;
  last_boundary = std::max(last_boundary, last_start(plan));
  // After the last boundary neither the clock nor ages advance. The boundary must be so late that a
  // record at its greatest age does not look older than a LATEST mapping created with the stream.
  if (latest && ages) last_boundary = std::max(last_boundary, Instant{0} + oldest_age);
}

}  // namespace trimhorizon
