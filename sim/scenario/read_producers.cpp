// Streams, destinations and producers. KDS-PRD-01, KDS-PRD-03, KDS-SHD-01, KDS-SHD-02, KDS-SHD-17.
#include <fmt/format.h>

#include "sim/base/utf8.hpp"
#include "sim/kinesis/hash_key.hpp"
#include "sim/producer/numbering.hpp"
#include "sim/scenario/context.hpp"

namespace trimhorizon::reader {
namespace {

// A producer while it is read.
struct Maker {
  Context& context;
  const StreamSettings& stream;
  std::string ids;
  std::uint64_t count = 0;  // records so far
};

std::string padded(std::string data, std::optional<std::int64_t> size) {
  if (size && static_cast<std::size_t>(*size) > data.size()) {
    data.resize(static_cast<std::size_t>(*size), ' ');
  }
  return data;
}

// The data of a record: what is given or the id, padded with blanks up to `size`.
std::string read_data(Maker& maker, const Fields& fields, const std::string& id) {
  Mistakes& mistakes = maker.context.mistakes;
  std::string data = fields.text("data").value_or(id);
  const std::optional<std::int64_t> size = fields.size("size");
  if (size && static_cast<std::int64_t>(data.size()) > *size) {
    mistakes.error(fields.place_of("size"),
                   fmt::format("{} {} bytes long: more than size {}B",
                               fields.has("data") ? "data is" : "data is the id, which is",
                               data.size(), *size),
                   fmt::format("write size: {}B or leave it out", data.size()));
    return data;
  }
  const std::int64_t most = std::int64_t{maker.stream.max_record_kib} * 1024;
  if (size.value_or(0) > most) return data;  // reported by the caller; do not allocate it
  const bool fine_so_far = maker.context.explicit_bytes <= explicit_bytes_max;
  maker.context.explicit_bytes += static_cast<std::size_t>(size.value_or(0)) + data.size();
  if (maker.context.explicit_bytes > explicit_bytes_max) {
    if (!fine_so_far) return data;
    mistakes.error(fields.node().at,
                   "the explicit records hold more than 256 MiB, variants included",
                   "let a producer with `rate` make the traffic");
    return data;
  }
  return padded(std::move(data), size);
}

void check_record_size(Maker& maker, const Fields& fields, const PutRecordSpec& record) {
  const std::int64_t most = std::int64_t{maker.stream.max_record_kib} * 1024;
  std::int64_t bytes = static_cast<std::int64_t>(record.data.size());
  if (const Node* size = fields.find("size"); size && size->is_scalar()) {
    bytes = std::max(bytes, read_size(size->text).value.value_or(0));
  }
  bytes += static_cast<std::int64_t>(record.key.size());
  if (bytes <= most) return;
  maker.context.mistakes.error(
      fields.has("size") ? fields.place_of("size") : fields.place_of("data"),
      fmt::format("the record is {} bytes long with its key: the stream takes {} KiB at most",
                  bytes, maker.stream.max_record_kib),
      maker.stream.max_record_kib < record_kib_max
          ? "make it smaller, or raise MaxRecordSizeInKiB of the stream"
          : "make it smaller");
}

PutRecordSpec read_record(Maker& maker, const Node& node) {
  Context& context = maker.context;
  const Fields fields = context.fields(node, record_block());
  PutRecordSpec record;
  const std::uint64_t number = maker.count++;
  record.id = fields.text("id").value_or(fmt::format("{}{}", maker.ids, number));
  record.key = fields.text("key").value_or(fmt::format("k{}", number % 10));
  record.data = read_data(maker, fields, record.id);
  check_record_size(maker, fields, record);
  context.keys.insert(record.key);
  if (!context.ids.add(record.id)) {
    context.mistakes.error(fields.place_of("id"),
                           fmt::format("another record is called {} already", quoted(record.id)),
                           fields.has("id")
                               ? "ids are unique in a scenario"
                               : "ids are unique in a scenario: give this record an `id`, or the "
                                 "producer other `ids`");
  }
  if (const Node* hash_key = fields.find("ExplicitHashKey")) {
    const std::string* text =
        scalar_text(context.mistakes, *hash_key, "ExplicitHashKey", "a decimal number");
    if (text && !parse_hash_key(*text)) {
      context.mistakes.error(hash_key->at,
                             fmt::format("ExplicitHashKey must be a whole number from 0 to 2^128-1 "
                                         "without leading zeros, not {}",
                                         describe(*hash_key)));
    } else if (text) {
      record.explicit_hash_key = *text;
    }
  }
  return record;
}

PutCall read_put(Maker& maker, const Node& node) {
  Context& context = maker.context;
  const Fields fields = context.fields(node, put_block());
  PutCall call;
  call.at = Instant{} + fields.duration("at").value_or(Duration{});
  context.warn_if_never(call.at, fields.place_of("at"));
  const Node* one = fields.find("record");
  const Node* several = fields.find("records");
  if (one && several) {
    context.mistakes.error(several->at, "a put has either `record` or `records`",
                           "write two entries");
  } else if (one && one->is_nothing()) {
    context.mistakes.error(one->at, "record is empty", "write {} for a record of defaults");
  } else if (one) {
    call.records.push_back(read_record(maker, *one));
  } else if (several) {
    call.put_records = true;
    const std::vector<Node>* records = fields.list("records");
    std::int64_t bytes = 0;
    for (const Node& record : records ? *records : std::vector<Node>{}) {
      call.records.push_back(read_record(maker, record));
      const PutRecordSpec& last = call.records.back();
      bytes += static_cast<std::int64_t>(last.data.size() + last.key.size());
    }
    if (bytes > put_request_bytes_max) {
      context.mistakes.error(several->at,
                             fmt::format("the request is {} bytes long: at most 10 MiB (10485760) "
                                         "are allowed",
                                         bytes),
                             "write several calls");
    }
  } else if (node.is_mapping() && !fields.misspelt("record") && !fields.misspelt("records")) {
    context.mistakes.error(end_of(node, context.mistakes.source(node.at.source)),
                           "`record` or `records` is missing in this put");
  }
  return call;
}

KeySettings read_keys(Context& context, const Fields& producer) {
  KeySettings keys;
  const Node* node = producer.find("keys");
  if (!node) return keys;
  const Fields fields = context.fields(*node, keys_block());
  const bool in_turn = fields.has("round_robin");
  keys.prefix = fields.text("prefix").value_or(keys.prefix);
  const auto count = fields.integer(in_turn ? "round_robin" : "count");
  keys.count = static_cast<std::uint32_t>(count.value_or(keys.count));
  const bool zipf = fields.word("distribution") == 1u;
  if (const auto exponent = fields.decimal("exponent", 6)) {
    keys.exponent_millionths = static_cast<std::uint32_t>(*exponent);
  }
  if (in_turn) {
    for (const std::string_view other : {"count", "distribution", "exponent"}) {
      if (!fields.has(other)) continue;
      context.mistakes.error(fields.place_of(other),
                             fmt::format("`{}` does not go with `round_robin`", other),
                             "write {round_robin: 10} or {count: 10, distribution: uniform}");
    }
    return keys;
  }
  keys.distribution = zipf ? KeyDistribution::zipf : KeyDistribution::uniform;
  if (fields.has("exponent") && !zipf) {
    context.mistakes.error(fields.place_of("exponent"),
                           "`exponent` goes with `distribution: zipf` only");
  }
  if (!fields.has("count") && node->is_mapping() && !fields.misspelt("count") &&
      !fields.misspelt("round_robin")) {
    context.mistakes.error(end_of(*node, context.mistakes.source(node->at.source)),
                           "`round_robin` or `count` is missing in these keys");
  }
  return keys;
}

std::vector<RateStep> read_rates(Context& context, const Fields& producer) {
  const Node& node = *producer.find("rate");
  std::vector<RateStep> steps;
  if (!node.is_list()) {
    const auto step = rate_value(context.mistakes, node, "rate");
    if (step && step->events_millionths == 0) {
      context.mistakes.error(node.at, "rate must be above 0",
                             "a producer without `rate` generates nothing");
    }
    steps.push_back(step.value_or(RateStep{{}, 1'000'000, seconds(1)}));
    return steps;
  }
  const std::vector<Node>* items = producer.list("rate");
  for (const Node& item : items ? *items : std::vector<Node>{}) {
    const Fields fields = context.fields(item, rate_block());
    RateStep step{{}, 1'000'000, seconds(1)};
    if (const Node* rate = fields.find("rate")) {
      step = rate_value(context.mistakes, *rate, "rate").value_or(step);
    }
    step.from = Instant{} + fields.duration("from").value_or(Duration{});
    if (!steps.empty() && fields.has("from") && step.from <= steps.back().from) {
      context.mistakes.error(fields.place_of("from"), "from must be later than the entry before");
    }
    steps.push_back(step);
  }
  if (!steps.empty() && steps.back().events_millionths == 0 && !producer.has("for")) {
    context.mistakes.error(node.at, "the last rate is 0: the records would never end",
                           "give `for` instead of `records`, or another last rate");
  }
  return steps;
}

// Rates that never hold: their turn comes when the traffic, or the run, is over.
void check_turns(Context& context, const Node& rates, const GeneratedLoad& load) {
  if (!rates.is_list() || load.rate.empty() || load.rate.size() != rates.items.size()) return;
  const std::optional<Duration> lasts = load.lasts;
  for (std::size_t i = 0; i < load.rate.size(); ++i) {
    const Node* from = rates.items[i].find("from");
    if (!from) continue;
    const bool over = lasts && load.rate[i].from >= load.rate.front().from + *lasts;
    if (over) {
      context.warn(from->at, "this rate never holds: `for` ends the traffic before");
    } else {
      context.warn_if_never(load.rate[i].from, from->at);
    }
  }
}

// Bounds that several keys share: the size of a record and of a request, the number of records.
void check_load(Maker& maker, const Fields& fields, const GeneratedLoad& load, std::uint64_t most) {
  Mistakes& mistakes = maker.context.mistakes;
  const std::int64_t key_bytes =
      static_cast<std::int64_t>(fmt::format("{}{}", load.keys.prefix, load.keys.count - 1).size());
  const std::int64_t record_bytes = load.size_bytes + key_bytes;
  const Mark size = fields.has("size") ? fields.place_of("size") : fields.place_of("rate");
  if (record_bytes > std::int64_t{maker.stream.max_record_kib} * 1024) {
    mistakes.error(size, fmt::format("a record is {} bytes long with its key: the stream takes {} "
                                     "KiB at most",
                                     record_bytes, maker.stream.max_record_kib));
  } else if (record_bytes * load.batch > put_request_bytes_max) {
    mistakes.error(fields.place_of("batch"),
                   fmt::format("a request is {} bytes long: at most 10 MiB (10485760) are allowed",
                               record_bytes * load.batch),
                   fmt::format("write batch: {}", put_request_bytes_max / record_bytes));
  }
  const std::string last_id = fmt::format("{}{}", maker.ids, maker.count + most - 1);
  if (most > 0 && static_cast<std::int64_t>(last_id.size()) > load.size_bytes) {
    mistakes.error(size, fmt::format("data is the id: {} does not fit into {}B", quoted(last_id),
                                     load.size_bytes));
  }
  if (most >= record_numbers_end) {
    mistakes.error(fields.place_of("rate"), "more than 2^48 records", "make it shorter");
  }
}

std::optional<GeneratedLoad> read_load(Maker& maker, const Fields& fields) {
  Mistakes& mistakes = maker.context.mistakes;
  GeneratedLoad load;
  load.arrivals = static_cast<Arrivals>(fields.word("arrivals").value_or(0));
  load.keys = read_keys(maker.context, fields);
  load.size_bytes = fields.size("size").value_or(load.size_bytes);
  load.batch = static_cast<std::uint32_t>(fields.integer("batch").value_or(1));
  const auto records = fields.integer("records");
  if (records) load.records = static_cast<std::uint64_t>(*records);
  load.lasts = fields.duration("for");
  if (!fields.has("rate")) {
    for (const std::string_view key : {"records", "for", "arrivals", "keys", "size", "batch"}) {
      if (!fields.has(key) || fields.misspelt("rate")) continue;
      mistakes.error(fields.place_of(key),
                     fmt::format("`{}` is about generated traffic, which needs a `rate`", key),
                     "write rate: 10/s");
      break;
    }
    return std::nullopt;
  }
  load.rate = read_rates(maker.context, fields);
  if (fields.has("records") && fields.has("for")) {
    mistakes.error(std::max(fields.place_of("for"), fields.place_of("records")),
                   "a producer has either `records` or `for`", "take one of them away");
    return std::nullopt;
  }
  if (!fields.has("records") && !fields.has("for") && !fields.misspelt("records") &&
      !fields.misspelt("for")) {
    mistakes.error(end_of(fields.node(), mistakes.source(fields.node().at.source)),
                   "`records` or `for` is missing in this producer",
                   "say how much traffic is generated: records: 1000 or for: 10m");
  }
  check_turns(maker.context, *fields.find("rate"), load);
  if (load.rate.empty() || (!load.records && !load.lasts)) return std::nullopt;
  return load;
}

ProducerRetry read_retry(Context& context, const Fields& producer) {
  ProducerRetry retry;
  const Node* node = producer.find("retry");
  if (!node) return retry;
  if (!node->is_mapping()) {
    const auto word = producer.word("retry");
    if (word) retry.mode = *word == 0 ? RetryMode::none : RetryMode::ignore;
    return retry;
  }
  const Fields fields = context.fields(*node, retry_block());
  retry.attempts = static_cast<std::uint32_t>(fields.integer("attempts").value_or(3));
  retry.scope = static_cast<RetryScope>(fields.word("scope").value_or(0));
  retry.backoff = fields.duration("backoff").value_or(retry.backoff);
  return retry;
}

void read_producer(Context& context, const std::string& name, const Node& node) {
  const Fields fields = context.fields(node, producer_block());
  const auto stream = context.thing(fields, "stream", Thing::stream);
  static const StreamSettings any_stream;
  Maker maker{context, stream ? context.out.streams[*stream].settings : any_stream, ""};
  maker.ids = fields.text("ids").value_or(name + "-");

  ProducerEntry entry{name, StreamId{stream.value_or(UINT32_MAX)}, {}};
  entry.settings.ids = maker.ids;
  const std::vector<Node>* puts = fields.list("put");
  for (const Node& put : puts ? *puts : std::vector<Node>{}) {
    entry.settings.put.push_back(read_put(maker, put));
  }
  const std::size_t mistakes_before = context.mistakes.count();
  entry.settings.load = read_load(maker, fields);
  if (entry.settings.load) {
    const GeneratedLoad& load = *entry.settings.load;
    const std::uint64_t most = most_records(load);
    if (context.mistakes.count() == mistakes_before) check_load(maker, fields, load, most);
    context.generated_keys.push_back(load.keys);
    const auto common = context.ids.add({name, maker.ids, maker.count, maker.count + most});
    if (common) {
      context.mistakes.error(fields.has("ids") ? fields.place_of("ids") : fields.place_of("rate"),
                             fmt::format("two records would be called {}", quoted(*common)),
                             "ids are unique in a scenario: give this producer other `ids`");
    }
    maker.count += most;
  }
  context.ids.add_numbering(name, maker.ids, maker.count);
  entry.settings.retry = read_retry(context, fields);
  context.out.producers.push_back(std::move(entry));
}

}  // namespace

void read_streams(Context& context, const Fields& root) {
  for (const auto& [name, value] : named_nodes(context, root, "streams")) {
    const Fields fields = context.fields(*value, stream_block());
    StreamEntry entry{name->text, {}};
    const auto number = [&](std::string_view key) {
      return static_cast<std::uint32_t>(fields.integer(key).value_or(1));
    };
    entry.settings.shard_count = number("ShardCount");
    entry.settings.retention_hours = number("RetentionPeriodHours");
    entry.settings.max_record_kib = number("MaxRecordSizeInKiB");
    if (const Node* mode = fields.find("StreamModeDetails")) {
      context.fields(*mode, stream_mode_block()).word("StreamMode");
    }
    check_own_name(context, fields, "Name", name->text);
    context.streams.add(name->text);
    context.out.streams.push_back(std::move(entry));
  }
}

void read_destinations(Context& context, const Fields& root) {
  for (const auto& [name, value] : named_nodes(context, root, "destinations")) {
    const Fields fields = context.fields(*value, destination_block());
    context.destinations.add(name->text);
    const auto type = static_cast<DestinationType>(fields.word("type").value_or(0));
    context.out.destinations.push_back({name->text, type});
  }
}

void read_producers(Context& context, const Fields& root) {
  for (const auto& [name, value] : named_nodes(context, root, "producers")) {
    context.producers.add(name->text);
    read_producer(context, name->text, *value);
  }
}

}  // namespace trimhorizon::reader
