// Runs a case of the oracle and compares.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/base/format.hpp"
#include "sim/base/json.hpp"
#include "sim/format/quantity.hpp"
#include "sim/history/row_collector.hpp"
#include "sim/kinesis/iterator.hpp"
#include "sim/kinesis/subscription.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "sim/yaml/syntax.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_text.hpp"
#include "tests/support/naive_ledger.hpp"
#include "tests/support/rule_watch.hpp"
#include "tests/support/story.hpp"
#include "tests/world/mapping_oracle.hpp"

namespace trimhorizon::oracle {
namespace {

Result result_of(const std::string& scenario) {
  Simulation simulation(make_plan(read_scenario(scenario, "case.yaml"), {.keep_records = true}));
  testing::NaiveLedger naive;
  testing::RuleWatch rules;
  RowCollector rows;
  simulation.watch(naive);
  simulation.watch(rules);
  simulation.watch(rows);
  simulation.run();
  Result result = build_result(simulation, {.rows = true, .watched = {}});
  rows.fill(result, simulation.world());
  testing::check_against(naive, simulation, result);
  CHECK(rules.text() == "");
  return result;
}

std::string differs(std::string_view what, const std::string& expected, const std::string& got) {
  return expected == got ? "" : fmt::format("{}: expected {}, got {}\n", what, expected, got);
}

// ---- invocations

std::string batch_text(const std::vector<std::string>& ids) {
  std::string out;
  for (const std::string& id : ids) out += (out.empty() ? "" : " ") + id;
  return "[" + out + "]";
}

std::string compare_batches(const Node& expected, const Result& result) {
  std::string wanted, got;
  for (const Node& batch : expected.items) wanted += batch_text(texts_in(batch));
  for (const InvocationRow& call : result.invocations) {
    std::vector<std::string> indexes;
    for (const std::string& id : call.records) indexes.push_back(id.substr(1));
    got += batch_text(indexes);
  }
  return differs("invocations", wanted.empty() ? "none" : wanted, got.empty() ? "none" : got);
}

std::string compare_gaps(const Node& expected, const Result& result) {
  const std::vector<InvocationRow>& calls = result.invocations;
  const std::size_t gaps = calls.empty() ? 0 : calls.size() - 1;
  if (expected.items.size() != gaps) {
    return differs("gaps_s", std::to_string(expected.items.size()), std::to_string(gaps));
  }
  std::string out;
  for (std::size_t i = 0; i < gaps; ++i) {
    const Node& range = expected.items[i];
    if (texts_in(range).size() != 2) throw OracleError("gaps_s: a range has two ends");
    const Duration least = seconds_in(range.items[0]), most = seconds_in(range.items[1]);
    const Duration gap = microseconds(calls[i + 1].started_us - calls[i].ended_us);
    if (least <= gap && gap <= most) continue;
    out += fmt::format("gap {}: expected {} to {}, got {}\n", i + 1, duration_text(least),
                       duration_text(most), duration_text(gap));
  }
  return out;
}

// "0 1 2 2 3": equal numbers for equal texts, numbered as they come.
std::string pattern_of(const std::vector<std::string>& texts) {
  std::map<std::string, std::size_t> numbers;
  std::string out;
  for (const std::string& text : texts) {
    const std::size_t number = numbers.emplace(text, numbers.size()).first->second;
    out += (out.empty() ? "" : " ") + std::to_string(number);
  }
  return out;
}

std::string compare_request_ids(const Node& expected, const Result& result) {
  std::vector<std::string> ids;
  for (const InvocationRow& call : result.invocations) ids.push_back(call.request_id);
  return differs("request_ids", pattern_of(texts_in(expected)), pattern_of(ids));
}

// ---- messages

struct MessageAt {
  std::string name;  // "message 1"
  Json json;

