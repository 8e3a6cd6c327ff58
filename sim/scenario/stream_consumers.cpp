// Reads what stands beside a stream: consumers with enhanced fan-out, what a mapping reads, and
// scalers. KDS-EFO-01, ESM-PAR-15.
#include <algorithm>

#include <fmt/format.h>

#include "sim/base/text.hpp"
#include "sim/scenario/context.hpp"
#include "sim/scenario/names.hpp"

namespace trimhorizon::reader {
namespace {

const Key& row_of_consumers() { return *scenario_block().find("stream_consumers"); }

std::optional<std::uint32_t> consumer_of(const Context& context, StreamId stream,
                                         std::string_view consumer_name) {
  const auto& all = context.out.stream_consumers;
  const auto found = std::find_if(all.begin(), all.end(), [&](const StreamConsumerEntry& each) {
    return each.stream == stream && each.consumer_name == consumer_name;
  });
  if (found == all.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - all.begin());
}

// AWS refuses the same name twice at one stream; a name that a stream has too would be unclear.
void check_consumer(Context& context, const Node& name, const StreamConsumerEntry& entry) {
  if (context.streams.find(name.text)) {
    context.error(name.at, fmt::format("a stream is called {} too", quoted(name.text)),
                  "rename the consumer: an EventSourceArn may name either of them");
  }
  const bool fits_pattern =
      std::all_of(entry.consumer_name.begin(), entry.consumer_name.end(), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
               c == '.' || c == '-';
      });
  if (!fits_pattern) {
    context.error(name.at,
                  fmt::format("ConsumerName {} has a character that AWS does not take",
                              quoted(entry.consumer_name)),
                  "use letters, digits, `_`, `.` and `-`");
  }
  if (!entry.stream.valid() || entry.consumer_name.empty()) return;
  const auto& all = context.out.stream_consumers;
  const auto others = std::count_if(all.begin(), all.end(), [&](const StreamConsumerEntry& each) {
    return each.stream == entry.stream && !each.later;
  });
  if (static_cast<std::size_t>(others) == stream_consumers_max) {  // KDS-LIM-14
    context.error(
        name.at,
        fmt::format("stream {} has {} consumers already: AWS answers "
                    "LimitExceededException",
                    quoted(context.out.streams[entry.stream.value].name), stream_consumers_max),
        "leave it out");
  }
  if (!consumer_of(context, entry.stream, entry.consumer_name)) return;
  context.error(name.at,
                fmt::format("stream {} has two consumers with ConsumerName {}: AWS answers "
                            "ResourceInUseException",
                            quoted(context.out.streams[entry.stream.value].name),
                            quoted(entry.consumer_name)),
                "give each its own name");
}

// The consumer in an ARN: both its stream and its name must fit.
std::optional<std::uint32_t> consumer_in_arn(Context& context, const Node& node,
                                             const ConsumerArn& arn) {
  const auto stream = context.streams.find(arn.stream);
  if (!stream) {
    report_unknown(context, context.streams, node, arn.stream);
    return std::nullopt;
  }
  const auto number = consumer_of(context, StreamId{*stream}, arn.consumer);
  if (!number && !were_reported(context, context.stream_consumers)) {
    context.error(node.at,
                  fmt::format("stream {} has no consumer with ConsumerName {}", quoted(arn.stream),
                              quoted(arn.consumer)),
                  "define it under `stream_consumers:`");
  }
  return number;
}

// Has an entry of this list such a key?
bool mentions(const Node& list, std::string_view key) {
  return std::any_of(list.items.begin(), list.items.end(), [&](const Node& each) {
    return each.is_mapping() && each.find(key) != nullptr;
  });
}

// What is neither a stream nor a consumer may be a misspelt name of either.
bool report_neither(Context& context, const Node& node) {
  const bool known = context.streams.find(node.text) || node.text.starts_with("arn:");
  if (known || context.stream_consumers.size() == 0) return false;
  if (were_reported(context, context.streams) || were_reported(context, context.stream_consumers))
    return false;
  std::vector<std::string_view> names;
  for (const StreamConsumerEntry& each : context.out.stream_consumers) names.push_back(each.name);
  const std::string meant = did_you_mean(node.text, names);
  if (meant.empty()) return false;
  context.error(node.at,
                fmt::format("no stream and no stream consumer {} is defined", quoted(node.text)),
                meant);
  return true;
}

void check_scaler(Context& context, const Given& given, Autoscaler& scaler) {
  given.fill(scaler);
  if (scaler.down_below < scaler.up_above || given.is_wrong("down_below")) return;
  context.error(given.place_of(given.has("down_below") ? "down_below" : "up_above"),
                "down_below must be less than up_above");
}

}  // namespace

