#include "sim/scenario/bare_reads.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/base/text.hpp"
#include "sim/kinesis/api_error.hpp"
#include "sim/scenario/context.hpp"
#include "sim/scenario/expect.hpp"
#include "sim/scenario/names.hpp"
#include "sim/yaml/write.hpp"

namespace trimhorizon::reader {
namespace {

// ---- the read

// The five types of iterators, with the words of the API.
struct Start {
  std::string_view name;
  IteratorType type;
};
constexpr std::array starts = {
    Start{"AT_SEQUENCE_NUMBER", IteratorType::at_sequence_number},
    Start{"AFTER_SEQUENCE_NUMBER", IteratorType::after_sequence_number},
    Start{"TRIM_HORIZON", IteratorType::trim_horizon},
    Start{"LATEST", IteratorType::latest},
    Start{"AT_TIMESTAMP", IteratorType::at_timestamp},
};

// KDS-SHD-07: digits alone are a sequence number, unless a record has them as its id.
bool is_sequence_number(const Context& context, const std::string& text) {
  return text.find_first_not_of("0123456789") == std::string::npos &&
         !context.ids.can_be_made(text);
}

void read_named_record(Context& context, const Value& value, BareRead& read) {
  if (value.node.is_scalar() && is_sequence_number(context, value.node.text)) {
    read.sequence_number = value.node.text;
  } else if (auto id = context.record(value.node, value.name, true)) {
    read.record = *std::move(id);
  }
}

// `TRIM_HORIZON: true`; nothing after the colon means the same.
void read_bare_word(Context& context, const Value& value, BareRead&) {
  bool yes = true;
  if (value.node.is_nothing() || !read_value(context, value, yes) || yes) return;
  context.error(value.node.at, fmt::format("`{}: false` says nothing", value.name),
                fmt::format("write {}: true, or leave it out", value.name));
}

// An instant of the run, or a time of the clock.
void read_timestamp(Context& context, const Value& value, BareRead& read) {
  static const Form date = simple(Kind::time);
  if (value.node.is_scalar() && value.node.text.find('-', 1) != std::string::npos) {
    std::int64_t ms = 0;
    if (read_value(context, {value.node, date, value.name}, ms)) read.timestamp_ms = ms;
    return;
  }
  Instant at{0};
  if (!read_value(context, value, at)) return;
  read.timestamp_ms = context.out.epoch_ms + (at - Instant{0}).us / 1'000;
}

void read_start(Context& context, const Given& given, BareRead& read) {
  const Start* chosen = nullptr;
  for (const Start& each : starts) {
    if (!given.has(each.name)) continue;
    if (chosen != nullptr) {
      return context.error(
          given.place_of(each.name),
          fmt::format("a read starts at one place, and `{}` says where", chosen->name),
          "remove one of them");
    }
    chosen = &each;
  }
  const bool none_is_wrong = std::all_of(
      starts.begin(), starts.end(), [&](const Start& each) { return given.is_absent(each.name); });
  if (chosen != nullptr) {
    read.from = chosen->type;
    given.read(chosen->name, read);
  } else if (none_is_wrong) {
    context.error(given.place(), "this get_records does not say where it starts",
                  "write TRIM_HORIZON: true, LATEST: true, AFTER_SEQUENCE_NUMBER: r0, "
                  "AT_SEQUENCE_NUMBER or AT_TIMESTAMP");
  }
}

void read_get_records(Context& context, const Given& given, BareRead& read) {
  given.fill(read);
  read_start(context, given, read);
  if (read.stream.valid() && given.is_right("shard")) {
    const StreamEntry& entry = context.out.streams[read.stream.value];
    if (read.shard_number >= entry.settings.shard_count && !are_shards_unknown(context, entry) &&
        context.reshards == 0) {
      context.warn(given.place_of("shard"),
                   fmt::format("stream {} never has this shard: AWS answers "
                               "ResourceNotFoundException",
                               quoted(entry.name)));
    }
  }
  if (read.name.empty()) return;
  for (const TimelineAction& other : context.out.timeline) {
    if (!other.read || other.read->name != read.name) continue;
    return context.error(given.place_of("name"),
                         fmt::format("two reads have the name {}", quoted(read.name)),
                         "`expect: reads` must know which one is meant");
  }
}

const Block& get_records_block() {
  const auto by_number = [](std::string_view name, std::string_view text) {
    return key(name, record_id(), read_by(read_named_record), text, "KDS-ITR-01 KDS-ITR-08")
        .such_as("r0")
        .apart();
  };
  const auto by_word = [](std::string_view name, std::string_view text) {
    return key(name, {simple(Kind::boolean), simple(Kind::nothing)}, read_by(read_bare_word), text,
               "KDS-ITR-01")
        .such_as("true")
        .apart();
  };
  static const Block table{
      "`get_records`",
      {
          required("stream", thing(), into(&BareRead::stream), "Which stream.").such_as("orders"),
          required("shard", simple(Kind::shard), into(&BareRead::shard_number), "Which shard.")
              .such_as("shardId-000000000000"),
          by_number("AT_SEQUENCE_NUMBER",
                    "It starts at this record: its id, or a sequence number; no default."),
          by_number("AFTER_SEQUENCE_NUMBER",
                    "It starts after this record: its id, or a sequence number; no default."),
          by_word("TRIM_HORIZON", "It starts at the oldest record that is kept; no default."),
          by_word("LATEST", "It starts behind the newest record, so it is empty; no default."),
          key("AT_TIMESTAMP", {duration("s"), simple(Kind::time)}, read_by(read_timestamp),
              "It starts at the first record of this time or later: an instant of the run, or a "
              "date; no default.",
              "KDS-ITR-06 KDS-ITR-07")
              .such_as("5m")
              .apart(),
          key("Limit", integer(1, read_records_max), into(&BareRead::limit),
              "At most so many records.", "KDS-ITR-14")
              .such_as("1"),
          key("name", text(1, 128), into(&BareRead::name),
              "Its name in `expect: reads`; no default.")
              .such_as("probe"),
      },
      read_get_records};
  return table;
}

void read_action(Context& context, const Value& value, TimelineAction& action) {
  action.kind = ActionKind::get_records;
  read_value(context, value, action.read.emplace());
}

// ---- what it answered

constexpr std::string_view reads_example = "{probe: {records: [r0]}}";

struct WantedRead {
  std::vector<std::string> records;
  std::vector<Comparison> behind;
  std::string error;
  std::vector<std::string> children;
};

void read_wanted_records(Context& context, const Value& value, WantedRead& read) {
  read.records = context.records(value, false);
}
// `null` wants an answer without an error.
void read_wanted_error(Context& context, const Value& value, WantedRead& read) {
  if (!value.node.is_nothing()) read_value(context, value, read.error);
}

const Block& wanted_read_block() {
  static const Block table{
      "answer of a read",
      {
          key("records", list(record_id()), read_by(read_wanted_records),
              "The ids of its records, in their order.", "KDS-ITR-14")
              .such_as("[r0, r1]"),
          key("MillisBehindLatest", moment(), into(&WantedRead::behind),
              "How far behind the newest record it is, in whole seconds.", "KDS-ITR-13")
              .such_as("\"> 60s\""),
          key("error", {word(names_list<ApiError>()), simple(Kind::nothing)},
              read_by(read_wanted_error), "The error, as AWS names it; null for none.",
              "KDS-ITR-02")
              .such_as("ExpiredIteratorException"),
          key("ChildShards", list(simple(Kind::shard)), into(&WantedRead::children),
              "The children of a closed shard that is read to its end; then there is no next "
              "iterator. [] for none.",
              "KDS-ITR-11 KDS-ITR-12")
              .such_as("[shardId-000000000001, shardId-000000000002]"),
      }};
  return table;
}

bool is_named_read(const Context& context, std::string_view name) {
  return std::any_of(
      context.out.timeline.begin(), context.out.timeline.end(),
      [&](const TimelineAction& each) { return each.read && each.read->name == name; });
}

// A read with this name stands in the timeline, or the timeline was reported.
bool check_read_name(Context& context, const Node& key) {
  if (is_named_read(context, key.text) || context.is_wrong({"timeline"})) return true;
  context.error(key.at,
                fmt::format("no get_records of the timeline has the name {}", quoted(key.text)),
                fmt::format("give it one: get_records: {{…, name: {}}}", key.text));
  return false;
}

void read_reads(Context& context, const Value& value, Scenario& scenario) {
  if (!is_mapping_of(context, value.node, "reads", reads_example)) return;
  for (const auto& [name, item] : entries_of(context.mistakes, value.node)) {
    if (!check_read_name(context, name)) continue;
    const Given given(context, item, wanted_read_block(), "{records: [r0]}");
    WantedRead wanted;
    given.fill(wanted);
    if (!item.is_mapping() || !checks_something(context, item, "reads." + name.text)) continue;
    for (const Node& key : item.keys) {
      const Key* row = wanted_read_block().find(key.text);
      if (!row || !given.is_right(row->name)) continue;
      Expectation out = expectation(context, ExpectKind::reads,
                                    fmt::format("reads.{}.{}", name.text, key.text), key);
      out.scope = name.text;
      out.subject = key.text;
      out.wanted_text = on_one_line(*given.find(row->name));
      if (key.text == "records") out.ids = wanted.records;
      if (key.text == "ChildShards") out.ids = wanted.children;
      if (key.text == "MillisBehindLatest") out.wanted = wanted.behind;
      if (key.text == "error" && !wanted.error.empty()) out.ids = {wanted.error};
      scenario.expect.push_back(std::move(out));
    }
  }
}

}  // namespace

Key timeline_get_records() {
  return key("get_records", block(get_records_block), read_by(read_action),
             "One read of a shard that belongs to no consumer; the report shows its answer.",
             "KDS-ITR-01")
      .such_as(
          "{stream: orders, shard: shardId-000000000000, TRIM_HORIZON: true, Limit: 1, name: "
          "probe}")
      .alternative();
}

Key expected_reads() {
  return key("reads", map({block(wanted_read_block)}), read_by(read_reads),
             "The answers of `get_records` of the timeline, by name; only the fields written here "
             "are checked.",
             "KDS-ITR-01")
      .such_as("{probe: {records: [r0], MillisBehindLatest: \"> 60s\"}}");
}

}  // namespace trimhorizon::reader
