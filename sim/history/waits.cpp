#include "sim/history/waits.hpp"

#include <algorithm>

#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

constexpr Duration shortest_told = seconds(1);  // an idle shard is read once a second (ESM-POL-01)
constexpr std::size_t parts_max = 6;            // of one wait; more are added up by what they are

WaitFor wait_for(PollWait why) {
  switch (why) {
    case PollWait::disabled: return WaitFor::disabled;
    case PollWait::start: return WaitFor::start;
    case PollWait::failover: return WaitFor::failover;
    case PollWait::window: return WaitFor::window;
    case PollWait::walk: return WaitFor::walk;
    case PollWait::parents: return WaitFor::parents;
    case PollWait::child: return WaitFor::child;
    case PollWait::refused: return WaitFor::refused;
    case PollWait::blocked: return WaitFor::blocked;
    case PollWait::empty: return WaitFor::empty;
  }
  return WaitFor::nothing;
}

WaitFor wait_for(Refusal why) { return why == Refusal::slots ? WaitFor::slot : WaitFor::throttle; }

bool same_reason(const LifeEntry& a, const LifeEntry& b) {
  return a.wait == b.wait && a.behind == b.behind && a.outage == b.outage;
}

void add_up(LifeEntry& sum, const LifeEntry& part) {
  // The same batch may come again after a crash or an update.
  if (part.ahead != sum.ahead) sum.batches += part.batches;
  sum.ahead = part.ahead;
  sum.waited = sum.waited + part.waited;
  sum.repeats += part.repeats;
  sum.ended = std::max(sum.ended, part.ended);
  if (sum.end == CallOutcome::running) sum.end = part.end;
}

// Neighbours with the same reason are one part. Of many parts, those with the same reason are added
// up, and short ones are left out.
std::vector<LifeEntry> told(const std::vector<LifeEntry>& parts) {
  std::vector<LifeEntry> joined;
  for (const LifeEntry& part : parts) {
    if (part.waited == Duration{0}) continue;  // it ended when the record came
    if (!joined.empty() && same_reason(joined.back(), part) &&
        part.at - joined.back().ended < shortest_told) {
      add_up(joined.back(), part);
    } else {
      joined.push_back(part);
    }
  }
  const auto is_short = [](const LifeEntry& part) { return part.waited < shortest_told; };
  if (joined.size() > parts_max) {
    std::vector<LifeEntry> sums;
    for (const LifeEntry& part : joined) {
      const auto same = std::find_if(sums.begin(), sums.end(),
                                     [&](const LifeEntry& sum) { return same_reason(sum, part); });
      if (same == sums.end()) {
        sums.push_back(part);
      } else {
        add_up(*same, part);
        same->in_all = true;
      }
    }
    joined = sums;
  }
  std::erase_if(joined, is_short);
  std::erase_if(joined, [](const LifeEntry& part) { return part.wait == WaitFor::nothing; });
  return joined;
}

// The parents of its shard that the consumer of this reader has not read to the end (ESM-POL-15).
std::string unread_parents(const World& world, ReaderId id) {
  const Reader& reader = world.reader(id);
  const Shard& shard = world.shard(reader.shard);
  const StreamState& stream = world.streams[shard.stream.value];
  std::string names;
  for (const std::uint32_t number : stream.lineage.parents_of(shard.number)) {
    const ShardId parent = stream.shards[number];
    world.for_each_reader_at(parent, [&](ReaderId other) {
      if (world.reader(other).consumer != reader.consumer || world.reader(other).finished) return;
      names += (names.empty() ? "" : " and ") + shard_name(world, parent);
    });
  }
  return names;
}

}  // namespace

bool WaitBook::fails(const Obstacle& obstacle) {
  return obstacle.end != CallOutcome::running && obstacle.end != CallOutcome::success;
}

WaitBook::Obstacle& WaitBook::at(ReaderId reader) {
  if (obstacles_.size() <= reader.value) obstacles_.resize(reader.value + 1);
  return obstacles_[reader.value];
}

