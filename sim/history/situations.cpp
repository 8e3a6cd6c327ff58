#include "sim/history/situations.hpp"

#include "sim/world/world.hpp"

namespace trimhorizon {

void Situations::on(const Put& put, const World&) {
  mark(put.tries > 1, Situation::producer_retry);
  if (!put.has_copies) return;
  mark(true, Situation::ack_lost);
  for (const PutEntry& each : put.entries) {
    mark(each.copy == PutEntry::Copy::of_last, Situation::producer_retry);
  }
}

void Situations::on(const PutAnswered& answered, const World&) {
  mark(!answered.acknowledged, Situation::ack_lost);
}

void Situations::on(const Delivered& delivered, const World& world) {
  mark(delivered.retry, Situation::retry);
  if (!delivered.cold) return;
  const Duration start = world.function_of(world.reader(delivered.reader)).cold_start;
  mark(start > Duration{0}, Situation::cold_start);
}

// The explorer leaves the number of the attempt out of a state when nothing asks for it. Then the
// retry is noted here, at the failure before it.
void Situations::on(const WillRetry& retry, const World& world) {
  mark(world.plan->exploring && retry.same_batch, Situation::retry);
}

void Situations::on(const Ended& ended, const World&) {
  mark(ended.end == InvocationEnd::timeout, Situation::timeout);
  mark(ended.swallowed, Situation::swallow);
  mark(ended.ruling == Ruling::partial, Situation::partial_response);
  mark(ended.ruling == Ruling::malformed, Situation::malformed_response);
}

void Situations::on(const GaveUp& gave_up, const World&) {
  const bool age = gave_up.what.why == LossCause::age;
  mark(true, age ? Situation::age_discard : Situation::discard);
}

void Situations::on(const MessageSent& sent, const World&) {
  mark(!sent.taken, Situation::destination_failure);
}

void Situations::on(const Settled& settled, const World&) {
  mark(settled.fate == Fate::expired, Situation::expire);
  mark(settled.fate == Fate::filtered, Situation::filtered);
  mark(settled.cause == LossCause::latest_gap, Situation::latest_gap);
}

void Situations::on(const ReaderRestarted& restarted, const World&) {
  mark(restarted.reason == DeliveryReason::poller_crash, Situation::poller_crash);
  mark(restarted.reason == DeliveryReason::checkpoint_lost, Situation::checkpoint_lost);
}

}  // namespace trimhorizon
