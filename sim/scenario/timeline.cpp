// Reads the timeline: what operators and the environment do. Each entry is one action.
#include <algorithm>

#include <fmt/format.h>

#include "sim/scenario/bare_reads.hpp"
#include "sim/scenario/coming.hpp"
#include "sim/scenario/context.hpp"

namespace trimhorizon::reader {
namespace {

const Block& function_action_block() {
  static const Block table{
      "action",
      {required("function", thing(), into(&TimelineAction::function), "Which function.")
           .such_as("billing")}};
  return table;
}

void read_crash(Context& context, const Given& given, TimelineAction& action) {
  given.fill(action);
  if (!action.mapping.valid() || !given.is_right("shard")) return;
  check_shard(context, context.out.mappings[action.mapping.value].stream, action.shard_number,
              *given.find("shard"));
}

Block crash_poller_block() {
  return {"`crash_poller`",
          {
              required("mapping", thing(), into(&TimelineAction::mapping), "Which mapping.")
                  .such_as("billing-orders"),
              required("shard", simple(Kind::shard), into(&TimelineAction::shard_number),
                       "Which shard: shardId-000000000000.")
                  .such_as("shardId-000000000001"),
          },
          read_crash};
}

Block lose_acknowledgements_block() {
  return {"`lose_acknowledgements`",
          {
              required("producer", thing(), into(&TimelineAction::producer), "Which producer.")
                  .such_as("web"),
              key("probability", simple(Kind::percent), into(&TimelineAction::probability),
                  "The probability for each put.")
                  .such_as("5%"),
          }};
}

Block fail_destination_block() {
  return {
      "`fail_destination`",
      {required("destination", thing(), into(&TimelineAction::destination), "Which destination.")
           .such_as("dlq")}};
}

const Block& update_mapping_block() {
  static const Block table = [] {
    Block made{"`UpdateEventSourceMapping`",
               {
                   required("name", thing(), into(&TimelineAction::mapping), "Which mapping.")
                       .such_as("billing-orders"),
                   required("Enabled", simple(Kind::boolean), into(&TimelineAction::enabled),
                            "Whether the mapping polls.", "ESM-PAR-14"),
               }};
    for (const Key& each : mapping_block().keys) {
      if (!each.is_aws() || made.find(each.name)) continue;
      made.keys.push_back(
          key(each.name, simple(Kind::not_modelled), {},
              "only Enabled can be updated yet: a variant with another value comes closest")
              .not_missing("Enabled"));
    }
    return made;
  }();
  return table;
}

template <ActionKind kind>
void read_action(Context& context, const Value& value, TimelineAction& action) {
  action.kind = kind;
  read_value(context, value, action);
}

// ---- failures of a stream

const Block& put_failures_block();
const Block& get_failures_block();

// Each call fails in at most one way.
void read_rates(Context& context, const Given& given, FailureRates& rates) {
  given.fill(rates);
  if (given.names_nothing()) {
    context.error(given.place(), "it names no failure", "for example {internal_failure: 5%}");
  }
  std::uint64_t all = 0;
  for (const Probability each : {rates.internal_failure, rates.unavailable, rates.throttling,
                                 rates.throughput_exceeded, rates.expired_iterator}) {
    all += each.parts_per_billion;
  }
  if (all <= 1'000'000'000) return;
  context.error(given.place(), "these are more than 100% together",
                "each call fails in at most one way");
}

std::vector<Key> failures_of_each_call() {
  const auto rate = [](std::string_view name, Probability FailureRates::*member,
                       std::string_view text) {
    return key(name, simple(Kind::percent), into(member), text, "KDS-PRD-20").such_as("5%");
  };
  return {rate("internal_failure", &FailureRates::internal_failure, "InternalFailure."),
          rate("unavailable", &FailureRates::unavailable, "ServiceUnavailable."),
          rate("throttling", &FailureRates::throttling, "ThrottlingException."),
          rate("throughput_exceeded", &FailureRates::throughput_exceeded,
               "ProvisionedThroughputExceededException.")};
}

const Block& put_failures_block() {
  static const Block table{"`put` of `stream_failures`", {failures_of_each_call()}, read_rates};
  return table;
}

const Block& get_failures_block() {
  static const Block table{"`get` of `stream_failures`",
                           {failures_of_each_call(), key("expired_iterator", simple(Kind::percent),
                                                         into(&FailureRates::expired_iterator),
                                                         "ExpiredIteratorException.", "KDS-PRD-20")
                                                         .such_as("5%")},
                           read_rates};
  return table;
}

void read_stream_failures_block(Context& context, const Given& given, StreamFailures& failures) {
  given.fill(failures);
  if (!given.is_absent("put") || !given.is_absent("get")) return;
  context.error(given.place(), "no call fails in this stream_failures",
                "write put: {internal_failure: 5%}, or get");
}

Block stream_failures_block() {
  return {"`stream_failures`",
          {
              required("stream", thing(), into(&StreamFailures::stream), "Which stream.")
                  .such_as("orders"),
              key("put", something(put_failures_block), into(&StreamFailures::put),
                  "How often PutRecord and PutRecords fail, by kind; default: never.", "KDS-PRD-20")
                  .such_as("{internal_failure: 5%}"),
              key("get", something(get_failures_block), into(&StreamFailures::get),
                  "How often reads fail, by kind; default: never.", "KDS-PRD-20")
                  .such_as("{throttling: 5%}"),
          },
          read_stream_failures_block};
}

void read_stream_failures(Context& context, const Value& value, TimelineAction& action) {
  action.kind = ActionKind::stream_failures;
  read_value(context, value, action.failures.emplace());
}

void read_entry(Context& context, const Given& given, TimelineAction& action) {
  given.fill(action);
  if (const Key* key = alternative_of(context, given, timeline_block(), "timeline entry")) {
    given.read(key->name, action);
    if (action.happens_at_once() && given.has("for")) {
      context.error(
          given.place_of("for"),
          fmt::format("`for` cannot be used with `{}`: that action happens at once", key->name));
    }
  }
  context.warn_if_never(action.at, given.place_of("at"));
}

}  // namespace

const Block& timeline_block() {
  static const Block table = until_modelled(
      {"timeline entry",
       {
           required("at", duration("s"), into(&TimelineAction::at), "When.").such_as("10m"),
           key("for", duration("s", microseconds(1)), into(&TimelineAction::lasts),
               "How long; default: to the end of the run.")
               .such_as("5m"),
           key("throttle", block(function_action_block), read_by(read_action<ActionKind::throttle>),
               "Every invocation of the function is throttled.", "LAM-CON-05")
               .such_as("{function: billing}")
               .alternative(),
           key("outage", block(function_action_block), read_by(read_action<ActionKind::outage>),
               "Invocations of the function end in error, without effects.")
               .such_as("{function: billing}")
               .alternative(),
           key("crash_poller", block(crash_poller_block()),
               read_by(read_action<ActionKind::crash_poller>),
               "The poller of a shard crashes; another one begins at the checkpoint.", "ESM-POL-17")
               .such_as("{mapping: billing-orders, shard: shardId-000000000001}")
               .alternative(),
           key("lose_acknowledgements", block(lose_acknowledgements_block()),
               read_by(read_action<ActionKind::lose_acknowledgements>),
               "Puts are stored, but the producer gets no answer.", "KDS-PRD-07")
               .such_as("{producer: web, probability: 5%}")
               .alternative(),
           key("fail_destination", block(fail_destination_block()),
               read_by(read_action<ActionKind::fail_destination>),
               "The destination refuses every message.", "ESM-DST-07")
               .such_as("{destination: dlq}")
               .alternative(),
           key("UpdateEventSourceMapping", block(update_mapping_block),
               read_by(read_action<ActionKind::update_event_source_mapping>),
               "Disables or enables a mapping.", "ESM-PAR-14")
               .such_as("{name: billing-orders, Enabled: false}")
               .alternative(),
           timeline_calls(),
           timeline_get_records(),
           key("stream_failures", block(stream_failures_block()), read_by(read_stream_failures),
               "Some calls of a stream fail.", "KDS-PRD-20")
               .such_as("{stream: orders, put: {internal_failure: 5%}}")
               .alternative(),
           not_modelled({"UpdateMaxRecordSize", "UpdateStreamWarmThroughput"},
                        "a stream keeps its settings: a variant with another value comes closest"),
           not_modelled({"CreateEventSourceMapping"}, "write the mapping with `created: 5m`"),
           not_modelled({"DeleteEventSourceMapping"},
                        "UpdateEventSourceMapping: {name: …, Enabled: false} comes closest"),
           not_modelled({"PutFunctionConcurrency", "DeleteFunctionConcurrency"},
                        "ReservedConcurrentExecutions holds for the whole run; `throttle` stops a "
                        "function for a while"),
           not_modelled({"UpdateFunctionConfiguration", "deploy"},
                        "`fail` entries of the function begin and end: {from: 5m, until: 10m}"),
           not_modelled({"deny"}, "`outage` of the function comes closest"),
           not_modelled({"redrive"},
                        "what a destination got stays there: expect: {destinations: …}"),
           not_modelled({"start_worker", "stop_worker", "pause_worker", "throttle_lease_table"},
                        "no KCL workers are modelled; `crash_poller` is about a mapping"),
       },
       read_entry});
  return table;
}

void read_timeline(Context& context, const Value& value, Scenario& out) {
  read_value(context, value, out.timeline);
}

}  // namespace trimhorizon::reader