void WaitBook::close_part(Wait& wait, Instant now) {
  now = std::max(now, wait.from);  // a call that failed began before the record came
  LifeEntry part;
  part.kind = LifeKind::waited;
  part.at = wait.from;
  part.copy = wait.copy;
  part.ended = now;
  part.waited = now - wait.from;
  const Obstacle& obstacle = at(wait.reader);
  // A throttle of the record's own batch has an entry of its own.
  const bool own = obstacle.batch.span.contains(wait.position);
  const bool told = !own || obstacle.what == WaitFor::blocked;
  part.wait = told ? obstacle.what : WaitFor::nothing;
  part.since = obstacle.since;
  part.repeats = obstacle.tries - std::min(obstacle.tries, wait.tries_before);
  // Of batches that succeed, the one that ran already counts too: it is ahead.
  if (wait.in_flight && part.wait == WaitFor::ahead && !fails(obstacle)) part.repeats += 1;
  wait.in_flight = false;
  part.behind = own ? "" : obstacle.record;
  part.ahead = obstacle.batch.count > 0 ? obstacle.batch.first() : 0;
  part.end = obstacle.end;
  part.outage = obstacle.outage;
  wait.parts.push_back(part);
  wait.from = now;
}

WaitBook::Obstacle& WaitBook::begin(ReaderId reader, WaitFor what, Instant now) {
  for (Wait& wait : waits_) {
    if (wait.is_open && wait.reader == reader) close_part(wait, now);
    wait.tries_before = wait.reader == reader ? 0 : wait.tries_before;
  }
  Obstacle& obstacle = at(reader);
  obstacle = {};
  obstacle.what = what;
  obstacle.since = now;
  return obstacle;
}

void WaitBook::on(const Happened& event, const World& world) {
  std::visit([&](const auto& what) { on(what, world); }, event.what);
}

// A record that is older than its consumer waited for the creation of the consumer.
void WaitBook::on(const ReaderOpened& opened, const World& world) {
  at(opened.reader).since = world.now;
  for (const Copy& copy : copies_) {
    if (copy.shard != opened.shard) continue;
    Wait wait{copy.number, opened.reader, copy.position, world.now, 0, false, {}, true};
    LifeEntry creation;
    creation.kind = LifeKind::waited;
    creation.wait = WaitFor::creation;
    creation.at = creation.since = copy.stored;
    creation.copy = copy.number;
    creation.ended = world.now;
    creation.waited = world.now - copy.stored;
    creation.repeats = 0;
    wait.parts.push_back(creation);
    waits_.push_back(std::move(wait));
  }
}

void WaitBook::on(const PollingWaits& waits, const World& world) {
  const WaitFor what = wait_for(waits.why);
  if (at(waits.reader).what != what) begin(waits.reader, what, world.now);
  if (what == WaitFor::parents) at(waits.reader).record = unread_parents(world, waits.reader);
  if (what != WaitFor::blocked) return;
  const Reader& reader = world.reader(waits.reader);
  Obstacle& obstacle = at(waits.reader);
  obstacle.batch = Batch::whole(reader.shard, {reader.checkpoint, reader.checkpoint + 1});
  obstacle.record = record_name(world, reader.shard, reader.checkpoint);
}

void WaitBook::on(const Read& read, const World& world) {
  const WaitFor what = at(read.reader).what;
  if (what != WaitFor::ahead && what != WaitFor::nothing) {
    begin(read.reader, WaitFor::nothing, world.now);
  }
}

void WaitBook::on(const Delivered& delivered, const World& world) {
  Obstacle& now = at(delivered.reader);
  const bool failing = fails(now);
  // After a split the other half may be sound: only the one with the bad record is the same.
  const bool has_failed = !now.record.empty() && delivered.batch.span.contains(now.failed);
  const bool same_batch = delivered.batch.span == now.batch.span || has_failed;
  // Batches that succeed one after the other are one obstacle: the records ahead.
  const bool goes_on = now.what == WaitFor::ahead && (same_batch || !failing);
  if (!goes_on) begin(delivered.reader, WaitFor::ahead, world.now);
  Obstacle& obstacle = at(delivered.reader);
  obstacle.batch = delivered.batch;
  obstacle.tries += 1;
  obstacle.works = true;
}

