#include "sim/producer/put_call.hpp"

namespace trimhorizon {

Probability loss_of_answers(const ProducerState& producer, Instant now) {
  Probability weight;
  for (const LostAnswers& each : producer.losing) {
    const bool likelier = each.weight.parts_per_billion > weight.parts_per_billion;
    if (now < each.until && likelier) weight = each.weight;
  }
  return weight;
}

bool puts_again(const ProducerRetry& retry, const PendingPut& call) {
  return retry.mode == RetryMode::retries && call.retries_left > 0;
}

std::uint32_t pending_slot(ProducerState& producer) {
  for (std::uint32_t i = 0; i < producer.pending.size(); ++i) {
    if (!producer.pending[i].used) return i;
  }
  producer.pending.emplace_back();
  return static_cast<std::uint32_t>(producer.pending.size() - 1);
}

}  // namespace trimhorizon
