#include "sim/report/record_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/words.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {

std::string record_at(const World& world, ShardId shard, Position p) {
  const RecordLog& log = world.shard(shard).log;
  const RecordId record = log.record(p);
  // Mark a second copy of a record, as far as the log goes back.
  for (Position before = log.first(); before < p; ++before) {
    if (log.record(before) == record) return record_name(world, shard, p) + "'s copy";
  }
  return record_name(world, shard, p);
}

std::vector<RecordId> records_in(const World& world, ShardId shard, Span span) {
  std::vector<RecordId> records;
  const RecordLog& log = world.shard(shard).log;
  for (Position p = std::max(span.first, log.first()); p < std::min(span.end, log.end()); ++p) {
    records.push_back(log.record(p));
  }
  return records;
}

std::string place_words(const World& world, ReaderId id) {
  const Reader& reader = world.reader(id);
  std::string text = fmt::format("shard {}", world.shard(reader.shard).number);
  if (world.plan->mappings.size() > 1) text += " for " + world.plan->name(reader.consumer);
  return text;
}

std::string record_words(const World& world, ShardId shard, Span span) {
  const Position first = std::max(span.first, world.shard(shard).log.first());
  if (first >= span.end) return "nothing";
  if (span.end - first > records_named_max) {
    return fmt::format("{} … {} ({} records)", record_at(world, shard, first),
                       record_at(world, shard, span.end - 1), span.count());
  }
  std::vector<std::string> names;
  for (Position p = first; p < span.end; ++p) names.push_back(record_at(world, shard, p));
  return listed(names);
}

}  // namespace trimhorizon
