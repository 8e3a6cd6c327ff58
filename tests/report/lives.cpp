#include "tests/report/lives.hpp"

#include "tests/report/samples.hpp"

namespace trimhorizon::samples {
namespace {

LifeEntry attempt(std::uint64_t number, std::int64_t from_ms, std::int64_t to_ms, CallOutcome end) {
  LifeEntry entry;
  entry.at = at_ms(from_ms);
  entry.ended = at_ms(to_ms);
  entry.invocation = number;
  entry.attempt = 1;
  entry.batch_size = 1;
  entry.end = end;
  return entry;
}

LifeEntry event(LifeKind kind, std::int64_t ms) {
  LifeEntry entry;
  entry.kind = kind;
  entry.at = at_ms(ms);
  return entry;
}

RecordLife life_in_shop(const char* id) {
  RecordLife life;
  life.id = id;
  life.producer = "shop", life.key = "k5", life.stream = "orders";
  life.copies = {{"shardId-000000000000", "49671246667567228643283430150187087032206582658",
                  Instant{0}, Instant{0}, true}};
  LifeInMapping mapping;
  mapping.mapping = "billing-orders", mapping.function = "billing", mapping.stream = "orders";
  mapping.retention = hours(24);
  life.mappings = {mapping};
  return life;
}

}  // namespace

RecordLife given_up() {
  RecordLife life = life_in_shop("r5");
  LifeInMapping& mapping = life.mappings[0];
  mapping.fates = {Fate::discarded};
  mapping.deliveries = 5;
  mapping.maximum_retry_attempts = 3;
  mapping.report_batch_item_failures = mapping.has_destination = true;
  LifeEntry first = attempt(2, 100, 200, CallOutcome::partial);
  first.batch_size = 3, first.place = 2, first.failed_here = true;
  LifeEntry progress = event(LifeKind::progress, 200);
  progress.new_batch_size = 1;
  mapping.entries = {first, progress};
  const std::int64_t starts[] = {200, 800, 1900, 4000};
  for (std::uint32_t i = 0; i < 4; ++i) {
    LifeEntry entry = attempt(3 + i, starts[i], starts[i] + 100, CallOutcome::partial);
    entry.attempt = i + 1, entry.failed_here = true;
    entry.reason = DeliveryReason::retry_after_partial_response;
    mapping.entries.push_back(entry);
  }
  LifeEntry discarded = event(LifeKind::discarded, 4100);
  discarded.destination = "dlq", discarded.why = LossCause::retries;
  discarded.approximate_invoke_count = 4;
  mapping.entries.push_back(discarded);
  mapping.entries.push_back(event(LifeKind::checkpoint, 4100));
  return life;
}

RecordLife until_retention() {
  RecordLife life = life_in_shop("shop-7206");
  LifeInMapping& mapping = life.mappings[0];
  mapping.fates = {Fate::expired};
  mapping.retention = hours(24);
  mapping.max_iterator_age = hours(23);
  mapping.lost_cause = LossCause::retention;
  for (std::uint32_t i = 0; i < 5743; ++i) {
    LifeEntry entry = attempt(100 + i, 10'000 + std::int64_t{i} * 15'100,
                              10'100 + std::int64_t{i} * 15'100, CallOutcome::error);
    entry.batch_size = 10, entry.place = 3, entry.attempt = i + 1, entry.failed_here = true;
    if (i > 0) entry.reason = DeliveryReason::retry_after_error;
    mapping.entries.push_back(entry);
  }
  mapping.deliveries = 5743;
  mapping.entries.push_back(event(LifeKind::expired, 86'400'000));
  return life;
}

RecordLife done_twice() {
  RecordLife life = life_in_shop("r2");
  life.copies[0].acknowledged = false;
  life.copies.push_back({"shardId-000000000000", "49671246667567228643283430150187087032206582661",
                         at_ms(100), at_ms(100), true});
  LifeInMapping& mapping = life.mappings[0];
  mapping.fates = {Fate::processed, Fate::processed};
  mapping.deliveries = 3, mapping.effects = 3, mapping.duplicates = 2;
  mapping.bisect = true;
  LifeEntry first = attempt(1, 200, 300, CallOutcome::error);
  first.batch_size = 10, first.place = 2, first.effect = true;
  LifeEntry split = event(LifeKind::split, 300);
  split.batch_size = 10, split.new_batch_size = 5;
  LifeEntry again = attempt(2, 300, 400, CallOutcome::success);
  again.batch_size = 5, again.place = 2, again.effect = true, again.reason = DeliveryReason::bisect;
  LifeEntry copy = attempt(3, 400, 500, CallOutcome::success);
  copy.batch_size = 5, copy.effect = true, copy.copy = 1;
  copy.reason = DeliveryReason::producer_retry;
  LifeEntry other_settled = event(LifeKind::checkpoint, 500);
  other_settled.copy = 1;
  mapping.entries = {first, split, again, event(LifeKind::checkpoint, 400), copy, other_settled};
  return life;
}

}  // namespace trimhorizon::samples
