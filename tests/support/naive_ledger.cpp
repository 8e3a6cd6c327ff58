#include "tests/support/naive_ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace trimhorizon::testing {
namespace {

std::string name_of(DeliveryReason reason) { return std::string(name(reason)); }

template <class Enum>
std::map<std::string, std::uint64_t> without_zeros(const Counts<Enum>& counts) {
  std::map<std::string, std::uint64_t> out;
  for (const Enum each : all_of<Enum>) {
    if (counts[each] > 0) out[std::string(name(each))] += counts[each];
  }
  return out;
}

std::string text_of(const std::map<std::string, std::uint64_t>& counts) {
  std::string out;
  for (const auto& [key, n] : counts) out += fmt::format(" {}={}", key, n);
  return out.empty() ? " nothing" : out;
}

std::uint64_t counter_of(const ConsumerResult& result, const std::string& metric) {
  for (const Metric& m : result.metrics) {
    if (info(m.id).name == metric) return m.counter;
  }
  return 0;
}

}  // namespace

void NaiveLedger::complain(const std::string& what) {
  complaints_.push_back(fmt::format("event {}: {}", number_, what));
}

void NaiveLedger::note_new_records(const World& world) {
  seen_.resize(world.shards.size(), 0);
  for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
    const RecordLog& log = world.shards[s].log;
    for (; seen_[s] < log.end(); ++seen_[s]) {
      const Position p = seen_[s];
      stored_[{s, p}] = {log.record(p), log.key(p), log.arrival(p)};
    }
  }
}

void NaiveLedger::on(const Happened& event, const World& world) {
  note_new_records(world);
  number_ = event.number.value;
  std::visit([&](const auto& what) { handle(what, world); }, event.what);
}

void NaiveLedger::handle(const Throttled& event, const World& world) {
  sums_[world.reader(event.reader).consumer.value].throttles += 1;
}

void NaiveLedger::handle(const GaveUp& event, const World&) {
  Progress& reader = readers_[event.reader.value];
  reader.giving_up = true;
  reader.given_up = event.what.batch.span;
  reader.given_up_for = event.what.why;
  reader.destination_took_it = false;
}

void NaiveLedger::handle(const MessageSent& event, const World& world) {
  Progress& reader = readers_[event.reader.value];
  reader.destination_took_it = event.taken;
  if (event.taken) return;
  reader.given_up_for = LossCause::destination_failed;
  sums_[world.reader(event.reader).consumer.value].refused += 1;
}

void NaiveLedger::handle(const MappingSwitched& event, const World& world) {
  if (event.enabled || event.polls_on) return;
  for (auto& [id, reader] : readers_) {
    if (world.reader({id}).consumer.value != event.mapping.value) continue;
    const bool goes_on = reader.open_call != 0 && world.plan->assumptions.in_flight_at_disable ==
                                                      assume::in_flight_at_disable::checkpointed;
    if (!goes_on) orphan(id, DeliveryReason::re_enabled);
  }
}

void NaiveLedger::handle(const FaultStruck& event, const World&) {
  switch (event.site) {
    case Site::poller_crash:
    case Site::poller_crash_anywhere:
      return orphan(event.reader.value, DeliveryReason::poller_crash);
    case Site::checkpoint_lost: return orphan(event.reader.value, DeliveryReason::checkpoint_lost);
    case Site::overlapping_pollers: readers_[event.reader.value].twin_follows = true; return;
    default: return;
  }
}

void NaiveLedger::handle(const TimelineActed& event, const World& world) {
  const TimelineAction& action = world.plan->timeline[event.index];
  if (action.kind != ActionKind::crash_poller) return;
  for (auto& [id, reader] : readers_) {
    const Reader& state = world.reader({id});
    if (state.consumer.value == action.mapping.value &&
        world.shard(state.shard).number == action.shard_number) {
      orphan(id, DeliveryReason::poller_crash);
    }
  }
}

namespace {

bool fan_out(const World& world, std::uint32_t mapping) {
  return world.plan->mappings[mapping].reads_as.valid();
}
// KDS-PRD-21: only a mapping that unpacks aggregates drops one.
bool drops(const World& world, std::uint32_t mapping) { return fan_out(world, mapping); }

}  // namespace