void WaitBook::on(const Ended& ended, const World& world) {
  Obstacle& obstacle = at(ended.reader);
  if (ended.stale || obstacle.what != WaitFor::ahead) return;
  obstacle.works = false;
  const CallOutcome end = outcome_of(ended.ruling, ended.end);
  const bool failed = end != CallOutcome::success;
  const bool failed_before = fails(obstacle);
  if (failed && !failed_before && obstacle.tries > 1) {
    // The calls before this one succeeded: it begins another obstacle.
    obstacle.tries -= 1;
    const Batch batch = obstacle.batch;
    begin(ended.reader, WaitFor::ahead, ended.started);
    at(ended.reader).batch = batch;
    at(ended.reader).tries = 1;
    for (Wait& wait : waits_) {
      if (wait.reader == ended.reader && wait.from > ended.started) wait.tries_before = 1;
    }
  }
  Obstacle& now = at(ended.reader);
  if (failed || !failed_before) now.end = end;
  if (!failed) return;
  now.outage = ended.outage;
  if (ended.failed.empty()) return;
  now.record = record_name(world, ended.batch.shard, ended.failed[0]);
  now.failed = ended.failed[0];
}

void WaitBook::on(const Throttled& throttled, const World& world) {
  const WaitFor what = wait_for(throttled.why);
  if (at(throttled.reader).what != what) begin(throttled.reader, what, world.now);
  Obstacle& obstacle = at(throttled.reader);
  obstacle.batch = throttled.batch;
  obstacle.tries += 1;
}

void WaitBook::on(const TooLarge& tried, const World& world) {
  const std::string record = record_name(world, tried.batch.shard, tried.batch.first());
  if (at(tried.reader).what != WaitFor::too_large || at(tried.reader).record != record) {
    begin(tried.reader, WaitFor::too_large, world.now);
  }
  Obstacle& obstacle = at(tried.reader);
  obstacle.batch = tried.batch;
  obstacle.record = record;
  obstacle.tries += 1;
}

void WaitBook::on(const Settled& settled, const World& world) {
  Obstacle& obstacle = at(settled.reader);
  const bool done = obstacle.batch.count > 0 && settled.records.end >= obstacle.batch.span.end;
  const bool has_batch = obstacle.what == WaitFor::ahead || obstacle.what == WaitFor::too_large;
  if (!done || !has_batch) return;
  // What failed is gone. After a success the next records follow.
  if (fails(obstacle) || obstacle.what == WaitFor::too_large) {
    begin(settled.reader, WaitFor::nothing, world.now);
  }
}

void WaitBook::on(const ReaderRestarted& restarted, const World& world) {
  begin(restarted.reader, WaitFor::nothing, world.now);
}

void WaitBook::open(std::uint32_t copy, ShardId shard, Position p, const World& world) {
  copies_.push_back({copy, shard, p, world.now});
  for (std::uint32_t i = 0; i < world.readers.size(); ++i) {
    if (world.readers[i].shard != shard) continue;
    // All that came before is done, and the reader waits for records.
    const bool idle = at({i}).what == WaitFor::ahead && !at({i}).works && !fails(at({i}));
    if (idle) begin({i}, WaitFor::nothing, world.now);
    waits_.push_back({copy, {i}, p, world.now, at({i}).tries, at({i}).works, {}, true});
  }
}

void WaitBook::reopen(std::uint32_t copy, ReaderId reader, Instant now) {
  for (Wait& wait : waits_) {
    if (wait.copy != copy || wait.reader != reader || wait.is_open) continue;
    wait.from = now;
    wait.tries_before = at(reader).tries;
    wait.is_open = true;
  }
}

std::vector<LifeEntry> WaitBook::take(std::uint32_t copy, ReaderId reader, Instant now) {
  for (Wait& wait : waits_) {
    if (wait.copy != copy || wait.reader != reader || !wait.is_open) continue;
    close_part(wait, now);
    wait.is_open = false;
    return told(std::exchange(wait.parts, {}));
  }
  return {};
}

}  // namespace trimhorizon
