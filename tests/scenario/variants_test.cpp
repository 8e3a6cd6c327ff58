// Variants and `--set`: the same file with other values.
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

const std::string base =
    "trimhorizon: 1\ntitle: base\nstreams: {orders: {}}\n"
    "producers: {shop: {stream: orders, ids: r, rate: 10/s, records: 100}}\n"
    "functions: {billing: {fail: [{records: [r1]}]}}\n"
    "event_source_mappings:\n"
    "  a.b: {EventSourceArn: orders, FunctionName: billing, StartingPosition: LATEST}\n";
const std::string expect =
    "expect: {lost: 0, duplicates: 3, fates: {processed: 5, expired: 0}, sometimes: [retry]}\n";

std::string with(const std::string& variant) {
  return base + expect + "variants:\n  v: " + variant;
}

Scenario variant(const std::string& text) { return *read(with(text)).variants.at(0).scenario; }

std::string wanted(const Scenario& scenario) {
  std::string all;
  for (const Expectation& each : scenario.expect) {
    all += (all.empty() ? "" : ", ") + each.name + " " + each.wanted_text;
  }
  return all;
}

std::string wrong(const std::string& path, const std::string& value) {
  return said_about(base, {{path, value}});
}

}  // namespace

TEST_CASE("a path means the first of two things of one name, which is a mistake anyway") {
  const std::string twice =
      "trimhorizon: 1\ntitle: twice\nstreams: {orders: {}}\nproducers:\n"
      "  shop: {stream: orders, ids: r, rate: 10/s, records: 10, retry: none}\n"
      "  shop: {stream: orders, ids: q, rate: 10/s, records: 10, retry: {attempts: 2}}\n";
  CHECK(said_about(twice, {{"retry.attempts", "4"}}).find("`shop` appears twice") !=
        std::string::npos);
}

TEST_CASE("a variant is the whole scenario under other settings") {
  const Scenario whole = read(with("{set: {BatchSize: 7, a.b.MaximumRetryAttempts: 2}}\n"));
  CHECK(whole.mappings[0].settings.batch_size == 100);
  REQUIRE(whole.variants.size() == 1);
  CHECK(whole.variants[0].name == "v");
  CHECK(whole.variants[0].sets ==
        std::vector<std::string>{"BatchSize", "a.b.MaximumRetryAttempts"});
  const Scenario& other = *whole.variants[0].scenario;
  CHECK(other.mappings[0].settings.batch_size == 7);
  CHECK(other.mappings[0].settings.maximum_retry_attempts == 2);
  CHECK(other.title == "base");
  CHECK(other.file == "s.yaml");
  CHECK(other.source_text == whole.source_text);
  CHECK(other.variants.empty());
  CHECK(other.producers[0].settings == whole.producers[0].settings);
  CHECK(wanted(other) == wanted(whole));
}

TEST_CASE("a --set wins over the same setting of a variant, and that is said") {
  const std::string text = with("{title: own, set: {BatchSize: 50, billing.duration: 2s}}\n");
  const Scenario whole = read(text, {{"BatchSize", "7"}, {"title", "mine"}});
  const Scenario& variant = *whole.variants.at(0).scenario;
  CHECK(whole.mappings[0].settings.batch_size == 7);
  CHECK(variant.mappings[0].settings.batch_size == 7);
  CHECK(variant.functions[0].settings.duration.batch == seconds(2));
  CHECK(variant.title == "mine");
  CHECK(whole.warnings ==
        std::vector<std::string>{
            "s.yaml:10:25: warning: --set `BatchSize` replaces `BatchSize` of this variant"});
  // Other settings of the variant, and other variants, stay as they are.
  CHECK(read(text, {{"shop.size", "1KiB"}}).warnings.empty());
  // A whole block of the one, a part of it of the other.
  const std::string parts =
      "trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {duration: {batch: 1s, record: 1ms}}}\n"
      "variants: {v: {set: {f.duration: {batch: 3s}}}, w: {set: {f.duration: 3s}}}\n";
  CHECK(said_about(parts, {{"duration.batch", "2s"}}) ==
        "1:1 `duration.batch` cannot be set: a variant sets `f.duration` to something else (set "
        "`functions.f.duration` as a whole)");
}

