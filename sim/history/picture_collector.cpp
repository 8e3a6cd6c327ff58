#include "sim/history/picture_collector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/base/overloaded.hpp"
#include "sim/world/names.hpp"
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

bool alike(const PictureBar& a, const PictureBar& b) {
  return a.succeeded == b.succeeded && a.partial == b.partial;
}

// Is there a time between them that a picture of the run until `now` can show? Nothing was invoked
// then: the function was throttled, or there was nothing to do. There are fewer than a hundred such
// times.
bool far_apart(const PictureBar& a, const PictureBar& b, Instant now) {
  return (b.started - a.ended).us > now.us / 100;
}

// A large run forgets settled records: then the horizon is known only where records still wait, and
// stays where it was last seen.
Position horizon_at(Instant at, const World& world, const Shard& shard, Position before) {
  const Position from = std::max(before, shard.log.first());
  const Position now = trim_horizon(world, shard, from, at);
  return now > from ? now : before;
}

Instant end_of_stretch(Instant at, Duration stretch) {
  return Instant{(at.us / stretch.us + 1) * stretch.us};
}

void join(PictureBar& bar, const PictureBar& next) {
  bar.count += next.count;
  bar.started = std::min(bar.started, next.started);
  bar.ended = std::max(bar.ended, next.ended);
  bar.first = std::min(bar.first, next.first);
  bar.end = std::max(bar.end, next.end);
  bar.cut = std::nullopt;  // a bar of several invocations has no common cut
}

}  // namespace

void PictureCollector::on(const Happened& event, const World& world) {
  std::visit(overloaded{
                 [&](const Put& e) { on_put(e, world); },
                 [&](const Delivered& e) { tried(e.reader, e.batch, event.at).attempts += 1; },
                 [&](const Throttled& e) { tried(e.reader, e.batch, event.at).throttles += 1; },
                 [&](const TooLarge& e) { tried(e.reader, e.batch, event.at).attempts += 1; },
                 [&](const Ended& e) { note_bar(e, event.at); },
                 [&](const SplitInTwo& e) { note_split(e); },
                 [&](const Settled& e) { on_settled(e, world); },
                 [&](const PollingWaits& e) { on_waits(e, world); },
                 Ignore<PutAnswered, PutGivenUp, ReaderOpened, Positioned, Fetched,
                        SubscriptionOpened, ReadRefused, Read, WillRetry, GaveUp, MessageSent,
                        CheckpointKept, ShardFinished, ApiAnswered, ShardsCut, ReaderRestarted,
                        MappingSwitched, FaultStruck, TimelineActed, BareReadAnswered>{},
             },
             event.what);
}

void PictureCollector::on_put(const Put& put, const World& world) {
  if (put.entries.size() == 1) {  // millions of puts may be of one record: they must cost little
    world.for_each_reader_at(put.entries[0].shard, [&](ReaderId id) {
      if (id.value < readers_max) note_tip(id, world.now, put.entries[0].position + 1, world);
    });
    return;
  }
  const std::size_t drawn = std::min(world.readers.size(), readers_max);
  const StreamId stream = world.plan->producer(put.producer).stream;
  for (std::uint32_t i = 0; i < drawn; ++i) {
    const Shard& shard = world.shard(world.readers[i].shard);
    if (shard.stream == stream && shard.log.end() != tip_of(i)) {
      note_state({i}, world.now, shard.log.end(), world);
    }
  }
}

void PictureCollector::on_run(const PutRun& run, const World& world) {
  for (const PutRun::Call& call : run.calls) {
    const Instant at = call.at;
    const Position tip = call.entry.position + 1;
    world.for_each_reader_at(call.entry.shard, [&](ReaderId id) {
      if (id.value < readers_max) note_tip(id, at, tip, world);
    });
  }
}

void PictureCollector::on_settled(const Settled& settled, const World& world) {
  note_release(settled, world.now);
  if (settled.reader.value >= readers_max) return;
  if (settled.fate != Fate::processed && settled.fate != Fate::filtered) {
    Picture& drawn = picture(settled.reader);
    note_fate(drawn, settled, world.now);
    if (settled.fate == Fate::expired) {
      drawn.trim_horizon = std::max(drawn.trim_horizon, settled.records.end);
    }
  }
  note_state(settled.reader, world.now, world.shard(settled.shard).log.end(), world);
}

void PictureCollector::add_pictures(ReaderId last) {
  while (pictures_.size() <= last.value) {
    pictures_.emplace_back();
    pictures_.back().points.reserve(points_max);
    pictures_.back().bars.reserve(bars_max);
  }
}

