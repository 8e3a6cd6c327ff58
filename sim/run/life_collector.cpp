#include "sim/run/life_collector.hpp"

#include <algorithm>

#include "sim/kinesis/sequence_number.hpp"
#include "sim/run/aws_message.hpp"
#include "sim/run/trace_facts.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

AttemptEnd attempt_end(const TraceEvent& result) {
  switch (result.ruling) {
    case Ruling::success: return AttemptEnd::success;
    case Ruling::partial: return AttemptEnd::partial;
    case Ruling::malformed: return AttemptEnd::malformed;
    case Ruling::function_error: break;
  }
  switch (static_cast<InvocationEnd>(result.detail)) {
    case InvocationEnd::timeout: return AttemptEnd::timeout;
    case InvocationEnd::crash: return AttemptEnd::crash;
    case InvocationEnd::error:
    case InvocationEnd::returned: break;
  }
  return AttemptEnd::error;
}

// Does an entry of `fail:` name this record, this key? Then the failure at its place is its own.
bool named_by_a_rule(const World& world, FunctionId function, ShardId shard, Position p,
                     Instant started, std::uint32_t attempt) {
  const RecordLog& log = world.shards[shard.value].log;
  const auto names = [&](const FailRulePlan& entry) {
    const FailRule& rule = entry.rule;
    if (!rule.asks_each_record()) return false;
    if ((rule.from && started < *rule.from) || (rule.until && started >= *rule.until)) return false;
    if (!rule.attempts.empty() &&
        std::find(rule.attempts.begin(), rule.attempts.end(), attempt) == rule.attempts.end()) {
      return false;
    }
    return (rule.records.empty() ||
            std::binary_search(entry.records.begin(), entry.records.end(), log.record(p))) &&
           (rule.keys.empty() ||
            std::binary_search(entry.keys.begin(), entry.keys.end(), log.key(p)));
  };
  const std::vector<FailRulePlan>& entries = world.plan->function(function).fail;
  return std::any_of(entries.begin(), entries.end(), names);
}

bool in_outage(const Plan& plan, FunctionId function, Instant t) {
  return std::any_of(plan.timeline.begin(), plan.timeline.end(), [&](const TimelineAction& each) {
    return each.kind == ActionKind::outage && each.function == function && each.covers(t);
  });
}

// Did the record at this place make the invocation fail? An exception does not say: it was the
// first record without effect, if the scenario says that this one fails.
bool failed_by_itself(const World& world, const Invocation& done, std::uint64_t place) {
  const Outcome& outcome = done.outcome;
  if (std::binary_search(outcome.without_effect.begin(), outcome.without_effect.end(), place)) {
    return true;
  }
  if (place != outcome.effects_until) return false;
  if (outcome.end == InvocationEnd::returned) {
    return outcome.answer.any_valid && outcome.answer.lowest == place;
  }
  const Reader& reader = world.reader(done.reader);
  const FunctionId function = world.plan->mapping(reader.mapping).function;
  return !in_outage(*world.plan, function, done.started) &&
         named_by_a_rule(world, function, reader.shard, done.span.first + place, done.started,
                         done.attempt);
}

LifeEntry entry_at(Instant at, LifeKind kind) {
  LifeEntry entry;
  entry.at = at;
  entry.kind = kind;
  return entry;
}

LossCause cause_of(const TraceEvent& discard) { return static_cast<LossCause>(discard.detail); }

// What a message says of it, whether or not one is written.
void tell_discard(LifeEntry& entry, const TraceEvent& discard, const World& world) {
  entry.condition = condition_of(cause_of(discard));
  entry.oversized = cause_of(discard) == LossCause::oversized;
  entry.approximate_invoke_count = shown_count(world, cause_of(discard), discard.count);
}

bool holds(const Reader& reader, Position p) {
  return std::any_of(reader.lane.ranges.begin(), reader.lane.ranges.end(),
                     [&](const Range& range) { return range.span.contains(p); });
}

std::string listed(const std::vector<std::string>& places) {
  std::string text;
  for (const std::string& each : places) text += (text.empty() ? "`" : ", `") + each + "`";
  return text;
}

}  // namespace

