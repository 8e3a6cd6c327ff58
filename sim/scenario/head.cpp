// Reads the file itself: its keys, and the order in which they are read. KDS-SHD-09.
#include <algorithm>

#include <fmt/format.h>

#include "sim/base/format.hpp"

#include "sim/faults/decisions.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/scenario/coming.hpp"
#include "sim/scenario/context.hpp"

namespace trimhorizon::reader {
namespace {

constexpr std::int64_t text_max = 10'000;
constexpr std::int64_t function_name_max = 64;
constexpr std::string_view any_name = R"(^[^\x00-\x1f\x7f]*$)";
constexpr std::string_view variant_name = R"(^(?!base$)[^\x00-\x1f\x7f=]*$)";

void read_version(Context& context, const Value& value, Scenario&) {
  const Node& node = value.node;
  const bool plain = node.is_scalar() && !node.in_quotes && node.tag.empty();
  const std::optional<std::int64_t> version = read_integer(plain ? node.text : "").value;
  if (!version || *version == 1) {
    number_value(context, value);
  } else {
    context.error(node.at, fmt::format("this program reads format 1, not {}", *version),
                  "write trimhorizon: 1");
  }
}

// A token that `replay` would refuse is already refused here, with its place.
void read_token(Context& context, const Value& value, Scenario& out) {
  read_value(context, value, out.decisions);
  if (!value.node.is_scalar() || value.node.text.empty()) return;
  try {
    parse_token(value.node.text);
  } catch (const TokenError& error) {
    context.error(value.node.at, error.what(), "copy all of it, from th1: to its end");
  }
}

void check_texts(Notes& notes, const Value& value, Scenario&) {
  std::vector<std::string> unused;
  read_value(notes, value, unused);
}

Block decisions_block() {
  return {
      "`decisions`",
      {
          required("token", text(1), read_by(read_token),
                   "The token for `replay --decisions`: th1:…")
              .such_as("th1:AAAAXZW9dA"),
          key("sites", list(text()), read_by(check_texts), "The sites where something was decided.")
              .such_as("[function_error]"),
      }};
}

void read_decisions(Context& context, const Value& value, Scenario& out) {
  if (value.form.kind != Kind::block) return read_token(context, value, out);
  read_value(context, value, out);
}

Block evidence_block() {
  return {"evidence entry",
          {
              required("kind", word({"aws-recorded", "aws-documented", "source", "model"}),
                       into(&Evidence::kind), "How certain it is.")
                  .such_as("aws-documented"),
              required("rule", text(1, 1'000), into(&Evidence::rule), "The rule it is about.")
                  .such_as("ESM-RTY-05"),
          }};
}

// The run must end before the seconds since 1970 need more than 36 bits, because sequence numbers
// have only 36 for them (KDS-SHD-09).
void check_end(Context& context, const Given& given, const Scenario& out) {
  const std::int64_t end_ms = out.epoch_ms + out.duration.us / 1'000;
  if (end_ms / 1'000 <= latest_second) return;
  if (given.is_wrong("epoch") || given.is_wrong("duration")) return;
  context.error(given.place_of(given.has("epoch") ? "epoch" : "duration"),
                "epoch + duration is after 4147-08-20T07:32:15Z, the last second that a sequence "
                "number can contain",
                "write an earlier epoch or a shorter duration");
}

// Without waits between attempts, a batch that fails is tried as often as the function can work.
void warn_of_endless_tries(Context& context, const Given& given, const Scenario& out) {
  constexpr std::int64_t many = 10'000'000;  // a run ends with an error after as many
  const Backoff& backoff = out.assumptions.retry_backoff;
  const Duration wait = backoff.on ? backoff.cap : Duration{0};
  for (const MappingEntry& mapping : out.mappings) {
    if (!mapping.function.valid()) continue;
    const MappingSettings& settings = mapping.settings;
    if (settings.retries_are_limited() || settings.age_is_limited()) continue;
    const WorkDuration& work = out.functions[mapping.function.value].settings.duration;
    const Duration each = work.lognormal ? work.lognormal->mean : work.batch + work.record;
    const std::int64_t tries = out.duration.us / std::max<std::int64_t>((each + wait).us, 1);
    if (tries <= many) continue;
    context.warn(given.place_of("assumptions"),
                 fmt::format("a batch of {} that fails may be tried {} times in {}: nothing waits "
                             "between its attempts; the run ends with an error after {}",
                             mapping.name, count_text(static_cast<std::uint64_t>(tries)),
                             friendly_duration(out.duration), count_text(many)));
  }
}

void read_file(Context& context, const Given& given, Scenario& out) {
  // This order lets each part name things of earlier parts.
  for (const std::string_view name : {"trimhorizon", "title", "lesson", "seed", "epoch", "duration",
                                      "evidence", "decisions", "streams", "stream_consumers"}) {
    given.read(name, out);
  }
  context.reshards = count_reshards(context);
  add_later_consumers(context);
  for (const std::string_view name :
       {"producers", "functions", "destinations", "event_source_mappings", "autoscaler", "timeline",
        "assumptions", "explore", "expect"}) {
    given.read(name, out);
  }
  check_end(context, given, out);
  warn_of_endless_tries(context, given, out);
  given.read("variants", out);
}

Rows beside_the_streams() {
  return std::vector<Key>{
      key("stream_consumers", named(stream_consumer_block, any_name),
          read_by(read_stream_consumers),
          "AWS::Kinesis::StreamConsumer, by name: a mapping that names one reads with enhanced "
          "fan-out.",
          "KDS-EFO-01")
          .such_as("{billing-efo: {StreamARN: orders, ConsumerName: billing-efo}}"),
      key("autoscaler", named(autoscaler_block, aws_name_pattern), read_by(read_autoscalers),
          "A scaler of the user's own for a stream, by the name of the stream.")
          .such_as("{orders: {up_above: 80%, down_below: 25%, step: 2}}"),
  };
}

// What the file says beside what runs.
Rows beside_the_run() {
  return std::vector<Key>{
      key("expect", block(expect_block), read_by(read_expect), "What is expected of the run.")
          .such_as("{lost: 0}")
          .no_setting("it changes no run: write it in the file, or in the `expect` of a variant"),
      key("evidence", list(block(evidence_block())), into(&Scenario::evidence),
          "Where the expectations come from.")
          .such_as("[{kind: aws-documented, rule: ESM-RTY-05}]")
          .no_setting("it says where the expectations come from, and changes no run"),
      key("decisions", {text(1), block(decisions_block())}, read_by(read_decisions),
          "The choices of a counterexample.")
          .such_as("th1:AAAAXZW9dA")
          .no_setting("give the token to `replay` with --decisions"),
      key("variants", named(variant_block, variant_name), read_by(read_variants),
          "The same traffic with other settings, by name.")
          .such_as("{small_batches: {set: {BatchSize: 10}}}")
          .no_setting("a setting holds for the file and all its variants; --variant chooses one"),
  };
}

}  // namespace

const Block& scenario_block() {
  static const Block table = until_modelled(
      {"scenario",
       {
           required("trimhorizon", integer(1, 1), read_by(read_version),
                    "The version of this format.")
               .such_as("1"),
           key("title", text(0, text_max), into(&Scenario::title),
               "What the scenario shows, in a few words.")
               .such_as("A poison pill"),
           key("lesson", text(0, text_max), into(&Scenario::lesson), "The one sentence it teaches.")
               .such_as("One bad record stops its shard."),
           key("seed", integer(0, unbounded), into(&Scenario::seed),
               "The seed of all random values: the same seed gives the same run.")
               .such_as("42"),
           key("epoch", simple(Kind::time), into(&Scenario::epoch_ms),
               "The wall time when the run begins.")
               .such_as("2026-03-01T08:00:00Z"),
           key("duration", duration("s", microseconds(1)), into(&Scenario::duration),
               "The run ends after this time, or earlier when nothing is left to do.")
               .such_as("2h"),
           required("streams", named(stream_block, aws_name_pattern, 128, 1), read_by(read_streams),
                    "AWS::Kinesis::Stream, by name.")
               .such_as("{orders: {ShardCount: 2}}"),
           key("producers", named(producer_block, any_name), read_by(read_producers),
               "The producers, by name.")
               .such_as("{shop: {stream: orders, rate: 10/s, for: 5m}}"),
           key("functions", named(function_block, aws_name_pattern, function_name_max),
               read_by(read_functions), "AWS::Lambda::Function, by name.")
               .such_as("{billing: {Timeout: 30}}"),
           key("event_source_mappings", named(mapping_block, any_name), read_by(read_mappings),
               "AWS::Lambda::EventSourceMapping, by name.")
               .such_as("{m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: "
                        "LATEST}}"),
           key("destinations", named(destination_block, aws_name_pattern),
               read_by(read_destinations), "Where discarded batches are sent, by name.",
               "ESM-PAR-10")
               .such_as("{dlq: {type: sqs}}"),
           key("timeline", list(block(timeline_block)), read_by(read_timeline),
               "What operators and the environment do; each entry is one action.")
               .such_as("[{at: 10m, for: 5m, outage: {function: billing}}]"),
           key("assumptions", block(assumptions_block), into(&Scenario::assumptions),
               "What AWS leaves open; each point is a named switch.")
               .such_as("{split: inherits_retries}"),
           key("explore", block(explore_block), into(&Scenario::explore),
               "What `trimhorizon explore` may do to this scenario.")
               .such_as("{faults: 2}"),
           beside_the_streams(),
           beside_the_run(),
           not_modelled({"kcl_applications"},
                        "only event source mappings read streams so far, and their answers do not "
                        "hold for the KCL"),
           not_modelled({"account"}, "ReservedConcurrentExecutions bounds a single function"),
           not_modelled({"alarms"},
                        "expect: {metrics: {IteratorAge.max: \"<= 1h\"}} comes closest"),
           not_modelled({"prices"}, "costs are not computed; the report counts invocations"),
       },
       read_file});
  return table;
}

}  // namespace trimhorizon::reader
