#include "sim/scenario/build_world.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "sim/base/check.hpp"
#include "sim/base/json.hpp"
#include "sim/lambda/backoff.hpp"
#include "sim/lambda/batching.hpp"
#include "sim/lambda/failure.hpp"
#include "sim/producer/arrivals.hpp"

namespace trimhorizon {
namespace {

// The keys by (stream, name, hash). The same name with another ExplicitHashKey is another key.
class KeyTable {
 public:
  explicit KeyTable(Plan& plan) : plan_(plan) {}

  KeyId explicit_key(StreamId stream, const PutRecordSpec& record) {
    const HashKey hash = record.explicit_hash_key ? parsed(*record.explicit_hash_key)
                                                  : hash_of_partition_key(record.key);
    const auto [it, added] = known_.try_emplace({stream.value, record.key, hash}, KeyId{});
    if (added) it->second = add(stream, record.key, hash, record.explicit_hash_key.has_value());
    return it->second;
  }

  KeyId generated_keys(StreamId stream, const KeySettings& keys) {
    const KeyId first{static_cast<std::uint32_t>(plan_.keys.size())};
    for (std::uint32_t i = 0; i < keys.count; ++i) {
      const std::string name = keys.prefix + std::to_string(i);
      add(stream, name, hash_of_partition_key(name), false);
    }
    return first;
  }

 private:
  static HashKey parsed(const std::string& text) {
    const std::optional<HashKey> key = parse_hash_key(text);
    TH_CHECK(key.has_value());
    return *key;
  }
  KeyId add(StreamId stream, const std::string& name, HashKey hash, bool is_explicit) {
    plan_.keys.push_back({name, stream, hash, is_explicit});
    plan_.key_bytes.push_back(static_cast<std::uint16_t>(name.size()));
    return {static_cast<std::uint32_t>(plan_.keys.size() - 1)};
  }

