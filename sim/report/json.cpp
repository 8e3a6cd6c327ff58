#include "sim/report/json.hpp"
#include "sim/metrics/metrics.hpp"

#include "sim/base/format.hpp"

namespace trimhorizon {
namespace {

void write_counts(JsonWriter& json, std::string_view name, const Counts& counts) {
  json.key(name);
  json.begin_object();
  for (const auto& [each, count] : counts) json.member(each, count);
  json.end_object();
}

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name);
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

// A counter is a number, a maximum an object of one. Samples are an object too, {"count": 0}
// when there were none.
void write_metric(JsonWriter& json, const Metric& metric) {
  const MetricInfo& info = metric.info();
  if (info.shape == MetricShape::counter) return json.member(info.name, metric.counter);
  json.object(info.name, [&] {
    if (info.shape == MetricShape::maximum) return json.member("max", metric.counter);
    json.member("count", metric.samples->count());
    for (std::size_t i = 0; i < statistic_count && metric.samples->count() > 0; ++i) {
      const auto statistic = static_cast<Statistic>(i);
      const std::int64_t value = value_of(*metric.samples, statistic);
      json.key(name(statistic));
      info.unit == MetricUnit::time ? json.value(duration_text(Duration{value}))
                                    : json.value(value);
    }
  });
}

void write_shards(JsonWriter& json, const MappingResult& mapping) {
  json.key("shards");
  json.begin_object();
  for (const ShardResult& shard : mapping.shards) {
    json.key(shard.shard);
    json.begin_object();
    json.member("stored", shard.stored);
    json.key("checkpoint");
    if (shard.checkpoint)
      json.value(*shard.checkpoint);
    else
      json.null();
    json.member("pending", shard.pending);
    json.end_object();
  }
  json.end_object();
}

void write_mapping(JsonWriter& json, const MappingResult& mapping) {
  json.key(mapping.name);
  json.begin_object();
  json.member("stream", mapping.stream);
  json.member("function", mapping.function);
  json.member("invocations", mapping.invocations);
  json.member("deliveries", mapping.deliveries);
  json.member("effects", mapping.effects);
  write_counts(json, "fates", mapping.fates);
  json.member("lost", mapping.lost);
  json.member("duplicates", mapping.duplicates);
  write_counts(json, "duplicates_by_cause", mapping.duplicates_by_cause);
  write_counts(json, "lost_by_cause", mapping.lost_by_cause);
  json.key("max_iterator_age");
  if (mapping.max_iterator_age)
    json.value(duration_text(*mapping.max_iterator_age));
  else
    json.null();
  json.key("metrics");
  json.begin_object();
  for (const Metric& metric : mapping.metrics) write_metric(json, metric);
  json.end_object();
  write_shards(json, mapping);
  json.end_object();
}

void write_destinations(JsonWriter& json, const Result& result) {
  json.key("destinations");
  json.begin_object();
  for (const DestinationResult& destination : result.destinations) {
    json.key(destination.name);
    json.begin_array();
    for (const DestinationMessage& message : destination.messages) json.raw(message.json);
    json.end_array();
  }
  json.end_object();

  Counts left_out;
  for (const DestinationResult& destination : result.destinations) {
    if (destination.left_out > 0) left_out.emplace_back(destination.name, destination.left_out);
  }
  if (!left_out.empty()) write_counts(json, "destination_messages_left_out", left_out);
}

void write_invariants(JsonWriter& json, const Result& result) {
  json.key("invariants");
  json.begin_array();
  for (const InvariantResult& invariant : result.invariants) {
    json.begin_object();
    json.member("name", invariant.name);
    json.member("holds", invariant.holds);
    json.member("checks", invariant.checks);
    if (!invariant.holds) json.member("first_violation", invariant.first_violation);
    json.end_object();
  }
  json.end_array();
}

void write_expectations(JsonWriter& json, const Judgement& judgement) {
  json.key("expectations");
  json.begin_array();
  for (const JudgedExpectation& each : judgement.expectations) {
    json.begin_object();
    json.member("name", each.name);
    json.member("wanted", each.wanted);
    json.key("actual");
    if (each.verdict == Verdict::undecided)
      json.null();
    else if (each.actual_number)
      json.value(*each.actual_number);
    else
      json.value(each.actual);
    json.key("holds");
    if (each.verdict == Verdict::undecided)
      json.null();
    else
      json.value(each.verdict == Verdict::holds);
    if (!each.why.empty()) json.member("why", each.why);
    json.end_object();
  }
  json.end_array();
}

void write_row(JsonWriter& json, const RecordRow& row) {
  json.begin_object();
  json.member("id", row.id);
  json.member("producer", row.producer);
  json.member("key", row.key);
  json.member("shard", row.shard);
  json.member("sequence_number", row.sequence_number);
  json.member("arrival", row.arrival_us);
  json.key("fates");
  json.begin_object();
  for (const auto& [mapping, fate] : row.fates) json.member(mapping, fate);
  json.end_object();
  write_counts(json, "deliveries", row.deliveries);
  write_counts(json, "effects", row.effects);
  json.end_object();
}

void write_scenario(JsonWriter& json, const ReportRun& run) {
  json.key("scenario");
  json.begin_object();
  json.member("title", run.scenario->title);
  json.member("file", run.scenario->file);
  json.member("digest", run.digest);
  json.end_object();
}

void write_records(JsonWriter& json, const Result& result) {
  json.key("records");
  json.begin_object();
  json.member("produced", result.produced);
  json.member("never_accepted", result.never_accepted);
  json.member("stored", result.stored);
  json.member("lost", result.lost);
  json.member("duplicates", result.duplicates);
  json.end_object();
}

// The members of one run, into an object that is open.
void write_members(JsonWriter& json, const ReportRun& run, Verdict verdict) {
  const Result& result = *run.result;
  write_scenario(json, run);
  json.member("seed", result.seed);
  json.member("verdict", verdict_name(verdict));
  json.member("ended", result.ended);
  json.member("simulated", duration_text(result.simulated));
  json.member("trace_digest", result.trace_digest);
  write_records(json, result);
  json.key("mappings");
  json.begin_object();
  for (const MappingResult& mapping : result.mappings) write_mapping(json, mapping);
  json.end_object();
  write_destinations(json, result);
  write_invariants(json, result);
  write_expectations(json, *run.judgement);
  write_texts(json, "situations", result.situations);
}

void write_ending(JsonWriter& json, const ReportRun& run, bool with_rows) {
  json.key("assumptions_used");
  json.begin_array();
  for (const AssumptionInfo& each : assumption_table()) {
    if (run.result->assumptions_met.has(each.which)) json.value(each.name);
  }
  json.end_array();
  write_texts(json, "not_modelled", run.scenario->not_modelled);
  json.member("replay", run.replay);
  if (!with_rows) return;
  json.key("rows");
  json.begin_array();
  for (const RecordRow& row : run.result->rows) write_row(json, row);
  json.end_array();
}

}  // namespace

void write_run(JsonWriter& json, const ReportRun& run, bool with_rows) {
  json.begin_object();
  write_members(json, run, run.judgement->verdict);
  write_ending(json, run, with_rows);
  json.end_object();
}

std::string report_json(const Report& report, bool with_rows) {
  std::string out;
  JsonWriter json(out, 1);
  json.begin_object();
  json.member("schema_version", 1);
  if (!report.base.name.empty()) json.member("variant", report.base.name);
  write_members(json, report.base, report.verdict());
  json.key("variants");
  json.begin_object();
  for (const ReportRun& variant : report.variants) {
    json.key(variant.name);
    write_run(json, variant, with_rows);
  }
  json.end_object();
  if (!report.variants.empty()) {
    json.member("base_verdict", verdict_name(report.base.judgement->verdict));
  }
  write_ending(json, report.base, with_rows);
  json.end_object();
  return out + "\n";
}

}  // namespace trimhorizon