TEST_CASE("two thousand settings for as many things are no more than two thousand searches") {
  std::string things;
  std::string sets;
  for (int i = 0; i < 2'000; ++i) {
    things += (i ? ", f" : "f") + std::to_string(i) + ": {}";
    sets += (i ? ", f" : "f") + std::to_string(i) + ".Timeout: 5";
  }
  const Scenario whole = read("trimhorizon: 1\nstreams: {s: {}}\nfunctions: {" + things +
                              "}\nvariants: {v: {set: {" + sets + "}}}\n");
  CHECK(whole.variants.at(0).scenario->functions.back().settings.timeout_s == 5);
}

TEST_CASE("the title of a variant wins over one that it sets") {
  CHECK(variant("{title: own, set: {title: other}}\n").title == "own");
  CHECK(variant("{set: {title: other}}\n").title == "other");
  CHECK(variant("{}\n").title == "base");
}

TEST_CASE("a variant's expectations replace the base's key by key; sometimes is added to") {
  CHECK(wanted(variant("{expect: {fates: {processed: 6}, lost: '<= 1', invocations: 2, sometimes: "
                       "[bisect, retry]}}\n")) ==
        "lost <= 1, duplicates == 3, fates.processed == 6, sometimes.retry , sometimes.bisect , "
        "invocations == 2");
  CHECK(wanted(variant("{expect: {sometimes: []}}\n")) ==
        "lost == 0, duplicates == 3, fates.processed == 5, fates.expired == 0");
  CHECK(wanted(variant("{expect: {fates: {}, lost: {}}}\n")) ==
        "duplicates == 3, sometimes.retry ");
  CHECK(said_about(with("{expect: {invocations: {}}}\n")) ==
        "10:29 invocations checks nothing (write what is expected, or remove the key)");
  CHECK(wanted(*read(base + "variants: {v: {expect: {lost: 1}}}\n").variants[0].scenario) ==
        "lost == 1");
  CHECK(read(with("\n")).variants.size() == 1);
}

TEST_CASE("a path is any end that is unique, names with dots included") {
  const auto batch_size = [](const std::string& path) {
    return read(base, {{path, "7"}}).mappings[0].settings.batch_size;
  };
  CHECK(batch_size("BatchSize") == 7);
  CHECK(batch_size("a.b.BatchSize") == 7);
  CHECK(batch_size("event_source_mappings.a.b.BatchSize") == 7);
  CHECK(wrong("b.BatchSize", "7") ==
        "1:1 the scenario has no path `b.BatchSize` (did you mean `a.b.BatchSize`?)");
}

TEST_CASE("a path may name what the file does not have yet") {
  CHECK(read(base, {{"odd_split", "ceil"}}).assumptions.odd_split == assume::odd_split::ceil);
  CHECK(read(base, {{"functions.billing.Timeout", "9"}}).functions[0].settings.timeout_s == 9);
  CHECK(read(base, {{"FunctionResponseTypes", "[ReportBatchItemFailures]"}})
            .mappings[0]
            .settings.report_batch_item_failures);
  CHECK(read(base, {{"explore.faults", "2"}}).explore.faults == 2);
  CHECK(read(base, {{"retry.attempts", "9"}}).producers[0].settings.retry.attempts == 9);
  CHECK(read(base, {{"duration", "2h"}}).duration == hours(2));
  CHECK(read(base, {{"billing.duration", "2ms"}}).functions[0].settings.duration.batch ==
        milliseconds(2));
  CHECK(read(base, {{"fail.0.records", "[r2]"}}).functions[0].settings.fail[0].records ==
        std::vector<std::string>{"r2"});
  CHECK(read(base, {{"streams.orders", "{ShardCount: 3}"}}).streams[0].settings.shard_count == 3);
  CHECK(read(base, {{"functions.billing.fail", "[]"}}).functions[0].settings.fail.empty());
}

