// From a case of the oracle to a scenario file.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/base/json.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/format/quantity.hpp"
#include "sim/kinesis/hash_key.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/yaml/source_text.hpp"
#include "sim/yaml/write.hpp"
#include "tests/support/places.hpp"
#include "tests/world/mapping_oracle.hpp"

namespace trimhorizon::oracle {

Node node_of(const std::string& yaml) {
  reader::Mistakes mistakes("mapping.yaml", yaml);
  const auto node = reader::parse_yaml(yaml, {}, mistakes);
  if (mistakes.any() || !node) mistakes.raise();
  return *node;
}

const Node& mapping_oracle() {
  static const Node file =
      node_of(reader::read_file(tests::source_dir() + "/tests/lambda/oracle/mapping.yaml"));
  return file;
}

void allow_only(const Node& mapping, std::string_view what,
                std::initializer_list<std::string_view> keys) {
  if (!mapping.is_mapping()) throw OracleError(fmt::format("{} must be a mapping", what));
  for (std::size_t i = 0; i < mapping.keys.size(); ++i) {
    const std::string& key = mapping.keys[i].text;
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      throw OracleError(fmt::format("{}: the key `{}` is not known", what, key));
    }
    if (mapping.find(key) != &mapping.items[i]) {
      throw OracleError(fmt::format("{}: the key `{}` appears twice", what, key));
    }
  }
}

const Node& member(const Node& mapping, std::string_view key) {
  const Node* found = mapping.find(key);
  if (found == nullptr) throw OracleError(fmt::format("the key `{}` is missing", key));
  return *found;
}

std::vector<std::string> texts_in(const Node& list) {
  if (!list.is_list()) throw OracleError(describe(list) + " must be a list");
  std::vector<std::string> texts;
  for (const Node& item : list.items) texts.push_back(item.text);
  return texts;
}

Duration seconds_in(const Node& number) {
  const auto read = reader::read_decimal(number.text, 6);
  if (!read.value) throw OracleError(describe(number) + " must be a number of seconds");
  return microseconds(*read.value);
}

// ---- what is not built

namespace {

// True: the part of sim/ is not built, as far as its switches tell.
bool waits_for(Assumption of_the_part) { return nothing_asks_for(of_the_part); }

bool is_reshard(std::string_view operation) {
  return operation == "SplitShard" || operation == "MergeShards" || operation == "UpdateShardCount";
}

bool any_record_has(const Node& esm_case, std::string_view key) {
  const Node& records = member(member(esm_case, "input"), "records");
  return std::any_of(records.items.begin(), records.items.end(),
                     [&](const Node& record) { return record.find(key) != nullptr; });
}

bool any_reshard(const Node& esm_case) {
  const Node* puts = member(esm_case, "input").find("puts");
  if (puts == nullptr) return false;
  return std::any_of(puts->items.begin(), puts->items.end(),
                     [](const Node& put) { return is_reshard(member(put, "op").text); });
}

bool config_says(const Node& esm_case, std::string_view key, std::string_view harmless) {
  const Node* value = member(esm_case, "config").find(key);
  return value != nullptr && !(value->is_scalar() && value->text == harmless);
}

std::string joined(const std::vector<std::pair<bool, std::string>>& parts) {
  std::string out;
  for (const auto& [needed, part] : parts) {
    if (needed) out += (out.empty() ? "" : ", ") + part;
  }
  return out;
}

}  // namespace

std::string unbuilt_parts_of(const Node& esm_case) {
  const bool window = config_says(esm_case, "TumblingWindowInSeconds", "0") ||
                      member(member(esm_case, "function"), "behaviour").text == "count_state";
  const bool reshard = any_reshard(esm_case) || any_record_has(esm_case, "in");
  // KPL makes the aggregates here, and a split makes one mixed: on_kpl_test tells those cases.
  const bool aggregates = any_record_has(esm_case, "aggregate");
  return joined({
      {reshard || aggregates, "a test of its own"},  // in on_reshard_test, on_kpl_test
      {window && waits_for(Assumption::final_window_failure), "tumbling windows"},
      {config_says(esm_case, "ParallelizationFactor", "1") && waits_for(Assumption::lanes),
       "lanes"},
      // No switch belongs to these.
      {config_says(esm_case, "FilterCriteria", ""), "filters"},
  });
}

