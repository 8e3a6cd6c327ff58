// What stood in the way of a record before it was first handed over, recomputed from the events of
// a run alone: a second opinion on history/waits.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/lambda/call_outcome.hpp"
#include "sim/run/simulation.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon::testing {

class Obstacles : public Observer {
 public:
  // What the reader did from an instant on, until the next one.
  struct Phase {
    Instant from;
    std::string what;       // in the words of `explain`, or "batch", "nothing"
    Span batch;             // that is tried or refused
    std::size_t chain = 0;  // of a batch: the attempts that belong together
    bool try_begins = false;
  };
  // One reason and the time that it took.
  struct Way {
    Duration lasted{0};
    Duration longest{0};  // without a break
    std::uint64_t tries = 0;
    Instant from{INT64_MAX};
  };
  using Ways = std::map<std::string, Way>;

  void on(const Happened& event, const World& world) override {
    std::visit([&](const auto& what) { note(what, event.at, world); }, event.what);
  }

  // When the first batch with each record was handed over or settled; the end of the run if none
  // was.
  std::vector<Instant> turns(ReaderId reader, const World& world) const {
    std::vector<Instant> first(world.shard(world.reader(reader).shard).log.end(), world.now);
    std::vector<bool> known(first.size(), false);
    if (reader.value >= readers_.size()) return first;
    for (const auto& [at, span] : readers_[reader.value].turns) {
      for (Position p = span.first; p < span.end; ++p) {
        if (!known[p]) first[p] = at;
        known[p] = true;
      }
    }
    return first;
  }

  // What stood in the way of the record until its turn.
  Ways ways(ReaderId reader, Position p, Instant turn, const World& world) const {
    const Instant stored = world.shard(world.reader(reader).shard).log.arrival(p);
    Ways ways;
    if (reader.value >= readers_.size()) return ways;
    const OfReader& of = readers_[reader.value];
    add(ways, "because the mapping does not exist yet", stored, std::min(turn, of.opened), 0);
    for (std::size_t i = 0; i < of.phases.size(); ++i) {
      const Phase& phase = of.phases[i];
      const Instant ends = i + 1 < of.phases.size() ? of.phases[i + 1].from : world.now;
      const bool own = phase.batch.contains(p);
      const std::string what = own ? "its own" : words_of(of, phase);
      // Of the batches ahead that succeed, the one that runs already counts too.
      const bool counted = phase.from >= stored || (what == "ahead of it" && ends > stored);
      const bool counts = phase.try_begins && counted && phase.from < turn;
      add(ways, what, std::max(stored, phase.from), std::min(turn, ends), counts ? 1 : 0);
    }
    return ways;
  }

 private:
  struct Chain {
    Span batch;
    bool failing = false;
    bool over = false;
    std::string how;              // "r0, which fails"
    std::optional<Position> bad;  // where that record is stored; none: it is not known
  };
  struct OfReader {
    Instant opened{INT64_MAX};
    std::vector<Phase> phases;
    std::vector<Chain> chains;
    std::vector<std::pair<Instant, Span>> turns;
  };

  static void add(Ways& ways, const std::string& what, Instant from, Instant end,
                  std::uint64_t tries) {
    if (end < from || (end == from && tries == 0)) return;
    Way& way = ways[what];
    way.lasted = way.lasted + (end - from);
    way.longest = std::max(way.longest, end - from);
    way.tries += tries;
    way.from = std::min(way.from, from);
  }
  static const char* words_of(PollWait why) {
    switch (why) {
      case PollWait::disabled: return "because the mapping is disabled";
      case PollWait::start: return "until polling starts";
      case PollWait::failover: return "until another poller takes over";
      case PollWait::window: return "in the batching window";
      case PollWait::walk: return "because reads from a trimmed number come back empty";
      case PollWait::parents: return "until the parents of its shard are read to their end";
      case PollWait::child:
        return "because a new shard is not read the moment its parents are done";
      case PollWait::refused: return "because AWS refuses reads of its shard";
      case PollWait::empty: return "because a read gave nothing, though records were there";
      case PollWait::blocked: return "because a record that fits into no event blocks the shard";
    }
    return "nothing";
  }
  static std::string words_of(const OfReader& of, const Phase& phase) {
    if (phase.what != "batch") return phase.what;
    const Chain& chain = of.chains[phase.chain];
    return chain.failing ? "behind " + chain.how : "ahead of it";
  }

