#include "sim/run/trace_facts.hpp"

#include <algorithm>

#include "sim/base/check.hpp"

namespace trimhorizon {
namespace {

// The call's records are the last of the shard's log, in order of their numbers. In a call that
// repeats others an equal number belongs to the try before, in a first try it is a copy.
void add_places(const TraceEvent& put, const World& world, ShardId shard,
                std::vector<StoredPlace>& places) {
  const RecordLog& log = world.shards[shard.value].log;
  std::uint64_t below = put.span.end;  // numbers found so far are at or above it
  for (Position p = log.end(); p-- > log.first() && log.arrival(p) == put.at;) {
    const RecordId record = log.record(p);
    if (record.producer().value != put.who || !put.span.contains(record.number())) return;
    if (record.number() > below || (put.flag && record.number() == below)) return;
    below = record.number();
    places.push_back({below, shard, p});
  }
}

}  // namespace

std::vector<StoredPlace> places_of_put(const TraceEvent& put, const World& world) {
  std::vector<StoredPlace> places;
  places.reserve(put.span.count());
  const StreamId stream = world.plan->producer({put.who}).stream;
  for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
    if (world.shards[s].stream == stream) add_places(put, world, {s}, places);
  }
  std::sort(places.begin(), places.end());
  return places;
}

const Invocation& ended_invocation(const TraceEvent& result, const World& world) {
  const auto it = std::find_if(world.invocations.begin(), world.invocations.end(),
                               [&](const Invocation& each) { return each.number == result.value; });
  TH_CHECK(it != world.invocations.end());
  return *it;
}

bool has_effect(const Outcome& outcome, std::uint64_t offset) {
  return offset < outcome.effects_until &&
         !std::binary_search(outcome.without_effect.begin(), outcome.without_effect.end(), offset);
}

std::string_view outcome_name(const TraceEvent& result) {
  switch (result.ruling) {
    case Ruling::success: return "success";
    case Ruling::partial: return "partial";
    case Ruling::malformed: return "malformed";
    case Ruling::function_error: break;
  }
  switch (static_cast<InvocationEnd>(result.detail)) {
    case InvocationEnd::timeout: return "timeout";
    case InvocationEnd::crash: return "crash";
    case InvocationEnd::error:
    case InvocationEnd::returned: break;
  }
  return "error";
}

}  // namespace trimhorizon