const Block& stream_consumer_block() {
  static const Block table{
      "stream consumer",
      {
          required("StreamARN", thing(), into(&StreamConsumerEntry::stream),
                   "The stream that it reads.", "KDS-EFO-01")
              .such_as("orders"),
          required("ConsumerName", text(1, 128), into(&StreamConsumerEntry::consumer_name),
                   "Its name; unique at its stream.", "KDS-EFO-01")
              .such_as("billing-efo"),
          ignored({"Tags"}),
      }};
  return table;
}

const Block& autoscaler_block() {
  static const Block table{
      "autoscaler",
      {
          key("check_every", duration("s", microseconds(1)), into(&Autoscaler::check_every),
              "How often it looks at the last minute.")
              .such_as("45s"),
          key("up_above", simple(Kind::percent), into(&Autoscaler::up_above),
              "It adds shards when the metric is above this share of the limit of all open shards.",
              "KDS-LIM-01")
              .such_as("80%"),
          key("down_below", simple(Kind::percent), into(&Autoscaler::down_below),
              "It removes shards when the metric is below this share of the limit; 0% for never.")
              .such_as("25%"),
          key("step", integer(1, 10'000), into(&Autoscaler::step),
              "How many shards more or fewer it asks UpdateShardCount for.", "KDS-RSH-04")
              .such_as("2"),
          key("metric", word(names_list<ScalerMetric>()), into(&Autoscaler::metric),
              "The metric of the stream that it looks at.", "MET-02 MET-03")
              .such_as("IncomingRecords"),
      },
      check_scaler};
  return table;
}

void read_stream_consumers(Context& context, const Value& value, Scenario& out) {
  for (const auto& [name, node] : named_nodes(context, value)) {
    StreamConsumerEntry entry{name->text};
    Given(context, *node, stream_consumer_block()).read_into(entry);
    check_consumer(context, *name, entry);
    context.stream_consumers.add(entry.name);
    out.stream_consumers.push_back(std::move(entry));
  }
}

// Mistakes in these entries are reported once: the timeline finds the same ones at the same place.
void add_later_consumers(Context& context) {
  constexpr std::string_view action = "RegisterStreamConsumer";
  const Node* timeline = context.root.find("timeline");
  if (!timeline || !timeline->is_list() || !is_read(context, *timeline_block().find(action))) {
    return;
  }
  for (const Node& entry : timeline->items) {
    const Node* call = entry.is_mapping() ? entry.find(action) : nullptr;
    if (!call || !call->is_mapping()) continue;
    const Node* name = call->find("ConsumerName");
    const Node* arn = call->find("StreamARN");
    if (!name || !name->is_scalar() || !arn) continue;
    const auto stream = context.number_of(context.streams, *arn, "StreamARN");
    if (!stream || consumer_of(context, StreamId{*stream}, name->text)) continue;
    if (context.stream_consumers.find(name->text)) continue;
    context.stream_consumers.add(name->text);
    context.out.stream_consumers.push_back({name->text, StreamId{*stream}, name->text, true});
  }
}

void read_event_source(Context& context, const Value& value, MappingEntry& entry) {
  constexpr std::string_view attribute = ".ConsumerARN";
  const auto take = [&](std::optional<std::uint32_t> number) {
    if (!number) return;
    entry.consumer = {*number};
    entry.stream = context.out.stream_consumers[*number].stream;
  };
  const Node node = reference_in(value.node);
  if (node.is_scalar() && is_read(context, row_of_consumers())) {
    if (node.tag == "!GetAtt" && node.text.ends_with(attribute)) {
      const Node name =
          scalar_node(node.text.substr(0, node.text.size() - attribute.size()), node.at);
      return take(context.number_of(context.stream_consumers, name, value.name));
    }
    if (const auto arn = consumer_arn(node.text)) {
      return take(consumer_in_arn(context, node, *arn));
    }
    const bool is_plain = node.tag.empty() || node.tag == "!Ref";
    const auto number = context.stream_consumers.find(node.text);
    if (is_plain && number) return take(number);
    if (is_plain && report_neither(context, node)) return;
  }
  read_value(context, value, entry.stream);
}

void read_autoscalers(Context& context, const Value& value, Scenario& out) {
  for (const auto& [name, node] : named_nodes(context, value)) {
    AutoscalerEntry entry;
    const auto stream = context.number_of(context.streams, *name, value.name);
    if (stream) entry.stream = {*stream};
    Given(context, *node, autoscaler_block()).read_into(entry.settings);
    const Node* timeline = context.root.find("timeline");
    const bool may_switch = timeline != nullptr && mentions(*timeline, "UpdateStreamMode");
    if (stream && !may_switch && out.streams[*stream].settings.mode == StreamMode::ON_DEMAND) {
      context.warn(name->at,
                   fmt::format("stream {} is on demand: AWS refuses UpdateShardCount, so this "
                               "scaler changes nothing",
                               quoted(name->text)));
    }
    out.autoscalers.push_back(std::move(entry));
  }
}

}  // namespace trimhorizon::reader