std::string unbuilt_parts_of_stream(const Node& stream_case) {
  const std::string& call = member(stream_case, "call").text;
  const std::string operation = call.substr(0, call.find(' '));
  return joined({
      {is_reshard(operation), "a test of its own"},  // in tests/kinesis/resharding_test
  });
}

// ---- the scenario

namespace {

std::string quoted_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

// One put operation of a case.
struct OraclePut {
  Duration at{0};
  bool one = false;  // PutRecord
  std::vector<std::string> records;
};

// The operations of a case: what is put when, and when polling starts.
struct OraclePlot {
  std::vector<OraclePut> puts;
  Duration created{0};
};

// Without `puts` each record is put at its own time; those of one time are one call.
std::vector<OraclePut> puts_of_records(const Node& records) {
  std::vector<OraclePut> puts;
  for (const Node& record : records.items) {
    const Duration at = seconds_in(member(record, "time_s"));
    if (puts.empty() || puts.back().at != at) puts.push_back({at, false, {}});
    puts.back().records.push_back(member(record, "index").text);
  }
  return puts;
}

// The times of the operations count, even where a record says another: those of records may be
// left at 0. `wait` moves the time of operations that say none.
OraclePlot plot_of(const Node& input) {
  OraclePlot plot;
  const Node* operations = input.find("puts");
  if (operations == nullptr) plot.puts = puts_of_records(member(input, "records"));
  Duration now{0};
  bool created = false;
  for (const Node& each : operations ? operations->items : std::vector<Node>{}) {
    const std::string& operation = member(each, "op").text;
    if (operation == "wait") {
      allow_only(each, operation, {"op", "seconds"});
      now += seconds_in(member(each, "seconds"));
      continue;
    }
    if (const Node* time = each.find("time_s")) now = seconds_in(*time);
    if (operation == "CreateEventSourceMapping") {
      allow_only(each, operation, {"op", "time_s"});
      plot.created = now;
      created = true;
    } else if (operation == "PutRecord" || operation == "PutRecords") {
      allow_only(each, operation, {"op", "records", "time_s"});
      plot.puts.push_back({now, operation == "PutRecord", texts_in(member(each, "records"))});
    } else {
      throw OracleError(fmt::format("the operation `{}` is not known", operation));
    }
  }
  // Polling starts with the whole backlog there.
  if (!created && !plot.puts.empty()) plot.created = plot.puts.back().at;
  return plot;
}

const Node& record_of(const Node& records, const std::string& index) {
  for (const Node& record : records.items) {
    if (member(record, "index").text == index) return record;
  }
  throw OracleError(fmt::format("there is no record {}", index));
}

std::string record_text(const Node& record, std::uint32_t shards) {
  allow_only(record, "record", {"index", "partition_key", "key", "shard", "time_s", "data_bytes"});
  const Node* key = record.find(record.find("key") ? "key" : "partition_key");
  std::string out = fmt::format("{{id: r{}, key: {}", member(record, "index").text,
                                quoted_text(key ? key->text : "k"));
  if (const Node* bytes = record.find("data_bytes")) out += fmt::format(", size: {}B", bytes->text);
  const Node* shard = record.find("shard");
  if (shard != nullptr && shards > 1) {
    const HashKey hash = initial_hash_ranges(shards).at(std::stoul(shard->text)).first;
    out += fmt::format(", ExplicitHashKey: {}", quoted_text(to_decimal(hash)));
  }
  return out + "}";
}

std::string puts_text(const Node& records, const OraclePlot& plot, std::uint32_t shards) {
  std::string out;
  std::map<std::string, int> times_put;
  for (const OraclePut& put : plot.puts) {
    std::string each;
    for (const std::string& index : put.records) {
      times_put[index] += 1;
      each += (each.empty() ? "" : ", ") + record_text(record_of(records, index), shards);
    }
    out += fmt::format("      - {{at: {}, {}: {}}}\n", reader::written(put.at),
                       put.one ? "record" : "records", put.one ? each : "[" + each + "]");
  }
  for (const Node& record : records.items) {
    const std::string& index = member(record, "index").text;
    if (times_put[index] == 1) continue;
    throw OracleError(fmt::format("record {} is put {} times", index, times_put[index]));
  }
  return out;
}

std::string ids_text(const Node& indexes) {
  std::string out;
  for (const std::string& index : texts_in(indexes)) out += (out.empty() ? "r" : ", r") + index;
  return "[" + out + "]";
}

std::string function_text(const Node& function) {
  allow_only(function, "function", {"behaviour", "fail_records", "duration_s"});
  const std::string& behaviour = member(function, "behaviour").text;
  const Node* work = function.find("duration_s");
  const Node* bad = function.find("fail_records");
  std::string out = fmt::format("{{Timeout: 60, duration: {}",
                                reader::written(work ? seconds_in(*work) : milliseconds(1)));
  if (behaviour == "succeed" && bad == nullptr) return out + "}";
  if (behaviour != "raise" && behaviour != "report_failures") {
    throw OracleError(fmt::format("function: the behaviour `{}` is not known{}", behaviour,
                                  bad ? " with fail_records" : ""));
  }
  return out + fmt::format(", respond: {}, fail: [{{records: {}}}]}}", behaviour,
                           ids_text(member(function, "fail_records")));
}

Duration time_of_put(const OraclePlot& plot, const std::string& index) {
  for (const OraclePut& put : plot.puts) {
    if (std::find(put.records.begin(), put.records.end(), index) != put.records.end()) {
      return put.at;
    }
  }
  throw OracleError(fmt::format("record {} is never put", index));
}

// "between record 1 and 2": half way, as a time of the wall clock.
std::string timestamp_text(const std::string& words, const OraclePlot& plot) {
  const std::string begin = "between record ", middle = " and ";
  const std::size_t and_at = words.find(middle);
  if (!words.starts_with(begin) || and_at == words.npos) {
    throw OracleError(fmt::format("StartingPositionTimestamp: `{}` is not understood", words));
  }
  const Duration first = time_of_put(plot, words.substr(begin.size(), and_at - begin.size()));
  const Duration second = time_of_put(plot, words.substr(and_at + middle.size()));
  if (second - first < milliseconds(2)) {
    throw OracleError(fmt::format("StartingPositionTimestamp: nothing lies {}", words));
  }
  const std::int64_t ms = (first + second).us / 2'000;
  return quoted_text(reader::written_wall_time(Scenario{}.epoch_ms + ms));
}

std::string config_text(const Node& config, const OraclePlot& plot) {
  allow_only(config, "config",
             {"StartingPosition", "StartingPositionTimestamp", "BatchSize",
              "MaximumBatchingWindowInSeconds", "MaximumRetryAttempts", "MaximumRecordAgeInSeconds",
              "BisectBatchOnFunctionError", "FunctionResponseTypes", "ParallelizationFactor",
              "TumblingWindowInSeconds"});
  std::string out;
  for (std::size_t i = 0; i < config.keys.size(); ++i) {
    const std::string& key = config.keys[i].text;
    out +=
        fmt::format("    {}: {}\n", key,
                    key == "StartingPositionTimestamp" ? timestamp_text(config.items[i].text, plot)
                                                       : reader::on_one_line(config.items[i]));
  }
  return out;
}

}  // namespace