TEST_CASE("--set may change the traffic and the seed") {
  CHECK(read(base, {{"seed", "5"}}).seed == 5);
  CHECK(read(base, {{"producers.shop.records", "5"}, {"rate", "1/s"}})
            .producers[0]
            .settings.load->records == 5u);
}

TEST_CASE("an unknown or ambiguous path is a mistake") {
  CHECK(wrong("BatchSizes", "1") ==
        "1:1 the scenario has no path `BatchSizes` (did you mean `BatchSize`?)");
  CHECK(wrong("a.c.BatchSize", "1") ==
        "1:1 the scenario has no path `a.c.BatchSize` (did you mean `a.b.BatchSize`?)");
  CHECK(wrong("records", "1") ==
        "1:1 `records` matches 2 paths (write `producers.shop.records` or "
        "`functions.billing.fail.0.records`)");
  CHECK(wrong("", "1") == "1:1 the scenario has no path ``");
  CHECK(wrong("zork", "1") == "1:1 the scenario has no path `zork`");
  for (const char* word : {"MaxRetries", "a.b.retryAttempts", "maximum_retry_attempts"}) {
    CHECK(wrong(word, "1").ends_with(" (did you mean `MaximumRetryAttempts`?)"));
  }
}

TEST_CASE("a path that no setting may change says why") {
  const std::string why =
      ", which cannot be set (it changes no run: write it in the file, or in the `expect` of a "
      "variant)";
  CHECK(wrong("expect.lost", "1") == "1:1 `expect.lost` is in `expect`" + why);
  CHECK(wrong("lost", "1") == "1:1 `lost` is in `expect`" + why);
  CHECK(wrong("fates.pending", "1") == "1:1 `fates.pending` is in `expect`" + why);
  CHECK(wrong("expect", "{}").starts_with("1:1 `expect` cannot be set ("));
  CHECK(wrong("variants.a.set", "{}").starts_with("1:1 `variants.a.set` is in `variants`, "));
}

TEST_CASE("a wrong value of --set shows what was typed") {
  CHECK(mistakes_in(base, {{"BatchSize", "0"}, {"Timeout", "30s"}}) ==
        "--set:1:9: error: Timeout is in seconds, as in CloudFormation: write 30\n"
        "  Timeout=30s\n"
        "          ^\n"
        "--set:1:11: error: BatchSize must be from 1 to 10000, not 0\n"
        "  BatchSize=0\n"
        "            ^");
  CHECK(mistakes_in(base, {{"BatchSize", "[1"}}) ==
        "--set:1:11: error: this bracket is never closed\n"
        "  BatchSize=[1\n"
        "            ^\n"
        "  close it, or put the text into quotes");
  CHECK(mistakes_in(base, {{"BatchSize", ""}}) ==
        "--set:1:11: error: BatchSize must be a whole number, not nothing\n"
        "  BatchSize=\n"
        "            ^\n"
        "  for example BatchSize: 50");
  CHECK(said_about(base, {{"BatchSize", "\xff"}}) ==
        "1:11 the byte 0xff is not UTF-8 (save the file as UTF-8)");
}

TEST_CASE("PATH=VALUE is cut at the first equals sign") {
  const Override change = parse_override("a.b=c=d");
  CHECK(change.path == "a.b");
  CHECK(change.value == "c=d");
  for (const std::string text : {"abc", "=3", ""}) {
    try {
      parse_override(text);
      FAIL("it was read");
    } catch (const ScenarioError& error) {
      CHECK(error.diagnostics().at(0).message == "expected PATH=VALUE");
    }
  }
}

