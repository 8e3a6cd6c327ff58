// A producer that uses the Kinesis Producer Library (KPL):
//
//   1. its records go into the library, not to the service (KDS-PRD-14)
//   2. the library says which calls it makes, and when. Each entry of a call is a stored record of
//      one or several user records (KDS-PRD-18)
//   3. the shard is that of the first user record (KDS-PRD-19). It refuses what is above its
//   limits,
//      entry by entry (KDS-LIM-01)
//   4. the library gets the answer after the time of a call, or none: then it waits RequestTimeout
//      (KDS-PRD-15)
//   5. what it sends again though it was stored is a copy (KDS-PRD-15, KDS-PRD-16)
//   6. what it gives up after RecordTtl is told to the application (KDS-PRD-13)
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/kinesis/listing.hpp"
#include "sim/world/on_scale.hpp"
#include "sim/world/produce.hpp"
#include "sim/world/putting.hpp"
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

KplProducer& kpl_of(World& world, ProducerId id) { return *world.producers[id.value].kpl; }
const KplSettings& settings_of(const Plan& plan, ProducerId id) {
  return *plan.producer(id).settings.kpl;
}

KplRecord user_record(const Plan& plan, ProducerId id, std::uint64_t number) {
  KplRecord record;
  record.number = number;
  record.key = key_of_record_in(plan, id, number);
  const KeyPlan& key = plan.keys[record.key.value];
  record.key_bytes = plan.key_bytes[record.key.value];
  record.data_bytes = static_cast<std::uint32_t>(plan.producer(id).data_bytes(number));
  record.has_explicit_hash_key = key.is_explicit;
  record.hash_key = key.hash;
  return record;
}

// KDS-PRD-16: asks for the map of shards, as they are listed now. KDS-RSH-10: of a reshard that is
// announced the parents are listed as well, until its cut.
void answer_map_call(const World& world, StreamId id, KplState& kpl) {
  const StreamAt at{world.streams[id.value], world.shards, world.plan->clock(), world.now};
  std::vector<KplShardRange> open;
  std::vector<KplShardRange> closing;
  const auto answer = list_shards(at);
  const auto* rows = std::get_if<ShardRows>(&answer);
  TH_CHECK(rows != nullptr);
  for (const ShardRow& row : *rows) {
    if (row.is_open()) {
      open.push_back({row.number, row.range});
    } else if (!world.shard(row.shard).is_cut) {
      closing.push_back({row.number, row.range});
    }
  }
  give_kpl_map(kpl, open, world.now, closing);
}

// A call of KPL while it is made.
struct KplPut {
  const Moment& moment;
  ProducerId id;
  PutCallAtService service;
  std::vector<KplAnswer> answers = {};
  bool again = false;         // an entry has a record that is stored already
  std::uint32_t refused = 0;  // user records
};

// Puts one entry: all of its user records are stored, or none (KDS-PRD-18).
void put_entry(KplPut& put, const KplEntry& entry, PutEnd end) {
  World& world = put.moment.world;
  const ProducerPlan& plan = world.plan->producer(put.id);
  KplProducer& kpl = kpl_of(world, put.id);
  PutEntry stored;
  // KDS-PRD-19: ExplicitHashKey is the hash of the first user record.
  stored.shard =
      open_shard_of(world.shards, shard_of(world, entry.records.front().key), entry.hash_key());
  stored.bytes = static_cast<std::uint32_t>(entry.data_bytes + entry.key_bytes());
  stored.user_records = static_cast<std::uint32_t>(entry.records.size());
  stored.end = end;
  stored.fault = !stored.is_stored();
  if (stored.is_stored() && plan.limited &&
      !put.service.admit(stored.shard, plan.limits, stored.bytes)) {
    stored.end = PutEnd::throttled;
    put.moment.met(Assumption::put_rounding);
  }
  Shard& shard = world.shard(stored.shard);
  const Position first = shard.log.end();
  const std::uint32_t bytes = stored.bytes;
  std::vector<HashKey> hash_keys;
  for (const KplRecord& record : entry.records) {
    PutEntry& each = put.moment.outside.entries.emplace_back(stored);
    each.number = record.number;
    each.key = record.key;
    stored.user_records = 0;
    stored.bytes = 0;
    hash_keys.push_back(record.hash_key);
    if (const auto why = kpl.again.find(record.number); why != kpl.again.end()) {
      each.because = why->second;
    }
    if (!each.is_stored()) continue;
    store(world, put.id, each);
    if (!kpl.stored.insert(record.number).second) each.copy = PutEntry::Copy::again;
    put.again = put.again || each.copy == PutEntry::Copy::again;
  }
  if (!stored.is_stored()) {
    put.refused += static_cast<std::uint32_t>(entry.records.size());
  } else if (entry.is_aggregate()) {
    shard.packs.add(first, static_cast<std::uint32_t>(hash_keys.size()), bytes,
                    fits_shard(hash_keys, shard.range));
  }
  using What = KplAnswer::What;
  const bool is_throttle = stored.end == PutEnd::throttled || stored.end == PutEnd::calls_throttled;
  put.answers.push_back({stored.is_stored() ? What::stored
                         : is_throttle      ? What::throttled
                                            : What::failed,
                         shard.number});
}

// All entries of the call, one after the other. KDS-PRD-05: a refused one stops no other.
void put_entries(KplPut& put, const KplCall& call) {
  World& world = put.moment.world;
  const StreamId stream = world.plan->producer(put.id).stream;
  put.moment.outside.entries.clear();
  FailuresOfPut failures(put.moment, stream);
  for (const KplEntry& entry : call.entries) put_entry(put, entry, failures.next());
}

