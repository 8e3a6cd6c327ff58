#include "sim/history/latency.hpp"

#include <algorithm>

#include "sim/world/world.hpp"

namespace trimhorizon {

Latency::Latency(const Plan& plan)
    : keeps_steps_(plan.keep_log),
      waits_(plan.consumers()),
      behind_until_(plan.consumers(), Instant{0}) {}

void Latency::on(const Settled& settled, const World& world) {
  if (readers_.size() <= settled.reader.value) readers_.resize(settled.reader.value + 1);
  OfReader& reader = readers_[settled.reader.value];
  if (keeps_steps_) reader.steps.push_back({settled.records.end, world.now});
  if (settled.fate == Fate::unread) return;
  const std::uint32_t consumer = world.reader(settled.reader).consumer.value;
  Histogram& waits = waits_[consumer];
  // Records of one call arrive together, and are counted together.
  Instant arrival;
  std::uint64_t alike = 0;
  const auto count = [&] {
    // What retention took was never settled by anybody.
    if (settled.fate != Fate::expired) waits.add((world.now - arrival).us, alike);
  };
  const RecordLog& log = world.shard(settled.shard).log;
  log.each(settled.records, [&](const StoredRecord& record) {
    if (alike > 0 && record.arrival != arrival) {
      count();
      alike = 0;
    }
    arrival = record.arrival;
    alike += 1;
    return true;
  });
  if (alike == 0) return;
  count();
  // Arrivals never decrease, so the first record waited longest.
  const Duration longest = world.now - log.arrival(settled.records.first);
  reader.longest = std::max(reader.longest, longest);
  if (longest > behind_after) behind_until_[consumer] = world.now;
}

Duration Latency::longest(ReaderId reader) const {
  return reader.value < readers_.size() ? readers_[reader.value].longest : Duration{0};
}

std::optional<Instant> Latency::caught_up(ConsumerId consumer, const World& world) const {
  std::vector<Position> oldest;  // by ShardId: the first record that is not settled
  for (const Shard& shard : world.shards) oldest.push_back(shard.log.first());
  for (const Reader& reader : world.readers) {
    if (reader.consumer == consumer) oldest[reader.shard.value] = reader.checkpoint;
  }
  // Without a reader, since the mapping does not exist yet, nothing is settled.
  for (const ShardId id : world.streams[world.plan->stream_of(consumer).value].shards) {
    const RecordLog& log = world.shard(id).log;
    const Position p = oldest[id.value];
    if (p < log.end() && world.now - log.arrival(p) > behind_after) return std::nullopt;
  }
  return behind_until_[consumer.value];
}

std::optional<Instant> Latency::settled_at(ReaderId reader, Position p) const {
  if (reader.value >= readers_.size()) return std::nullopt;
  const std::vector<Step>& steps = readers_[reader.value].steps;
  const auto found =
      std::upper_bound(steps.begin(), steps.end(), p,
                       [](Position value, const Step& step) { return value < step.end; });
  if (found == steps.end()) return std::nullopt;
  return found->at;
}

}  // namespace trimhorizon
