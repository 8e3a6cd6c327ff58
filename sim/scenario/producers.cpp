// Reads producers and their explicit puts; for generated traffic see traffic.cpp. KDS-PRD-01,
// KDS-PRD-03, KDS-SHD-01, KDS-SHD-02, KDS-SHD-17.
#include <fmt/format.h>

#include "sim/producer/numbering.hpp"
#include "sim/scenario/context.hpp"
#include "sim/scenario/traffic.hpp"

namespace trimhorizon::reader {
namespace {

// ---- explicit puts

// The size up to which the data of a record are padded with blanks.
struct RecordSize {
  std::optional<std::int64_t> bytes;
};

const Block& record_block() {
  static const Block table{
      "record",
      {
          key("id", text(1, producer_text_max), into(&PutRecordSpec::id),
              "Unique in the scenario; default: `ids` and a number.")
              .such_as("order-17"),
          key("key", text(1, 256), into(&PutRecordSpec::key),
              "The partition key; default: k0 to k9 in turn.", "KDS-SHD-01")
              .such_as("customer-4"),
          key("data", text(), into(&PutRecordSpec::data), "The data; default: the id.")
              .such_as(R"('{"qty": 3}')")
              .apart(),
          key("size", size(0, size_max), into(&RecordSize::bytes),
              "The data are padded with spaces to this size; default: as they are. The stream "
              "bounds it.")
              .such_as("1KiB"),
          key("ExplicitHashKey", simple(Kind::hash_key), into(&PutRecordSpec::explicit_hash_key),
              "Used instead of the hash of the key, which is the default.", "KDS-SHD-02")
              .such_as("0"),
      }};
  return table;
}

void pad_data(Context& context, const ProducerInProgress& producer, const Given& given,
              PutRecordSpec& record) {
  RecordSize wanted;
  given.fill(wanted);
  const auto size = static_cast<std::size_t>(wanted.bytes.value_or(0));
  if (wanted.bytes && record.data.size() > size) {
    if (given.is_wrong("data") || given.is_wrong("id")) return;
    return context.error(given.place_of("size"),
                         fmt::format("{} {} bytes long: more than size {}B",
                                     given.has("data") ? "data is" : "data is the id, which is",
                                     record.data.size(), size),
                         fmt::format("write size: {}B or leave it out", record.data.size()));
  }
  // The caller reports a record that is too large. It must not be allocated here.
  if (wanted.bytes.value_or(0) > producer.record_bytes_max()) return;
  const bool fine_so_far = context.pass.explicit_bytes <= explicit_bytes_max;
  context.pass.explicit_bytes += size + record.data.size();
  if (context.pass.explicit_bytes <= explicit_bytes_max) {
    record.data.resize(std::max(record.data.size(), size), ' ');
  } else if (fine_so_far) {
    context.error(given.node().at,
                  "the explicit records are larger than 256 MiB, variants included",
                  "use a producer with `rate` instead");
  }
}

void check_record_size(Context& context, const ProducerInProgress& producer, const Given& given,
                       const PutRecordSpec& record) {
  auto bytes = static_cast<std::int64_t>(record.data.size());
  if (const Node* size = given.find("size"); size && size->is_scalar()) {
    bytes = std::max(bytes, read_size(size->text).value.value_or(0));
  }
  bytes += static_cast<std::int64_t>(record.key.size());
  if (bytes <= producer.record_bytes_max()) return;
  const bool may_be_raised = producer.stream.max_record_kib < record_kib_max;
  context.error(
      given.place_of(given.has("size") ? "size" : "data"),
      fmt::format("the record is {} bytes long with its key: the stream accepts at most {} KiB",
                  bytes, producer.stream.max_record_kib),
      may_be_raised ? "make it smaller, or raise MaxRecordSizeInKiB of the stream"
                    : "make it smaller");
}

PutRecordSpec read_record(Context& context, ProducerInProgress& producer, const Node& node) {
  const Given given(context, node, record_block());
  const std::uint64_t number = producer.count++;
  PutRecordSpec record;
  record.id = fmt::format("{}{}", producer.settings.ids, number);
  record.key = fmt::format("k{}", number % 10);
  given.fill(record);
  record.data = record.id;
  given.read("data", record);
  pad_data(context, producer, given, record);
  check_record_size(context, producer, given, record);
  context.keys.insert(record.key);
  if (!context.ids.add(record.id)) {
    context.error(given.place_of("id"),
                  fmt::format("another record is already called {}", quoted(record.id)),
                  given.has("id") ? "ids are unique in a scenario"
                                  : "ids are unique in a scenario: give this record an `id`, or "
                                    "the producer other `ids`");
  }
  return record;
}

struct Put {
  ProducerInProgress& producer;
  PutCall call = {};
};

void read_one_record(Context& context, const Value& value, Put& put) {
  if (value.node.is_nothing()) {
    context.error(value.node.at, "record is empty", "write {} for a record with all defaults");
  } else if (value.node.is_list()) {
    context.error(value.node.at, "record must be one record, not a list",
                  "write `records: […]` for several");
  } else {
    put.call.records.push_back(read_record(context, put.producer, value.node));
  }
}

void read_records(Context& context, const Value& value, Put& put) {
  put.call.put_records = true;
  if (!is_list_of(context, value)) return;
  std::size_t bytes = 0;
  for (const Node& node : value.node.items) {
    const PutRecordSpec& record =
        put.call.records.emplace_back(read_record(context, put.producer, node));
    bytes += record.data.size() + record.key.size();
  }
  if (static_cast<std::int64_t>(bytes) <= put_request_bytes_max) return;
  context.error(
      value.node.at,
      fmt::format("the request is {} bytes long: at most 10 MiB (10485760) are allowed", bytes),
      "write several calls");
}

void read_put(Context& context, const Given& given, Put& put) {
  given.fill(put.call);
  context.warn_if_never(put.call.at, given.place_of("at"));
  const Node* several = given.find("records");
  if (several && given.has("record")) {
    context.error(several->at, "a put can have `record` or `records`, not both",
                  "write two entries");
  } else if (several) {
    given.read("records", put);
  } else if (given.has("record")) {
    given.read("record", put);
  } else if (!given.node().keys.empty() && given.is_absent("record") &&
             given.is_absent("records")) {
    context.error(given.place(), "`record` or `records` is missing in this put");
  }
}

Block put_block() {
  return {"put",
          {
              required("at", duration("s"), into(&PutCall::at), "When.").such_as("5s"),
              key("record", something(record_block), read_by(read_one_record),
                  "One record: PutRecord.", "KDS-PRD-01")
                  .such_as("{key: a}")
                  .alternative(),
              key("records", list(block(record_block), 1, put_records_max), read_by(read_records),
                  "1 to 500 records: PutRecords.", "KDS-PRD-03")
                  .such_as("[{key: a}, {key: b}]")
                  .alternative(),
          },
          read_put};
}

void read_puts(Context& context, const Value& value, ProducerInProgress& producer) {
  if (!is_list_of(context, value)) return;
  for (const Node& node : value.node.items) {
    Put put{producer};
    Given(context, node, *value.form.items.front().block).read_into(put);
    producer.settings.put.push_back(std::move(put.call));
  }
}

Block retry_block() {
  return {
      "`retry`",
      {
          key("attempts", integer(0, 1'000'000), into(&ProducerRetry::attempts),
              "Retries after the first attempt.", "KDS-PRD-09")
              .such_as("5"),
          key("scope", word({"failed_only", "whole_request"}), into(&ProducerRetry::scope),
              "What is put again: the entries that failed, or all.", "KDS-PRD-08"),
          key("backoff", duration("ms"), into(&ProducerRetry::backoff), "The wait before a retry.")
              .such_as("100ms"),
      }};
}

void read_retry(Context& context, const Value& value, ProducerSettings& settings) {
  if (value.form.kind == Kind::block) {
    read_value(context, value, settings.retry);
  } else if (const auto word = word_value(context, value)) {
    constexpr std::array modes{RetryMode::sdk, RetryMode::none, RetryMode::ignore};
    settings.retry.mode = modes[*word];
  }
}

void read_kpl(Context& context, const Value& value, ProducerSettings& settings) {
  read_value(context, value, settings.kpl.emplace());
}

// KPL makes its own calls, and repeats them by its own rules.
void check_kpl(Context& context, const Given& given) {
  if (!given.has("kpl")) return;
  for (const std::string_view key : {"batch", "retry"}) {
    if (!given.has(key)) continue;
    context.error(given.place_of(key), fmt::format("`kpl` replaces `{}`", key),
                  key == "batch" ? "CollectionMaxCount says how many records a call of KPL has"
                                 : "RecordTtl says how long KPL tries");
  }
}

// What the stream bounds. Where that is not known, as little as any stream does.
StreamSettings stream_of(const Context& context, const ProducerEntry& entry) {
  StreamSettings widest;
  widest.max_record_kib = record_kib_max;
  if (!entry.stream.valid()) return widest;
  const StreamEntry& stream = context.out.streams[entry.stream.value];
  const bool is_wrong = context.is_wrong({"streams", stream.name, "MaxRecordSizeInKiB"});
  return is_wrong ? widest : stream.settings;
}

void read_producer(Context& context, const Given& given, ProducerEntry& entry) {
  given.fill(entry);
  ProducerInProgress producer{stream_of(context, entry), entry.settings};
  entry.settings.ids = entry.name + "-";
  given.fill(entry.settings);
  given.read("put", producer);
  const std::size_t mistakes_before = context.mistakes.count();
  if (!entry.settings.put.empty() && given.has("rate")) {
    context.error(std::max(given.place_of("put"), given.place_of("rate")),
                  "a producer can have `put` or `rate`, not both",
                  "write a second producer for the same stream");
  } else {
    entry.settings.load = read_load(context, producer, given);
  }
  const Node* rate = given.find("rate");
  if (const Node* file = rate ? rate->find("cloudwatch") : nullptr) entry.rate_file = file->text;
  if (entry.settings.load) {
    const GeneratedLoad& load = *entry.settings.load;
    const std::uint64_t most = most_records(load);
    if (context.mistakes.count() == mistakes_before) {
      check_load(context, producer, given, load, most);
    }
    context.generated_keys.push_back(load.keys);
    const auto common =
        context.ids.add({entry.name, entry.settings.ids, producer.count, producer.count + most});
    if (common && !given.is_wrong("ids")) {
      context.error(given.place_of(given.has("ids") ? "ids" : "rate"),
                    fmt::format("two records would be called {}", quoted(*common)),
                    "ids are unique in a scenario: give this producer other `ids`");
    }
    producer.count += most;
  }
  for (const std::string_view key : {"ids", "put", "rate", "records", "for"}) {
    context.ids.are_unknown = context.ids.are_unknown || given.is_wrong(key);
  }
  if (context.mistakes.is_wrong(given.place())) context.ids.are_unknown = true;
  context.ids.add_numbering(entry.name, entry.settings.ids, producer.count);
  given.read("retry", entry.settings);
  given.read("kpl", entry.settings);
  check_kpl(context, given);
}

}  // namespace

const Block& producer_block() {
  static const Block table{
      "producer",
      {
          required("stream", thing(), into(&ProducerEntry::stream),
                   "The stream that receives its records.")
              .such_as("orders"),
          key("ids", text(1, producer_text_max), into(&ProducerSettings::ids),
              "The id of a record is this text and a number; default: the producer's name and "
              "`-`.")
              .such_as("r"),
          key("put", list(block(put_block())), read_by(read_puts),
              "Records that are put at given times; default: none.")
              .such_as("[{at: 0s, records: [{key: a}, {key: b}]}]")
              .apart(),
          traffic_rows(),
          key("retry", {block(retry_block()), word({"sdk", "none", "ignore"})}, read_by(read_retry),
              "What it does when a put fails: by default up to 3 retries of what failed. `sdk`: "
              "3 tries of a call that fails as a whole, and none of single entries. `none`: it "
              "gives up and knows it. `ignore`: it does not look at the answer.",
              "KDS-PRD-04 KDS-PRD-09")
              .such_as("{attempts: 5}")
              .apart(),
          key("kpl", something(kpl_block), read_by(read_kpl),
              "It uses the Kinesis Producer Library, with the library's own names and units; `{}` "
              "is its defaults. Instead of `batch` and `retry`.",
              "KDS-PRD-12 KDS-PRD-13 KDS-PRD-14 KDS-PRD-15 KDS-PRD-16")
              .such_as("{RecordMaxBufferedTime: 200}")
              .apart(),
      },
      read_producer};
  return table;
}

void read_producers(Context& context, const Value& value, Scenario& out) {
  read_entries(context, value, context.producers, out.producers);
}

}  // namespace trimhorizon::reader