TEST_CASE("a variant is about the same traffic") {
  CHECK(said_about(with("{set: {seed: 2}}\n")) ==
        "10:13 a variant cannot change the seed: all variants have the same traffic (use --seed "
        "for another run)");
  for (const std::string key : {"put", "rate", "for", "arrivals", "keys", "size"}) {
    CHECK(said_about(with("{set: {shop." + key + ": 1}}\n")) ==
          "10:13 a variant cannot change `" + key +
              "`: all variants have the same traffic (write another scenario, or use --set)");
  }
  CHECK(said_about(with("{set: {producers.shop: {}}}\n")) ==
        "10:13 a variant cannot change a whole producer: all variants have the same traffic (write "
        "another scenario, or use --set)");
  CHECK(variant("{set: {shop.batch: 5, retry: none}}\n").producers[0].settings.load->batch == 5);
}

TEST_CASE("mistakes of a variant are said where they stand, once") {
  CHECK(said_about(with("{set: {BatchSize: 0, Timeout: 3, Timeout: 4}, sets: 1, expect: {lots: "
                        "1}}\n")) ==
        "10:24 BatchSize must be from 1 to 10000, not 0\n"
        "10:39 `Timeout` appears twice (remove one of them)\n"
        "10:52 unknown key `sets` in a variant (did you mean `set`?)\n"
        "10:70 unknown key `lots` in `expect` (did you mean `lost`?)");
  CHECK(said_about(with("{set: {MaximumRecordAgeInSeconds: 5}, expect: 3}\n")) ==
        "10:40 MaximumRecordAgeInSeconds must be -1 or from 60 to 604800, not 5\n"
        "10:52 `expect` must be a mapping `key: value`, not `3`");
}

TEST_CASE("a mistake of the base is not repeated by its variants") {
  CHECK(
      said_about("trimhorizon: 1\nvariants: {a: {}, b: {}}\n") ==
      "1:1 `streams` is missing in this scenario (for example streams: {orders: {ShardCount: 2}})");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {ShardCount: 0}}\nvariants: {a: {}, b: {}}\n") ==
        "2:27 ShardCount must be from 1 to 20000, not 0");
}

TEST_CASE("a mistake in the base that only a variant makes names the variant") {
  CHECK(
      said_about("trimhorizon: 1\nstreams: {s: {MaxRecordSizeInKiB: 2048}}\nproducers: {p: "
                 "{stream: s, put: [{at: 0s, record: {size: 1500KiB}}]}}\nvariants: {small: {set: "
                 "{MaxRecordSizeInKiB: 1024}}}\n") ==
      "3:58 the record is 1536002 bytes long with its key: the stream accepts at most 1024 KiB (in "
      "variant `small`) (make it smaller, or raise MaxRecordSizeInKiB of the stream)");
}

TEST_CASE("a path into a list that should be a mapping is not a path (found by fuzzing)") {
  CHECK(said_about("trimhorizon: 1\nstreams: {s: [{ShardCount: 1}]}\n"
                   "variants: {v: {set: {s.ShardCount: 2}}}\n") ==
        "2:14 a stream must be a mapping `key: value`, not a list");
  CHECK(read(base, {{"retry.attempts", "2"}, {"retry", "none"}}).producers[0].settings.retry.mode ==
        RetryMode::none);
}

TEST_CASE("an override of what an alias names changes one of the two") {
  const std::string aliased = "trimhorizon: 1\nstreams: {a: &x {ShardCount: 2}, b: *x}\n";
  const Scenario scenario = read(aliased, {{"a.ShardCount", "5"}});
  CHECK(scenario.streams[0].settings.shard_count == 5);
  CHECK(scenario.streams[1].settings.shard_count == 2);
}

TEST_CASE("a variant has a name that `diff` can take") {
  CHECK(said_about(base + "variants: {base: {}, 'a=b': {}, a: {}}\n") ==
        "8:12 a variant cannot be called `base` (that is what `diff` calls the file itself)\n"
        "8:22 a variant cannot be called `a=b` (`diff` would read it as a setting)");
}

