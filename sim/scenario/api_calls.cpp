// Reads the actions of the API that change a stream: SplitShard, UpdateShardCount and so on, with
// the API's own parameters. What AWS itself refuses when it is called, such as a closed shard, is
// no mistake of the file. KDS-RSH-01..04, KDS-SHD-12, KDS-SHD-18, KDS-EFO-01.
#include <array>

#include <fmt/format.h>

#include "sim/kinesis/hash_key.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/scenario/context.hpp"
#include "sim/world/explored_reshards.hpp"

namespace trimhorizon::reader {
namespace {

constexpr std::int64_t shard_count_most = 1'000'000;  // AWS refuses much less
constexpr std::int64_t hours_most = 1'000'000;
constexpr std::array resharding = {"SplitShard", "MergeShards", "UpdateShardCount",
                                   "UpdateStreamMode"};

// ---- the stream of a call

Key stream_name() {
  return key("StreamName", thing(), into(&ApiCall::stream), "The stream; or write StreamARN.")
      .such_as("orders")
      .alternative();
}
Key stream_arn() {
  return key("StreamARN", thing(), into(&ApiCall::stream), "The stream; or write StreamName.")
      .such_as("orders")
      .alternative();
}
Key only_stream_arn() {
  return required("StreamARN", thing(), into(&ApiCall::stream), "The stream.").such_as("orders");
}

// One of StreamName and StreamARN.
void read_stream_of_call(Context& context, const Given& given, std::string_view action,
                         ApiCall& call) {
  const bool by_name = given.has("StreamName");
  if (by_name && given.has("StreamARN")) {
    context.error(given.place_of("StreamARN"),
                  fmt::format("`{}` needs only one of StreamName and StreamARN", action),
                  "remove one of them");
  } else if (by_name || given.has("StreamARN")) {
    given.read(by_name ? "StreamName" : "StreamARN", call);
  } else if (given.is_absent("StreamName") && given.is_absent("StreamARN")) {
    context.error(given.place(), fmt::format("`StreamName` is missing in this {}", action),
                  "for example StreamName: orders");
  }
}

// ---- shards

// A shard that is not there when the action is called gets AWS's error in the run. One that can
// never be there is probably a slip.
void warn_of_shard(Context& context, const Given& given, std::string_view key, StreamId stream,
                   std::uint32_t number) {
  if (!stream.valid() || !given.is_right(key) || context.reshards > 1) return;
  const StreamEntry& entry = context.out.streams[stream.value];
  if (number < entry.settings.shard_count || are_shards_unknown(context, entry)) return;
  context.warn(given.place_of(key),
               fmt::format("stream {} never has a shard {}: AWS answers ResourceNotFoundException",
                           quoted(entry.name), shard_id_text(number)));
}

Key shard_key(std::string_view name, Filling filling, std::string_view text) {
  return required(name, simple(Kind::shard), std::move(filling), text, "KDS-RSH-01")
      .such_as(name == "AdjacentShardToMerge" ? "shardId-000000000001" : "shardId-000000000000");
}

void read_hash_key(Context& context, const Value& value, SplitShardCall& call) {
  std::string text;
  if (read_value(context, value, text)) call.new_starting_hash_key = parse_hash_key(text);
}

void read_split(Context& context, const Given& given, ApiCall& call) {
  SplitShardCall split;
  read_stream_of_call(context, given, "SplitShard", call);
  given.fill(split);
  warn_of_shard(context, given, "ShardToSplit", call.stream, split.shard);
  call.action = split;
}
const Block& split_block() {
  static const Block table{
      "`SplitShard`",
      {stream_name(), stream_arn(),
       shard_key("ShardToSplit", into(&SplitShardCall::shard), "Which shard is split in two."),
       key("NewStartingHashKey", simple(Kind::hash_key), read_by(read_hash_key),
           "Where the second child begins; default, ours: in the middle of the range.",
           "KDS-RSH-02")
           .such_as("170141183460469231731687303715884105728")},
      read_split};
  return table;
}

void read_merge(Context& context, const Given& given, ApiCall& call) {
  MergeShardsCall merge;
  read_stream_of_call(context, given, "MergeShards", call);
  given.fill(merge);
  warn_of_shard(context, given, "ShardToMerge", call.stream, merge.shard);
  warn_of_shard(context, given, "AdjacentShardToMerge", call.stream, merge.adjacent);
  call.action = merge;
}
const Block& merge_block() {
  static const Block table{
      "`MergeShards`",
      {stream_name(), stream_arn(),
       shard_key("ShardToMerge", into(&MergeShardsCall::shard), "Which shard is merged."),
       shard_key("AdjacentShardToMerge", into(&MergeShardsCall::adjacent),
                 "The other one: its range must touch that of the first.")},
      read_merge};
  return table;
}

// UNIFORM_SCALING is all that AWS has.
void read_scaling(Notes& notes, const Value& value, UpdateShardCountCall&) {
  word_value(notes, value);
}
void read_count_update(Context& context, const Given& given, ApiCall& call) {
  UpdateShardCountCall update;
  read_stream_of_call(context, given, "UpdateShardCount", call);
  given.fill(update);
  call.action = update;
}
const Block& count_update_block() {
  static const Block table{
      "`UpdateShardCount`",
      {stream_name(), stream_arn(),
       required("TargetShardCount", integer(1, shard_count_most),
                into(&UpdateShardCountCall::target), "How many shards it shall have.",
                "KDS-RSH-04 KDS-LIM-08")
           .such_as("8"),
       required("ScalingType", word({"UNIFORM_SCALING"}), read_by(read_scaling),
                "All shards get ranges of about the same width.")
           .such_as("UNIFORM_SCALING")},
      read_count_update};
  return table;
}

// ---- mode and retention

Block mode_details_block() {
  return {"`StreamModeDetails` of a call",
          {required("StreamMode", word({"PROVISIONED", "ON_DEMAND"}),
                    into(&UpdateStreamModeCall::mode), "The new capacity mode.", "KDS-SHD-18")
               .such_as("ON_DEMAND")}};
}
void read_mode_update(Context&, const Given& given, ApiCall& call) {
  UpdateStreamModeCall update;
  given.fill(call);
  given.fill(update);
  call.action = update;
}
const Block& mode_update_block() {
  static const Block table{
      "`UpdateStreamMode`",
      {only_stream_arn(), required("StreamModeDetails", block(mode_details_block()),
                                   into_same<UpdateStreamModeCall>(), "The new mode.", "KDS-SHD-18")
                              .such_as("{StreamMode: ON_DEMAND}")},
      read_mode_update};
  return table;
}

template <class Call>
void read_retention(Context& context, const Given& given, ApiCall& call) {
  Call change;
  constexpr bool increases = std::is_same_v<Call, IncreaseRetentionCall>;
  read_stream_of_call(context, given,
                      increases ? "IncreaseStreamRetentionPeriod" : "DecreaseStreamRetentionPeriod",
                      call);
  given.fill(change);
  call.action = change;
}
template <class Call>
Block retention_block_of(std::string_view noun) {
  return {noun,
          {stream_name(), stream_arn(),
           required("RetentionPeriodHours", integer(1, hours_most, "hours"), into(&Call::hours),
                    "How long a record can be read from now on.", "KDS-SHD-12")
               .such_as("48")},
          read_retention<Call>};
}
const Block& increase_block() {
  static const Block table =
      retention_block_of<IncreaseRetentionCall>("`IncreaseStreamRetentionPeriod`");
  return table;
}
const Block& decrease_block() {
  static const Block table =
      retention_block_of<DecreaseRetentionCall>("`DecreaseStreamRetentionPeriod`");
  return table;
}

// ---- consumers with enhanced fan-out

Key consumer_name(Filling filling) {
  return required("ConsumerName", text(1, 128), std::move(filling), "The name of the consumer.",
                  "KDS-EFO-01")
      .such_as("late-efo");
}
template <class Call>
void read_consumer_call(Context&, const Given& given, ApiCall& call) {
  Call change;
  given.fill(call);
  given.fill(change);
  call.action = change;
}
const Block& register_block() {
  static const Block table{
      "`RegisterStreamConsumer`",
      {only_stream_arn(), consumer_name(into(&RegisterConsumerCall::name)), ignored({"Tags"})},
      read_consumer_call<RegisterConsumerCall>};
  return table;
}
const Block& deregister_block() {
  static const Block table{"`DeregisterStreamConsumer`",
                           {only_stream_arn(), consumer_name(into(&DeregisterConsumerCall::name)),
                            not_modelled({"ConsumerARN"}, "write StreamARN and ConsumerName")},
                           read_consumer_call<DeregisterConsumerCall>};
  return table;
}

// ---- the rows

ApiCall& begin_call(TimelineAction& action) {
  action.kind = ActionKind::api_call;
  return action.call.emplace();
}
ApiCall& begin_call(std::optional<ApiCall>& call) { return call.emplace(); }

template <class Out>
void read_call(Context& context, const Value& value, Out& out) {
  read_value(context, value, begin_call(out));
}
template <class Out>
Key call_key(std::string_view name, const Block& (*its_block)(), std::string_view text,
             std::string_view rule, std::string_view example) {
  return key(name, block(its_block), read_by(read_call<Out>), text, rule)
      .such_as(example)
      .alternative();
}

template <class Out>
std::vector<Key> resharding_calls() {
  return {
      call_key<Out>("SplitShard", split_block, "A shard is split in two.", "KDS-RSH-02",
                    "{StreamName: orders, ShardToSplit: shardId-000000000000}"),
      call_key<Out>("MergeShards", merge_block, "Two shards whose ranges touch become one.",
                    "KDS-RSH-03",
                    "{StreamName: orders, ShardToMerge: shardId-000000000000, "
                    "AdjacentShardToMerge: shardId-000000000001}"),
      call_key<Out>("UpdateShardCount", count_update_block, "The stream gets this many shards.",
                    "KDS-RSH-04",
                    "{StreamName: orders, TargetShardCount: 4, ScalingType: UNIFORM_SCALING}"),
  };
}

std::size_t count_in(const Node* list) {
  if (!list || !list->is_list()) return 0;
  std::size_t count = 0;
  for (const Node& entry : list->items) {
    for (const std::string_view name : resharding) count += entry.find(name) != nullptr ? 1 : 0;
  }
  return count;
}

void read_explored(Context& context, const Given& given, std::optional<ApiCall>& call);
const Block& explored_block() {
  static const Block table{
      "reshard", {Rows{resharding_calls<std::optional<ApiCall>>()}}, read_explored};
  return table;
}
void read_explored(Context& context, const Given& given, std::optional<ApiCall>& call) {
  const Key* key = alternative_of(context, given, explored_block(), "reshard");
  if (key) given.read(key->name, call);
}
void read_explored_list(Context& context, const Value& value, ExploreSettings& explore) {
  std::vector<std::optional<ApiCall>> calls;
  if (!is_list_of(context, value)) return;
  for (const Node& item : value.node.items) {
    std::optional<ApiCall> call;
    Given(context, item, *value.form.items.front().block).read_into(call);
    if (call) explore.reshards.push_back(*std::move(call));
  }
  if (explore.reshards.size() > explored_reshards_max) {
    context.error(value.node.at,
                  fmt::format("{} reshards are too many to explore", explore.reshards.size()),
                  fmt::format("name {} at most", explored_reshards_max));
    explore.reshards.clear();
  }
}

}  // namespace

const Key* alternative_of(Context& context, const Given& given, const Block& block,
                          std::string_view what) {
  const Key* chosen = nullptr;
  bool anything_else = false;
  std::vector<std::string_view> names;
  for (const Key& key : block.keys) {
    const bool is_here = is_read(context, key);
    if (key.is_alternative && is_here) names.push_back(key.name);
    const Node* value = given.find(key.name);
    if (!value) continue;
    if (!is_here) {
      anything_else = true;
    } else if (key.is_alternative && chosen) {
      context.error(value->at, fmt::format("a {} can have only one action", what),
                    "write two entries");
    } else if (key.is_alternative) {
      chosen = &key;
    }
  }
  const Node& node = given.node();
  for (const Node& key : node.keys) {
    if (!block.find(key.text)) anything_else = true;
  }
  // An entry of the timeline without any key lacks `at` as well, which is reported.
  if (!chosen && !anything_else && node.is_mapping() && !node.keys.empty()) {
    context.error(given.place(), fmt::format("this {} has no action", what),
                  fmt::format("write one of {}", listed(names)));
  }
  return chosen;
}

Rows timeline_calls() {
  using Out = TimelineAction;
  std::vector<Key> keys = resharding_calls<Out>();
  const auto add = [&](Key key) { keys.push_back(std::move(key)); };
  add(call_key<Out>("UpdateStreamMode", mode_update_block,
                    "The stream becomes on demand, or provisioned.", "KDS-SHD-18",
                    "{StreamARN: orders, StreamModeDetails: {StreamMode: ON_DEMAND}}"));
  add(call_key<Out>("IncreaseStreamRetentionPeriod", increase_block,
                    "Records can be read for longer from now on.", "KDS-SHD-12",
                    "{StreamName: orders, RetentionPeriodHours: 48}"));
  add(call_key<Out>("DecreaseStreamRetentionPeriod", decrease_block,
                    "Records that are older than that are gone at once.", "KDS-SHD-12",
                    "{StreamName: orders, RetentionPeriodHours: 24}"));
  add(call_key<Out>("RegisterStreamConsumer", register_block,
                    "A consumer with enhanced fan-out is registered.", "KDS-EFO-01",
                    "{StreamARN: orders, ConsumerName: late-efo}"));
  add(call_key<Out>("DeregisterStreamConsumer", deregister_block,
                    "A consumer with enhanced fan-out is removed.", "KDS-EFO-12",
                    "{StreamARN: orders, ConsumerName: late-efo}"));
  return keys;
}

Rows explored_calls() {
  return key("reshards", list(block(explored_block)), read_by(read_explored_list),
             "Reshards that may happen, each at any point and once; default: none.", "KDS-RSH-01")
      .such_as("[{SplitShard: {StreamName: orders, ShardToSplit: shardId-000000000000}}]");
}

std::size_t count_reshards(const Context& context) {
  std::size_t count = count_in(context.root.find("timeline"));
  const Node* explore = context.root.find("explore");
  if (explore && explore->is_mapping()) count += count_in(explore->find("reshards"));
  const Node* scalers = context.root.find("autoscaler");
  if (scalers && scalers->is_mapping()) count += 2 * scalers->items.size();  // again and again
  for (const StreamEntry& each : context.out.streams) {
    count += each.settings.mode == StreamMode::ON_DEMAND ? 2 : 0;
  }
  return count;
}

}  // namespace trimhorizon::reader
