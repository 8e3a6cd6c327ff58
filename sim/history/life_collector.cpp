#include "sim/history/life_collector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/overloaded.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/world/event_records.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

bool among(std::span<const Span> runs, Position p) {
  return std::any_of(runs.begin(), runs.end(), [p](const Span& run) { return run.contains(p); });
}

// The facts that a message would tell, whether or not a message is written.
void tell_giving_up(LifeEntry& entry, const GivingUp& what, const World& world) {
  entry.why = what.why;
  entry.approximate_invoke_count = shown_count(world.plan->assumptions, what);
}

bool holds(const Reader& reader, Position p) {
  for (const Lane& lane : reader.lanes) {
    for (const Range& range : lane.ranges) {
      if (range.batch.span.contains(p)) return true;
    }
  }
  return false;
}

}  // namespace

AmbiguousPlace::AmbiguousPlace(std::vector<std::string> candidates)
    : std::runtime_error(
          fmt::format("several streams have a record there: `{}`", fmt::join(candidates, "`, `"))),
      candidates_(std::move(candidates)) {}

std::optional<RecordId> record_stored_as(const World& world, std::string_view place) {
  const std::size_t colon = place.rfind(':');
  if (colon == place.npos) return std::nullopt;
  const std::string_view before = place.substr(0, colon);
  const std::size_t slash = before.rfind('/');
  const std::string_view stream = before.substr(0, slash == before.npos ? 0 : slash);
  const auto shard_number = parse_shard_id(before.substr(slash == before.npos ? 0 : slash + 1));
  const auto fields = parse_sequence_number(place.substr(colon + 1));
  if (!shard_number || !fields) return std::nullopt;
  const std::optional<std::uint64_t> stored_before = position_of_index(fields->index);
  if (!stored_before) return std::nullopt;
  std::optional<RecordId> found;
  std::vector<std::string> candidates;
  for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
    const Shard& shard = world.shards[s];
    const std::string& name = world.plan->stream(shard.stream).name;
    if (!stream.empty() && stream != name) continue;
    const Position position = shard.packs.position_of(*stored_before);
    if (shard.number != *shard_number || position >= shard.log.end()) continue;
    if (sequence_number_of(world, {s}, position) != place.substr(colon + 1)) continue;
    found = shard.log.record(position);
    candidates.push_back(name + "/" + std::string(place));
  }
  if (candidates.size() > 1) throw AmbiguousPlace(std::move(candidates));
  return found;
}

LifeCollector::LifeCollector(const Plan& plan, RecordId record)
    : record_(record), entries_(plan.consumers()) {}

void LifeCollector::on(const Happened& event, const World& world) {
  event_ = &event;
  world_ = &world;
  // A wait ends before the obstacle that this event makes.
  std::visit(
      overloaded{
          [&](const Delivered& e) { end_waits(e.reader, e.batch.shard, e.batch.span); },
          [&](const GaveUp& e) { end_waits(e.reader, e.what.batch.shard, e.what.batch.span); },
          [&](const Settled& e) {
            end_waits(e.reader, e.shard, e.records, e.fate != Fate::unread);
          },
          [](const auto&) {},
      },
      event.what);
  waits_.on(event, world);
  std::visit(overloaded{
                 [&](const Put& e) { on_put(e); },
                 [&](const PutAnswered& e) { on_put_answered(e); },
                 [&](const PutGivenUp& e) { on_put_given_up(e); },
                 [&](const Delivered& e) { on_delivered(e); },
                 [&](const Ended& e) { on_ended(e); },
                 [&](const Throttled& e) { on_throttled(e); },
                 [&](const SplitInTwo& e) { on_split(e); },
                 [&](const GaveUp& e) { on_gave_up(e); },
                 [&](const MessageSent& e) { on_message(e); },
                 [&](const Settled& e) { on_settled(e); },
                 [&](const ReaderRestarted& e) { on_restarted(e); },
                 [&](const PollingWaits& e) { on_waits(e); },
                 [&](const MappingSwitched& e) { on_switched(e); },
                 [&](const TooLarge& e) { on_too_large(e); },
                 [&](const TimelineActed& e) { on_timeline(e.index); },
                 [&](const Positioned& e) { on_positioned(e); },
                 [&](const ApiAnswered& e) { on_api_answered(e); },
                 Ignore<ReaderOpened, Read, Fetched, SubscriptionOpened, ReadRefused, WillRetry,
                        CheckpointKept, ShardFinished, ShardsCut, FaultStruck, BareReadAnswered>{},
             },
             event.what);
}

