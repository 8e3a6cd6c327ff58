#include "sim/world/bare_read.hpp"

#include "sim/kinesis/iterator.hpp"
#include "sim/kinesis/listing.hpp"
#include "sim/world/failing_calls.hpp"
#include "sim/world/names.hpp"
#include "sim/world/reader.hpp"
#include "sim/world/reading.hpp"

namespace trimhorizon {
namespace {

using Answered = std::variant<ReadResult, ApiRefusal>;

// The shard, if ListShards shows it; else invalid.
ShardId shard_of(const World& world, const BareRead& read) {
  const StreamState& stream = world.streams[read.stream.value];
  if (read.shard_number >= stream.shards.size()) return {};
  const StreamAt at{stream, world.shards, world.plan->clock(), world.now};
  const ShardId id = stream.shards[read.shard_number];
  const bool expired = shard_state(at, read.shard_number) == ShardState::expired;
  return expired || world.shard(id).listed > world.now ? ShardId{} : id;
}

// The sequence number of the first copy of this record: in the shard that is read, or else in any
// other. nullopt: it is stored nowhere.
std::optional<std::string> number_of(const World& world, const std::string& name, ShardId first,
                                     StreamId stream) {
  const std::optional<RecordId> record = world.plan->record_named(name);
  if (!record) return std::nullopt;
  const auto in = [&](ShardId id) -> std::optional<std::string> {
    const RecordLog& log = world.shard(id).log;
    for (Position p = log.first(); p < log.end(); ++p) {
      if (log.record(p) == *record) return sequence_number_of(world, id, p);
    }
    return std::nullopt;
  };
  if (auto found = in(first)) return found;
  for (const ShardId id : world.streams[stream.value].shards) {
    if (auto found = in(id)) return found;
  }
  return std::nullopt;
}

constexpr ApiRefusal throttled{ApiError::ProvisionedThroughputExceededException,
                               ApiReason::reads_used_up};

bool is_of_trimmed_number(const std::variant<ShardIterator, ApiRefusal>& answer) {
  const auto* refusal = std::get_if<ApiRefusal>(&answer);
  return refusal != nullptr && refusal->reason == ApiReason::sequence_number_trimmed;
}

Answered iterator_and_read(const Moment& moment, std::uint32_t entry, ShardId id, bool& trimmed) {
  const BareRead& read = *moment.plan().timeline[entry].read;
  World& world = moment.world;
  Shard& shard = world.shard(id);
  const bool limited = world.plan->stream(read.stream).settings.limits && !world.plan->exploring;
  if (limited && !admit_iterator(shard.limits, world.now)) return throttled;
  IteratorRequest request{read.from, read.sequence_number, read.timestamp_ms};
  if (!read.record.empty()) {
    request.starting_sequence_number = number_of(world, read.record, id, read.stream);
    if (!request.starting_sequence_number) {
      return ApiRefusal{ApiError::InvalidArgumentException, ApiReason::record_is_not_stored};
    }
  }
  ShardAt seen{shard,
               world.plan->clock(),
               world.now,
               trim_horizon(world, shard, shard.log.first()),
               world.plan->times_of(read.stream),
               world.streams[read.stream.value].retention};
  seen.finds_nothing = world.plan->finds_nothing(read.stream, shard.number, ~entry, world.now);
  // The strict value tells whether the question of the switch is met; then the switch decides.
  auto got = get_shard_iterator(request, seen, TrimmedPosition::error);
  trimmed = is_of_trimmed_number(got);
  if (trimmed) {
    moment.met(Assumption::trimmed_position);
    got = get_shard_iterator(request, seen, trimmed_position_of(moment.plan()));
  }
  if (const auto* refusal = std::get_if<ApiRefusal>(&got)) return *refusal;
  if (const CallFailure failure = failure_of_get(moment, read.stream);
      failure != CallFailure::none) {
    return ApiRefusal{error_of(failure), ApiReason::timeline_fails_it};
  }
  const ReadRules rules = read_rules_of(moment.plan());
  if (limited && admit_read(shard.limits, rules, world.now) != ReadRefusal::none) return throttled;
  const auto bytes = [&](const StoredRecord& stored) { return stored_bytes(*world.plan, stored); };
  const Answered answer = get_records(std::get<ShardIterator>(got), seen, read.limit, bytes);
  const auto* result = std::get_if<ReadResult>(&answer);
  if (result != nullptr && limited) {
    const auto stored = static_cast<std::int64_t>(shard.packs.records_in(result->records));
    count_read(shard.limits, rules, result->bytes, world.now, stored);
  }
  return answer;
}

}  // namespace

void read_once(const Moment& moment, std::uint32_t entry) {
  const BareRead& read = *moment.plan().timeline[entry].read;
  const ShardId id = shard_of(moment.world, read);
  BareReadAnswered told{entry, read.stream, id};
  const Answered answer =
      id.valid() ? iterator_and_read(moment, entry, id, told.trimmed)
                 : ApiRefusal{ApiError::ResourceNotFoundException, ApiReason::no_such_shard};
  if (const auto* refusal = std::get_if<ApiRefusal>(&answer)) {
    told.accepted = false;
    told.refusal = *refusal;
  } else {
    const auto& result = std::get<ReadResult>(answer);
    told.records = result.records;
    told.stored_records = moment.world.shard(id).packs.records_in(result.records);
    told.bytes = result.bytes;
    told.millis_behind_latest = result.millis_behind_latest;
    told.last = !result.next;
  }
  moment.tell(told);
}

}  // namespace trimhorizon