std::string scenario_of(const Node& esm_case) {
  const Node& stream = member(esm_case, "stream");
  const Node& input = member(esm_case, "input");
  allow_only(stream, "stream", {"ShardCount", "MaxRecordSizeInKiB", "RetentionPeriodHours"});
  allow_only(input, "input", {"records", "puts"});
  const auto shards = static_cast<std::uint32_t>(std::stoul(member(stream, "ShardCount").text));
  const OraclePlot plot = plot_of(input);
  return fmt::format(
      "trimhorizon: 1\n"
      "duration: 30h\n"
      "streams: {{orders: {}}}\n"
      "producers:\n"
      "  shop:\n"
      "    stream: orders\n"
      "    put:\n"
      "{}"
      "functions: {{billing: {}}}\n"
      "destinations: {{dlq: {{type: sqs}}}}\n"
      "event_source_mappings:\n"
      "  billing-orders:\n"
      "    EventSourceArn: orders\n"
      "    FunctionName: billing\n"
      "    DestinationConfig: {{OnFailure: {{Destination: dlq}}}}\n"
      "    created: {}\n"
      "{}",
      reader::on_one_line(stream), puts_text(member(input, "records"), plot, shards),
      function_text(member(esm_case, "function")), reader::written(plot.created),
      config_text(member(esm_case, "config"), plot));
}

}  // namespace trimhorizon::oracle