void NaiveLedger::orphan(std::uint32_t id, DeliveryReason reason) {
  Progress& reader = readers_[id];
  if (reader.open_call != 0) calls_[reader.open_call].orphaned_by = reason;
  reader.open_call = 0;
}

void NaiveLedger::handle(const Delivered& event, const World& world) {
  const std::uint32_t mapping = world.reader(event.reader).consumer.value;
  const std::uint32_t shard = event.batch.shard.value;
  const Span span = event.batch.span;
  Progress& reader = readers_[event.reader.value];
  Call call{event.reader.value, mapping, shard, span, event.reason, {}, DeliveryReason::first};
  const bool twin = reader.twin_follows;
  if (reader.open_call != 0 && !twin) complain("two invocations of one reader at once");
  if (span.empty()) complain("an invocation without records");
  if (span.first != reader.passed) complain("a batch not at the checkpoint");
  const auto limit = static_cast<std::uint64_t>(world.plan->mappings[mapping].settings.batch_size);
  if (event.batch.count > limit) complain("a batch above BatchSize");
  sums_[mapping].invocations += 1;
  std::uint64_t records = 0;
  std::set<Position> stored;
  for (Position p = span.first; p < span.end; ++p) {
    const Pack* pack = world.shard(event.batch.shard).packs.at(p);
    if (drops(world, mapping) && pack != nullptr && !pack->fits) continue;
    stored.insert(pack != nullptr && !fan_out(world, mapping) ? pack->first : p);
    sums_[mapping].deliveries += 1;
    records += 1;
    const Place place{shard, p};
    if (!stored_.contains(place)) {
      complain("a record that is not stored");
      continue;
    }
    Line& line = lines_[{mapping, place}];
    line.deliveries += 1;
    if (line.deliveries > 1) continue;
    call.first_time.insert(p);
    Position& last = reader.last_first_delivery[stored_[place].key.value];
    if (p + 1 <= last) complain(fmt::format("position {} after its key", p));
    last = p + 1;
  }
  if (stored.size() != event.batch.count) complain("a wrong number of records");
  if (records == 0) complain("an invocation without records");
  calls_[event.call.value] = std::move(call);
  reader.twin_follows = false;
  if (twin) {
    calls_[reader.open_call].orphaned_by = DeliveryReason::overlapping_pollers;
  } else {
    reader.open_call = event.call.value;
  }
}

void NaiveLedger::effect(const Call& call, Position position) {
  const Place place{call.shard, position};
  Line& line = lines_[{call.mapping, place}];
  Sums& sums = sums_[call.mapping];
  std::uint64_t& of_record = effects_of_record_[{call.mapping, stored_[place].record.value}];
  if (of_record > 0) {
    DeliveryReason cause = call.reason;
    if (call.first_time.contains(position)) {
      // Handed over for the first time: either another copy had its effect, or a later call of
      // another poller was faster than this orphan.
      cause = line.effects == 0 ? DeliveryReason::producer_retry : call.orphaned_by;
    }
    sums.duplicates[name_of(cause)] += 1;
  }
  of_record += 1;
  line.effects += 1;
  sums.effects += 1;
}

void NaiveLedger::handle(const Ended& event, const World& world) {
  const auto found = calls_.find(event.call.value);
  if (found == calls_.end()) return complain("an end without an invocation");
  const Call call = found->second;
  const auto entry = std::find_if(world.invocations.begin(), world.invocations.end(),
                                  [&](const Invocation& i) { return i.number == event.call; });
  if (entry == world.invocations.end()) return complain("no outcome is known");
  const Outcome& outcome = entry->outcome;
  for (std::uint32_t i = 0; i < outcome.effects_until; ++i) {
    const bool hole = std::find(outcome.without_effect.begin(), outcome.without_effect.end(), i) !=
                      outcome.without_effect.end();
    if (!hole) effect(call, call.span.first + i);
  }
  if (outcome.end != InvocationEnd::returned) sums_[call.mapping].errors += 1;
  Progress& reader = readers_[call.reader];
  const bool stale = reader.open_call != event.call.value;
  if (stale != event.stale) complain("who is stale is not agreed on");
  if (stale) return;
  reader.open_call = 0;
  const bool reports = world.plan->mappings[call.mapping].settings.report_batch_item_failures;
  const Answer& answer = outcome.answer;
  const bool says_nothing =
      answer.kind == Answer::Kind::success || answer.kind == Answer::Kind::no_object;
  reader.without_effect =
      says_nothing || !reports ? LossCause::swallowed : LossCause::skipped_by_handler;
  // ESM-PBR-01: what an ignored report names.
  reader.reported.clear();
  if (reports) return;
  for (const std::uint32_t offset : answer.named) {
    reader.reported.insert(call.span.first + offset);
  }
}