  // A member of the message, or of one of the objects in it; null: there is none.
  const Json* find(std::string_view key) const {
    if (const Json* found = json.find(key)) return found;
    for (const char* part : {"requestContext", "responseContext", "KinesisBatchInfo"}) {
      const Json* object = json.find(part);
      const Json* found = object ? object->find(key) : nullptr;
      if (found != nullptr) return found;
    }
    return nullptr;
  }
};

std::string text_or_absent(const Json* json) {
  if (json == nullptr) return "absent";
  return json->string() != nullptr ? *json->string() : testing::to_text(*json);
}

std::string number_of_record(const Result& result, const std::string& index) {
  for (const RecordRow& row : result.rows) {
    if (row.id == "r" + index) return row.sequence_number;
  }
  throw OracleError("there is no record " + index);
}

// The members that AWS always writes and the oracle names; anything else is not known.
bool is_plain_member(std::string_view key) {
  constexpr std::string_view known[] = {"version",       "condition",  "approximateInvokeCount",
                                        "batchSize",     "statusCode", "executedVersion",
                                        "functionError", "shardId"};
  return std::find(std::begin(known), std::end(known), key) != std::end(known);
}

std::string compare_response(const Node& expected, const MessageAt& message) {
  const Json* got = message.json.find("responseContext");
  const std::string name = message.name + " responseContext";
  if (expected.is_nothing()) return differs(name, "absent", text_or_absent(got));
  allow_only(expected, name, {"statusCode", "executedVersion", "functionError"});
  if (got == nullptr) return differs(name, "an object", "absent");
  std::string out;
  for (std::size_t i = 0; i < expected.keys.size(); ++i) {
    const std::string& key = expected.keys[i].text;
    const Node& value = expected.items[i];
    out += differs(name + "." + key, value.is_nothing() ? "null" : value.text,
                   text_or_absent(got->find(key)));
  }
  return out;
}

std::string compare_member(const std::string& key, const Node& expected, const MessageAt& message,
                           const Result& result) {
  const std::string name = message.name + " " + key;
  if (key == "responseContext") return compare_response(expected, message);
  if (key == "start_record" || key == "end_record") {
    const char* at = key == "start_record" ? "startSequenceNumber" : "endSequenceNumber";
    return differs(name, number_of_record(result, expected.text), text_or_absent(message.find(at)));
  }
  if (!is_plain_member(key)) {
    throw OracleError(fmt::format("destination_messages: the key `{}` is not known", key));
  }
  return differs(name, expected.is_nothing() ? "null" : expected.text,
                 text_or_absent(message.find(key)));
}

std::string compare_messages(const Node& expected, const Result& result) {
  const std::vector<DestinationMessage>& got = result.destinations.at(0).messages;
  std::string out = differs("destination_messages", std::to_string(expected.items.size()),
                            std::to_string(got.size()));
  for (std::size_t i = 0; i < expected.items.size() && i < got.size(); ++i) {
    auto parsed = parse_json(got[i].json.text());
    if (const auto* error = std::get_if<std::string>(&parsed)) throw OracleError(*error);
    const MessageAt message{fmt::format("message {}", i + 1), std::get<Json>(std::move(parsed))};
    const Node& wanted = expected.items[i];
    for (std::size_t m = 0; m < wanted.keys.size(); ++m) {
      out += compare_member(wanted.keys[m].text, wanted.items[m], message, result);
    }
  }
  return out;
}

void check_form(const Node& esm_case) {
  allow_only(esm_case, "case",
             {"id", "title", "source", "aws_recorded", "evidence", "kind", "source_kind", "rules",
              "config", "stream", "input", "function", "expected", "recorded_fields", "notes"});
  const Node& expected = member(esm_case, "expected");
  allow_only(expected, "expected",
             {"invocations", "gaps_s", "request_ids", "destination_messages"});
  if (expected.items.empty()) throw OracleError("expected: nothing to compare");
  const Node* recorded = esm_case.find("recorded_fields");
  for (const std::string& field : recorded ? texts_in(*recorded) : std::vector<std::string>{}) {
    member(expected, field);
  }
}

}  // namespace

std::string differences(const Node& esm_case) {
  check_form(esm_case);
  const Result result = result_of(scenario_of(esm_case));
  const Node& expected = member(esm_case, "expected");
  std::string out;
  if (const Node* batches = expected.find("invocations")) out += compare_batches(*batches, result);
  if (const Node* gaps = expected.find("gaps_s")) out += compare_gaps(*gaps, result);
  if (const Node* ids = expected.find("request_ids")) out += compare_request_ids(*ids, result);
  if (const Node* messages = expected.find("destination_messages")) {
    out += compare_messages(*messages, result);
  }
  return out;
}

// ---- streams

namespace {

// The numbers after the last colon: "age of the last returned record, …: 72000, 69000".
std::vector<std::int64_t> numbers_at_end(const std::string& text) {
  std::vector<std::int64_t> numbers;
  for (const std::string& each : reader::split_flow_values(text.substr(text.rfind(':') + 1))) {
    numbers.push_back(std::stoll(each));
  }
  return numbers;
}

constexpr auto one_byte = [](const StoredRecord&) { return 1; };

ReadResult read_from(const ShardIterator& iterator, const ShardAt& shard, std::int64_t limit) {
  const auto answer = get_records(iterator, shard, limit, one_byte);
  REQUIRE(std::holds_alternative<ReadResult>(answer));
  return std::get<ReadResult>(answer);
}

std::string millis_behind_differences(const Node& stream_case, Duration newest) {
  allow_only(stream_case, "case",
             {"id", "call", "rules", "read_ends_before_newest", "read_reaches_newest"});
  const auto ages = numbers_at_end(member(stream_case, "read_ends_before_newest").text);
  // The ages were cut to whole seconds, so the records are a little older than that.
  Shard shard;
  Instant now{0};
  now = now + hours(1);
  std::int64_t more_ms = 0;
  std::vector<Instant> arrivals;
  for (const std::int64_t age : ages) {
    arrivals.push_back(now - milliseconds(age + more_ms));
    more_ms = 999 - more_ms;
  }
  arrivals.push_back(now - newest);
  for (std::uint32_t i = 0; i < arrivals.size(); ++i) {
    shard.log.append({arrivals[i], RecordId::of({0}, i), {0}});
  }
  const ShardAt asked{shard, {0}, now, 0};
  std::string out;
  for (std::uint32_t i = 0; i < ages.size(); ++i) {
    const ReadResult one = read_from({i, now}, asked, 1);
    out += differs(fmt::format("a read up to record {}", i + 1), std::to_string(ages[i]),
                   std::to_string(one.millis_behind_latest));
  }
  for (std::uint32_t i = 0; i < arrivals.size(); ++i) {
    out += differs(fmt::format("a read from record {} to the newest", i + 1),
                   member(stream_case, "read_reaches_newest").text,
                   std::to_string(read_from({i, now}, asked, 10'000).millis_behind_latest));
  }
  return out;
}

// A subscription to a shard into which nobody puts.
std::string idle_subscription_differences(const Node& stream_case) {
  allow_only(stream_case, "case",
             {"id", "call", "rules", "first_event_s", "then_every_s", "ends_after_s", "how"});
  const Shard shard;
  FanOut fan_out;
  Instant now{0};
  const auto seen = [&] { return ShardAt{shard, {0}, now}; };
  const auto answer = subscribe(fan_out, ShardIterator{}, seen());
  REQUIRE(std::holds_alternative<Subscribed>(answer));
  std::vector<Instant> events;
  while (fan_out.open) {
    now = next_event_at(fan_out, seen());
    if (next_event(fan_out, seen(), one_byte)) events.push_back(now);
  }
  std::string out = differs("first event", member(stream_case, "first_event_s").text,
                            events.front() == Instant{0} ? "at once" : "later");
  const Duration every = seconds_in(member(stream_case, "then_every_s"));
  for (std::size_t i = 1; i < events.size(); ++i) {
    if (events[i] - events[i - 1] != every) out += fmt::format("event {} is not in time\n", i);
  }
  out +=
      differs("end", member(stream_case, "ends_after_s").text, std::to_string(now.us / 1'000'000));
  // next_event() has no way to say an error.
  return out + differs("how", member(stream_case, "how").text, "plain end, no error");
}

}  // namespace

std::string stream_differences(const Node& stream_case) {
  const std::string& call = member(stream_case, "call").text;
  if (call == "SubscribeToShard on an idle shard") {
    return idle_subscription_differences(stream_case);
  }
  const std::string begin = "GetRecords on a stream whose newest record is ", end = " s old";
  if (!call.starts_with(begin) || !call.ends_with(end)) {
    throw OracleError(fmt::format("the call `{}` is not known", call));
  }
  const std::string age = call.substr(begin.size(), call.size() - begin.size() - end.size());
  return millis_behind_differences(stream_case, seconds_in(reader::scalar_node(age)));
}

}  // namespace trimhorizon::oracle
