#include "sim/world/failing_calls.hpp"

#include <algorithm>

namespace trimhorizon {
namespace {

// When entries overlap, the one that began last counts.
const StreamFailures* failures_now(const World& world, StreamId stream) {
  const std::vector<FailingCalls>& failing = world.surroundings[stream.value].failing;
  const auto found = std::find_if(failing.rbegin(), failing.rend(),
                                  [&](const FailingCalls& each) { return world.now < each.until; });
  return found == failing.rend() ? nullptr : &*world.plan->timeline[found->entry].failures;
}

CallFailure drawn(const Moment& moment, StreamId stream, Site site, const FailureRates& rates) {
  if (!moment.asks(site)) return CallFailure::none;
  constexpr std::array kinds = {CallFailure::internal_failure, CallFailure::unavailable,
                                CallFailure::throttling, CallFailure::throughput_exceeded,
                                CallFailure::expired_iterator};
  const std::array weights = {rates.internal_failure, rates.unavailable, rates.throttling,
                              rates.throughput_exceeded, rates.expired_iterator};
  // Each kind is asked with its share of what the kinds before it leave.
  std::int64_t left = 1'000'000'000;
  std::uint64_t& draws = moment.world.surroundings[stream.value].failure_draws;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const std::int64_t weight = weights[i].parts_per_billion;
    if (weight == 0) continue;
    const auto share = static_cast<std::uint32_t>(weight * 1'000'000'000 / left);
    const bool certain = weight >= left;
    if (certain || moment.pick(site, stream.value, draws++, 2, Probability{share}) != 0) {
      return kinds[i];
    }
    left -= weight;
  }
  return CallFailure::none;
}

}  // namespace

CallFailure failure_of_put(const Moment& moment, StreamId stream) {
  const StreamFailures* failures = failures_now(moment.world, stream);
  if (failures == nullptr) return CallFailure::none;
  return drawn(moment, stream, Site::put_failure, failures->put);
}

CallFailure failure_of_get(const Moment& moment, StreamId stream) {
  const StreamFailures* failures = failures_now(moment.world, stream);
  if (failures == nullptr) return CallFailure::none;
  return drawn(moment, stream, Site::get_failure, failures->get);
}

// KDS-PRD-11, KDS-PRD-20.
PutEnd put_end_of(CallFailure failure) {
  switch (failure) {
    case CallFailure::none: return PutEnd::stored;
    case CallFailure::throttling: return PutEnd::calls_throttled;
    case CallFailure::unavailable: return PutEnd::unavailable;
    case CallFailure::throughput_exceeded: return PutEnd::throttled;
    default: return PutEnd::failed;
  }
}

ApiError error_of(CallFailure failure) {
  if (failure == CallFailure::expired_iterator) return ApiError::ExpiredIteratorException;
  return error_of(put_end_of(failure));
}

FailuresOfPut::FailuresOfPut(const Moment& moment, StreamId stream)
    : moment_(moment), stream_(stream), may_fail_(puts_may_fail(moment.world, stream)) {
  if (may_fail_) first_ = put_end_of(failure_of_put(moment, stream));
  whole_ = ends_the_call(first_);
}

PutEnd FailuresOfPut::next() {
  const bool is_first = !begun_;
  begun_ = true;
  if (!may_fail_ || whole_ || is_first) return first_;
  const PutEnd end = put_end_of(failure_of_put(moment_, stream_));
  return ends_the_call(end) ? PutEnd::stored : end;  // the call was answered
}

bool puts_may_fail(const World& world, StreamId stream) {
  const StreamFailures* failures = failures_now(world, stream);
  return failures != nullptr && failures->put != FailureRates{};
}

}  // namespace trimhorizon
