// Writes the JSON of a run. The order of the members is fixed: the same run gives the same bytes.
#include "sim/report/json.hpp"
#include "sim/metrics/metrics.hpp"

#include "sim/base/format.hpp"
#include "sim/base/version.hpp"
#include "sim/report/notes.hpp"

namespace trimhorizon {
namespace {

// Members that are not zero.
template <class Enum>
void write_counts(JsonWriter& json, std::string_view key, const Counts<Enum>& counts) {
  json.object(key, [&] {
    for (const Enum each : all_of<Enum>) {
      if (counts[each] > 0) json.member(name(each), counts[each]);
    }
  });
}

// A counter is a number, a maximum an object of one. Samples are an object too, {"count": 0}
// when there were none.
template <class AnyMetric>
void write_metric(JsonWriter& json, const AnyMetric& metric) {
  const auto& info = metric.info();
  if (info.shape == MetricShape::counter) return json.member(info.name, metric.counter);
  json.object(info.name, [&] {
    if (info.shape == MetricShape::maximum) return json.member("max", metric.counter);
    json.member("count", metric.samples->count());
    if (metric.samples->count() == 0) return;
    for (const Statistic each : all_of<Statistic>) {
      const std::int64_t value = value_of(*metric.samples, each);
      json.key(name(each));
      info.unit == MetricUnit::time ? json.value(duration_text(Duration{value}))
                                    : json.value(value);
    }
  });
}

void write_consumer(JsonWriter& json, const ConsumerResult& consumer) {
  json.member("stream", consumer.stream);
  json.member("function", consumer.function);
  json.member("invocations", consumer.invocations);
  json.member("deliveries", consumer.deliveries);
  json.member("effects", consumer.effects);
  write_counts(json, "fates", consumer.fates);
  json.member("lost", consumer.lost);
  json.member("duplicates", consumer.duplicates);
  write_counts(json, "duplicates_by_cause", consumer.duplicates_by_cause);
  write_counts(json, "lost_by_cause", consumer.lost_by_cause);
  std::optional<std::string> age;
  if (consumer.max_iterator_age) age = duration_text(*consumer.max_iterator_age);
  json.member("max_iterator_age", age);
  json.object("put_to_settled", [&] {
    json.member("count", consumer.waits.count());
    if (consumer.waits.count() == 0) return;
    for (const Statistic each : {Statistic::p50, Statistic::p99, Statistic::max}) {
      json.member(name(each), duration_text(Duration{value_of(consumer.waits, each)}));
    }
  });
  std::optional<std::string> caught_up;
  if (consumer.caught_up) caught_up = duration_text(*consumer.caught_up - Instant{0});
  json.member("caught_up", caught_up);
  json.object("metrics", [&] {
    for (const Metric& metric : consumer.metrics) write_metric(json, metric);
  });
  json.object("shards", [&] {
    for (const ShardResult& shard : consumer.shards) {
      json.object(shard.shard, [&] {
        json.member("stored", shard.stored);
        json.member("checkpoint", shard.checkpoint);
        json.member("pending", shard.pending);
        write_counts(json, "fates", shard.fates);
        json.member("longest_wait", duration_text(shard.longest_wait));
      });
    }
  });
}

// A shard in the words of ListShards, and what is stored in it.
void write_listed(JsonWriter& json, const ListedShard& shard) {
  json.member("ShardId", shard.id);
  if (shard.parent) json.member("ParentShardId", *shard.parent);
  if (shard.adjacent) json.member("AdjacentParentShardId", *shard.adjacent);
  json.list("HashKeyRange", std::vector{shard.first_hash_key, shard.last_hash_key});
  json.member("StartingSequenceNumber", shard.starting_sequence_number);
  json.member("EndingSequenceNumber", shard.ending_sequence_number);
  json.member("open", shard.open);
  json.member("stored", shard.stored);
}

// Where the order of a key was lost, and the first examples.
void write_order(JsonWriter& json, const StreamResult& stream) {
  if (stream.stored_again > 0) json.member("stored_again", stream.stored_again);
  if (stream.order_examples.empty()) return;
  write_counts(json, "order_lost", stream.order_lost);
  json.objects("order_examples", stream.order_examples, [&](const OrderExample& each) {
    json.member("why", name(each.why));
    json.member("key", each.key);
    json.member("record", each.record);
    json.member("after", each.earlier);
    json.list("shards", std::vector{each.shard, each.other});
  });
}

// The shards that refused something.
void write_hot_shards(JsonWriter& json, const Result& result, std::string_view stream) {
  std::vector<LimitExceeded> hot;
  for (const LimitExceeded& each : result.limits_exceeded) {
    if (each.stream == stream) hot.push_back(each);
  }
  if (hot.empty()) return;
  json.objects("hot_shards", hot, [&](const LimitExceeded& each) {
    json.member("shard", each.shard);
    json.member("limit", name(each.limit));
    json.member("most_in_a_second", each.rate);
    json.member("allowed", each.allowed);
    json.member("refused", each.refused);
  });
}

// Those of the timeline that belong to no consumer.
void write_reads(JsonWriter& json, const Result& result) {
  json.objects("reads", result.reads, [&](const ReadRow& read) {
    json.member("at", duration_text(read.at - Instant{0}));
    if (!read.name.empty()) json.member("name", read.name);
    json.member("stream", read.stream);
    json.member("shard", read.shard);
    std::optional<std::string_view> error;
    if (read.error) error = name(*read.error);
    json.member("error", error);
    if (read.trimmed) json.member("names_a_trimmed_record", true);
    if (read.error) return json.member("why", sentence(read.reason));
    json.list("records", read.records);
    json.member("MillisBehindLatest", read.millis_behind_latest);
    json.member("has_next_iterator", !read.last);
    if (read.last) json.list("ChildShards", read.children);
  });
}

// Only what is known of the streams.
void write_streams(JsonWriter& json, const Result& result) {
  json.object("streams", [&] {
    for (const StreamResult& stream : result.streams) {
      json.object(stream.name, [&] {
        json.object("across", [&] {
          json.member("nobody", stream.across.nobody);
          json.member("several", stream.across.several);
        });
        if (!stream.metrics.empty()) {
          json.object("metrics", [&] {
            for (const StreamMetric& metric : stream.metrics) write_metric(json, metric);
          });
        }
        write_order(json, stream);
        write_hot_shards(json, result, stream.name);
        if (stream.listed.empty()) return;
        json.objects("shards", stream.listed,
                     [&](const ListedShard& shard) { write_listed(json, shard); });
      });
    }
  });
  if (!result.reads.empty()) write_reads(json, result);
  if (result.api_calls.empty()) return;
  json.objects("api_calls", result.api_calls, [&](const ApiCallRow& call) {
    json.member("at", duration_text(call.at - Instant{0}));
    json.member("action", call.action);
    json.member("stream", call.stream);
    std::optional<std::string_view> error;
    if (call.error) error = name(*call.error);
    json.member("error", error);
    if (call.error) json.member("why", sentence(call.reason));
    if (call.in_force) json.member("in_force", duration_text(*call.in_force - Instant{0}));
  });
}

void write_destinations(JsonWriter& json, const Result& result) {
  bool some_left_out = false;
  json.object("destinations", [&] {
    for (const DestinationResult& destination : result.destinations) {
      some_left_out = some_left_out || destination.left_out > 0;
      json.list(destination.name, [&] {
        for (const DestinationMessage& message : destination.messages)
          json.raw(message.json.text());
      });
    }
  });
  if (!some_left_out) return;
  json.object("destination_messages_left_out", [&] {
    for (const DestinationResult& each : result.destinations) {
      if (each.left_out > 0) json.member(each.name, each.left_out);
    }
  });
}

void write_row(JsonWriter& json, const RecordRow& row) {
  json.member("id", row.id);
  json.member("producer", row.producer);
  json.member("key", row.key);
  json.member("shard", row.shard);
  json.member("sequence_number", row.sequence_number);
  json.member("arrival", row.arrival_us);
  const auto per_consumer = [&](std::string_view key, auto value_of) {
    json.object(key, [&] {
      for (const RecordAtConsumer& each : row.consumers) json.member(each.consumer, value_of(each));
    });
  };
  per_consumer("fates", [](const RecordAtConsumer& each) { return name(each.fate); });
  per_consumer("deliveries", [](const RecordAtConsumer& each) { return each.deliveries; });
  per_consumer("effects", [](const RecordAtConsumer& each) { return each.effects; });
  per_consumer("settled", [](const RecordAtConsumer& each) { return each.settled_us; });
}

// The members of one run, into an object that is open.
void write_members(JsonWriter& json, const ReportRun& run, Verdict verdict) {
  const Result& result = *run.result;
  json.object("scenario", [&] {
    json.member("title", run.scenario->title);
    json.member("file", run.scenario->file);
    json.member("digest", run.digest);
  });
  json.member("seed", result.seed);
  json.member("verdict", name(verdict));
  json.member("ended", name(result.ended));
  json.member("simulated", duration_text(result.simulated));
  json.member("trace_digest", result.trace_digest);
  json.object("records", [&] {
    json.member("produced", result.produced);
    json.member("never_accepted", result.never_accepted);
    json.member("stored", result.stored);
    json.member("lost", result.lost);
    json.member("duplicates", result.duplicates);
  });
  json.object("mappings", [&] {
    for (const ConsumerResult& each : result.consumers) {
      json.object(each.name, [&] { write_consumer(json, each); });
    }
  });
  write_streams(json, result);
  write_destinations(json, result);
  json.objects("invariants", result.invariants, [&](const InvariantResult& each) {
    json.member("name", name(each.invariant));
    json.member("holds", each.holds());
    json.member("checks", each.checks);
    if (!each.holds()) json.member("first_violation", violation_text(each));
  });
  json.objects("expectations", run.judgement->expectations, [&](const JudgedExpectation& each) {
    const bool decided = each.verdict != Verdict::undecided;
    write_judged(json, each);
    json.member("holds", decided ? std::optional(each.verdict == Verdict::holds) : std::nullopt);
    if (!each.why.empty()) json.member("why", each.why);
  });
  json.list("situations", names_in(result.situations));
}

// What the numbers would be under other values of the switches that the run met.
void write_ranges(JsonWriter& json, const Ranges& ranges) {
  if (!ranges.tried) return;
  json.objects("ranges", ranges.numbers, [&](const NumberRange& each) {
    json.member("number", each.name);
    json.member("value", each.value);
    json.member("least", each.least);
    json.member("most", each.most);
    json.list("assumptions", each.switches);
  });
  json.list("ranges_not_known", ranges.stopped);
}

void write_ending(JsonWriter& json, const ReportRun& run, bool with_rows) {
  json.list("assumptions_used", names_in(run.result->assumptions_met));
  write_ranges(json, run.ranges);
  json.list("not_modelled", run.scenario->not_modelled);
  json.list("notes", notes_of(run));
  json.member("replay", run.replay);
  if (!with_rows) return;
  const auto write = [&](const RecordRow& row) { json.object([&] { write_row(json, row); }); };
  json.list("rows", [&] {
    if (run.result->each_row) return run.result->each_row(write);
    for (const RecordRow& row : run.result->rows) write(row);
  });
}

}  // namespace

void write_judged(JsonWriter& json, const JudgedExpectation& judged) {
  json.member("name", judged.name);
  json.member("wanted", judged.wanted);
  if (judged.verdict == Verdict::undecided) {
    json.key("actual");
    json.null();
  } else if (judged.actual_number) {
    json.member("actual", *judged.actual_number);
  } else {
    json.member("actual", judged.actual);
  }
}

void write_run(JsonWriter& json, const ReportRun& run, bool with_rows) {
  json.object([&] {
    write_members(json, run, run.judgement->verdict);
    write_ending(json, run, with_rows);
  });
}

void write_report_json(const Report& report, bool with_rows, const JsonWriter::Sink& write) {
  std::string out;
  JsonWriter json(out, 1, write);
  json.object([&] {
    json.member("schema_version", 1);
    json.member("edition", report.base.result->edition);
    if (!report.base.name.empty()) json.member("variant", report.base.name);
    write_members(json, report.base, report.verdict());
    json.object("variants", [&] {
      for (const ReportRun& variant : report.variants) {
        json.key(variant.name);
        write_run(json, variant, with_rows);
      }
    });
    if (!report.variants.empty()) {
      json.member("base_verdict", name(report.base.judgement->verdict));
    }
    write_ending(json, report.base, with_rows);
  });
  write(out + "\n");
}

std::string report_json(const Report& report, bool with_rows) {
  std::string out;
  write_report_json(report, with_rows, [&](std::string_view part) { out += part; });
  return out;
}

}  // namespace trimhorizon
