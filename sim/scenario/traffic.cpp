// Reads generated traffic: rates, keys and sizes, by hand or from an export of CloudWatch.
// KDS-PRD-03, MET-02.
#include "sim/scenario/traffic.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/producer/cloudwatch_export.hpp"
#include "sim/producer/numbering.hpp"
#include "sim/producer/sizes.hpp"

namespace trimhorizon::reader {
namespace {

constexpr std::int64_t generated_max = 1'000'000'000'000;
constexpr std::int64_t keys_max = 10'000'000;
constexpr std::int64_t path_max = 4096;

void read_distribution(Notes& notes, const Value& value, KeySettings& keys) {
  if (word_value(notes, value) == 1u) keys.distribution = KeyDistribution::zipf;
}

void read_keys(Context& context, const Given& given, KeySettings& keys) {
  const bool in_turn = given.has("round_robin");
  if (!in_turn) keys.distribution = KeyDistribution::uniform;
  given.fill(keys);
  given.read(in_turn ? "round_robin" : "count", keys);
  if (in_turn) {
    keys.distribution = KeyDistribution::round_robin;
    for (const std::string_view other : {"count", "distribution", "exponent"}) {
      if (!given.has(other)) continue;
      context.error(given.place_of(other),
                    fmt::format("`{}` cannot be used with `round_robin`", other),
                    "write {round_robin: 10} or {count: 10, distribution: uniform}");
    }
    return;
  }
  if (given.has("exponent") && keys.distribution != KeyDistribution::zipf &&
      !given.is_wrong("distribution")) {
    context.error(given.place_of("exponent"), "only `distribution: zipf` has an `exponent`");
  }
  if (given.node().is_mapping() && given.is_absent("count") && given.is_absent("round_robin")) {
    context.error(given.place(), "`round_robin` or `count` is missing in these keys");
  }
}

Block keys_block() {
  return {"`keys`",
          {
              key("round_robin", integer(1, keys_max), into(&KeySettings::count),
                  "This many keys, used in turn. No default: it or `count` is needed.")
                  .such_as("10")
                  .apart(),
              key("count", integer(1, keys_max), into(&KeySettings::count),
                  "This many keys, drawn at random. No default.")
                  .such_as("500")
                  .apart(),
              key("distribution", word({"uniform", "zipf"}), read_by(read_distribution),
                  "How keys are drawn; under `zipf` the key of rank r has weight 1/r^exponent.")
                  .or_else("uniform"),
              key("exponent", decimal(0, 10, 6), into(&KeySettings::exponent_millionths),
                  "The exponent of `zipf`.")
                  .such_as("1.2")
                  .or_else("1.0"),
              key("prefix", text(0, producer_text_max), into(&KeySettings::prefix),
                  "The name of a key is this text and a number.")
                  .such_as("customer-"),
          },
          read_keys};
}

// The value of `rate`: its steps, or the export that has them.
struct Rates {
  std::vector<RateStep> steps = {};
  std::string file = {};  // empty: none
  std::string stream = {};
};

void read_rate(Notes& notes, const Value& value, RateStep& step) {
  Rate rate{step.events_millionths, step.per};
  read_value(notes, value, rate);
  step.events_millionths = rate.events_millionths;
  step.per = rate.per;
}

Block rate_block() {
  return {"`rate` entry",
          {
              required("from", duration("s"), into(&RateStep::from), "When this rate begins.")
                  .such_as("10m"),
              required("rate", simple(Kind::rate), read_by(read_rate), "Records per unit of time.")
                  .such_as("50/s"),
              key("size", size(1, size_max), into(&RateStep::size_bytes),
                  "The size of these records; default: that of the producer.")
                  .such_as("2KiB"),
          }};
}

Block export_block() {
  return {"`rate` of an export",
          {
              required("cloudwatch", text(1, path_max), into(&Rates::file),
                       "An export of IncomingRecords and IncomingBytes of a stream: a CSV of the "
                       "console, or the JSON of `get-metric-data` or `get-metric-statistics`. The "
                       "path begins in the folder of this file.")
                  .such_as("incoming.csv"),
              key("stream", text(1, producer_text_max), into(&Rates::stream),
                  "Chooses among the series of several streams: a word of their labels. Default: "
                  "the export has one stream.")
                  .such_as("orders"),
          }};
}

void read_rates(Context& context, const Value& value, Rates& rates) {
  const RateStep one_a_second{{}, 1'000'000, seconds(1)};
  if (value.form.kind == Kind::block) {
    read_value(context, value, rates);
    return;
  }
  if (value.form.kind == Kind::rate) {
    RateStep& step = rates.steps.emplace_back(one_a_second);
    read_rate(context, value, step);
    if (step.events_millionths > 0) return;
    return context.error(value.node.at, "rate must be above 0",
                         "a producer without `rate` generates nothing");
  }
  if (!is_list_of(context, value)) return;
  std::optional<Instant> before;  // the last `from` that is known
  for (const Node& node : value.node.items) {
    const Given given(context, node, *value.form.items.front().block);
    RateStep step = one_a_second;
    given.fill(step);
    rates.steps.push_back(step);
    if (!given.is_right("from")) continue;
    if (before && step.from <= *before) {
      context.error(given.place_of("from"), "from must be later than in the entry before");
    }
    before = step.from;
  }
}

// Reports rates that begin only after the traffic, or the run, has ended.
void check_turns(Context& context, const Node& rates, const GeneratedLoad& load) {
  if (!rates.is_list() || load.rate.empty() || load.rate.size() != rates.items.size()) return;
  for (std::size_t i = 0; i < load.rate.size(); ++i) {
    const Node* from = rates.items[i].find("from");
    if (!from) continue;
    if (load.lasts && load.rate[i].from >= load.rate.front().from + *load.lasts) {
      context.warn(from->at, "this rate is never used: `for` ends the traffic earlier");
    } else {
      context.warn_if_never(load.rate[i].from, from->at);
    }
  }
}

// The export of a `rate`, or nothing after a mistake.
std::optional<CloudwatchExport> export_of(Context& context, const Rates& rates, Mark at) {
  const auto source = context.pass.files.source_of(rates.file, at, context.mistakes);
  if (!source) return std::nullopt;
  const auto place = [&](const ExportNote& note) {
    return Mark{*source, static_cast<std::uint32_t>(note.offset)};
  };
  CloudwatchExport found = read_cloudwatch_export(context.mistakes.source(*source), rates.stream);
  for (const ExportNote& each : found.mistakes) {
    context.error(place(each), each.message, each.suggestion);
  }
  if (!found.mistakes.empty()) {
    context.mistakes.note_wrong(at);
    return std::nullopt;
  }
  for (const ExportNote& each : found.warnings) context.warn(place(each), each.message);
  return found;
}

std::int64_t rounded(std::int64_t number, std::int64_t by) { return (number + by / 2) / by; }

// An export of bytes only: as many records of this size as have these bytes. What rounding leaves
// goes to the next period, so that the sum is right.
void count_records(CloudwatchExport& found, std::int64_t size) {
  std::int64_t bytes = 0;
  std::int64_t records = 0;
  for (ExportPeriod& period : found.periods) {
    bytes += period.bytes;
    period.records = rounded(bytes, size) - records;
    records += period.records;
  }
}

ExportPeriod sum_of(const CloudwatchExport& found) {
  ExportPeriod sum;
  for (const ExportPeriod& period : found.periods) {
    sum.records += period.records;
    sum.bytes += period.bytes;
  }
  return sum;
}

// How long a step is: a period, or a part of it that divides an hour. Then its rate can be written
// per hour without a rest (written_rates.hpp).
Duration step_of(Duration period) { return Duration{std::gcd(period.us, hours(1).us)}; }

// Steps for each period, with as many records as it has; they have the mean size of the period, if
// the export knows it.
void add_steps(const CloudwatchExport& found, bool has_sizes, std::int64_t size_min,
               GeneratedLoad& load) {
  const ExportPeriod sum = sum_of(found);
  const Duration length = step_of(found.period);
  const std::int64_t parts = found.period.us / length.us;
  Instant from;
  for (const ExportPeriod& period : found.periods) {
    const bool is_known = period.records > 0 && period.bytes > 0;
    const ExportPeriod& of = is_known ? period : sum;
    for (std::int64_t part = 0; part < parts; ++part) {
      const std::int64_t records =
          (part + 1) * period.records / parts - part * period.records / parts;
      RateStep& step = load.rate.emplace_back(RateStep{from, records * 1'000'000, length});
      if (has_sizes) step.size_bytes = std::max(rounded(of.bytes, of.records), size_min);
      from = from + length;
    }
  }
}

// `records` and `for` cannot ask for more than the export has; without them it is used whole.
void bound_export(Context& context, const Given& given, Mark at, const CloudwatchExport& found,
                  std::uint64_t records, GeneratedLoad& load) {
  if (load.records) {
    if (*load.records > records) {
      context.warn(given.place_of("records"), fmt::format("the export has {} records", records));
    }
    load.records = std::min(*load.records, records);
  } else if (load.lasts) {
    if (*load.lasts > found.length()) {
      context.warn(given.place_of("for"), fmt::format("the export ends after {}: no records come "
                                                      "after that",
                                                      friendly_duration(found.length())));
    }
    load.lasts = std::min(*load.lasts, found.length());
  } else if (given.is_absent("records") && given.is_absent("for")) {
    load.lasts = found.length();
  }
  const Duration run = context.out.duration;
  if (load.lasts && *load.lasts > run) {
    context.warn(at, fmt::format("a run ends at {} (`duration`), but this export lasts {}: write "
                                 "duration: {}",
                                 friendly_duration(run), friendly_duration(*load.lasts),
                                 written(*load.lasts)));
  }
}

// The first period begins at 0s of the run.
void read_export(Context& context, const ProducerInProgress& producer, const Given& given,
                 const Rates& rates, GeneratedLoad& load) {
  const Mark at = given.find("rate")->find("cloudwatch")->at;
  std::optional<CloudwatchExport> found = export_of(context, rates, at);
  if (!found) return;
  if (!found->has_records) {
    if (given.is_absent("size")) {
      return context.error(at, "this export has IncomingBytes only, not how many records they were",
                           "write the size of a record, size: 1KiB, or export IncomingRecords too");
    }
    count_records(*found, load.size_bytes);
  }
  const ExportPeriod sum = sum_of(*found);
  if (sum.records == 0) {
    return context.error(at, "this export has no records: all its periods are 0",
                         "export a time with traffic");
  }
  for (const ExportPeriod& period : found->periods) {
    if (period.records <= export_records_max) continue;
    return context.error(at, "this export has more records in a period than any stream takes",
                         "is its statistic Sum, and its size right?");
  }
  const auto records = static_cast<std::uint64_t>(sum.records);
  const std::string last_id =
      fmt::format("{}{}", producer.settings.ids, producer.count + records - 1);
  const bool has_sizes = sum.bytes > 0 && given.is_absent("size");
  add_steps(*found, has_sizes, static_cast<std::int64_t>(last_id.size()), load);
  bound_export(context, given, at, *found, records, load);
}

}  // namespace

void check_load(Context& context, const ProducerInProgress& producer, const Given& given,
                const GeneratedLoad& load, std::uint64_t most) {
  const std::string last_key = fmt::format("{}{}", load.keys.prefix, load.keys.count - 1);
  const std::int64_t bytes = largest_size(load) + static_cast<std::int64_t>(last_key.size());
  const Mark size = given.place_of(given.has("size") ? "size" : "rate");
  if (bytes > producer.record_bytes_max()) {
    context.error(size, fmt::format("a record is {} bytes long with its key: the stream accepts "
                                    "at most {} KiB",
                                    bytes, producer.stream.max_record_kib));
  } else if (bytes * load.batch > put_request_bytes_max) {
    context.error(given.place_of("batch"),
                  fmt::format("a request is {} bytes long: at most 10 MiB (10485760) are allowed",
                              bytes * load.batch),
                  fmt::format("write batch: {}", put_request_bytes_max / bytes));
  }
  const std::string last_id = fmt::format("{}{}", producer.settings.ids, producer.count + most - 1);
  if (most > 0 && static_cast<std::int64_t>(last_id.size()) > smallest_size(load)) {
    context.error(size, fmt::format("data is the id: {} does not fit into {}B", quoted(last_id),
                                    smallest_size(load)));
  }
  if (most >= record_numbers_end) {
    context.error(given.place_of("rate"), "this makes more than 2^48 records",
                  "generate fewer records");
  }
}

std::optional<GeneratedLoad> read_load(Context& context, const ProducerInProgress& producer,
                                       const Given& given) {
  GeneratedLoad load;
  given.fill(load);
  if (!given.has("rate")) {
    for (const std::string_view key : {"records", "for", "arrivals", "keys", "size", "batch"}) {
      if (!given.has(key) || !given.is_absent("rate")) continue;
      context.error(given.place_of(key),
                    fmt::format("`{}` is about generated traffic, which needs a `rate`", key),
                    "write rate: 10/s");
      break;
    }
    return std::nullopt;
  }
  Rates rates;
  given.read("rate", rates);
  load.rate = std::move(rates.steps);
  const Node& rate = *given.find("rate");
  if (rate.is_list() && !load.rate.empty() && load.rate.back().events_millionths == 0 &&
      !given.has("for")) {
    context.error(rate.at, "the last rate is 0: the records would never end",
                  "write `for` instead of `records`, or another last rate");
  }
  if (given.has("records") && given.has("for")) {
    context.error(std::max(given.place_of("for"), given.place_of("records")),
                  "a producer can have `records` or `for`, not both", "remove one of them");
    return std::nullopt;
  }
  if (!rates.file.empty()) read_export(context, producer, given, rates, load);
  if (!rate.is_mapping() && given.is_absent("records") && given.is_absent("for")) {
    context.error(given.place(), "`records` or `for` is missing in this producer",
                  "write how much traffic is generated: records: 1000 or for: 10m");
  }
  check_turns(context, rate, load);
  if (load.rate.empty() || (!load.records && !load.lasts)) return std::nullopt;
  return load;
}

Rows traffic_rows() {
  return std::vector<Key>{
      key("rate", {simple(Kind::rate), list(block(rate_block()), 1), block(export_block())},
          read_by(read_rates),
          "Generated traffic: records per unit of time, a list of rates, or what CloudWatch "
          "recorded; default: none.")
          .such_as("20/s")
          .apart(),
      key("records", integer(1, generated_max), into(&GeneratedLoad::records),
          "How many records are generated. No default: `records` or `for` is needed, except "
          "with an export, which is used whole.")
          .such_as("36_000"),
      key("for", duration("s", microseconds(1)), into(&GeneratedLoad::lasts),
          "How long records are generated; instead of `records`. No default.")
          .such_as("30m"),
      key("arrivals", word({"steady", "poisson"}), into(&GeneratedLoad::arrivals),
          "Records come with even gaps, or as a Poisson process."),
      key("keys", block(keys_block()), into(&GeneratedLoad::keys),
          "Partition keys; default: k0 to k9 in turn.")
          .such_as("{count: 500, distribution: zipf}"),
      key("size", size(1, size_max), into(&GeneratedLoad::size_bytes),
          "The size of the data of a generated record; the stream bounds it with its key.")
          .such_as("2KiB"),
      key("batch", integer(1, put_records_max), into(&GeneratedLoad::batch),
          "How many records one PutRecords call has.", "KDS-PRD-03")
          .such_as("20"),
  };
}

}  // namespace trimhorizon::reader
