// Reads what is expected of streams: their shards, their records across all consumers, and the
// errors with which the API answered.
#include <fmt/format.h>

#include "sim/kinesis/api_error.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/scenario/expect.hpp"
#include "sim/scenario/names.hpp"
#include "sim/yaml/write.hpp"

namespace trimhorizon::reader {
namespace {

constexpr std::string_view shards_example = "{orders: {open: 4}}";

// ---- shards

// `null` stands for an open end.
void read_sequence_numbers(Context& context, const Value& value, WantedShard& shard) {
  static const Form number = text(1, 128);
  if (!is_list_of(context, value)) return;
  std::vector<std::optional<std::string>> range;
  for (const Node& item : value.node.items) {
    std::optional<std::string>& end = range.emplace_back();
    if (!item.is_nothing()) read_value(context, {item, number, value.name}, end);
  }
  shard.sequence_numbers = std::move(range);
}

Block listed_shard_block() {
  const Forms maybe_shard = {simple(Kind::shard), simple(Kind::nothing)};
  return {
      "listed shard",
      {
          key("ShardId", simple(Kind::shard), into(&WantedShard::id), "Its id.", "KDS-SHD-10")
              .such_as("shardId-000000000002"),
          key("ParentShardId", maybe_shard, into(&WantedShard::parent),
              "The shard that it comes from; null for none.", "KDS-SHD-10")
              .such_as("shardId-000000000000"),
          key("AdjacentParentShardId", maybe_shard, into(&WantedShard::adjacent),
              "The other one, after a merge; null for none.", "KDS-SHD-10")
              .such_as("shardId-000000000001"),
          key("HashKeyRange", list(simple(Kind::hash_key), 2, 2), into(&WantedShard::hash_keys),
              "Its first and its last hash key.", "KDS-SHD-10")
              .such_as(R"(["0", "170141183460469231731687303715884105727"])"),
          key("SequenceNumberRange", list(simple(Kind::any), 2, 2), read_by(read_sequence_numbers),
              "Its first and its last sequence number; null while it is open.", "KDS-SHD-10")
              .such_as(R"(["49671246667567228643283430150187087032206582658", null])"),
      }};
}

// What is wanted of the shards of one stream.
struct WantedShards {
  std::vector<Comparison> open;
  std::vector<Comparison> closed;
  std::vector<std::string> ids;
  std::vector<WantedShard> list;
};

void read_list_of_shards(Context& context, const Value& value, WantedShards& out) {
  if (!is_list_of(context, value)) return;
  for (const Node& each : value.node.items) {
    WantedShard& shard = out.list.emplace_back();
    shard.text = on_one_line(each);
    Given(context, each, *value.form.items.front().block).read_into(shard);
  }
}

const Block& shards_block() {
  static const Block table{
      "state of shards",
      {
          key("open", count(), into(&WantedShards::open), "How many shards take records.",
              "KDS-SHD-10")
              .such_as("4"),
          key("closed", count(), into(&WantedShards::closed),
              "How many were split or merged, and still have records to read.", "KDS-RSH-05")
              .such_as("2"),
          key("ids", list(simple(Kind::shard)), into(&WantedShards::ids),
              "The open ones, by number.")
              .such_as("[shardId-000000000001, shardId-000000000002]"),
          key("list", list(block(listed_shard_block())), read_by(read_list_of_shards),
              "All that ListShards shows, by number; only the fields written here are checked.",
              "KDS-SHD-10")
              .such_as("[{ShardId: shardId-000000000000, ParentShardId: null}]"),
      }};
  return table;
}

void read_shards(Context& context, const Value& value, Scenario& scenario) {
  for (const OfStream& stream : by_stream(context, value, shards_example)) {
    const Given given(context, stream.value, shards_block(), "{open: 4}");
    WantedShards wanted;
    given.fill(wanted);
    if (!stream.value.is_mapping()) continue;
    for (const Node& key : stream.value.keys) {
      const Key* row = shards_block().find(key.text);
      if (!row || !given.is_right(row->name)) continue;
      Expectation out = expectation(context, ExpectKind::shards,
                                    fmt::format("{}.{}", stream.name, key.text), key);
      out.scope = context.out.streams[stream.stream.value].name;
      out.subject = key.text;
      if (key.text == "open") out.wanted = wanted.open;
      if (key.text == "closed") out.wanted = wanted.closed;
      if (key.text == "ids") out.ids = wanted.ids;
      if (key.text == "list") out.shards = wanted.list;
      out.wanted_text = on_one_line(*given.find(row->name));
      scenario.expect.push_back(std::move(out));
    }
  }
}

// ---- records of a stream

struct WantedAcross {
  std::vector<Comparison> nobody;
  std::vector<Comparison> several;
};

const Block& across_block() {
  static const Block table{
      "count across consumers",
      {
          key("nobody", count(), into(&WantedAcross::nobody), "No consumer worked on them.")
              .such_as("0"),
          key("several", count(), into(&WantedAcross::several),
              "More than one consumer worked on them.")
              .such_as("0"),
      }};
  return table;
}

void read_across(Context& context, const Value& value, Scenario& scenario) {
  for (const OfStream& stream : by_stream(context, value, "{orders: {nobody: 0}}")) {
    const Given given(context, stream.value, across_block(), "{nobody: 0}");
    WantedAcross wanted;
    given.fill(wanted);
    if (!stream.value.is_mapping()) continue;
    for (const Node& key : stream.value.keys) {
      const Key* row = across_block().find(key.text);
      if (!row || !given.is_right(row->name)) continue;
      Expectation out = expectation(context, ExpectKind::across,
                                    fmt::format("{}.{}", stream.name, key.text), key);
      out.scope = context.out.streams[stream.stream.value].name;
      out.subject = key.text;
      out.wanted = key.text == "nobody" ? wanted.nobody : wanted.several;
      out.wanted_text = on_one_line(*given.find(row->name));
      scenario.expect.push_back(std::move(out));
    }
  }
}

void read_user_records(Context& context, const Value& value, Scenario& scenario) {
  static const Form shard_form = simple(Kind::shard);
  static const Form ids_form = list(record_id());
  constexpr std::string_view example = "{orders: {shardId-000000000000: [u0, u1]}}";
  for (const OfStream& stream : by_stream(context, value, example)) {
    if (!is_mapping_of(context, stream.value, stream.name, "{shardId-000000000000: [u0]}"))
      continue;
    for (const auto& [key, item] : entries_of(context.mistakes, stream.value)) {
      std::uint32_t number = 0;
      if (!read_value(context, {key, shard_form, "a key of user_records"}, number)) continue;
      check_shard(context, stream.stream, number, key);
      const std::string name = fmt::format("{}.{}", stream.name, key.text);
      Expectation out = expectation(context, ExpectKind::user_records, name, key);
      out.scope = context.out.streams[stream.stream.value].name;
      out.subject = key.text;
      out.ids = context.records({item, ids_form, name}, false);
      out.wanted_text = on_one_line(item);
      scenario.expect.push_back(std::move(out));
    }
  }
}

// ---- what the API answered

void read_stream_of_error(Context& context, const Value& value, WantedError& error) {
  const auto number = context.number_of(context.streams, value.node, value.name);
  if (number) error.stream = context.out.streams[*number].name;
}

Block error_block() {
  return {
      "API error",
      {
          key("at", moment(), into(&WantedError::at), "When the action was called.").such_as("6m"),
          key("action", word(names_list<ApiActionName>()), into(&WantedError::action),
              "The action.")
              .such_as("SplitShard"),
          key("stream", thing(), read_by(read_stream_of_error), "Its stream.").such_as("orders"),
          key("error", word(names_list<ApiError>()), into(&WantedError::error),
              "The error, as AWS names it.")
              .such_as("InvalidArgumentException"),
      }};
}

void read_errors(Context& context, const Value& value, Scenario& scenario) {
  if (!is_list_of(context, value)) return;
  Expectation out = expectation(context, ExpectKind::api_errors, "api_errors", *value.key);
  out.wanted_text = on_one_line(value.node);
  for (const Node& each : value.node.items) {
    WantedError& error = out.errors.emplace_back();
    error.text = on_one_line(each);
    Given(context, each, *value.form.items.front().block).read_into(error);
  }
  scenario.expect.push_back(std::move(out));
}

}  // namespace

Key expected_shards() {
  return key("shards", map({block(shards_block)}), read_by(read_shards),
             "The shards of each stream, as ListShards shows them.", "KDS-SHD-10")
      .such_as("{orders: {open: 4, closed: 2}}");
}

Rows expected_streams() {
  return std::vector<Key>{
      expected_shards(),
      key("across", map({block(across_block)}), read_by(read_across),
          "Records of each stream that no consumer, or more than one, worked on.")
          .such_as("{orders: {nobody: 0}}"),
      key("user_records", map({map({list(record_id())}, {}, 1)}), read_by(read_user_records),
          "The ids of the user records in each shard of a stream, in their order.", "KDS-PRD-12")
          .such_as("{orders: {shardId-000000000000: [u0, u1]}}"),
      key("api_errors", list(block(error_block())), read_by(read_errors),
          "The errors with which the API answered the timeline, in order; only the fields written "
          "here are checked.",
          "KDS-RSH-01")
          .such_as("[{at: 6m, action: SplitShard, error: InvalidArgumentException}]"),
  };
}

}  // namespace trimhorizon::reader