  OfReader& at(ReaderId reader) {
    if (readers_.size() <= reader.value) readers_.resize(reader.value + 1);
    return readers_[reader.value];
  }
  void begin(ReaderId reader, Instant from, std::string what, Span batch = {}, bool tries = false) {
    at(reader).phases.push_back({from, std::move(what), batch, 0, tries});
  }

  void note(const ReaderOpened& opened, Instant now, const World&) {
    at(opened.reader).opened = now;
    begin(opened.reader, now, "nothing");
  }
  void note(const PollingWaits& waits, Instant now, const World&) {
    begin(waits.reader, now, words_of(waits.why));
  }
  void note(const Read& read, Instant now, const World&) { begin(read.reader, now, "nothing"); }
  void note(const ReaderRestarted& restarted, Instant now, const World&) {
    if (!at(restarted.reader).chains.empty()) at(restarted.reader).chains.back().over = true;
    begin(restarted.reader, now, "nothing");
  }
  void note(const Delivered& delivered, Instant now, const World&) {
    if (delivered.reason == DeliveryReason::overlapping_pollers) return;
    OfReader& of = at(delivered.reader);
    const Span span = delivered.batch.span;
    bool goes_on =
        !of.chains.empty() && !of.chains.back().over && of.chains.back().batch.contains(span.first);
    // What is left without the bad record is another batch: it may succeed.
    if (goes_on && of.chains.back().bad) goes_on = span.contains(*of.chains.back().bad);
    if (!goes_on) of.chains.push_back({delivered.batch.span, false, false, ""});
    of.turns.emplace_back(now, delivered.batch.span);
    begin(delivered.reader, now, "batch", delivered.batch.span, true);
    of.phases.back().chain = of.chains.size() - 1;
  }
  void note(const Ended& ended, Instant now, const World& world) {
    if (ended.stale) return;
    OfReader& of = at(ended.reader);
    if (of.chains.empty()) return;
    Chain& chain = of.chains.back();
    const CallOutcome end = outcome_of(ended.ruling, ended.end);
    if (end == CallOutcome::success) return begin(ended.reader, now, "nothing");
    chain.failing = true;
    chain.how = "a batch that " + std::string(end == CallOutcome::timeout ? "times out"
                                              : end == CallOutcome::crash ? "crashes"
                                                                          : "fails");
    if (!ended.failed.empty()) {
      chain.how = record_name(world, ended.batch.shard, ended.failed.front()) + ", which fails";
      chain.bad = ended.failed.front();
    }
    if (ended.outage) chain.how = "a batch that fails in the outage";
    // The wait until the next attempt belongs to the batch as well.
    begin(ended.reader, now, "batch", ended.batch.span);
    of.phases.back().chain = of.chains.size() - 1;
  }
  void note(const Throttled& throttled, Instant now, const World&) {
    const char* const what = throttled.why == Refusal::slots ? "for a free slot of the function"
                                                             : "because the function is throttled";
    begin(throttled.reader, now, what, throttled.batch.span, true);
  }
  void note(const TooLarge& tried, Instant now, const World& world) {
    begin(tried.reader, now,
          "behind " + record_name(world, tried.batch.shard, tried.batch.first()) +
              ", which fits into no event",
          tried.batch.span, true);
  }
  void note(const Settled& settled, Instant now, const World&) {
    OfReader& of = at(settled.reader);
    of.turns.emplace_back(now, settled.records);
    if (of.phases.empty()) return;
    // The batch that was tried is out of the way.
    const Phase last = of.phases.back();
    const bool tried = last.batch.count() > 0;
    if (!tried || settled.records.end < last.batch.end) return;
    if (!of.chains.empty()) of.chains.back().over = true;
    begin(settled.reader, now, "nothing");
  }
  template <
      OneOf<Put, PutAnswered, PutGivenUp, Positioned, Fetched, SubscriptionOpened, ReadRefused,
            WillRetry, SplitInTwo, GaveUp, MessageSent, CheckpointKept, ShardFinished, ApiAnswered,
            ShardsCut, MappingSwitched, FaultStruck, TimelineActed, BareReadAnswered>
          Other>
  void note(const Other&, Instant, const World&) {}

  std::vector<OfReader> readers_;
};

}  // namespace trimhorizon::testing
