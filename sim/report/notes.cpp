#include "sim/report/notes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/report/layout.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t shards_named_max = 3;  // for each limit of a stream

std::string bytes_text(std::int64_t bytes) {
  constexpr std::int64_t mib = 1024 * 1024;
  if (bytes % mib == 0) return count_text(static_cast<std::uint64_t>(bytes / mib)) + " MiB";
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / static_cast<double>(mib));
}

std::string number_text(std::int64_t n) { return count_text(static_cast<std::uint64_t>(n)); }

std::string limit_words(const LimitExceeded& over) {
  switch (over.limit) {
    case ShardLimit::records_written:
      return fmt::format("was given up to {} records in a second and takes {}: it refused {}",
                         number_text(over.rate), number_text(over.allowed),
                         counted(over.refused, "put of a record", "puts of records"));
    case ShardLimit::bytes_written:
      return fmt::format("was given up to {} in a second and takes {}: it refused {}",
                         bytes_text(over.rate), bytes_text(over.allowed),
                         counted(over.refused, "put of a record", "puts of records"));
    case ShardLimit::reads:
      return fmt::format("was read up to {} times in a second and allows {}: it refused {}",
                         number_text(over.rate), number_text(over.allowed),
                         counted(over.refused, "read"));
    case ShardLimit::bytes_read:
      return fmt::format("gave up to {} in a second and may give {}: it refused {}",
                         bytes_text(over.rate), bytes_text(over.allowed),
                         counted(over.refused, "read"));
  }
  return "";
}

// Of each stream and limit the shards that were the most above it.
void add_limit_notes(const ReportRun& run, std::vector<std::string>& notes) {
  const bool several = run.scenario->streams.size() > 1;
  for (const StreamEntry& stream : run.scenario->streams) {
    for (const ShardLimit limit : all_of<ShardLimit>) {
      std::vector<const LimitExceeded*> shards;
      for (const LimitExceeded& each : run.result->limits_exceeded) {
        if (each.stream == stream.name && each.limit == limit) shards.push_back(&each);
      }
      std::stable_sort(shards.begin(), shards.end(),
                       [](const auto* a, const auto* b) { return a->rate > b->rate; });
      for (std::size_t i = 0; i < std::min(shards.size(), shards_named_max); ++i) {
        std::string text = shards[i]->shard;
        if (several) text += " of " + clean(stream.name);
        text += " " + limit_words(*shards[i]);
        if (i + 1 == shards_named_max && shards.size() > shards_named_max) {
          text +=
              "; " + counted(shards.size() - shards_named_max, "more shard") + " above that limit";
        }
        notes.push_back(text);
      }
    }
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

// ESM-POL-12: without a create_delay LATEST misses nothing, which is better than AWS.
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
                    " starts at LATEST and polls at once, so it misses nothing. AWS often takes "
                    "one to three minutes until it polls, and LATEST misses what is put before: "
                    "try create_delay: 2m");
  }
}

}  // namespace

std::vector<std::string> notes_of(const ReportRun& run) {
  std::vector<std::string> notes;
  add_latest_notes(run, notes);
  add_no_limits_notes(run, notes);
  add_limit_notes(run, notes);
  return notes;
}

}  // namespace trimhorizon
