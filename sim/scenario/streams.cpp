// Reads streams and failure destinations. KDS-SHD-04, KDS-SHD-11, KDS-SHD-17, KDS-SHD-18.
#include "sim/scenario/context.hpp"
#include "sim/scenario/names.hpp"

namespace trimhorizon::reader {
namespace {

constexpr std::int64_t shards_max = 20'000;
constexpr std::uint32_t shards_without_a_count = 4;

Block stream_mode_block() {
  return {
      "`StreamModeDetails`",
      {required("StreamMode", word(names_list<StreamMode>()), into(&StreamSettings::mode),
                "The capacity mode. ON_DEMAND: AWS splits busy shards.", "KDS-SHD-18 KDS-LIM-10")
           .such_as("ON_DEMAND")}};
}

// KDS-AUT-01: AUTO is for on-demand streams, so AWS refuses it here.
void read_strategy(Context& context, const Value& value, StreamSettings&) {
  std::string strategy;
  if (!read_value(context, value, strategy) || strategy != "AUTO") return;
  context.error(value.node.at,
                "RecordDistributionStrategy AUTO needs a stream with StreamMode ON_DEMAND; neither "
                "is modelled yet",
                "leave it out, or write USER_PARTITION_KEY");
}

void read_limits(Context& context, const Value& value, StreamSettings& settings) {
  if (const auto word = word_value(context, value)) settings.limits = *word == 0;
}

const Block& delay_block() {
  static const Block table{
      "`visibility_delay`",
      {required("lognormal", block(lognormal_block), into(&ReadDelay::lognormal),
                "A random time, drawn once for each record.", "KDS-ITR-15")
           .such_as("{mean: 200ms, sigma: 0.5}")}};
  return table;
}

bool says_provisioned(const Given& given) {
  const Node* details = given.find("StreamModeDetails");
  const Node* mode =
      details != nullptr && details->is_mapping() ? details->find("StreamMode") : nullptr;
  return mode != nullptr && mode->is_scalar() && mode->text == "PROVISIONED";
}

void read_stream(Context& context, const Given& given, StreamEntry& entry) {
  given.fill(entry);
  given.fill(entry.settings);
  const bool on_demand = entry.settings.mode == StreamMode::ON_DEMAND;
  if (on_demand && given.has("ShardCount")) {
    context.warn(given.place_of("ShardCount"),
                 "a stream on demand has no ShardCount: it begins with 4 shards");
    entry.settings.shard_count = shards_without_a_count;
  }
  if (!given.is_absent("ShardCount")) return;
  // KDS-LIM-10: AWS gives a stream without a count and a mode 4 shards; PROVISIONED needs a count.
  entry.settings.shard_count = shards_without_a_count;
  if (says_provisioned(given)) {
    context.error(given.place_of("StreamModeDetails"), "PROVISIONED needs a ShardCount",
                  "write ShardCount: 1, or leave StreamModeDetails out");
  }
}

}  // namespace

// Reads a fixed delay, or a block.
bool read_value(Notes& notes, const Value& value, ReadDelay& out) {
  if (value.form.kind != Kind::block) return read_value(notes, value, out.fixed);
  Given(notes, value.node, *value.form.block).read_into(out);
  return true;
}

std::string value_text(const Form& form, const ReadDelay& delay) {
  return value_text(form, delay.fixed);
}

const Block& stream_block() {
  static const Block table{
      "stream",
      {
          key("Name", text(1, 128), read_by(read_own_name<StreamEntry>),
              "Must be the name that the scenario gives it, which is the default.")
              .such_as("orders"),
          key("ShardCount", integer(1, shards_max), into(&StreamSettings::shard_count),
              "How many shards the stream has at the beginning.", "KDS-SHD-04 KDS-LIM-10")
              .such_as("2")
              .or_else("4"),
          key("RetentionPeriodHours", integer(retention_hours_min, retention_hours_max, "hours"),
              into(&StreamSettings::retention_hours), "How long a record can be read.",
              "KDS-SHD-11")
              .such_as("48"),
          key("MaxRecordSizeInKiB", integer(record_kib_default, record_kib_max, "KiB"),
              into(&StreamSettings::max_record_kib), "The largest record, with its key.",
              "KDS-SHD-17")
              .such_as("2048"),
          key("StreamModeDetails", block(stream_mode_block()), into_same<StreamSettings>(),
              "The capacity mode; default: PROVISIONED.", "KDS-SHD-18")
              .such_as("{StreamMode: PROVISIONED}"),
          key("RecordDistributionStrategy", word({"USER_PARTITION_KEY", "AUTO"}),
              read_by(read_strategy), "AUTO is not modelled yet.", "KDS-AUT-01")
              .such_as("USER_PARTITION_KEY")
              .or_else("USER_PARTITION_KEY"),
          ignored({"Tags", "KmsKeyArn"}),
          not_modelled({"StreamEncryption", "DesiredShardLevelMetrics"}),
          not_modelled({"WarmThroughputMiBps"}, "ShardCount says how much the stream can take"),
          key("limits", word({"aws", "none"}), read_by(read_limits),
              "`aws`: a shard refuses puts and reads above its limits. `none`: it takes and gives "
              "everything, and the report says so.",
              "KDS-LIM-01")
              .such_as("none")
              .or_else("aws"),
          key("visibility_delay", {duration_to(drawn_delay_max, "ms"), block(delay_block)},
              into(&StreamSettings::visibility_delay),
              "How long after its put a record can be read. At most 1h, also where it is drawn.",
              "KDS-ITR-15")
              .such_as("200ms"),
          key("timestamp_skew", duration_to(drawn_delay_max, "ms"),
              into(&StreamSettings::timestamp_skew),
              "The timestamp of a record is up to so long before or after its arrival, at most 1h: "
              "drawn for each record; with KPL, for all that arrive at one instant. Ages, "
              "AT_TIMESTAMP and the event use it; retention does not.",
              "KDS-SHD-15")
              .such_as("500ms"),
          key("empty_read_probability", simple(Kind::percent),
              into(&StreamSettings::empty_read_probability),
              "The probability that a read of a polling reader gives nothing although records are "
              "there, as AWS may do. It loses nothing: the next read goes on at the same place.",
              "KDS-ITR-10")
              .such_as("10%"),
          key("reshard_duration", duration("s"), into(&StreamSettings::reshard_duration),
              "How long after a split or a merge the shards are cut.", "KDS-RSH-04 KDS-RSH-15")
              .such_as("120s"),
      },
      read_stream};
  return table;
}

const Block& destination_block() {
  static const Block table{"destination",
                           {key("type", word({"sqs", "sns", "s3"}), into(&DestinationEntry::type),
                                "An SQS queue, an SNS topic or an S3 bucket.", "ESM-PAR-10")}};
  return table;
}

void read_streams(Context& context, const Value& value, Scenario& out) {
  read_entries(context, value, context.streams, out.streams);
}

void read_destinations(Context& context, const Value& value, Scenario& out) {
  read_entries(context, value, context.destinations, out.destinations);
}

}  // namespace trimhorizon::reader