  Plan& plan_;
  std::map<std::tuple<std::uint32_t, std::string, HashKey>, KeyId> known_;
};

void add_explicit_puts(KeyTable& keys, ProducerPlan& producer) {
  for (const PutCall& call : producer.settings.put) {
    producer.calls.push_back({call.at, producer.records.size(),
                              static_cast<std::uint32_t>(call.records.size()), call.put_records});
    for (const PutRecordSpec& record : call.records) {
      producer.records.push_back(
          {record.id, keys.explicit_key(producer.stream, record), record.data});
    }
  }
  std::stable_sort(producer.calls.begin(), producer.calls.end(),
                   [](const PutCallPlan& a, const PutCallPlan& b) { return a.at < b.at; });
}

void add_producers(Plan& plan, const Scenario& scenario) {
  KeyTable keys(plan);
  for (const ProducerEntry& entry : scenario.producers) {
    ProducerPlan producer;
    producer.name = entry.name;
    producer.draws_as = entity_named(entry.name);
    producer.stream = entry.stream;
    producer.settings = entry.settings;
    const StreamSettings& stream = scenario.streams[entry.stream.value].settings;
    if (entry.settings.kpl) plan.streams[entry.stream.value].aggregates = true;
    producer.limited = stream.limits;
    producer.limits = WriteLimits::of(stream.record_bytes_max());
    add_explicit_puts(keys, producer);
    if (const auto& load = producer.settings.load) {
      producer.sizes = sizes_of(*load);
      producer.first_generated_key = keys.generated_keys(entry.stream, load->keys);
      if (load->keys.distribution == KeyDistribution::zipf) {
        producer.key_table = std::make_shared<const AliasTable>(
            zipf_weights(load->keys.count, load->keys.exponent_millionths));
      }
    }
    plan.producers.push_back(std::move(producer));
  }
}

FailRulePlan plan_fail_rule(const Plan& plan, const FailRule& rule) {
  FailRulePlan entry;
  entry.rule = rule;
  for (const std::string& id : rule.records) {
    if (const auto record = plan.record_named(id)) entry.records.push_back(*record);
  }
  for (std::uint32_t k = 0; k < plan.keys.size(); ++k) {
    const bool named =
        std::find(rule.keys.begin(), rule.keys.end(), plan.keys[k].name) != rule.keys.end();
    if (named) entry.keys.push_back({k});
  }
  std::sort(entry.records.begin(), entry.records.end());
  return entry;
}

// Can this entry ever leave something to chance?
bool may_draw(const FailRulePlan& entry, Duration run) {
  const FailRule& rule = entry.rule;
  if (!rule.probability || rule.probability->parts_per_billion == 0) return false;
  if (rule.probability->parts_per_billion == 1'000'000'000) return false;
  if (!rule.records.empty() && entry.records.empty()) return false;
  if (!rule.keys.empty() && entry.keys.empty()) return false;
  const Instant from = rule.from.value_or(Instant{0});
  return from <= Instant{0} + run && from < rule.until.value_or(end_of_time);
}

void add_functions(Plan& plan, const Scenario& scenario) {
  for (const FunctionEntry& entry : scenario.functions) {
    FunctionPlan function;
    function.name = entry.name;
    function.settings = entry.settings;
    // Entries without a chance are not counted, so they do not move the chances of the others. The
    // conditions of an entry do not matter: when one is changed, the rest happens as before.
    std::uint32_t drawing = 0;
    for (const FailRule& rule : entry.settings.fail) {
      FailRulePlan& planned = function.fail.emplace_back(plan_fail_rule(plan, rule));
      planned.draws_as = drawing;
      drawing += may_draw(planned, plan.duration) ? 1 : 0;
      function.has_record_rules = function.has_record_rules || rule.asks_each_record();
      function.counts_deliveries = function.counts_deliveries || !rule.deliveries.empty();
      if (rule.probability) plan.seeded_sites.add(Site::fail_probability);
    }
    if (entry.settings.respond == Respond::fixed) {
      const auto parsed = parse_json(entry.settings.fixed_response);
      TH_CHECK(std::holds_alternative<Json>(parsed));
      function.fixed_response = read_response(std::get<Json>(parsed));
    }
    plan.functions.push_back(std::move(function));
  }
}

std::int64_t largest_record(const Plan& plan, StreamId stream) {
  std::int64_t largest = 0;
  for (const ProducerPlan& producer : plan.producers) {
    if (producer.stream != stream) continue;
    if (producer.settings.load) largest = std::max(largest, largest_size(*producer.settings.load));
    for (const PutRecordPlan& record : producer.records) {
      largest = std::max(largest, static_cast<std::int64_t>(record.data.size()));
    }
  }
  return largest;
}

void add_mappings(Plan& plan, const Scenario& scenario) {
  for (const MappingEntry& entry : scenario.mappings) {
    const std::int64_t most =
        payload_size(largest_record(plan, entry.stream)) * entry.settings.batch_size;
    plan.mappings.push_back({entry.name, entity_named(entry.name), entry.stream, entry.function,
                             ConsumerName{entry.consumer.value}, entry.on_failure, entry.settings,
                             most > payload_bytes_max});
  }
}

bool needs_whole_log(const Scenario& scenario, const PlanOptions& options) {
  const bool copies =
      std::any_of(scenario.destinations.begin(), scenario.destinations.end(),
                  [](const DestinationEntry& d) { return d.type == DestinationType::s3; });
  // The log is needed to find records that an expectation names.
  const bool named =
      std::any_of(scenario.expect.begin(), scenario.expect.end(), [](const Expectation& e) {
        return e.kind == ExpectKind::deliveries || e.kind == ExpectKind::user_records;
      });
  // A read of the timeline may name any record, and its answer is told at the end.
  const bool reads = std::any_of(scenario.timeline.begin(), scenario.timeline.end(),
                                 [](const TimelineAction& each) { return each.read.has_value(); });
  return options.keep_records || copies || named || reads ||
         expected_records(scenario) <= full_history_records;
}

// The time after which the action has no direct effect any more.
Instant effect_ends(const Plan& plan, const TimelineAction& action) {
  switch (action.kind) {
    case ActionKind::throttle:
    case ActionKind::outage: return action.lasts ? action.at + *action.lasts : end_of_time;
    case ActionKind::update_event_source_mapping:
      return action.at + std::max(plan.settings(action.mapping).update_delay,
                                  plan.settings(action.mapping).disable_delay);
    case ActionKind::crash_poller: return action.at + plan.assumptions.poller_failover;
    default: return action.lasts ? action.at + *action.lasts : action.at;
  }
}

// The last time at which the scenario itself makes something happen.
Instant last_moment(const Plan& plan) {
  Instant last{0};
  for (const TimelineAction& action : plan.timeline) {
    last = std::max(last, effect_ends(plan, action));
  }
  for (const MappingPlan& mapping : plan.mappings) {
    last = std::max(last, mapping.settings.created + mapping.settings.create_delay);
  }
  for (const FunctionPlan& function : plan.functions) {
    for (const FailRulePlan& entry : function.fail) {
      last = std::max(
          {last, entry.rule.from.value_or(Instant{0}), entry.rule.until.value_or(Instant{0})});
    }
  }
  for (const ProducerPlan& producer : plan.producers) last = std::max(last, producer.last_put());
  return last;
}

// Can a batch that always fails be retried for so long before the mapping gives it up? A mapping
// without any limit never gives up: that is an endless loop, so it does not count.
bool may_retry_for(const Plan& plan, const MappingPlan& mapping, Duration time) {
  const MappingSettings& settings = mapping.settings;
  if (settings.age_is_limited() && settings.maximum_record_age() < time) return false;
  if (!settings.retries_are_limited()) return settings.age_is_limited();
  const Duration timeout = plan.function(mapping.function).settings.timeout();
  Duration kept = timeout;
  for (std::int64_t n = 0; n < settings.maximum_retry_attempts; ++n) {
    kept = kept + timeout +
           backoff_delay(plan.assumptions.retry_backoff, static_cast<std::uint32_t>(n));
  }
  return kept >= time;
}

// Can something of the scenario still happen after its first records have left the stream?
bool outlasts_retention(const Plan& plan) {
  const Instant last = last_moment(plan);
  for (const StreamPlan& stream : plan.streams) {
    if (last - Instant{0} >= stream.settings.retention()) return true;
  }
  return std::any_of(plan.mappings.begin(), plan.mappings.end(), [&](const MappingPlan& mapping) {
    return may_retry_for(plan, mapping, plan.stream(mapping.stream).settings.retention());
  });
}

}  // namespace

std::uint64_t expected_records(const Scenario& scenario) {
  std::uint64_t records = 0;
  for (const ProducerEntry& entry : scenario.producers) {
    for (const PutCall& call : entry.settings.put) records += call.records.size();
    if (!entry.settings.load) continue;
    const GeneratedLoad& load = *entry.settings.load;
    if (load.records) {
      records += *load.records;
      continue;
    }
    std::int64_t fastest = 0;
    for (const RateStep& step : load.rate) {
      fastest = std::max(
          fastest, step.events_millionths / std::max<std::int64_t>(1, step.per.us / 1'000'000));
    }
    const auto most = static_cast<unsigned __int128>(fastest) *
                      static_cast<unsigned __int128>(load.lasts->us) / 1'000'000 / 1'000'000;
    records += static_cast<std::uint64_t>(std::min<unsigned __int128>(most, 1ull << 60));
  }
  return records;
}

Scenario shortened(Scenario scenario) {
  std::uint64_t loads = 0;
  for (const ProducerEntry& entry : scenario.producers) loads += entry.settings.load ? 1 : 0;
  for (ProducerEntry& entry : scenario.producers) {
    if (!entry.settings.load) continue;
    GeneratedLoad& load = *entry.settings.load;
    const std::uint64_t most = std::max<std::uint64_t>(scenario.explore.records / loads, 1);
    if (whole_load(load).records <= most) continue;
    load.records = most;
    load.lasts.reset();
  }
  return scenario;
}

std::uint64_t left_out_of_exploring(const Scenario& scenario) {
  const std::uint64_t all = expected_records(scenario);
  const std::uint64_t taken = expected_records(shortened(scenario));
  return all - std::min(all, taken);
}

std::shared_ptr<const Plan> make_plan(const Scenario& whole, const PlanOptions& options) {
  const bool explores = options.exploring || whole.decisions.has_value();
  const Scenario scenario = explores ? shortened(whole) : whole;
  auto plan = std::make_shared<Plan>();
  plan->seed = options.seed.value_or(scenario.seed);
  plan->epoch_ms = scenario.epoch_ms;
  plan->duration = scenario.duration;
  for (const StreamEntry& entry : scenario.streams) {
    plan->streams.push_back({entry.name, entry.settings});
    plan->streams.back().counts_minutes = entry.settings.mode == StreamMode::ON_DEMAND;
    plan->streams.back().draws_as = entity_named(entry.name);
  }
  add_producers(*plan, scenario);
  add_functions(*plan, scenario);
  add_mappings(*plan, scenario);
  for (const DestinationEntry& entry : scenario.destinations) {
    plan->destinations.push_back({entry.name, entry.type});
  }
  plan->timeline = scenario.timeline;
  for (const StreamConsumerEntry& entry : scenario.stream_consumers) {
    plan->stream_consumers.push_back({entry.consumer_name, entry.stream, entry.later});
  }
  for (const AutoscalerEntry& entry : scenario.autoscalers) {
    plan->autoscalers.push_back({entry.stream, entry.settings});
    plan->streams[entry.stream.value].counts_minutes = true;
  }
  for (const TimelineAction& action : scenario.timeline) {
    if (action.kind == ActionKind::stream_failures) {
      plan->seeded_sites.add(Site::put_failure);
      plan->seeded_sites.add(Site::get_failure);
    }
    if (!action.call || !std::holds_alternative<UpdateStreamModeCall>(action.call->action))
      continue;
    plan->streams[action.call->stream.value].counts_minutes = true;
  }
  plan->assumptions = scenario.assumptions;
  for (const TimelineAction& action : scenario.timeline) {
    if (action.kind == ActionKind::lose_acknowledgements) {
      plan->seeded_sites.add(Site::lost_acknowledgement);
    }
  }
  plan->exploring = options.exploring;
  SiteSet open = options.open_sites;
  if (scenario.decisions && !options.exploring) {
    plan->exploring = true;
    plan->decisions = std::make_shared<const DecisionList>(parse_token(*scenario.decisions));
    open = plan->decisions->open;
  }
  if (plan->exploring) {
    plan->origin = origin_of(scenario.whole_text(), scenario.changes, plan->seed);
    for (ProducerPlan& producer : plan->producers) {  // all gaps have their nominal length
      if (producer.settings.load) producer.settings.load->arrivals = Arrivals::steady;
      producer.limited = false;  // the explorer asks where a put may be throttled
    }
    plan->reshards = scenario.explore.reshards;
    for (StreamPlan& stream : plan->streams) stream.counts_minutes = false;  // nobody scales
    plan->natural_retention = !open.has(Site::trim) && outlasts_retention(*plan);
  }
  plan->keep_log = plan->exploring || needs_whole_log(scenario, options);
  return plan;
}

}  // namespace trimhorizon