template <class F>
void LifeCollector::for_copies_in(ShardId shard, Span records, F f) const {
  for (std::uint32_t c = 0; c < copies_.size(); ++c) {
    if (copies_[c].shard == shard && records.contains(copies_[c].position)) f(c);
  }
}

template <class F>
void LifeCollector::for_copies_of(const Batch& batch, F f) const {
  each_run(*world_, batch, [&](Span run) { for_copies_in(batch.shard, run, f); });
}

LifeEntry LifeCollector::entry(LifeKind kind, std::uint32_t copy) const {
  LifeEntry entry;
  entry.at = event_->at;
  entry.kind = kind;
  entry.copy = copy;
  return entry;
}

std::vector<LifeEntry>& LifeCollector::entries_of(ReaderId reader) {
  return entries_[world_->reader(reader).consumer.value];
}

void LifeCollector::on_delivered(const Delivered& delivered) {
  for_copies_of(delivered.batch, [&](std::uint32_t c) {
    LifeEntry attempt = entry(LifeKind::attempt, c);
    attempt.invocation = delivered.call.value;
    attempt.attempt = delivered.attempt;
    attempt.batch_size = delivered.batch.count;
    const Packs& packs = world_->shard(delivered.batch.shard).packs;
    const Position p = copies_[c].position;
    attempt.place =
        packs.empty()
            ? p - delivered.batch.first()
            : event_records(*world_, world_->reader(delivered.reader).consumer,
                            delivered.batch.shard, {delivered.batch.first(), packs.first_of(p)}) +
                  (delivered.batch.unpacked ? p - packs.first_of(p) : 0);
    attempt.reason = delivered.reason;
    entries_of(delivered.reader).push_back(attempt);
  });
}

void LifeCollector::on_ended(const Ended& ended) {
  std::vector<LifeEntry>& entries = entries_of(ended.reader);
  const auto had_effect = [&] {
    return std::any_of(entries.begin(), entries.end(),
                       [](const LifeEntry& each) { return each.effect; });
  };
  for (LifeEntry& attempt : entries) {
    if (attempt.kind != LifeKind::attempt || attempt.invocation != ended.call.value) continue;
    const Position position = copies_[attempt.copy].position;
    last_result_ = event_->number;
    attempt.ended = event_->at;
    attempt.end = outcome_of(ended.ruling, ended.end);
    const bool effect = among(ended.worked, position);
    // Like the ledger: the first delivery of a copy causes a surplus effect only because another
    // copy exists.
    if (effect && attempt.reason == DeliveryReason::first && had_effect()) {
      attempt.reason = DeliveryReason::producer_retry;
    }
    attempt.effect = effect;
    attempt.failed_here = !effect && std::find(ended.failed.begin(), ended.failed.end(),
                                               position) != ended.failed.end();
    attempt.outage = ended.outage;
    if (!ended.failed.empty()) {
      attempt.failed_record = record_name(*world_, ended.batch.shard, ended.failed.front());
    }
  }
  if (!ended.stale) return;
  for_copies_of(ended.batch, [&](std::uint32_t c) {
    LifeEntry stale = entry(LifeKind::stale, c);
    stale.reason = ended.replaced_by;
    stale.effect = among(ended.worked, copies_[c].position);
    entries.push_back(stale);
  });
}

// Refusals without a call between them are one entry.
void LifeCollector::on_throttled(const Throttled& throttled) {
  std::vector<LifeEntry>& entries = entries_of(throttled.reader);
  for_copies_of(throttled.batch, [&](std::uint32_t c) {
    const auto last = std::find_if(entries.rbegin(), entries.rend(),
                                   [&](const LifeEntry& each) { return each.copy == c; });
    if (last != entries.rend() && last->kind == LifeKind::throttled) {
      last->repeats += 1;
    } else {
      entries.push_back(entry(LifeKind::throttled, c));
    }
  });
}

