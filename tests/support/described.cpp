// A drawn scenario in words, for the message of a failing property.
#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "tests/support/drawn_scenario.hpp"

namespace trimhorizon::testing {
namespace {

std::string moment(Instant t) { return duration_text(t - Instant{0}); }

std::string backoff_text(const Backoff& b) {
  if (!b.on) return "none";
  return fmt::format("{}*{}<={}{}", duration_text(b.first), b.factor_thousandths,
                     duration_text(b.cap), b.jitter == Backoff::Jitter::full ? " jitter" : "");
}

std::string producer_text(const ProducerEntry& p) {
  std::string out = fmt::format("producer {} stream {} retry mode {} x{} every {}:", p.name,
                                p.stream.value, static_cast<int>(p.settings.retry.mode),
                                p.settings.retry.attempts, duration_text(p.settings.retry.backoff));
  for (const PutCall& call : p.settings.put) {
    out += " " + moment(call.at) + "[";
    for (const PutRecordSpec& r : call.records) out += r.id + ":" + r.key + " ";
    out.back() = ']';
  }
  if (const auto& load = p.settings.load) {
    out += fmt::format(
        " {} records from {} at {}/s arrivals {} batch {} keys {}x{} of {} B", *load->records,
        moment(load->rate[0].from), load->rate[0].events_millionths / 1'000'000,
        static_cast<int>(load->arrivals), load->batch, static_cast<int>(load->keys.distribution),
        load->keys.count, load->size_bytes);
  }
  return out + "\n";
}

std::string rule_text(const FailRule& r) {
  std::string out = "  fail";
  for (const std::string& id : r.records) out += " " + id;
  for (const std::string& key : r.keys) out += " key " + key;
  if (r.from) out += " from " + moment(*r.from);
  if (r.until) out += " until " + moment(*r.until);
  if (r.probability) out += fmt::format(" p {}e-9", r.probability->parts_per_billion);
  for (const std::uint32_t a : r.attempts) out += fmt::format(" attempt {}", a);
  for (const std::uint32_t n : r.deliveries) out += fmt::format(" delivery {}", n);
  if (r.over_records) out += fmt::format(" over {} records", *r.over_records);
  if (r.over_bytes) out += fmt::format(" over {} B", *r.over_bytes);
  return out + fmt::format(" as {} after {}\n", static_cast<int>(r.as), static_cast<int>(r.after));
}

std::string function_text(const FunctionEntry& f) {
  const FunctionSettings& s = f.settings;
  std::string out = fmt::format(
      "function {} timeout {}s work {}+{}{} cold {} respond {} {}{}\n", f.name, s.timeout_s,
      duration_text(s.duration.batch), duration_text(s.duration.record),
      s.duration.lognormal ? " lognormal" : "", duration_text(s.cold_start),
      static_cast<int>(s.respond), s.fixed_response,
      s.reserved_concurrency ? fmt::format(" reserved {}", *s.reserved_concurrency) : "");
  for (const FailRule& rule : s.fail) out += rule_text(rule);
  return out;
}

std::string mapping_text(const MappingEntry& m) {
  const MappingSettings& s = m.settings;
  return fmt::format(
      "mapping {} stream {} function {} destination {} batch {} window {} retries {} age {}{}{}{} "
      "start {}{} created {} +{} update {} disable {}\n",
      m.name, m.stream.value, m.function.value,
      m.on_failure.valid() ? std::to_string(m.on_failure.value) : "none", s.batch_size,
      s.batching_window_s, s.maximum_retry_attempts, s.maximum_record_age_s,
      s.bisect_batch_on_function_error ? " bisect" : "",
      s.report_batch_item_failures ? " report" : "", s.enabled ? "" : " disabled",
      static_cast<int>(s.starting_position),
      s.starting_timestamp_ms ? fmt::format(" {}", *s.starting_timestamp_ms) : "",
      moment(s.created), duration_text(s.create_delay), duration_text(s.update_delay),
      duration_text(s.disable_delay));
}

std::string call_text(const ApiCall& call) {
  std::string text = fmt::format("{} of stream {}", name(call.action_name()), call.stream.value);
  if (const auto* split = std::get_if<SplitShardCall>(&call.action)) {
    text += fmt::format(
        " shard {} at {}", split->shard,
        split->new_starting_hash_key ? to_decimal(*split->new_starting_hash_key) : "the middle");
  } else if (const auto* merge = std::get_if<MergeShardsCall>(&call.action)) {
    text += fmt::format(" shards {} and {}", merge->shard, merge->adjacent);
  } else if (const auto* count = std::get_if<UpdateShardCountCall>(&call.action)) {
    text += fmt::format(" to {}", count->target);
  }
  return text;
}

std::string action_text(const TimelineAction& a) {
  constexpr const char* kinds[] = {
      "throttle",         "outage", "crash_poller", "lose_acknowledgements",
      "fail_destination", "update", "api_call",     "stream_failures"};
  if (a.call) return fmt::format("at {} {}\n", moment(a.at), call_text(*a.call));
  return fmt::format("at {} {} for {} function {} mapping {} shard {} producer {} enabled {}\n",
                     moment(a.at), kinds[static_cast<int>(a.kind)],
                     a.lasts ? duration_text(*a.lasts) : "ever", a.function.value, a.mapping.value,
                     a.shard_number, a.producer.value, a.enabled);
}

}  // namespace

std::string described(const Scenario& scenario) {
  std::string out =
      fmt::format("\nseed {} duration {}\n", scenario.seed, duration_text(scenario.duration));
  for (const StreamEntry& s : scenario.streams) {
    out += fmt::format("stream {} with {} shards{}, cut after {}\n", s.name, s.settings.shard_count,
                       s.settings.limits ? "" : " without limits",
                       duration_text(s.settings.reshard_duration));
  }
  for (const ProducerEntry& p : scenario.producers) out += producer_text(p);
  for (const FunctionEntry& f : scenario.functions) out += function_text(f);
  for (const MappingEntry& m : scenario.mappings) out += mapping_text(m);
  for (const TimelineAction& a : scenario.timeline) out += action_text(a);
  for (const AssumptionInfo& info : assumption_table()) {
    const std::uint32_t value = get_assumption(scenario.assumptions, info.which);
    if (!info.values.empty() && value != 0) {
      out += fmt::format("{}: {}\n", info.name, info.values[value]);
    }
  }
  out += "retry_backoff " + backoff_text(scenario.assumptions.retry_backoff) +
         ", throttle_backoff " + backoff_text(scenario.assumptions.throttle_backoff) +
         ", failover " + duration_text(scenario.assumptions.poller_failover) + "\n";
  return out;
}

}  // namespace trimhorizon::testing
