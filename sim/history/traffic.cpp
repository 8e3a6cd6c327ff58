#include "sim/history/traffic.hpp"

#include <algorithm>

#include "sim/world/world.hpp"

namespace trimhorizon {
namespace {

constexpr std::int64_t kib = 1024;
constexpr std::int64_t mib = 1024 * kib;
constexpr std::uint64_t records_of_a_read_max = 10'000;  // KDS-LIM-05
constexpr std::int64_t bytes_of_a_read_max = 10 * mib;   // KDS-LIM-05
constexpr std::int64_t tenth_us = 100'000;

// Data and partition key (KDS-LIM-01).
std::int64_t bytes_of(const World& world, ShardId shard, Position p) {
  const RecordLog& log = world.shard(shard).log;
  const RecordId record = log.record(p);
  return world.plan->producer(record.producer()).data_bytes(record.number()) +
         static_cast<std::int64_t>(world.plan->keys[log.key(p).value].name.size());
}

}  // namespace

std::int64_t allowed_a_second(ShardLimit limit) {
  switch (limit) {
    case ShardLimit::records_written: return 1'000;
    case ShardLimit::bytes_written: return mib;
    case ShardLimit::reads: return 5;
    case ShardLimit::bytes_read: return 2 * mib;
  }
  return 0;
}

void Rate::add(Instant at, std::int64_t amount) {
  const std::int64_t tenth = at.us / tenth_us;
  for (std::int64_t t = std::max(last_tenth_ + 1, tenth - slots + 1); t <= tenth; ++t) {
    std::int64_t& old = tenths_[static_cast<std::size_t>(t % slots)];
    sum_ -= old;
    old = 0;
  }
  last_tenth_ = std::max(last_tenth_, tenth);
  tenths_[static_cast<std::size_t>(tenth % slots)] += amount;
  sum_ += amount;
  most_ = std::max(most_, sum_);
}

void Bucket::take(Instant at, std::int64_t amount) {
  const std::int64_t waited_us = std::min((at - filled_).us, std::int64_t{1'000'000'000});
  filled_ = at;
  left_ = std::min(left_ + waited_us * a_second_, capacity_ * parts);
  const bool enough = debt_ ? left_ > 0 : left_ >= amount * parts;
  overdrawn_ = overdrawn_ || !enough;
  if (debt_ && !enough) return;  // AWS refuses the whole call
  // Without debt AWS decides entry by entry, and takes what fits.
  left_ = debt_ ? left_ - amount * parts : std::max<std::int64_t>(left_ - amount * parts, 0);
}

Traffic::OfShard& Traffic::of(ShardId shard, const World& world) {
  while (shards_.size() <= shard.value) {
    const ShardId next{static_cast<std::uint32_t>(shards_.size())};
    const StreamSettings& settings = world.plan->stream(world.shard(next).stream).settings;
    const std::int64_t largest = settings.max_record_kib * kib;
    OfShard& added = shards_.emplace_back();
    const auto bucket = [](ShardLimit limit, std::int64_t capacity, bool debt) {
      return Bucket(capacity, allowed_a_second(limit), debt);
    };
    added.record_bucket = bucket(ShardLimit::records_written, 1'000, false);
    // KDS-LIM-02: with large records a shard may take one while it is not in debt.
    added.byte_bucket = bucket(ShardLimit::bytes_written, std::max(mib, largest), largest > mib);
    added.read_bucket = bucket(ShardLimit::reads, 5, false);
    // KDS-LIM-06: a read may return 10 MiB, and the next ones fail until that is paid.
    added.read_byte_bucket = bucket(ShardLimit::bytes_read, 2 * mib, true);
  }
  return shards_[shard.value];
}

void Traffic::on(const Put& put, const World& world) {
  // Neighbours of a call that go to the same shard are counted together.
  ShardId shard;
  std::int64_t records = 0;
  std::int64_t bytes = 0;
  const auto take = [&] {
    if (records == 0) return;
    OfShard& given = of(shard, world);
    given.records.add(world.now, records);
    given.record_bucket.take(world.now, records);
    given.bytes.add(world.now, bytes);
    given.byte_bucket.take(world.now, bytes);
    records = bytes = 0;
  };
  for (const StoredRecordAt& each : put.stored) {
    if (each.shard != shard) take();
    shard = each.shard;
    records += 1;
    bytes += bytes_of(world, each.shard, each.position);
  }
  // KDS-PRD-10: a PutRecord is rounded up to a whole KiB.
  if (put.numbers.count() == 1) bytes = (bytes + kib - 1) / kib * kib;
  take();
}

// ESM-POL-19: a read asks for up to 10,000 records. What a batch leaves stays in the reader, so it
// reads again only when it holds fewer records than a batch may have.
void Traffic::on(const Read& read, const World& world) {
  if (held_until_.size() <= read.reader.value) held_until_.resize(read.reader.value + 1);
  Position& held = held_until_[read.reader.value];
  const Reader& reader = world.reader(read.reader);
  const auto most = static_cast<std::uint64_t>(world.settings(reader).batch_size);
  if (held >= read.records.first + most) return;
  held = std::max(held, read.records.first);
  const Position end = std::min(world.shard(read.shard).log.end(), held + records_of_a_read_max);
  std::int64_t bytes = 0;
  while (held < end && bytes < bytes_of_a_read_max) bytes += bytes_of(world, read.shard, held++);
  OfShard& given = of(read.shard, world);
  given.reads.add(world.now, 1);
  given.read_bucket.take(world.now, 1);
  given.bytes_read.add(world.now, bytes);
  given.read_byte_bucket.take(world.now, bytes);
}

// ESM-POL-01: each mapping that polls reads the shard at least once a second.
void Traffic::on(const ReaderOpened& opened, const World& world) {
  if (counted_.size() <= opened.reader.value) counted_.resize(opened.reader.value + 1);
  if (!world.mapping(mapping_of(opened.consumer)).enabled) return;
  OfShard& given = of(opened.shard, world);
  counted_[opened.reader.value] = true;
  given.pollers += 1;
  given.most_pollers = std::max(given.most_pollers, given.pollers);
}

void Traffic::on(const MappingSwitched& switched, const World& world) {
  const bool polls = switched.enabled || switched.polls_on;
  for (std::uint32_t i = 0; i < world.readers.size(); ++i) {
    const Reader& reader = world.readers[i];
    if (reader.consumer != consumer_of(switched.mapping) || i >= counted_.size()) continue;
    if (counted_[i] == polls) continue;
    OfShard& given = of(reader.shard, world);
    counted_[i] = polls;
    given.pollers += polls ? 1 : -1;
    given.most_pollers = std::max(given.most_pollers, given.pollers);
  }
}

// It forgets what it read.
void Traffic::on(const ReaderRestarted& restarted, const World&) {
  if (restarted.reader.value < held_until_.size()) held_until_[restarted.reader.value] = 0;
}

std::vector<OverLimit> Traffic::over_limits() const {
  std::vector<OverLimit> over;
  for (std::uint32_t s = 0; s < shards_.size(); ++s) {
    const OfShard& shard = shards_[s];
    const auto note = [&](bool is_over, ShardLimit limit, std::int64_t rate) {
      if (is_over) over.push_back({{s}, limit, rate});
    };
    note(shard.record_bucket.overdrawn(), ShardLimit::records_written, shard.records.most());
    note(shard.byte_bucket.overdrawn(), ShardLimit::bytes_written, shard.bytes.most());
    const bool many = shard.most_pollers > allowed_a_second(ShardLimit::reads);
    note(many || shard.read_bucket.overdrawn(), ShardLimit::reads,
         std::max(shard.reads.most(), shard.most_pollers));
    note(shard.read_byte_bucket.overdrawn(), ShardLimit::bytes_read, shard.bytes_read.most());
  }
  return over;
}

}  // namespace trimhorizon