// Notes why records are put again, before they are.
void note_again(KplProducer& kpl, const KplNews& news) {
  for (const KplNews::Again& each : news.again) kpl.again[each.number] = each.why;
}

// May KPL send records of this call again though they are stored? Where it did not expect them to
// be.
bool may_repeat(const KplCall& call, const std::vector<KplAnswer>& answers) {
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::optional<std::uint32_t> expected = call.entries[i].predicted;
    if (answers[i].what == KplAnswer::What::stored && expected && *expected != answers[i].shard) {
      return true;
    }
  }
  return false;
}

// Makes the call, and sends its answer on its way. Returns the number of the last event.
EventNumber make_kpl_call(Moment moment, ProducerId id, const KplCall& call) {
  World& world = moment.world;
  const Plan& plan = moment.plan();
  const bool lost = acknowledgement_is_lost(moment, id);
  world.producers[id.value].calls += 1;
  KplPut put{moment, id, call_at_service(moment)};
  put_entries(put, call);
  const bool repeats = lost || may_repeat(call, put.answers);
  if (lost) put.answers.assign(call.entries.size(), {KplAnswer::What::timed_out, 0});
  kpl_of(world, id).answers[call.number] = std::move(put.answers);
  // Nobody documents the time of a call. It must take some: what is refused is put again at once.
  const Duration takes =
      lost ? settings_of(plan, id).request_timeout() : plan.assumptions.kpl_call_time;
  if (put.refused > 0) moment.met(Assumption::kpl_call_time);
  moment.schedule(world.now + takes, KplAnswerDue{id, static_cast<std::uint32_t>(call.number)});
  const StreamId stream = plan.producer(id).stream;
  const std::vector<PutEntry>& entries = moment.outside.entries;
  if (plan.stream(stream).counts_minutes) count_minutes(world, stream, entries);
  moment.cause = moment.tell(Put{id, 1, true, put.again, repeats, false, put.refused, entries});
  moment.cause = moment.tell(PutAnswered{id, !lost, entries});
  // ESM-POL-01: a reader finds new records at its next read, once a second.
  wake_readers(moment);
  return moment.cause;
}

// KDS-PRD-13: user records that ended without an acknowledgement and that no call has stored.
void tell_ends(const Moment& moment, ProducerId id, const KplNews& news) {
  World& world = moment.world;
  KplProducer& kpl = kpl_of(world, id);
  std::vector<PutEntry>& given_up = moment.outside.given_up;
  given_up.clear();
  for (const KplNews::Ended& each : news.ended) {
    kpl.again.erase(each.number);
    const bool is_stored = kpl.stored.erase(each.number) > 0;
    if (each.how == KplEnd::acknowledged || is_stored) continue;
    PutEntry& entry = given_up.emplace_back();
    entry.number = each.number;
    place(world, id, entry);
    entry.end = PutEnd::throttled;
  }
  if (!given_up.empty()) moment.tell(PutGivenUp{id, true, given_up});
}

// Lets the library do all that it can do now, and notes when it is due again.
void go_on(Moment moment, ProducerId id, const KplNews& news) {
  World& world = moment.world;
  KplProducer& kpl = kpl_of(world, id);
  const StreamId stream = moment.plan().producer(id).stream;
  while (true) {
    if (take_kpl_map_call(kpl.library, world.now)) {
      answer_map_call(world, stream, kpl.library);
    }
    const KplCall* next = take_kpl_call(kpl.library, settings_of(moment.plan(), id));
    if (next == nullptr) break;
    moment.cause = make_kpl_call(moment, id, KplCall(*next));
  }
  tell_ends(moment, id, news);
  forget_unread(world, stream);
  const Instant due = std::max(kpl_due(kpl.library), world.now);
  if (due >= kpl.due) return;
  if (kpl.due != end_of_time) {
    world.events.cancel_if([&](const Event& event) { return event.what == What{KplDue{id}}; });
  }
  kpl.due = due;
  moment.schedule(due, KplDue{id});
}

}  // namespace

void start_kpl_producer(World& world, ProducerId id) {
  KplProducer& kpl = world.producers[id.value].kpl.emplace();
  kpl.library = start_kpl(world.now);
  kpl.due = world.now;
  schedule(world, kpl.due, {}, KplDue{id});
}

void give_to_kpl(const Moment& moment, ProducerId id, Span numbers) {
  const KplSettings& settings = settings_of(moment.plan(), id);
  KplProducer& kpl = kpl_of(moment.world, id);
  KplNews news;
  for (std::uint64_t n = numbers.first; n < numbers.end; ++n) {
    const bool taken = add_user_record(kpl.library, settings, user_record(moment.plan(), id, n),
                                       moment.world.now, news);
    // KDS-PRD-12: MaxUserRecordSize.
    if (!taken) news.ended.push_back({n, KplEnd::throttled});
  }
  go_on(moment, id, news);
}

void on_kpl_due(const Moment& moment, const KplDue& due) {
  KplProducer& kpl = kpl_of(moment.world, due.producer);
  kpl.due = end_of_time;
  KplNews news;
  advance_kpl(kpl.library, settings_of(moment.plan(), due.producer), moment.world.now, news);
  note_again(kpl, news);
  go_on(moment, due.producer, news);
}

void on_kpl_answer_due(const Moment& moment, const KplAnswerDue& due) {
  KplProducer& kpl = kpl_of(moment.world, due.producer);
  const auto found = kpl.answers.find(due.call);
  TH_CHECK(found != kpl.answers.end());
  KplNews news;
  kpl_answered(kpl.library, settings_of(moment.plan(), due.producer), found->first, found->second,
               moment.world.now, news);
  kpl.answers.erase(found);
  note_again(kpl, news);
  go_on(moment, due.producer, news);
}

}  // namespace trimhorizon
