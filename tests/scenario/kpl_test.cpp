// The settings of the Kinesis Producer Library, read from a mapping of their own.
#include <string>
#include <utility>
#include <vector>

#include "sim/base/diagnostic.hpp"
#include "sim/format/given.hpp"
#include "sim/producer/kpl_settings.hpp"
#include "sim/scenario/tables.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;

namespace {

struct KplRead {
  KplSettings settings;
  std::string mistakes;
  std::vector<std::string> warnings;
};

KplRead read_kpl_text(const std::string& text) {
  static const Format format(kpl_block(), {});
  KplRead out;
  std::vector<std::string> not_modelled;
  Mistakes mistakes("k", text);
  Notes notes{mistakes, format, not_modelled, out.warnings};
  const Node node = parse_yaml(text, {}, mistakes).value();
  Given(notes, node, kpl_block()).read_into(out.settings);
  if (!mistakes.any()) return out;
  try {
    mistakes.raise();
  } catch (const ScenarioError& error) {
    for (const Diagnostic& each : error.diagnostics()) {
      if (!out.mistakes.empty()) out.mistakes += '\n';
      out.mistakes += each.message;
      if (!each.suggestion.empty()) out.mistakes += " (" + each.suggestion + ")";
    }
  }
  return out;
}

std::string wrong_kpl(const std::string& text) { return read_kpl_text(text).mistakes; }

}  // namespace

TEST_CASE("`kpl: {}` is KPL with its own defaults [KDS-PRD-12]") {
  const KplRead empty = read_kpl_text("{}");
  CHECK(empty.mistakes == "");
  CHECK(empty.warnings.empty());
  CHECK(empty.settings == KplSettings{});
}

TEST_CASE("all settings of KPL are read by its own names and in its own units [KDS-PRD-12]") {
  const KplRead all = read_kpl_text(
      "{AggregationEnabled: false, AggregationMaxCount: 7, AggregationMaxSize: 64,\n"
      " CollectionMaxCount: 8, CollectionMaxSize: 52224, MaxUserRecordSize: 9,\n"
      " RecordMaxBufferedTime: 0, RecordTtl: 100, RequestTimeout: 101, ConnectTimeout: 102,\n"
      " RateLimit: 1, MaxConnections: 2, FailIfThrottled: true, wrong_shard: any_other_shard,\n"
      " Region: eu-west-1, MetricsLevel: none}");
  CHECK(all.mistakes == "");
  const KplSettings wanted = {.aggregation_enabled = false,
                              .aggregation_max_count = 7,
                              .aggregation_max_size = 64,
                              .collection_max_count = 8,
                              .collection_max_size = 52'224,
                              .record_max_buffered_time_ms = 0,
                              .record_ttl_ms = 100,
                              .request_timeout_ms = 101,
                              .connect_timeout_ms = 102,
                              .rate_limit = 1,
                              .max_connections = 2,
                              .fail_if_throttled = true,
                              .max_user_record_size = 9,
                              .wrong_shard = WrongShard::any_other_shard};
  CHECK(all.settings == wanted);
}

TEST_CASE("the settings of KPL have the bounds of its own configuration [KDS-PRD-12]") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> right_and_wrong = {
      {"AggregationMaxCount", {"1", "9223372036854775807", "0"}},
      {"AggregationMaxSize", {"64", "1048576", "63", "1048577"}},
      {"CollectionMaxCount", {"1", "500", "0", "501"}},
      {"CollectionMaxSize", {"52224", "9223372036854775807", "52223"}},
      {"MaxUserRecordSize", {"1", "10485760", "0", "10485761"}},
      {"RecordMaxBufferedTime", {"0", "9223372036854775807", "-1"}},
      {"RecordTtl", {"100", "9223372036854775807", "99"}},
      {"RequestTimeout", {"100", "600000", "99", "600001"}},
      {"ConnectTimeout", {"100", "300000", "99", "300001"}},
      {"RateLimit", {"1", "9223372036854775807", "0"}},
      {"MaxConnections", {"1", "256", "0", "257"}},
  };
  for (const auto& [name, values] : right_and_wrong) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      INFO(name << ": " << values[i]);
      CHECK(wrong_kpl("{" + name + ": " + values[i] + "}").empty() == (i < 2));
    }
  }
}

TEST_CASE("a wrong setting of KPL says what is right [KDS-PRD-12]") {
  CHECK(wrong_kpl("{RecordTtl: 30s}") == "RecordTtl is in ms, as in KPL: write 30000");
  CHECK(wrong_kpl("{RecordTtl: 50}") == "RecordTtl must be at least 100, not 50");
  CHECK(wrong_kpl("{RecordTtl: 50ms}") ==
        "RecordTtl must be at least 100 ms, not 50ms (write the number of ms without a unit, as "
        "in KPL)");
  CHECK(wrong_kpl("{AggregationMaxSize: 20KiB}") ==
        "AggregationMaxSize is in bytes, as in KPL: write 20480");
  CHECK(wrong_kpl("{AggregationMaxSize: 2MiB}") ==
        "AggregationMaxSize must be from 64 to 1048576 bytes, not 2MiB (write the number of bytes "
        "without a unit, as in KPL)");
  CHECK(wrong_kpl("{RateLimit: 150%}") ==
        "RateLimit must be a whole number, not `150%` (it is in %, as in KPL)");
  CHECK(wrong_kpl("{recordTtl: 500}") == "unknown key `recordTtl` (did you mean `RecordTtl`?)");
  CHECK(wrong_kpl("{wrong_shard: never}") ==
        "wrong_shard must be `outside_range` or `any_other_shard`, not `never`");
  CHECK(wrong_kpl("{batch: 5}") == "unknown key `batch`");
  CHECK(wrong_kpl("{UserRecordTimeoutInMillis: 5}") ==
        "`UserRecordTimeoutInMillis` is not modelled yet (RecordTtl says how long KPL tries)");
}

TEST_CASE("KPL with a RecordTtl that its buffer uses up is warned about [KDS-PRD-13]") {
  CHECK(read_kpl_text("{RecordTtl: 100}").warnings.size() == 1);
  CHECK(read_kpl_text("{RecordTtl: 101}").warnings.empty());
  CHECK(read_kpl_text("{RecordMaxBufferedTime: 30_000}").warnings.size() == 1);
}

TEST_CASE("a time of KPL that means for ever is a time [KDS-PRD-13]") {
  CHECK(KplSettings{.record_ttl_ms = KplSettings::no_bound}.ttl() > hours(24 * 365 * 100));
}
