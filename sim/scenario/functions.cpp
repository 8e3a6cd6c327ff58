// Reads functions: how long they work, when they fail, what they answer. LAM-CON-03, LAM-CON-07.
#include <algorithm>

#include <fmt/format.h>

#include "sim/lambda/mapping.hpp"
#include "sim/lambda/response.hpp"
#include "sim/scenario/context.hpp"
#include "sim/yaml/write.hpp"

namespace trimhorizon::reader {
namespace {

constexpr std::int64_t sigma_max = 5;
constexpr std::int64_t concurrency_max = 1'000'000;

// LAM-CON-07: only Lambda Managed Instances may run for more than half an hour.
void check_timeout(Context& context, const Given& given, const FunctionSettings& settings) {
  const bool managed = given.has("CapacityProviderConfig");
  if (settings.timeout_s <= timeout_documented_max_s || (managed && given.is_right("Timeout"))) {
    return;
  }
  if (settings.timeout_s > timeout_max_s) {
    return context.error(given.place_of("Timeout"),
                         fmt::format("Timeout must be from 1 to {}, not {}: only a function with "
                                     "CapacityProviderConfig may have up to {}",
                                     timeout_max_s, settings.timeout_s, timeout_managed_max_s));
  }
  context.warn(given.place_of("Timeout"),
               fmt::format("Timeout {} needs the limit of November 2026, {} seconds; before, it "
                           "was {}, and CloudFormation's text still says so (LAM-CON-07)",
                           settings.timeout_s, timeout_max_s, timeout_documented_max_s));
}

// ---- how long it works

}  // namespace

const Block& lognormal_block() {
  static const Block table{
      "`lognormal`",
      {
          required("mean", duration("ms", microseconds(1)), into(&Lognormal::mean),
                   "The mean, not the median.")
              .such_as("80ms"),
          required("sigma", decimal(0, sigma_max, 6), into(&Lognormal::sigma_millionths),
                   "The sigma of the underlying normal distribution.")
              .such_as("0.5"),
      }};
  return table;
}

namespace {

void read_work(Context& context, const Given& given, WorkDuration& work) {
  if (given.has("lognormal")) {
    for (const std::string_view other : {"batch", "record"}) {
      if (!given.has(other)) continue;
      context.error(given.place_of(other),
                    fmt::format("`{}` cannot be used with `lognormal`", other));
    }
    given.read("lognormal", work);
    return;
  }
  work.batch = Duration{};
  given.read("batch", work);
  given.read("record", work);
  if (!given.node().keys.empty()) return;
  context.error(given.node().at, "duration is empty",
                "write 80ms, {batch: 20ms, record: 1ms} or "
                "{lognormal: {mean: 80ms, sigma: 0.5}}");
}

Block duration_block() {
  return {"`duration`",
          {
              key("batch", duration("ms"), into(&WorkDuration::batch),
                  "Time once for each invocation; default: none.")
                  .such_as("20ms")
                  .apart(),
              key("record", duration("ms"), into(&WorkDuration::record),
                  "Time for each record of the batch; default: none.")
                  .such_as("1ms")
                  .apart(),
              key("lognormal", block(lognormal_block), into(&WorkDuration::lognormal),
                  "A random time, drawn once for each invocation; instead of `batch` and `record`.")
                  .such_as("{mean: 80ms, sigma: 0.5}")
                  .apart(),
              not_modelled({"at_1769_mb"},
                           "MemorySize changes no duration: write the one you measured"),
          },
          read_work};
}

}  // namespace

// Reads a fixed duration, or a block.
bool read_value(Notes& notes, const Value& value, WorkDuration& out) {
  if (value.form.kind != Kind::block) return read_value(notes, value, out.batch);
  Given(notes, value.node, *value.form.block).read_into(out);
  return true;
}

std::string value_text(const Form& form, const WorkDuration& work) {
  return value_text(form, work.batch);
}

namespace {

// ---- what it answers

// A misspelt placeholder would be answered as plain text, so it is a mistake.
void check_placeholders(Context& context, const Node& node) {
  if (node.is_scalar() && node.text.find("$sequence") != std::string::npos &&
      !parse_sequence_placeholder(node.text)) {
    context.error(node.at, fmt::format("{} does not name a record of the batch", quoted(node.text)),
                  "write $sequence[0] for the first record");
  }
  for (const Node& item : node.items) check_placeholders(context, item);
}

void read_answer(Context& context, const Value& value, FunctionSettings& settings) {
  settings.fixed_response = json_of(context.mistakes, value.node);
  check_placeholders(context, value.node);
}

Block respond_block() {
  return {"`respond`",
          {
              required("return", simple(Kind::any), read_by(read_answer),
                       "The function always answers this; `$sequence[i]` in it is the sequence "
                       "number of record i of the batch, counted from 0.")
                  .such_as(R"({batchItemFailures: [{itemIdentifier: "$sequence[0]"}]})"),
          }};
}

void read_respond(Context& context, const Value& value, FunctionSettings& settings) {
  if (value.form.kind == Kind::word) {
    read_value(context, value, settings.respond);
  } else {
    settings.respond = Respond::fixed;
    read_value(context, value, settings);
  }
}

// ---- when it fails

void read_failing_records(Context& context, const Value& value, FailRule& rule) {
  rule.records = context.records(value, true);
}

// Can any record have this key? Otherwise a typing error here would not be noticed.
bool key_is_used(const Context& context, std::string_view key) {
  if (context.keys.find(key) != context.keys.end()) return true;
  return std::any_of(context.generated_keys.begin(), context.generated_keys.end(),
                     [&](const KeySettings& keys) {
                       return GeneratedIds{"", keys.prefix, 0, keys.count}.contains(key);
                     });
}

void read_failing_keys(Context& context, const Value& value, FailRule& rule) {
  if (!is_list_of(context, value)) return;
  for (const Node& each : value.node.items) {
    std::string key;
    if (!read_value(context, {each, value.form.items.front(), value.name}, key)) continue;
    rule.keys.push_back(key);
    if (key_is_used(context, key)) continue;
    context.warn(each.at, fmt::format("no producer uses the partition key {}", quoted(key)));
  }
}

// A number of records, or a size of their data.
void read_batch_over(Context& context, const Value& value, FailRule& rule) {
  const std::string& text = value.node.text;
  const bool is_size = value.node.is_scalar() && std::any_of(text.begin(), text.end(), [](char c) {
                         return c >= 'A' && c != '_';
                       });
  if (is_size) {
    std::int64_t bytes = 0;
    if (read_value(context, {value.node, size(1, unbounded), value.name}, bytes)) {
      rule.over_bytes = bytes;
    }
    return;
  }
  std::int64_t records = 0;
  if (read_value(context, value, records)) rule.over_records = static_cast<std::uint64_t>(records);
}

void read_fail(Context& context, const Given& given, FailRule& rule) {
  given.fill(rule);
  if (rule.from) context.warn_if_never(*rule.from, given.place_of("from"));
  if (rule.until && *rule.until <= rule.from.value_or(Instant{}) && !given.is_wrong("from")) {
    context.error(given.place_of("until"), "until must be later than from");
  }
  const bool of_records = given.has("records") || given.has("keys") || given.has("deliveries");
  if (!of_records || rule.after != FailAfter::some) return;
  context.error(given.place_of("after"),
                "`after: some` cannot be used with `records`, `keys` or `deliveries`: the records "
                "before the failed one keep their effects anyway",
                "leave it out, or write after: all");
}

Block fail_block() {
  return {
      "`fail` entry",
      {
          key("records", list(record_id(), 1), read_by(read_failing_records),
              "Ids of records that fail; default: any record.")
              .such_as("[r5]"),
          key("keys", list(text(1, 256), 1), read_by(read_failing_keys),
              "Partition keys whose records fail; default: any key.")
              .such_as("[key-7]"),
          key("from", duration("s"), into(&FailRule::from),
              "The start, included; default: the beginning of the run.")
              .such_as("10m"),
          key("until", duration("s"), into(&FailRule::until),
              "The end, excluded; default: the end of the run.")
              .such_as("15m"),
          key("probability", simple(Kind::percent), into(&FailRule::probability),
              "How likely it is, for each record and invocation, or for each invocation; default: "
              "always.")
              .such_as("1%"),
          key("attempts", list(integer(1, 1'000'000), 1), into(&FailRule::attempts),
              "Attempts of the current batch, from 1; progress, a split or a new batch starts the "
              "count again. Default: every attempt.")
              .such_as("[1, 2]"),
          key("deliveries", list(integer(1, 1'000'000), 1), into(&FailRule::deliveries),
              "The n-th time that a record is handed to the function, whatever its batch; default: "
              "every time.")
              .such_as("[1]"),
          key("batch_over", {integer(1, batch_size_max), size(1, unbounded)},
              read_by(read_batch_over),
              "Calls with more records than this, or with more bytes of data; default: any call.")
              .such_as("45"),
          key("as", word({"error", "timeout", "crash"}), into(&FailRule::as), "How it fails."),
          key("after", word({"none", "some", "all"}), into(&FailRule::after),
              "Which effects happen before the failure.")
              .such_as("all"),
      },
      read_fail};
}

void read_function(Context& context, const Given& given, FunctionEntry& entry) {
  given.fill(entry);
  given.fill(entry.settings);
  check_timeout(context, given, entry.settings);
  if (entry.settings.filter_out_of_range_user_records && !entry.settings.deaggregate &&
      !given.is_wrong("deaggregate")) {
    context.warn(given.place_of("filter_out_of_range_user_records"),
                 "this does nothing: the function does not unpack aggregates; write deaggregate: "
                 "true");
  }
}

}  // namespace

const Block& function_block() {
  static const Block table{
      "function",
      {
          key("FunctionName", text(1, 64), read_by(read_own_name<FunctionEntry>),
              "Must be the name that the scenario gives it, which is the default.")
              .such_as("billing"),
          key("Timeout",
              usually_to(timeout_max_s, "CapacityProviderConfig",
                         integer(1, timeout_managed_max_s, "seconds")),
              into(&FunctionSettings::timeout_s),
              "An invocation times out after this time; above 1800 only with "
              "CapacityProviderConfig.",
              "LAM-CON-07")
              .such_as("30"),
          key("MemorySize", integer(128, 32'768, "MiB"), into(&FunctionSettings::memory_mib),
              "It does not change `duration`; Python handlers see it in their context.")
              .such_as("512"),
          key("ReservedConcurrentExecutions", integer(0, concurrency_max),
              into(&FunctionSettings::reserved_concurrency),
              "At most this many invocations at once; 0 stops the function. Default: no limit.",
              "LAM-CON-03")
              .such_as("5"),
          key("duration", {duration("ms"), block(duration_block())},
              into(&FunctionSettings::duration), "How long an invocation works.")
              .such_as("80ms"),
          key("cold_start", duration("ms"), into(&FunctionSettings::cold_start),
              "Time before the first invocation of an environment.", "LAM-CON-09")
              .such_as("400ms"),
          key("deaggregate", simple(Kind::boolean), into(&FunctionSettings::deaggregate),
              "Whether its code unpacks the aggregates of KPL, so that it works on user records. A "
              "mapping with enhanced fan-out has unpacked them already.",
              "KDS-PRD-17 KDS-PRD-18"),
          key("filter_out_of_range_user_records", simple(Kind::boolean),
              into(&FunctionSettings::filter_out_of_range_user_records),
              "Whether that code drops an aggregate as a whole if one of its user records does not "
              "belong to the shard, as KCL does.",
              "KDS-PRD-17"),
          key("respond",
              {word({"raise", "report_first_failure", "report_failures", "swallow",
                     "stop_silently"}),
               block(respond_block())},
              into(&FunctionSettings::respond, read_respond),
              "What the handler does when a record fails: ends in an error; stops and reports it; "
              "goes "
              "on and reports all that failed; goes on and reports none; stops and reports none.")
              .such_as("report_failures"),
          key("fail", list(block(fail_block())), into(&FunctionSettings::fail),
              "When it fails; the first entry that applies decides. Default: never.")
              .such_as("[{records: [r1]}]"),
          ignored({"Tags", "KmsKeyArn", "Runtime", "Handler", "Role", "Code", "Environment",
                   "CapacityProviderConfig"}),
          not_for_kinesis({"DeadLetterConfig", "EventInvokeConfig"},
                          "a mapping sends what it gives up itself: write DestinationConfig: "
                          "{OnFailure: {Destination: dlq}} there, and dlq under `destinations`"),
          not_modelled({"Architectures", "CodeSigningConfigArn", "Description", "EphemeralStorage",
                        "FileSystemConfigs", "ImageConfig", "Layers", "LoggingConfig",
                        "PackageType", "RecursiveLoop", "RuntimeManagementConfig", "TracingConfig",
                        "VpcConfig"}),
          not_modelled({"ProvisionedConcurrencyConfig", "SnapStart"},
                       "write how long an environment needs to begin: cold_start: 0s"),
          not_modelled({"DurableConfig"}, "an invocation ends at its Timeout at the latest"),
      },
      read_function};
  return table;
}

void read_functions(Context& context, const Value& value, Scenario& out) {
  read_entries(context, value, context.functions, out.functions);
}

}  // namespace trimhorizon::reader