// Attempts without a call between them are one entry.
void LifeCollector::on_too_large(const TooLarge& tried) {
  std::vector<LifeEntry>& entries = entries_of(tried.reader);
  for_copies_of(tried.batch, [&](std::uint32_t c) {
    if (!entries.empty() && entries.back().copy == c &&
        entries.back().kind == LifeKind::too_large) {
      entries.back().repeats += 1;
    } else {
      entries.push_back(entry(LifeKind::too_large, c));
    }
  });
}

void LifeCollector::on_split(const SplitInTwo& split) {
  for (const Batch& part : {split.first, split.second}) {
    for_copies_in(part.shard, part.span, [&](std::uint32_t c) {
      LifeEntry now = entry(LifeKind::split, c);
      now.batch_size = split.first.count + split.second.count;
      now.new_batch_size = part.count;
      entries_of(split.reader).push_back(now);
      waits_.reopen(c, split.reader, event_->at);
    });
  }
}

void LifeCollector::on_gave_up(const GaveUp& gave_up) {
  if (gave_up.to.valid()) return;  // the answer of the destination comes next
  for_copies_of(gave_up.what.batch, [&](std::uint32_t c) {
    LifeEntry dropped = entry(LifeKind::dropped, c);
    tell_giving_up(dropped, gave_up.what, *world_);
    entries_of(gave_up.reader).push_back(dropped);
  });
}

void LifeCollector::on_message(const MessageSent& sent) {
  for_copies_of(sent.what.batch, [&](std::uint32_t c) {
    LifeEntry told = entry(sent.taken ? LifeKind::discarded : LifeKind::destination_failed, c);
    told.destination = world_->plan->destinations[sent.to.value].name;
    tell_giving_up(told, sent.what, *world_);
    entries_of(sent.reader).push_back(told);
  });
}

std::optional<LifeKind> LifeCollector::kind_of(Fate fate) {
  switch (fate) {
    case Fate::processed: return LifeKind::checkpoint;
    case Fate::filtered: return LifeKind::filtered;
    case Fate::expired: return LifeKind::expired;
    case Fate::unread: return LifeKind::unread;
    case Fate::discarded:
    case Fate::dropped:
    case Fate::pending: break;
  }
  return std::nullopt;  // an earlier entry says how it was given up
}

void LifeCollector::on_settled(const Settled& settled) {
  std::vector<LifeEntry>& entries = entries_of(settled.reader);
  if (const std::optional<LifeKind> kind = kind_of(settled.fate)) {
    for_copies_in(settled.shard, settled.records, [&](std::uint32_t c) {
      entries.push_back(settled_as(*kind, c, settled.reader));
    });
  }
  // KDS-PRD-21: a mapping drops an aggregate without giving it up.
  if (settled.fate == Fate::dropped && settled.cause == LossCause::deaggregation) {
    for_copies_in(settled.shard, settled.records, [&](std::uint32_t c) {
      entries.push_back(entry(LifeKind::dropped, c));
      entries.back().why = settled.cause;
    });
  }
  // A partial response settled the records before this one: the rest is a new batch.
  if (event_->cause != last_result_) return;
  const Reader& reader = world_->reader(settled.reader);
  for (std::size_t i = 0, known = entries.size(); i < known; ++i) {
    const LifeEntry attempt = entries[i];
    if (attempt.kind != LifeKind::attempt || attempt.ended != event_->at ||
        attempt.end != CallOutcome::partial || attempt.invocation != reader.last_call.value) {
      continue;
    }
    const Position position = copies_[attempt.copy].position;
    if (position < settled.records.end) continue;
    LifeEntry progress = entry(LifeKind::progress, attempt.copy);
    progress.batch_size = attempt.batch_size;
    const Packs& packs = world_->shard(settled.shard).packs;
    const std::uint64_t behind_cut =
        unpacks(*world_, reader.consumer)
            ? position - settled.records.end
            : packs.index_of(position) - packs.index_of(settled.records.end);
    progress.new_batch_size = attempt.batch_size - attempt.place + behind_cut;
    entries.push_back(progress);
  }
}

