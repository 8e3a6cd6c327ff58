#include "sim/report/notes.hpp"

#include <set>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/report/layout.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

// One sentence for a stream: the report has a part with the shards and their limits.
void add_limit_notes(const ReportRun& run, std::vector<std::string>& notes) {
  for (const StreamEntry& stream : run.scenario->streams) {
    std::set<std::string> shards;
    std::uint64_t records = 0;
    std::uint64_t reads = 0;
    for (const LimitExceeded& each : run.result->limits_exceeded) {
      if (each.stream != stream.name) continue;
      shards.insert(each.shard);
      const bool of_puts =
          each.limit == ShardLimit::records_written || each.limit == ShardLimit::bytes_written;
      (of_puts ? records : reads) += each.refused;
    }
    std::vector<std::string> refused;
    if (records > 0) refused.push_back(counted(records, "put of a record", "puts of records"));
    if (reads > 0) refused.push_back(counted(reads, "read"));
    if (refused.empty()) continue;
    notes.push_back(fmt::format("{} refused {}: {}", clean(stream.name), listed(refused),
                                shards.size() == 1
                                    ? *shards.begin() + " is above its limit"
                                    : counted(shards.size(), "shard") + " are above their limits"));
  }
}

void add_no_limits_notes(const ReportRun& run, std::vector<std::string>& notes) {
  for (const StreamEntry& stream : run.scenario->streams) {
    if (stream.settings.limits) continue;
    notes.push_back(clean(stream.name) +
                    " has limits: none, so its shards take and give everything; AWS refuses what "
                    "is above 1,000 records or 1 MiB a second and shard");
  }
}

// ESM-POL-12: without a create_delay nothing is put before the first poll, which is better than
// AWS.
void add_latest_notes(const ReportRun& run, std::vector<std::string>& notes) {
  if (run.result->stored == 0) return;
  for (const MappingEntry& mapping : run.scenario->mappings) {
    const MappingSettings& settings = mapping.settings;
    if (settings.starting_position != StartingPosition::latest) continue;
    if (settings.create_delay > Duration{0} ||
        settings.created > Instant{} + run.result->simulated) {
      continue;
    }
    notes.push_back(clean(mapping.name) +
                    " starts at LATEST and polls as soon as it is created. AWS often takes one to "
                    "three minutes until it polls, and LATEST misses what is put before: try "
                    "create_delay: 2m");
  }
}

// KDS-PRD-18: code that does not unpack an aggregate takes all its user records for one record.
void add_aggregate_notes(const ReportRun& run, std::vector<std::string>& notes) {
  const Scenario& scenario = *run.scenario;
  for (const MappingEntry& mapping : scenario.mappings) {
    const FunctionEntry& function = scenario.functions[mapping.function.value];
    const bool packed = std::any_of(scenario.producers.begin(), scenario.producers.end(),
                                    [&](const ProducerEntry& each) {
                                      return each.stream == mapping.stream && each.settings.kpl &&
                                             each.settings.kpl->aggregation_enabled;
                                    });
    if (!packed || mapping.consumer.valid() || function.settings.deaggregate) continue;
    notes.push_back(clean(function.name) +
                    " gets aggregates of KPL, and its code does not unpack them: to it each is one "
                    "record, however many user records are in it. Write deaggregate: true if the "
                    "code unpacks them");
  }
}

}  // namespace

std::vector<std::string> notes_of(const ReportRun& run) {
  std::vector<std::string> notes;
  add_latest_notes(run, notes);
  add_aggregate_notes(run, notes);
  add_no_limits_notes(run, notes);
  add_limit_notes(run, notes);
  return notes;
}

}  // namespace trimhorizon
