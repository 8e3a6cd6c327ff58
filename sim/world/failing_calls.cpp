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

namespace {

bool is_of_the_call(CallFailure failure) {
  return failure == CallFailure::unavailable || failure == CallFailure::throttling;
}

}  // namespace

FailuresOfPut::FailuresOfPut(const Moment& moment, StreamId stream)
    : moment_(moment), stream_(stream), may_fail_(puts_may_fail(moment.world, stream)) {
  if (may_fail_) first_ = failure_of_put(moment, stream);
  whole_ = is_of_the_call(first_);
}

CallFailure FailuresOfPut::next() {
  const bool is_first = !begun_;
  begun_ = true;
  if (!may_fail_ || whole_ || is_first) return first_;
  const CallFailure failure = failure_of_put(moment_, stream_);
  return is_of_the_call(failure) ? CallFailure::none : failure;  // the call was answered
}

bool puts_may_fail(const World& world, StreamId stream) {
  const StreamFailures* failures = failures_now(world, stream);
  return failures != nullptr && failures->put != FailureRates{};
}

}  // namespace trimhorizon