// Of a record that LATEST passed over, the entry says why LATEST was resolved again.
LifeEntry LifeCollector::settled_as(LifeKind kind, std::uint32_t copy, ReaderId reader) const {
  LifeEntry settled = entry(kind, copy);
  if (kind == LifeKind::expired) {
    settled.waited = world_->streams[world_->shard(copies_[copy].shard).stream.value].retention;
  }
  if (kind != LifeKind::unread || reader.value >= starts_.size()) return settled;
  const Start& start = starts_[reader.value];
  settled.resolved_again = start.again;
  settled.restarts = start.restarts;
  return settled;
}

LifeCollector::Start& LifeCollector::start_of(ReaderId reader) {
  if (starts_.size() <= reader.value) starts_.resize(reader.value + 1);
  return starts_[reader.value];
}

void LifeCollector::on_positioned(const Positioned& positioned) {
  Start& start = start_of(positioned.reader);
  start.again = start.known;
  start.known = true;
  start.restarts = std::exchange(start.since_then, {});
  // A start that was planned for later anyway is not the reason that it begins so late.
  if (!start.again) {
    std::erase_if(start.restarts, [](const Restart& each) { return !each.delays; });
  }
}

void LifeCollector::on_waits(const PollingWaits& waits) {
  Start& start = start_of(waits.reader);
  // An update disables first and then plans the start: the last plan counts.
  if (!start.since_then.empty()) start.since_then.back().delays = waits.until > start.planned;
  if (waits.until == Instant{INT64_MAX}) return;
  start.planned = std::max(start.planned, waits.until);
}

// The reader loses what it holds. This event comes before the reader starts again.
void LifeCollector::on_restarted(const ReaderRestarted& restarted) {
  Start& start = start_of(restarted.reader);
  const Instant since = start.disabled.value_or(event_->at);
  start.since_then.push_back({restarted.reason, since});
  start.disabled.reset();
  const Reader& stopped = world_->reader(restarted.reader);
  for (std::uint32_t c = 0; c < copies_.size(); ++c) {
    if (copies_[c].shard == stopped.shard && copies_[c].position >= stopped.checkpoint) {
      waits_.reopen(c, restarted.reader, event_->at);
    }
  }
  const bool crashed = restarted.reason == DeliveryReason::poller_crash;
  if (!crashed && restarted.reason != DeliveryReason::checkpoint_lost) return;
  const Reader& reader = world_->reader(restarted.reader);
  for (std::uint32_t c = 0; c < copies_.size(); ++c) {
    if (copies_[c].shard != reader.shard || !holds(reader, copies_[c].position)) continue;
    entries_of(restarted.reader)
        .push_back(entry(crashed ? LifeKind::poller_crashed : LifeKind::checkpoint_lost, c));
  }
}

void LifeCollector::on_switched(const MappingSwitched& switched) {
  const ConsumerId consumer = consumer_of(switched.mapping);
  for (std::uint32_t i = 0; i < world_->readers.size(); ++i) {
    const Reader& reader = world_->readers[i];
    if (reader.consumer != consumer) continue;
    // An update of a mapping switches it off and on at one instant.
    Start& start = start_of({i});
    if (switched.polls_on) start.disabled = event_->at;
    if (switched.enabled) start.disabled.reset();
    std::vector<Restart>& restarts = start.since_then;
    const bool updated = switched.enabled && !restarts.empty() && restarts.back().at == event_->at;
    if (updated) restarts.back().updated = true;
    for (std::uint32_t c = 0; c < copies_.size(); ++c) {
      if (copies_[c].shard != reader.shard || copies_[c].position < reader.checkpoint) continue;
      std::vector<LifeEntry>& entries = entries_[consumer.value];
      LifeEntry switched_now = entry(switched.enabled ? LifeKind::enabled : LifeKind::disabled, c);
      switched_now.polls_on = switched.polls_on;
      const auto off = std::find_if(entries.begin(), entries.end(), [&](const LifeEntry& each) {
        return each.kind == LifeKind::disabled && each.at == event_->at && each.copy == c;
      });
      // It was never off: the entry of the timeline tells the update.
      if (switched.enabled && off != entries.end()) {
        entries.erase(off);
      } else {
        entries.push_back(switched_now);
      }
    }
  }
}

