// The JSON Schema and the reader are made from one table: they agree on every key of it.
#include <fmt/format.h>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "sim/base/json.hpp"
#include "sim/scenario/tables.hpp"
#include "sim/scenario/variants.hpp"
#include "sim/yaml/write.hpp"
#include "tests/scenario/reading.hpp"
#include "tests/scenario/schema_validator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;
using namespace trimhorizon::tests;

namespace {

// One of every block of the table, and nothing wrong.
const std::string example =
    "trimhorizon: 1\n"
    "streams: {orders: {ShardCount: 4, StreamModeDetails: {StreamMode: PROVISIONED}, "
    "visibility_delay: {lognormal: {mean: 1s, sigma: 1}}}}\n"
    "producers:\n"
    "  shop: {stream: orders, ids: r, put: [{at: 0s, records: [{}]}], retry: {}}\n"
    "  gen: {stream: orders, rate: [{from: 0s, rate: 1/s}], records: 5, keys: {count: 3}}\n"
    "  told: {stream: orders, rate: {cloudwatch: incoming.csv}}\n"
    "  app: {stream: orders, rate: 1/s, records: 5, kpl: {}}\n"
    "functions:\n"
    "  billing: {fail: [{records: [r0]}], respond: {return: 1}, duration: {batch: 1s}}\n"
    "  audit: {duration: {lognormal: {mean: 1s, sigma: 1}}}\n"
    "destinations: {dlq: {}}\n"
    "event_source_mappings:\n"
    "  m:\n"
    "    EventSourceArn: orders\n"
    "    FunctionName: billing\n"
    "    StartingPosition: LATEST\n"
    "    DestinationConfig: {OnFailure: {Destination: dlq}}\n"
    "    FilterCriteria: {}\n"
    "timeline:\n"
    "  - {at: 0s, throttle: {function: billing}}\n"
    "  - {at: 0s, outage: {function: billing}}\n"
    "  - {at: 0s, crash_poller: {mapping: m, shard: shardId-000000000000}}\n"
    "  - {at: 0s, lose_acknowledgements: {producer: shop}}\n"
    "  - {at: 0s, fail_destination: {destination: dlq}}\n"
    "  - {at: 0s, UpdateEventSourceMapping: {name: m, Enabled: true}}\n"
    "  - {at: 0s, SplitShard: {StreamName: orders, ShardToSplit: shardId-000000000000}}\n"
    "  - {at: 0s, MergeShards: {StreamName: orders, ShardToMerge: shardId-000000000000, "
    "AdjacentShardToMerge: shardId-000000000001}}\n"
    "  - {at: 0s, UpdateShardCount: {StreamName: orders, TargetShardCount: 8, ScalingType: "
    "UNIFORM_SCALING}}\n"
    "  - {at: 0s, UpdateStreamMode: {StreamARN: orders, StreamModeDetails: {StreamMode: "
    "ON_DEMAND}}}\n"
    "  - {at: 0s, IncreaseStreamRetentionPeriod: {StreamName: orders, RetentionPeriodHours: 48}}\n"
    "  - {at: 0s, DecreaseStreamRetentionPeriod: {StreamName: orders, RetentionPeriodHours: 24}}\n"
    "  - {at: 0s, RegisterStreamConsumer: {StreamARN: orders, ConsumerName: late}}\n"
    "  - {at: 0s, DeregisterStreamConsumer: {StreamARN: orders, ConsumerName: late}}\n"
    "  - {at: 0s, get_records: {stream: orders, shard: shardId-000000000000, LATEST: true, name: "
    "probe}}\n"
    "  - {at: 0s, stream_failures: {stream: orders, put: {throttling: 1%}, get: {throttling: "
    "1%}}}\n"
    "stream_consumers: {efo: {StreamARN: orders, ConsumerName: efo}}\n"
    "autoscaler: {orders: {}}\n"
    "assumptions: {retry_backoff: {first: 1s}}\n"
    "explore: {reshards: [{SplitShard: {StreamName: orders, ShardToSplit: "
    "shardId-000000000000}}]}\n"
    "expect: {destinations: {dlq: [{}]}, reads: {probe: {error: null}}, across: {orders: {nobody: "
    "0}}, checks: [{at: 0s, backlog: "
    "{m: 0}}], shards: {orders: {list: [{ShardId: shardId-000000000000}]}}, api_errors: [{action: "
    "SplitShard}]}\n"
    "evidence: [{kind: model, rule: x}]\n"
    "decisions: {token: 'th1:AAAAXZW9dA'}\n"
    "variants: {v: {}}\n";

// Whatever the path: an export.
OtherFiles any_export() {
  return {"t", [](const std::string&) { return "Label,IncomingRecords Sum\n2026/10/01,5\n"; }};
}

constexpr Budget budget{100'000, 64, 1'000'000};

Node tree_of(const std::string& text) {
  Mistakes mistakes("t", text);
  return parse_yaml(text, budget, mistakes).value();
}

const Node& example_tree() {
  static const Node tree = tree_of(example);
  return tree;
}

const Json& schema() {
  static const Json json = std::get<Json>(parse_json(scenario_schema_json()));
  return json;
}

// The mistakes of a tree, one a line; empty when it is read.
std::string reader_says(const Node& root) {
  Mistakes mistakes("t", example);
  Pass pass{mistakes, "t", example};
  pass.files = any_export();
  read_tree(root, pass);
  if (!mistakes.any()) return "";
  try {
    mistakes.raise();
  } catch (const ScenarioError& error) {
    std::string all;
    for (const Diagnostic& each : error.diagnostics()) all += each.message + "\n";
    return all;
  }
}

std::string schema_says(const Node& root) {
  Mistakes mistakes("t", example);
  return schema_violation(schema(), std::get<Json>(parse_json(json_of(mistakes, root))));
}

// Every mapping of the tree with the block it must follow.
using Visit = std::function<void(const Block&, Node&)>;
void visit_blocks(const Block& block, Node& node, const Visit& visit);

void visit_form(const Form& form, Node& node, const Visit& visit) {
  if (form.kind == Kind::block && (node.is_mapping() || node.is_nothing())) {
    visit_blocks(*form.block, node, visit);
  } else if (form.kind == Kind::named || form.kind == Kind::map) {
    for (Node& item : node.items) {
      if (form.block) visit_blocks(*form.block, item, visit);
      for (const Form& inner : form.items) visit_form(inner, item, visit);
    }
  } else if (form.kind == Kind::list && node.is_list()) {
    for (Node& item : node.items) visit_form(form.items[0], item, visit);
  }
}

void visit_blocks(const Block& block, Node& node, const Visit& visit) {
  visit(block, node);
  for (const Key& key : block.keys) {
    Node* value = node.find(key.name);
    for (const Form& form : key.forms) {
      if (value) visit_form(form, *value, visit);
    }
  }
}

// Values that no form of the key takes.
std::vector<std::string> bad_values(const Key& key) {
  if (key.forms[0].kind == Kind::ignored || key.forms[0].kind == Kind::any) return {};
  const Form& form = key.forms[0];
  const std::string name(key.name);
  switch (form.kind) {
    case Kind::text: return {"[]"};
    case Kind::word: return {"[]", "{a: 1}", "no_such_word", "7"};
    case Kind::integer: {
      std::vector<std::string> bad = {"abc",    "1.5",  "[]",
                                      "{a: 1}", "true", fmt::format("{}", form.min - 1)};
      if (!key.is_aws()) bad.push_back(fmt::format("'{}'", form.min));
      if (form.max < std::numeric_limits<std::int64_t>::max()) {
        bad.push_back(fmt::format("{}", form.max + 1));
      }
      return bad;
    }
    case Kind::decimal: return {"abc", "-1", "[]", "'1'", fmt::format("{}", form.max + 1)};
    case Kind::boolean: return {"yes", "1", "[]"};
    case Kind::duration: return {"5", "5 s", "-1s", "abc", "[]", "1s1h", "''"};
    case Kind::size: return {"5", "5KB", "abc", "[]"};
    case Kind::rate: return {"5", "5/d", "abc", "{a: 1}"};
    case Kind::percent: return {"5", "0.5", "abc", "[]", "101%", "100.5%"};
    case Kind::time: return {"5", "yesterday", "[]"};
    case Kind::shard: return {"0", "shard-1", "[]"};
    case Kind::hash_key: return {"abc", "-1", "[]"};
    case Kind::count: return {"abc", "'< 1s'", "[]", "-1", "'=> 1'"};
    case Kind::time_span: return {"abc", "3", "'< 1'", "[]", "'=> 1s'"};
    case Kind::thing: return {"[]", "[a]", "{a: 1}", "{Ref: [a]}", "{}"};
    case Kind::record: return {"[]"};
    case Kind::named: return {"5", "[1]"};
    case Kind::list: return {"5", "{a: 1}"};
    case Kind::block:
      return name == "respond"
                 ? std::vector<std::string>{}
                 : std::vector<std::string>{"no_such_word", "[1]", "{no_such_key: 1}"};
    case Kind::map: return {"[1]"};
    case Kind::not_modelled:
    case Kind::not_for_kinesis: return {"1", "{}"};
    default: return {};
  }
}

// Values that the key takes as far as it alone is concerned.
std::vector<std::string> good_values(const Key& key) {
  if (!key.modelled.empty()) return {std::string(key.modelled)};
  std::vector<std::string> good;
  if (!key.default_text().empty()) good.push_back(key.default_text());
  for (const Form& form : key.forms) {
    switch (form.kind) {
      case Kind::text:
        if (form.unit.empty())
          good.insert(good.end(), {"abc", "007", "true"});
        else
          good.insert(good.end(), {"200ms", "200ms x2 up to 15s", "1s x1.5 up to 1m 30s, jitter"});
        break;
      case Kind::word: good.insert(good.end(), form.words.begin(), form.words.end()); break;
      case Kind::integer:
        good.push_back(fmt::format("{}", form.max < 1'000'000'000 ? form.max : form.min + 1));
        if (key.is_aws()) good.push_back(fmt::format("'{}'", form.max));
        break;
      case Kind::boolean:
        good.push_back("true");
        if (key.is_aws()) good.insert(good.end(), {"'false'", "'True'"});
        break;
      case Kind::duration: good.insert(good.end(), {"1h30m", "36h 5m", "0.5s", "1_000us"}); break;
      case Kind::size: good.insert(good.end(), {"10KiB", "200B"}); break;
      case Kind::percent: good.insert(good.end(), {"1%", "0.5%", "1_0%", "100%", "007.50%"}); break;
      case Kind::count: good.insert(good.end(), {"3", "'<= 10'", "['>= 1', '< 5']"}); break;
      case Kind::time_span: good.insert(good.end(), {"3s", "'<= 1h 5m'", "['>= 1s']"}); break;
      case Kind::any:
      case Kind::ignored: good.insert(good.end(), {"{a: [1]}", "x"}); break;
      default: break;
    }
  }
  return good;
}

// The example with another value of one key of one mapping.
Node with_value(std::size_t mapping, const std::string& key, const std::string& value) {
  Node root = example_tree();
  std::size_t index = 0;
  const Node given = tree_of(value);
  visit_blocks(scenario_block(), root, [&](const Block&, Node& node) {
    if (index++ != mapping) return;
    node.kind = Node::Kind::mapping;
    if (Node* old = node.find(key)) {
      *old = given;
    } else {
      Node name;
      name.kind = Node::Kind::scalar;
      name.text = key;
      node.keys.push_back(name);
      node.items.push_back(given);
    }
  });
  return root;
}

// What both say of that.
struct Asked {
  std::string reader;
  std::string schema;
};
Asked ask(std::size_t mapping, const std::string& key, const std::string& value) {
  const Node root = with_value(mapping, key, value);
  return {reader_says(root), schema_says(root)};
}

// Bounds that the table does not have: that of Timeout depends on CapacityProviderConfig, and the
// schema does not compare durations.
bool beyond_the_schema(const Key& key, const std::string& value) {
  return (key.name == "Timeout" && value.find("5400") != value.npos) ||
         (key.name == "down_below" && value == "100%") ||
         ((key.name == "on_demand_split_delay" || key.name == "visibility_delay" ||
           key.name == "timestamp_skew") &&
          (value == "1h30m" || value == "36h 5m"));
}

// The first mapping of each block.
void each_mapping(const std::function<void(std::size_t, const Block&, const Node&)>& visit) {
  Node root = example_tree();
  std::size_t index = 0;
  std::set<const Block*> seen;
  visit_blocks(scenario_block(), root, [&](const Block& block, Node& node) {
    if (seen.insert(&block).second) visit(index, block, node);
    ++index;
  });
}

}  // namespace

TEST_CASE("docs/scenario.schema.json is what the table gives") {
  const std::string path = tests::source_dir() + "/docs/scenario.schema.json";
  if (std::getenv("TH_ACCEPT")) std::ofstream(path, std::ios::binary) << scenario_schema_json();
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const bool same = text.str() == scenario_schema_json();
  INFO("TH_ACCEPT=1 writes " << path);
  CHECK(same);
}

TEST_CASE("the example of all blocks is valid to both, and has all blocks") {
  CHECK(reader_says(tree_of(example)) == "");
  CHECK(schema_says(tree_of(example)) == "");
  std::set<const Block*> seen;
  each_mapping([&](std::size_t, const Block& block, const Node&) { seen.insert(&block); });
  for (const Block* block : scenario_format().blocks()) {
    INFO(block->noun);
    CHECK(seen.contains(block));
  }
}

TEST_CASE("a value that the table does not allow is refused by both") {
  testing::Sample sample;
  each_mapping([&](std::size_t mapping, const Block& block, const Node&) {
    for (const Key& key : block.keys) {
      for (const std::string& value : bad_values(key)) {
        if (sample.leaves_out()) continue;
        const Asked asked = ask(mapping, std::string(key.name), value);
        INFO(block.noun << " " << key.name << ": " << value);
        CHECK(asked.reader != "");
        CHECK(asked.schema != "");
      }
    }
  });
}

TEST_CASE("a value that the table allows is allowed by the schema, and read") {
  testing::Sample sample;
  each_mapping([&](std::size_t mapping, const Block& block, const Node&) {
    for (const Key& key : block.keys) {
      for (const std::string& value : good_values(key)) {
        const bool not_alone =
            std::any_of(block.keys.begin(), block.keys.end(), [&](const Key& other) {
              return other.other_key == key.name && other.other_value == value;
            });
        if (not_alone || sample.leaves_out()) continue;
        const Asked asked = ask(mapping, std::string(key.name), value);
        INFO(block.noun << " " << key.name << ": " << value);
        CHECK(asked.schema == "");
        // What keys must agree on the schema does not know; then the reader names another key.
        const bool about_it =
            asked.reader.find(std::string(key.name) + " must") != std::string::npos;
        INFO(asked.reader);
        CHECK_FALSE((about_it && !beyond_the_schema(key, value)));
      }
    }
  });
}

TEST_CASE("what the reader takes the schema takes") {
  const std::vector<std::string> values = {"0",   "x",    "''",     "[]", "{}",  "[a]",  "1s",
                                           "'1'", "null", "{a: 1}", "-1", "1.5", "none", "1_0"};
  testing::Sample sample;
  std::size_t taken = 0;
  each_mapping([&](std::size_t mapping, const Block& block, const Node&) {
    for (const Key& key : block.keys) {
      for (const std::string& value : values) {
        if (sample.leaves_out()) continue;
        const Asked asked = ask(mapping, std::string(key.name), value);
        if (!asked.reader.empty()) continue;
        ++taken;
        INFO(block.noun << " " << key.name << ": " << value);
        CHECK(asked.schema == "");
      }
    }
  });
  CHECK(taken * testing::Sample::of_each() > 200);
}

TEST_CASE("what several values must agree on the schema knows as far as it can say it") {
  const auto both = [](const std::string& text) {
    const Node root = tree_of(text);
    const std::string schema = schema_says(root);
    const bool taken = reader_says(root).empty();
    INFO(text << ": " << schema);
    CHECK(schema.empty() == taken);
    return taken;
  };
  const std::string head =
      "trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {}}\ndestinations: {d: {}}\n";
  const auto put = [&](const std::string& entry) {
    return both(head + "producers: {p: {stream: s, put: [{at: 0s" + entry + "}]}}\n");
  };
  CHECK(put(", record: {}"));
  CHECK_FALSE(put(""));
  CHECK_FALSE(put(", record: {}, records: [{}]"));
  CHECK_FALSE(put(", record: "));
  CHECK_FALSE(put(", records: [~]"));
  const auto mapping = [&](const std::string& position, const std::string& rest = "") {
    return both(head +
                "event_source_mappings:\n  m: {EventSourceArn: s, FunctionName: f, "
                "StartingPosition: " +
                position + "}\n" + rest);
  };
  CHECK(mapping("AT_TIMESTAMP, StartingPositionTimestamp: 1"));
  CHECK_FALSE(mapping("AT_TIMESTAMP"));
  CHECK_FALSE(mapping("LATEST, StartingPositionTimestamp: 1"));
  CHECK(mapping("LATEST, MaximumRecordAgeInSeconds: '-1'"));
  CHECK(mapping("LATEST, MaximumRecordAgeInSeconds: 60"));
  CHECK_FALSE(mapping("LATEST, MaximumRecordAgeInSeconds: 59"));
  CHECK_FALSE(mapping("LATEST", "timeline: [{at: 0s}]\n"));
  CHECK(mapping("LATEST", "timeline: [{at: 0s, outage: {function: f}}]\n"));
  CHECK_FALSE(mapping("LATEST",
                      "timeline: [{at: 0s, outage: {function: f}, throttle: {function: "
                      "f}}]\n"));
  const auto expect = [&](const std::string& keys) {
    return mapping("LATEST", "expect: {" + keys + "}\n");
  };
  CHECK(expect("fates: {processed: 3, m: {pending: 0}}"));
  CHECK(expect("metrics: {Errors: 0, m: {IteratorAge.max: '< 1s'}, f: {Errors: ['>= 0']}}"));
  CHECK_FALSE(expect("metrics: {Errors: 1s}"));
  CHECK_FALSE(expect("metrics: {m: {IteratorAge.max: 3}}"));
  for (const char* empty :
       {"fates: {m: {}}", "metrics: {m: ~}", "deliveries: {m: {}}", "destinations: {d: [~]}"}) {
    CHECK_FALSE(expect(empty));
  }
  CHECK_FALSE(both(head + "assumptions: {retry_backoff: ~}\n"));
  CHECK_FALSE(both(head + "variants: {base: {}}\n"));
  CHECK_FALSE(both(head + "variants: {'a=b': {}}\n"));
  CHECK_FALSE(both("trimhorizon: 1\nstreams: {'a b': {}}\n"));
  CHECK_FALSE(both("trimhorizon: 1\nstreams: {'': {}}\n"));
  CHECK_FALSE(
      both("trimhorizon: 1\nstreams: {s: {}}\nfunctions: {" + std::string(65, 'f') + ": {}}\n"));
}

TEST_CASE("an unknown key and a missing one are refused by both") {
  each_mapping([&](std::size_t mapping, const Block& block, const Node&) {
    INFO(block.noun);
    const Asked unknown = ask(mapping, "no_such_key", "1");
    CHECK(unknown.reader != "");
    CHECK(unknown.schema != "");
    for (const Key& key : block.keys) {
      if (!key.is_required) continue;
      Node root = example_tree();
      std::size_t index = 0;
      visit_blocks(scenario_block(), root, [&](const Block&, Node& node) {
        if (index++ == mapping) node.erase(key.name);
      });
      INFO(key.name);
      CHECK(reader_says(root).find(fmt::format("`{}` is missing", key.name)) != std::string::npos);
      CHECK(schema_says(root) != "");
    }
  });
}

TEST_CASE("a default that is written out changes nothing") {
  // Everything that a default may be in; nothing where the key does not go with the others.
  const auto settings_of = [](const Node& root) {
    Mistakes mistakes("t", example);
    Pass pass{mistakes, "t", example};
    pass.files = any_export();
    const Scenario scenario = read_tree(root, pass);
    std::vector<ProducerSettings> producers;
    std::vector<FunctionSettings> functions;
    for (const ProducerEntry& each : scenario.producers) producers.push_back(each.settings);
    for (const FunctionEntry& each : scenario.functions) functions.push_back(each.settings);
    const auto head = std::tuple(scenario.seed, scenario.epoch_ms, scenario.duration,
                                 scenario.explore.faults, scenario.explore.any_batch_size);
    const auto all = std::tuple(head, scenario.streams[0].settings, producers, functions,
                                scenario.mappings[0].settings, scenario.destinations[0].type,
                                scenario.timeline, scenario.assumptions);
    return mistakes.any() ? std::nullopt : std::optional(all);
  };
  const auto as_it_is = settings_of(example_tree());
  std::size_t written = 0;
  each_mapping([&](std::size_t mapping, const Block& block, const Node& node) {
    for (const Key& key : block.keys) {
      const std::string otherwise = key.default_text();
      if (otherwise.empty() || node.find(key.name)) continue;
      INFO(block.noun << " " << key.name << ": " << otherwise);
      const auto settings = settings_of(with_value(mapping, std::string(key.name), otherwise));
      if (!settings) continue;
      ++written;
      CHECK(settings == as_it_is);
    }
  });
  CHECK(written > 50);
}

TEST_CASE("every key has a sentence, every default is read by its own form") {
  std::set<std::string_view> nouns;
  for (const Block* block : scenario_format().blocks()) {
    INFO(block->noun);
    CHECK(nouns.insert(block->noun).second);
    std::set<std::string_view> names;
    for (const Key& key : block->keys) {
      INFO(key.name);
      CHECK(names.insert(key.name).second);
      CHECK_FALSE(key.forms.empty());
      if (key.is_ours_to_read()) CHECK((!key.text.empty() || !key.rule.empty()));
    }
  }
}