AmbiguousPlace::AmbiguousPlace(std::vector<std::string> candidates)
    : std::runtime_error("several streams have a record there: " + listed(candidates)),
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
  const std::optional<Position> position = position_of_index(fields->index);
  if (!position) return std::nullopt;
  std::optional<RecordId> found;
  std::vector<std::string> candidates;
  for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
    const Shard& shard = world.shards[s];
    const std::string& name = world.plan->stream(shard.stream).name;
    if (!stream.empty() && stream != name) continue;
    if (shard.number != *shard_number || *position >= shard.log.end()) continue;
    if (sequence_number_of(world, {s}, *position) != place.substr(colon + 1)) continue;
    found = shard.log.record(*position);
    candidates.push_back(name + "/" + std::string(place));
  }
  if (candidates.size() > 1) throw AmbiguousPlace(std::move(candidates));
  return found;
}

LifeCollector::LifeCollector(const Plan& plan, RecordId record)
    : record_(record), entries_(plan.mappings.size()) {}

void LifeCollector::on(const TraceEvent& event, const World& world) {
  if (event.kind == TraceKind::put) return on_put(event, world);
  if (copies_.empty()) return;
  switch (event.kind) {
    case TraceKind::put_result: return on_put_result(event);
    case TraceKind::invoke: {
      LifeEntry entry = entry_at(event.at, LifeKind::attempt);
      entry.invocation = event.value;
      entry.attempt = static_cast<std::uint32_t>(event.count);
      entry.batch_size = event.span.count();
      entry.reason = static_cast<DeliveryReason>(event.detail);
      return add_for_copies(event, world, entry);
    }
    case TraceKind::invoke_result: return on_result(event, world);
    case TraceKind::throttled:
      return add_for_copies(event, world, entry_at(event.at, LifeKind::throttled));
    case TraceKind::split_batch: {
      LifeEntry entry = entry_at(event.at, LifeKind::split);
      entry.batch_size = event.span.count();
      entry.new_batch_size = event.count;
      return add_for_copies(event, world, entry);
    }
    case TraceKind::checkpoint: return on_checkpoint(event, world);
    case TraceKind::unread:
      return add_for_copies(event, world, entry_at(event.at, LifeKind::unread));
    case TraceKind::expire:
      return add_for_copies(event, world, entry_at(event.at, LifeKind::expired));
    case TraceKind::discard: return on_discard(event, world);
    case TraceKind::destination: return on_destination(event, world);
    case TraceKind::mapping_state: return on_mapping_state(event, world);
    case TraceKind::fault: return on_fault(event, world);
    default: return;
  }
}

template <class F>
void LifeCollector::for_copies_in(const TraceEvent& event, F f) const {
  for (std::uint32_t c = 0; c < copies_.size(); ++c) {
    if (copies_[c].shard == event.shard && event.span.contains(copies_[c].position)) f(c);
  }
}

std::vector<LifeEntry>& LifeCollector::entries_of(const TraceEvent& event, const World& world) {
  return entries_[world.reader({event.who}).mapping.value];
}

void LifeCollector::add_for_copies(const TraceEvent& event, const World& world, LifeEntry entry) {
  for_copies_in(event, [&](std::uint32_t c) {
    std::vector<LifeEntry>& entries = entries_of(event, world);
    const std::uint64_t place = copies_[c].position - event.span.first;
    entry.copy = c;
    if (entry.kind == LifeKind::attempt) entry.place = place;
    if (entry.kind == LifeKind::split) {
      const bool in_first = place < event.count;
      entry.new_batch_size = in_first ? event.count : event.span.count() - event.count;
    }
    // Refusals in a row are one entry.
    const auto last = std::find_if(entries.rbegin(), entries.rend(),
                                   [&](const LifeEntry& each) { return each.copy == c; });
    if (entry.kind == LifeKind::throttled && last != entries.rend() &&
        last->kind == LifeKind::throttled) {
      last->repeats += 1;
    } else {
      entries.push_back(entry);
    }
  });
}

void LifeCollector::on_put(const TraceEvent& event, const World& world) {
  if (event.who != record_.producer().value || !event.span.contains(record_.number())) return;
  // Only a lost acknowledgement makes a producer put it again.
  if (event.flag && !copies_.empty()) copies_.back().acknowledged = false;
  last_put_ = event.number;
  first_of_last_put_ = copies_.size();
  for (const StoredPlace& place : places_of_put(event, world)) {
    if (place.number != record_.number()) continue;
    if (copies_.size() > first_of_last_put_) copies_.back().acknowledged = false;
    copies_.push_back({place.shard, place.position});
    put_tries_ += 1;
  }
  if (copies_.size() == first_of_last_put_) put_tries_ += 1;
}