// The checkpoint, or the position before there is one, passes records. The fate is not taken from
// the event: it follows from what came before.
void NaiveLedger::handle(const Settled& event, const World& world) {
  Progress& reader = readers_[event.reader.value];
  const std::uint32_t mapping = world.reader(event.reader).consumer.value;
  const Span span = event.records;
  if (span.first != reader.passed) complain("the checkpoint jumps");
  if (span.end <= span.first) complain("the checkpoint does not move");
  reader.passed = span.end;
  Fate fate = Fate::processed;
  LossCause cause = reader.without_effect;
  if (event.fate == Fate::expired) {
    fate = Fate::expired;
    cause = LossCause::retention;
  } else if (event.fate == Fate::unread) {
    fate = Fate::unread;
    cause = LossCause::latest_gap;
  } else if (event.cause == LossCause::deaggregation) {
    const Pack* pack = world.shard(event.shard).packs.at(span.first);
    const FunctionSettings& function = world.function_of(world.reader(event.reader));
    const bool by_function = function.deaggregate && function.filter_out_of_range_user_records;
    if (pack == nullptr || pack->fits) complain("dropped without a reason");
    if (!drops(world, mapping) && !by_function) complain("dropped by nobody");
    fate = drops(world, mapping) ? Fate::dropped : Fate::processed;
    cause = LossCause::deaggregation;
  } else if (reader.giving_up) {
    if (reader.given_up != span) complain("given up is not what was passed");
    fate = reader.destination_took_it ? Fate::discarded : Fate::dropped;
    cause = reader.given_up_for;
    std::set<Position> stored;
    for (Position p = span.first; p < span.end; ++p) {
      const Pack* pack = world.shard(event.shard).packs.at(p);
      stored.insert(pack != nullptr && !fan_out(world, mapping) ? pack->first : p);
    }
    if (fate == Fate::dropped) sums_[mapping].dropped += stored.size();
  }
  if (fate != event.fate) complain("the event tells another fate");
  reader.giving_up = false;
  for (Position p = span.first; p < span.end; ++p) {
    Line& line = lines_[{mapping, {event.shard.value, p}}];
    if (line.fate != Fate::pending) complain("a second fate");
    line.fate = fate;
    line.cause = cause;
    if (fate == Fate::processed && reader.reported.count(p) > 0) {
      line.cause = LossCause::report_ignored;
    }
  }
}

NaiveLedger::Line NaiveLedger::line(std::uint32_t mapping, Place place) const {
  const auto found = lines_.find({mapping, place});
  return found == lines_.end() ? Line{} : found->second;
}

// A stored record of which no copy has an effect, is in a destination, is pending or filtered;
// unread counts only if stored at or after the creation. One cause a record: its first copy's.
std::map<std::string, std::uint64_t> NaiveLedger::lost_by_cause(const World& world,
                                                                std::uint32_t mapping) const {
  std::map<RecordId, std::vector<Place>> copies;
  for (const auto& [place, stored] : stored_) {
    if (world.shards[place.first].stream != world.plan->mappings[mapping].stream) continue;
    copies[stored.record].push_back(place);
  }
  std::map<std::string, std::uint64_t> lost;
  for (const auto& [record, places] : copies) {
    bool saved = false;
    LossCause cause = LossCause::none;
    for (const Place& place : places) {
      const Line of = line(mapping, place);
      saved = saved || of.effects > 0 || of.fate == Fate::discarded || of.fate == Fate::pending ||
              of.fate == Fate::filtered;
      const bool promised =
          of.fate != Fate::unread ||
          stored_.at(place).arrival >= world.plan->mappings[mapping].settings.created;
      if (promised && cause == LossCause::none) cause = of.cause;
    }
    if (!saved && cause != LossCause::none) lost[std::string(name(cause))] += 1;
  }
  return lost;
}

