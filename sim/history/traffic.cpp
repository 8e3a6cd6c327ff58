#include "sim/history/traffic.hpp"

#include <algorithm>

#include "sim/world/world.hpp"

namespace trimhorizon {
namespace {

constexpr std::int64_t tenth_us = 100'000;

// Data and partition key (KDS-LIM-01).
std::int64_t bytes_of(const Plan& plan, const ProducerPlan& producer, std::uint64_t number,
                      KeyId key) {
  return producer.data_bytes(number) + plan.key_bytes[key.value];
}

std::int64_t counted_bytes(std::int64_t bytes, bool put_record) {
  return put_record ? whole_kib(bytes) : bytes;
}

NotedBucket bucket_of(ShardLimit limit, std::int64_t record_bytes_max) {
  const std::int64_t a_second = allowed_a_second(limit);
  switch (limit) {
    case ShardLimit::bytes_written:
      // KDS-LIM-02: with large records a shard may take one while it is not in debt.
      return {std::max(mib, record_bytes_max), a_second, record_bytes_max > mib};
    // KDS-LIM-06: a read may return 10 MiB, and the next ones fail until that is paid.
    case ShardLimit::bytes_read: return {a_second, a_second, true};
    case ShardLimit::records_written:
    case ShardLimit::reads: break;
  }
  return {a_second, a_second, false};
}

}  // namespace

void Flow::begin_tenth(Instant at) {
  const std::int64_t tenth = at.us / tenth_us;
  const std::int64_t last = tenth_ends_.us / tenth_us - 1;
  if (tenth - last >= slots) {  // all of it is more than a second ago
    tenths_ = {};
    sum_ = {};
  } else {
    for (std::int64_t t = last + 1; t <= tenth; ++t) {
      Amount& old = tenths_[static_cast<std::size_t>(t % slots)];
      sum_.number -= old.number;
      sum_.bytes -= old.bytes;
      old = {};
    }
  }
  slot_ = static_cast<std::uint32_t>(tenth % slots);
  tenth_ends_ = Instant{(tenth + 1) * tenth_us};
}

void Traffic::add_shards(ShardId last, const World& world) {
  while (shards_.size() <= last.value) {
    const ShardId next{static_cast<std::uint32_t>(shards_.size())};
    const StreamSettings& settings = world.plan->stream(world.shard(next).stream).settings;
    const std::int64_t largest = std::int64_t{settings.max_record_kib} * 1024;
    const auto bucket = [&](ShardLimit limit) { return bucket_of(limit, largest); };
    shards_.push_back({Flow(bucket(ShardLimit::records_written), bucket(ShardLimit::bytes_written)),
                       Flow(bucket(ShardLimit::reads), bucket(ShardLimit::bytes_read))});
  }
}

void Traffic::on(const Put& put, const World& world) {
  const ProducerPlan& producer = world.plan->producer(put.producer);
  const bool put_record = put.numbers.count() == 1;
  for (auto each = put.stored.begin(); each != put.stored.end();) {
    // Neighbours of a call that go to the same shard are counted together.
    const ShardId shard = each->shard;
    std::int64_t records = 0;
    std::int64_t bytes = 0;
    for (; each != put.stored.end() && each->shard == shard; ++each) {
      const std::int64_t size = bytes_of(*world.plan, producer, put.number_of(*each), each->key);
      records += 1;
      bytes += counted_bytes(size, put_record);
    }
    of(shard, world).written.add(world.now, {records, bytes});
  }
}

void Traffic::on_run(const PutRun& run, const World& world) {
  const ProducerPlan& producer = world.plan->producer(run.producer);
  for (const PutRun::Call& call : run.calls) {
    const std::int64_t size = bytes_of(*world.plan, producer, call.number, call.stored.key);
    of(call.stored.shard, world).written.add(call.at, {1, counted_bytes(size, true)});
  }
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
  const Position end =
      std::min(world.shard(read.shard).log.end(), held + std::uint64_t{read_records_max});
  std::int64_t bytes = 0;
  const Plan& plan = *world.plan;
  world.shard(read.shard).log.each({held, end}, [&](const StoredRecord& stored) {
    if (bytes >= read_bytes_max) return false;
    const RecordId record = stored.record;
    bytes += bytes_of(plan, plan.producer(record.producer()), record.number(), stored.key);
    held += 1;
    return true;
  });
  of(read.shard, world).read.add(world.now, {1, bytes});
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
    const Flow& in = shard.written;
    const Flow& out = shard.read;
    note(in.number_bucket().overdrawn(), ShardLimit::records_written, in.most().number);
    note(in.byte_bucket().overdrawn(), ShardLimit::bytes_written, in.most().bytes);
    const bool many = shard.most_pollers > allowed_a_second(ShardLimit::reads);
    note(many || out.number_bucket().overdrawn(), ShardLimit::reads,
         std::max(out.most().number, shard.most_pollers));
    note(out.byte_bucket().overdrawn(), ShardLimit::bytes_read, out.most().bytes);
  }
  return over;
}

}  // namespace trimhorizon