void LifeCollector::on_put_result(const TraceEvent& event) {
  if (event.cause != last_put_ || event.flag || copies_.size() == first_of_last_put_) return;
  copies_.back().acknowledged = false;
}

bool LifeCollector::has_effect_before(const std::vector<LifeEntry>& entries) const {
  return std::any_of(entries.begin(), entries.end(),
                     [](const LifeEntry& entry) { return entry.effect; });
}

void LifeCollector::on_result(const TraceEvent& event, const World& world) {
  const Invocation& done = ended_invocation(event, world);
  std::vector<LifeEntry>& entries = entries_of(event, world);
  for (LifeEntry& entry : entries) {
    if (entry.kind != LifeKind::attempt || entry.invocation != event.value) continue;
    last_result_ = event.number;
    entry.ended = event.at;
    entry.end = attempt_end(event);
    const bool effect = has_effect(done.outcome, entry.place);
    // As the ledger has it: a copy's first delivery brings a surplus effect only because there is
    // another copy.
    if (effect && entry.reason == DeliveryReason::first && has_effect_before(entries)) {
      entry.reason = DeliveryReason::producer_retry;
    }
    entry.effect = effect;
    entry.failed_here = !effect && failed_by_itself(world, done, entry.place);
  }
  if (!event.flag) return;
  LifeEntry stale = entry_at(event.at, LifeKind::stale);
  stale.reason = done.reason == DeliveryReason::overlapping_pollers
                     ? done.reason
                     : world.reader({event.who}).restart_reason;
  add_for_copies(event, world, stale);
}

void LifeCollector::on_checkpoint(const TraceEvent& event, const World& world) {
  const Ledger& ledger = world.history.ledger;
  const Fate fate =
      ledger.on ? ledger.account({event.who}).at(event.span.first).fate : Fate::processed;
  if (fate == Fate::processed || fate == Fate::filtered) {
    add_for_copies(
        event, world,
        entry_at(event.at, fate == Fate::processed ? LifeKind::checkpoint : LifeKind::filtered));
  }
  // A partial response settled what was before it: the rest is a new batch.
  if (event.cause != last_result_) return;
  std::vector<LifeEntry>& entries = entries_of(event, world);
  for (std::size_t i = 0, known = entries.size(); i < known; ++i) {
    const LifeEntry attempt = entries[i];
    if (attempt.kind != LifeKind::attempt || attempt.ended != event.at ||
        attempt.end != AttemptEnd::partial ||
        attempt.invocation != world.reader({event.who}).last_invocation) {
      continue;
    }
    const Position position = copies_[attempt.copy].position;
    if (position < event.span.end) continue;
    LifeEntry entry = entry_at(event.at, LifeKind::progress);
    entry.copy = attempt.copy;
    entry.batch_size = attempt.batch_size;
    entry.new_batch_size = position - attempt.place + attempt.batch_size - event.span.end;
    entries.push_back(entry);
  }
}

void LifeCollector::on_discard(const TraceEvent& event, const World& world) {
  last_discard_ = event;
  if (event.flag) return;  // the destination's answer follows
  LifeEntry entry = entry_at(event.at, LifeKind::dropped);
  tell_discard(entry, event, world);
  add_for_copies(event, world, entry);
}

void LifeCollector::on_destination(const TraceEvent& event, const World& world) {
  LifeEntry entry =
      entry_at(event.at, event.flag ? LifeKind::discarded : LifeKind::destination_failed);
  entry.destination = world.plan->destinations[event.value].name;
  tell_discard(entry, last_discard_, world);
  add_for_copies(event, world, entry);
}

void LifeCollector::on_mapping_state(const TraceEvent& event, const World& world) {
  const MappingState& mapping = world.mappings[event.who];
  // Pollers that are still to be made: the mapping is only being created.
  if (!mapping.exists || mapping.first_reader == world.readers.size()) return;
  for (std::uint32_t i = mapping.first_reader; i < mapping.first_reader + mapping.readers; ++i) {
    const Reader& reader = world.readers[i];
    for (std::uint32_t c = 0; c < copies_.size(); ++c) {
      if (copies_[c].shard != reader.shard || copies_[c].position < reader.checkpoint) continue;
      LifeEntry entry = entry_at(event.at, event.flag ? LifeKind::enabled : LifeKind::disabled);
      entry.copy = c;
      entries_[event.who].push_back(entry);
    }
  }
}