void NaiveLedger::compare_lines(const World& world, const History& history, std::uint32_t mapping,
                                std::string& out) const {
  for (const auto& [place, stored] : stored_) {
    if (world.shards[place.first].stream != world.plan->mappings[mapping].stream) continue;
    const Line mine = line(mapping, place);
    const Account* account = history.ledger.find({mapping}, {place.first});
    const RecordHistory theirs = account != nullptr ? account->at(place.second) : RecordHistory{};
    if (mine.deliveries == theirs.deliveries && mine.effects == theirs.effects &&
        mine.fate == theirs.fate) {
      continue;
    }
    out += fmt::format(
        "mapping {} shard {} position {}: {} deliveries, {} effects, {}; the ledger says {}, {}, "
        "{}\n",
        mapping, place.first, place.second, mine.deliveries, mine.effects, name(mine.fate),
        theirs.deliveries, theirs.effects, name(theirs.fate));
  }
}

void NaiveLedger::compare_sums(const World& world, std::uint32_t mapping,
                               const ConsumerResult& result, std::string& out) const {
  const auto same = [&](const std::string& what, std::uint64_t mine, std::uint64_t theirs) {
    if (mine != theirs) {
      out += fmt::format("mapping {}: {} {}; the result says {}\n", mapping, mine, what, theirs);
    }
  };
  const auto found = sums_.find(mapping);
  const Sums sums = found == sums_.end() ? Sums{} : found->second;
  same("invocations", sums.invocations, result.invocations);
  same("deliveries", sums.deliveries, result.deliveries);
  same("effects", sums.effects, result.effects);
  same("Invocations", sums.invocations, counter_of(result, "Invocations"));
  same("Errors", sums.errors, counter_of(result, "Errors"));
  same("Throttles", sums.throttles, counter_of(result, "Throttles"));
  same("DroppedEventCount", sums.dropped, counter_of(result, "DroppedEventCount"));
  same("DestinationDeliveryFailures", sums.refused,
       counter_of(result, "DestinationDeliveryFailures"));

  std::map<std::string, std::uint64_t> fates;
  for (const auto& [place, stored] : stored_) {
    if (world.shards[place.first].stream != world.plan->mappings[mapping].stream) continue;
    fates[std::string(name(line(mapping, place).fate))] += 1;
  }
  const auto lost = lost_by_cause(world, mapping);
  const auto compare = [&](const char* what, const std::map<std::string, std::uint64_t>& mine,
                           const auto& theirs, std::uint64_t their_sum) {
    std::uint64_t sum = 0;
    for (const auto& [key, n] : mine) sum += n;
    if (mine == without_zeros(theirs) && sum == their_sum) return;
    out += fmt::format("mapping {}: {}{}; the result says{} and {} in all\n", mapping, what,
                       text_of(mine), text_of(without_zeros(theirs)), their_sum);
  };
  std::uint64_t all = 0;
  for (const auto& [fate, n] : fates) all += n;
  compare("fates", fates, result.fates, all);
  compare("duplicates", sums.duplicates, result.duplicates_by_cause, result.duplicates);
  compare("lost", lost, result.lost_by_cause, result.lost);
}

std::string NaiveLedger::differences(const World& world, const History& history,
                                     const Result& result) const {
  std::string out;
  for (const std::string& complaint : complaints_) out += complaint + "\n";
  for (std::uint32_t m = 0; m < result.consumers.size(); ++m) {
    compare_lines(world, history, m, out);
    compare_sums(world, m, result.consumers[m], out);
  }
  std::uint64_t stored = stored_.size();
  if (stored != result.stored) {
    out += fmt::format("{} stored; the result says {}\n", stored, result.stored);
  }
  for (const InvariantResult& invariant : result.invariants) {
    if (invariant.holds()) continue;
    out += std::string(name(invariant.invariant)) + ": " + violation_text(invariant) + "\n";
  }
  return out;
}

}  // namespace trimhorizon::testing