// What it waited for so far, when nobody hands it over or settles it any more.
void LifeCollector::end_waits(ReaderId reader, ShardId shard, Span records, bool tells) {
  for_copies_in(shard, records, [&](std::uint32_t c) {
    std::vector<LifeEntry>& entries = entries_of(reader);
    for (LifeEntry& part : waits_.take(c, reader, world_->now)) {
      if (tells) entries.push_back(std::move(part));
    }
  });
}

LifeInMapping LifeCollector::in_consumer(ConsumerId id, const History& history,
                                         const World& world) const {
  const MappingPlan& mapping = world.plan->mapping(id);
  const StreamPlan& stream = world.plan->stream(mapping.stream);
  LifeInMapping life;
  life.mapping = mapping.name;
  life.function = world.plan->function(mapping.function).name;
  life.stream = stream.name;
  life.entries = entries_[id.value];
  WaitBook waits = waits_;  // the record may go on waiting
  for (std::uint32_t i = 0; i < world.readers.size(); ++i) {
    if (world.readers[i].consumer != id) continue;
    for (std::uint32_t c = 0; c < copies_.size(); ++c) {
      if (copies_[c].shard != world.readers[i].shard) continue;
      for (LifeEntry& part : waits.take(c, {i}, world.now)) life.entries.push_back(std::move(part));
    }
  }
  std::stable_sort(life.entries.begin(), life.entries.end(),
                   [](const LifeEntry& a, const LifeEntry& b) { return a.at < b.at; });
  bool saved = copies_.empty();
  for (const Copy& copy : copies_) {
    const Account* account = history.ledger.find(id, copy.shard);
    const RecordHistory known = account != nullptr ? account->at(copy.position) : RecordHistory{};
    life.fates.push_back(known.fate);
    life.deliveries += known.deliveries;
    life.effects += known.effects;
    saved = saved || known.effects > 0 || known.fate == Fate::pending ||
            known.fate == Fate::discarded || known.fate == Fate::filtered;
    if (life.lost_cause == LossCause::none) life.lost_cause = known.cause;
  }
  if (saved) life.lost_cause = LossCause::none;
  life.duplicates = life.effects > 1 ? life.effects - 1 : 0;
  life.batch_size = mapping.settings.batch_size;
  life.maximum_retry_attempts = mapping.settings.maximum_retry_attempts;
  life.maximum_record_age_s = mapping.settings.maximum_record_age_s;
  life.bisect = mapping.settings.bisect_batch_on_function_error;
  life.report_batch_item_failures = mapping.settings.report_batch_item_failures;
  life.has_destination = mapping.on_failure.valid();
  life.retention = stream.settings.retention();
  const Histogram& ages = history.metrics.of(id).iterator_age_us;
  if (ages.count() > 0) life.max_iterator_age = microseconds(ages.max());
  return life;
}

std::optional<RecordLife> LifeCollector::life(const History& history, const World& world,
                                              RunEnd end) const {
  const ProducerPlan& producer = world.plan->producer(record_.producer());
  const bool planned = record_.number() < producer.records.size();
  if (put_tries_ == 0 && !planned && !given_up_) return std::nullopt;
  RecordLife life;
  life.id = producer.record_id(record_.number());
  life.producer = producer.name;
  life.stream = world.plan->stream(producer.stream).name;
  life.put_tries = put_tries_;
  for (const Copy& copy : copies_) life.copies.push_back(told_copy(copy, world));
  life.refusals = refusals_;
  life.believed_stored = given_up_ && producer.settings.retry.mode == RetryMode::ignore;
  life.never_accepted = given_up_ && !life.believed_stored;
  const KeyId key = key_of_record_in(*world.plan, record_.producer(), record_.number());
  life.key = world.plan->keys[key.value].name;
  for (std::uint32_t m = 0; m < world.plan->consumers(); ++m) {
    if (world.plan->stream_of({m}) != producer.stream) continue;
    life.mappings.push_back(in_consumer({m}, history, world));
    if (life.believed_stored) {
      life.mappings.back().lost_cause = LossCause::producer_ignored_failure;
    }
  }
  life.ended = world.now;
  life.run_ended = name(end);
  life.seed = world.plan->seed;
  return life;
}

}  // namespace trimhorizon