// The poller loses what it holds; told before it starts anew.
void LifeCollector::poller_fails(ReaderId id, LifeKind kind, const World& world) {
  const Reader& reader = world.reader(id);
  for (std::uint32_t c = 0; c < copies_.size(); ++c) {
    if (copies_[c].shard != reader.shard || !holds(reader, copies_[c].position)) continue;
    LifeEntry entry = entry_at(world.now, kind);
    entry.copy = c;
    entries_[reader.mapping.value].push_back(entry);
  }
}

void LifeCollector::on_fault(const TraceEvent& event, const World& world) {
  if (!event.flag) {
    const auto site = static_cast<Site>(event.detail);
    if (site == Site::poller_crash) poller_fails({event.who}, LifeKind::poller_crashed, world);
    if (site == Site::checkpoint_lost) poller_fails({event.who}, LifeKind::checkpoint_lost, world);
    return;
  }
  const TimelineAction& action = world.plan->timeline[event.value];
  if (action.kind != ActionKind::crash_poller) return;
  for (std::uint32_t i = 0; i < world.readers.size(); ++i) {
    const Reader& reader = world.readers[i];
    if (reader.mapping == action.mapping && reader.phase != Phase::stopped &&
        world.shards[reader.shard.value].number == action.shard_number) {
      poller_fails({i}, LifeKind::poller_crashed, world);
    }
  }
}

LifeInMapping LifeCollector::in_mapping(MappingId id, const World& world) const {
  const MappingPlan& mapping = world.plan->mapping(id);
  const StreamPlan& stream = world.plan->stream(mapping.stream);
  LifeInMapping life;
  life.mapping = mapping.name;
  life.function = world.plan->function(mapping.function).name;
  life.stream = stream.name;
  life.entries = entries_[id.value];
  bool saved = copies_.empty();
  for (const Copy& copy : copies_) {
    const Account* account = world.history.ledger.find(id, copy.shard);
    const RecordHistory history = account != nullptr ? account->at(copy.position) : RecordHistory{};
    life.fates.push_back(history.fate);
    life.deliveries += history.deliveries;
    life.effects += history.effects;
    saved = saved || history.effects > 0 || history.fate == Fate::pending ||
            history.fate == Fate::discarded || history.fate == Fate::filtered;
    if (life.lost_cause == LossCause::none) life.lost_cause = history.cause;
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
  return life;
}

std::optional<RecordLife> LifeCollector::life(const Simulation& simulation) const {
  const World& world = simulation.world();
  const ProducerPlan& producer = world.plan->producer(record_.producer());
  const bool planned = record_.number() < producer.records.size();
  if (put_tries_ == 0 && !planned) return std::nullopt;
  RecordLife life;
  life.id = producer.record_id(record_.number());
  life.producer = producer.name;
  life.stream = world.plan->stream(producer.stream).name;
  life.put_tries = put_tries_;
  for (const Copy& copy : copies_) {
    life.copies.push_back(
        {shard_name(world, copy.shard), sequence_number_of(world, copy.shard, copy.position),
         world.shards[copy.shard.value].log.arrival(copy.position), copy.acknowledged});
  }
  const bool refused = copies_.empty() && put_tries_ > 0;
  life.believed_stored = refused && producer.settings.retry.mode == RetryMode::ignore;
  life.never_accepted = refused && !life.believed_stored;
  const KeyId key = key_of_record_in(*world.plan, record_.producer(), record_.number());
  life.key = world.plan->keys[key.value].name;
  for (std::uint32_t m = 0; m < world.plan->mappings.size(); ++m) {
    if (world.plan->mappings[m].stream != producer.stream) continue;
    life.mappings.push_back(in_mapping({m}, world));
    if (life.believed_stored) {
      life.mappings.back().lost_cause = LossCause::producer_ignored_failure;
    }
  }
  life.ended = world.now;
  life.run_ended = ended_name(simulation.ended());
  life.seed = world.plan->seed;
  return life;
}

}  // namespace trimhorizon