std::uint64_t PictureCollector::tip_of(std::size_t reader) const {
  const bool drawn = reader < pictures_.size() && !pictures_[reader].points.empty();
  return drawn ? pictures_[reader].points.back().tip : 0;
}

void PictureCollector::note_state(ReaderId id, Instant at, Position tip, const World& world) {
  Picture& drawn = picture(id);
  const Reader& reader = world.reader(id);
  const Shard& shard = world.shard(reader.shard);
  drawn.trim_horizon = horizon_at(at, world, shard, drawn.trim_horizon);
  const PicturePoint now{at, tip, drawn.trim_horizon, reader.checkpoint};
  if (!drawn.points.empty()) {
    PicturePoint& last = drawn.points.back();
    if (last.tip == now.tip && last.trim_horizon == now.trim_horizon &&
        last.checkpoint == now.checkpoint) {
      return;
    }
    if (now.at < drawn.stretch_ends) {
      last = now;
      return;
    }
  } else if (now.tip == 0) {
    return;
  }
  if (drawn.points.size() == points_max) thin_points(drawn);
  drawn.points.push_back(now);
  drawn.stretch_ends = end_of_stretch(now.at, drawn.stretch);
}

// Neighbours with one fate become one, when it comes to them at the same instant. When there are
// too many, every second one goes: what stays is true, and spread over all.
void PictureCollector::note_fate(Picture& drawn, const Settled& settled, Instant at) {
  std::vector<PictureFate>& fates = drawn.fates;
  const Span& records = settled.records;
  if (records.first == records.end) return;
  if (!fates.empty() && fates.back().fate == settled.fate && fates.back().at == at &&
      fates.back().end == records.first) {
    fates.back().end = records.end;
    return;
  }
  if (drawn.fates_seen++ % drawn.fates_step != 0) return;
  if (fates.size() == fates_max) {
    for (std::size_t i = 1; i < fates_max / 2; ++i) fates[i] = fates[2 * i];
    fates.resize(fates_max / 2);
    drawn.fates_step *= 2;
  }
  fates.push_back({at, records.first, records.end, settled.fate});
}

// Doubles the stretch until half of the points are left. The last point of each stretch stays.
void PictureCollector::thin_points(Picture& drawn) {
  std::vector<PicturePoint>& points = drawn.points;
  while (points.size() > points_max / 2) {
    drawn.stretch = drawn.stretch * 2;
    std::size_t kept = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
      const bool same = points[kept].at.us / drawn.stretch.us == points[i].at.us / drawn.stretch.us;
      if (!same) ++kept;
      points[kept] = points[i];
    }
    points.resize(kept + 1);
  }
}

void PictureCollector::note_bar(const Ended& ended, Instant at) {
  if (ended.reader.value >= readers_max) return;
  Picture& drawn = picture(ended.reader);
  PictureBar bar;
  bar.started = ended.started;
  bar.ended = at;
  bar.first = ended.batch.span.first;
  bar.end = ended.batch.span.end;
  bar.succeeded = ended.ruling == Ruling::success;
  bar.partial = ended.ruling == Ruling::partial;
  if (bar.partial) bar.cut = ended.batch.at(ended.cut);
  if (!drawn.bars.empty() && alike(drawn.bars.back(), bar) &&
      drawn.bars.back().count < drawn.bar_invocations && !far_apart(drawn.bars.back(), bar, at)) {
    join(drawn.bars.back(), bar);
    return;
  }
  if (drawn.bars.size() == bars_max) thin_bars(drawn, at);
  drawn.bars.push_back(bar);
}

// Joins two neighbours to one bar. When they differ too much for that, only the failed one stays,
// because it says more. Both stay when nothing was invoked between them for a long time.
void PictureCollector::thin_bars(Picture& drawn, Instant now) {
  std::vector<PictureBar>& bars = drawn.bars;
  std::size_t kept = 0;
  drawn.bar_invocations *= 2;
  for (std::size_t i = 0; i < bars.size(); i += 2) {
    PictureBar bar = bars[i];
    if (i + 1 < bars.size()) {
      const PictureBar& next = bars[i + 1];
      if (far_apart(bar, next, now)) {
        bars[kept++] = bar;
        bar = next;
      } else if (alike(bar, next)) {
        join(bar, next);
      } else {
        const bool keep_next = bar.succeeded || (bar.partial && !next.succeeded);
        drawn.bars_left_out += keep_next ? bar.count : next.count;
        if (keep_next) bar = next;
      }
    }
    bars[kept++] = bar;
  }
  bars.resize(kept);
}

