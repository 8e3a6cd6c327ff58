// What happened to the records of one shard in one consumer: fates, deliveries, effects.
//
// Always:
//  1. Records below `settled()` have a fate; the others are pending.
//  2. Only exceptions are stored, as runs. A settled record outside every run was delivered once,
//     had one effect and is processed. A pending record outside every run was never delivered. So
//     the memory grows with what went wrong, not with the number of records.
//  3. Runs are sorted, do not overlap, are not empty, and always differ from what 2 says.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/faults/cause.hpp"

namespace trimhorizon {

// What is known about a record; all records of a run have the same.
struct RecordHistory {
  std::uint32_t deliveries = 0;
  std::uint32_t effects = 0;
  Fate fate = Fate::pending;
  LossCause cause = LossCause::none;               // why it had no effect; set when it has a fate
  DeliveryReason surplus = DeliveryReason::first;  // the reason of its last surplus effect

  friend bool operator==(const RecordHistory&, const RecordHistory&) = default;
};

struct HistoryRun {
  Span span;
  RecordHistory history;

  friend bool operator==(const HistoryRun&, const HistoryRun&) = default;
};

class Account {
 public:
  Account() = default;
  Account(ConsumerId consumer, ShardId shard) : consumer_(consumer), shard_(shard) {}

  ConsumerId consumer() const { return consumer_; }
  ShardId shard() const { return shard_; }
  // The first record without a fate.
  Position settled() const { return settled_; }

  // What is known about this record.
  RecordHistory at(Position p) const;
  // All runs, in the order of the shard. Records outside them are described under 2 above.
  const std::vector<HistoryRun>& runs() const { return runs_; }
  // Calls f(span, history) for neighbouring parts that together cover `span`.
  template <class F>
  void for_each(Span span, F f) const;

  // Calls f(Span, RecordHistory&) for every part of `span`, and keeps the changes.
  template <class F>
  void update(Span span, F f);

  // Gives the records [settled(), end) this fate. Those without an effect get the cause. REQUIRES:
  // end >= settled().
  void settle(Position end, Fate fate, LossCause cause);

  // How many settled records have this fate.
  std::uint64_t fates(Fate fate) const { return fates_[fate]; }

  friend bool operator==(const Account&, const Account&) = default;

 private:
  RecordHistory unexceptional(Position p) const {
    return p < settled_ ? RecordHistory{1, 1, Fate::processed} : RecordHistory{};
  }
  std::size_t first_run_ending_after(Position p) const;
  void put_back(std::vector<HistoryRun>& pieces, std::size_t from, std::size_t to);

  ConsumerId consumer_;
  ShardId shard_;
  Position settled_ = 0;
  Counts<Fate> fates_;
  std::vector<HistoryRun> runs_;
};

template <class F>
void Account::for_each(Span span, F f) const {
  Position at = span.first;
  std::size_t i = first_run_ending_after(at);
  while (at < span.end) {
    const bool in_run = i < runs_.size() && runs_[i].span.first <= at;
    Position end = span.end;
    if (in_run) {
      end = std::min(end, runs_[i].span.end);
    } else {
      if (i < runs_.size()) end = std::min(end, runs_[i].span.first);
      if (at < settled_) end = std::min(end, settled_);
    }
    f(Span{at, end}, in_run ? runs_[i].history : unexceptional(at));
    at = end;
    if (in_run && end == runs_[i].span.end) ++i;
  }
}

template <class F>
void Account::update(Span span, F f) {
  if (span.empty()) return;
  const std::size_t from = first_run_ending_after(span.first);
  std::size_t to = from;
  while (to < runs_.size() && runs_[to].span.first < span.end) ++to;

  // The ordinary case: a batch that comes after every run, or is exactly the last run.
  if (from == runs_.size() && span.first >= settled_) {
    RecordHistory history;
    f(span, history);
    if (history == RecordHistory{}) return;
    if (!runs_.empty() && runs_.back().span.end == span.first && runs_.back().history == history) {
      runs_.back().span.end = span.end;
    } else {
      runs_.push_back({span, history});
    }
    return;
  }
  if (to == from + 1 && runs_[from].span == span) {
    f(span, runs_[from].history);
    if (runs_[from].history == unexceptional(span.first) &&
        (span.end <= settled_ || span.first >= settled_)) {
      runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(from));
    }
    return;
  }

  std::vector<HistoryRun> pieces;
  if (from < to && runs_[from].span.first < span.first) {
    pieces.push_back({{runs_[from].span.first, span.first}, runs_[from].history});
  }
  const Position last_end = from < to ? runs_[to - 1].span.end : 0;
  const RecordHistory last_history = from < to ? runs_[to - 1].history : RecordHistory{};
  for_each(span, [&](Span part, RecordHistory history) {
    f(part, history);
    pieces.push_back({part, history});
  });
  if (last_end > span.end) pieces.push_back({{span.end, last_end}, last_history});
  put_back(pieces, from, to);
}

}  // namespace trimhorizon