TEST_CASE("one set does not set a thing twice, under whatever names") {
  CHECK(said_about(with("{set: {event_source_mappings.a.b.BatchSize: 1, BatchSize: 2}}\n")) ==
        "10:53 `BatchSize` overwrites `event_source_mappings.a.b.BatchSize` of this set (remove "
        "one of them)");
  CHECK(
      said_about(with("{set: {retry.attempts: 2, retry: none}}\n")) ==
      "10:32 `retry` overwrites `producers.shop.retry.attempts` of this set (remove one of them)");
  CHECK(said_about(with("{set: {fail: [{records: [r1]}], fail.0.records: [r2]}}\n")) == "");
}

TEST_CASE("what a --set breaks is said once, however many variants there are") {
  CHECK(said_about(with("{set: {MaximumRetryAttempts: 1}}\n  w: {set: {a.b.BatchSize: 1}}\n"),
                   {{"event_source_mappings.a.b", "~"}}) ==
        "1:27 `EventSourceArn`, `FunctionName` and `StartingPosition` are missing in this event "
        "source mapping (write StartingPosition: `TRIM_HORIZON`, `LATEST` or `AT_TIMESTAMP`)");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nproducers:\n"
                   "  p: {stream: s, put: [{at: 0s, record: {}}]}\n",
                   {{"rate", "5/s"}}) ==
        "1:6 a producer can have `put` or `rate`, not both (write a second producer for the same "
        "stream)");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nproducers:\n"
                   "  p: {stream: s}\n",
                   {{"rate", "5/s"}}) ==
        "4:6 `records` or `for` is missing in this producer (write how much traffic is generated: "
        "records: 1000 or for: 10m)");
}

TEST_CASE("a path that leads to a wrong value is not judged") {
  const auto said = [](const std::string& set) {
    return said_about(with("{set: {a.b.BatchSize: 2, a.b.Enabled: false, retry.attempts: 1}}\n"),
                      {{set.substr(0, set.find('=')), set.substr(set.find('=') + 1)}});
  };
  for (const std::string set : {"event_source_mappings.a.b=3", "event_source_mappings=3"}) {
    CHECK(said(set).starts_with("1:"));
    CHECK(said(set).find('\n') == std::string::npos);
  }
  CHECK(said("shop.retry=3") ==
        "1:12 retry must be `sdk`, `none` or `ignore`, not `3` (for example retry: {attempts: 5})");
  CHECK(said("shop.retry=none") ==
        "10:51 the scenario has no path `retry.attempts` (did you mean `attempts`?)");
}

TEST_CASE("of two mappings as near to a wrong name, the one that begins like it is suggested") {
  const std::string mapping = ": {EventSourceArn: s, StartingPosition: LATEST, FunctionName: ";
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {}, g: {}}\n"
                   "event_source_mappings:\n  ma" +
                   mapping + "f}\n  mbx" + mapping +
                   "g}\nvariants: {v: {set: {mb.BatchSize: 3}}}\n") ==
        "7:22 the scenario has no path `mb.BatchSize` (did you mean `mbx.BatchSize`?)");
}

TEST_CASE("paths with the same wrong name are one mistake") {
  CHECK(said_about(with("{set: {a.c.BatchSize: 2, a.c.Enabled: false}}\n")) ==
        "10:13 the scenario has no path `a.c.BatchSize` (did you mean `a.b.BatchSize`?)");
}

TEST_CASE("what a variant removes is not judged where the expectations are wrong") {
  CHECK(said_about(base + "expect: 3\nvariants: {v: {expect: {lost: {}, fates: {}}}}\n") ==
        "8:9 `expect` must be a mapping `key: value`, not `3`");
}

TEST_CASE("what a mapping lacks in the base is not told again by a variant that sets some of it") {
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nevent_source_mappings: {m: {}}\n"
                   "variants: {v: {set: {m.StartingPosition: LATEST}}}\n") ==
        "3:28 `EventSourceArn`, `FunctionName` and `StartingPosition` are missing in this event "
        "source mapping (write StartingPosition: `TRIM_HORIZON`, `LATEST` or `AT_TIMESTAMP`)");
}