PictureCollector::Block& PictureCollector::tried(ReaderId reader, const Batch& batch, Instant at) {
  if (heads_.size() <= reader.value) {
    heads_.resize(reader.value + 1);
    longest_.resize(reader.value + 1);
  }
  Block& head = heads_[reader.value];
  const bool known = head.stands();
  if (!known || head.head != batch.first()) {
    const bool stands_on = !known && batch.first() < head.end;
    const Position first = stands_on ? head.first : batch.first();
    const Position end = stands_on ? head.end : batch.span.end;
    head = {};
    head.head = batch.first();
    head.first = first;
    head.end = end;
    head.since = at;
  }
  return head;
}

// No attempt is made at a record that fits into no event and blocks the shard.
void PictureCollector::on_waits(const PollingWaits& waits, const World& world) {
  if (waits.why != PollWait::blocked) return;
  const Reader& reader = world.reader(waits.reader);
  const Span head{reader.checkpoint, reader.checkpoint + 1};
  tried(waits.reader, Batch::whole(reader.shard, head), world.now).fits_nowhere = true;
}

// The second half does not stand at the head yet: it is a block of its own.
void PictureCollector::note_split(const SplitInTwo& split) {
  if (heads_.size() <= split.reader.value) return;
  heads_[split.reader.value].end = split.first.span.end;
}

LongestBlock::Release PictureCollector::release_of(Fate fate) {
  if (fate == Fate::expired) return LongestBlock::Release::expired;
  if (fate == Fate::unread) return LongestBlock::Release::unread;
  return fate == Fate::processed ? LongestBlock::Release::done : LongestBlock::Release::given_up;
}

void PictureCollector::note_release(const Settled& settled, Instant at) {
  const std::uint32_t reader = settled.reader.value;
  if (heads_.size() <= reader) return;
  Block& head = heads_[reader];
  if (!head.stands() || settled.records.end <= head.head) return;
  head.lasted = at - head.since;
  head.release = release_of(settled.fate);
  if (head.is_block() && head.lasted > longest_[reader].lasted) {
    longest_[reader] = head;
  }
  Block& longest = longest_[reader];
  if (longest.stands() && longest.head == head.first) longest.stood = at - longest.since;
  Block next;
  if (settled.fate == Fate::expired && settled.records.end < head.end) {
    next.first = head.first;
    next.end = head.end;
  }
  head = next;
}

ShardPicture PictureCollector::shard_picture(const Picture& drawn, ReaderId id,
                                             const World& world) {
  const Reader& reader = world.reader(id);
  const Shard& shard = world.shard(reader.shard);
  const RecordLog& log = shard.log;
  ShardPicture out;
  out.shard = shard_name(world, reader.shard);
  out.points = drawn.points;
  out.bars = drawn.bars;
  out.bars_left_out = drawn.bars_left_out;
  out.fates = drawn.fates;
  // Records that still wait are drawn up to the end of the picture.
  if (!out.points.empty() && reader.checkpoint < log.end() && out.points.back().at < world.now) {
    if (out.points.size() == points_max) out.points.pop_back();
    out.points.push_back({world.now, log.end(),
                          horizon_at(world.now, world, shard, drawn.trim_horizon),
                          reader.checkpoint});
  }
  if (log.first() == 0 && log.end() <= labels_max) {
    for (Position p = 0; p < log.end(); ++p) {
      out.labels.push_back(record_name(world, reader.shard, p));
    }
  }
  return out;
}

void PictureCollector::fill(Result& result, const World& world) const {
  for (std::uint32_t i = 0; i < pictures_.size(); ++i) {
    const ConsumerId consumer = world.reader({i}).consumer;
    result.consumers[consumer.value].pictures.push_back(shard_picture(pictures_[i], {i}, world));
  }
  std::vector<Duration> lasted(result.consumers.size(), Duration{0});
  for (std::uint32_t i = 0; i < heads_.size(); ++i) {
    const Reader& reader = world.reader({i});
    Block block = longest_[i];
    Block head = heads_[i];
    head.lasted = world.now - head.since;
    if (head.is_block() && head.lasted > block.lasted) block = head;
    if (block.lasted <= lasted[reader.consumer.value]) continue;
    lasted[reader.consumer.value] = block.lasted;
    result.consumers[reader.consumer.value].longest_block =
        LongestBlock{block.head >= world.shard(reader.shard).log.first()
                         ? record_name(world, reader.shard, block.head)
                         : "",
                     block.head,
                     shard_name(world, reader.shard),
                     block.lasted,
                     block.attempts,
                     block.throttles,
                     block.release,
                     block.stood};
  }
}

}  // namespace trimhorizon
