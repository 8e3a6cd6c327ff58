#include "sim/history/account.hpp"

#include <algorithm>

#include "sim/base/check.hpp"

namespace trimhorizon {

std::size_t Account::first_run_ending_after(Position p) const {
  if (runs_.empty() || runs_.back().span.end <= p) return runs_.size();
  const auto it =
      std::upper_bound(runs_.begin(), runs_.end(), p,
                       [](Position value, const HistoryRun& run) { return value < run.span.end; });
  return static_cast<std::size_t>(it - runs_.begin());
}

RecordHistory Account::at(Position p) const {
  const std::size_t i = first_run_ending_after(p);
  if (i < runs_.size() && runs_[i].span.first <= p) return runs_[i].history;
  return unexceptional(p);
}

// Replaces the runs [from, to) by these pieces. Equal neighbours are joined, and pieces without
// exceptions are dropped.
void Account::put_back(std::vector<HistoryRun>& pieces, std::size_t from, std::size_t to) {
  std::vector<HistoryRun> kept;
  for (const HistoryRun& piece : pieces) {
    const bool straddles = piece.span.first < settled_ && settled_ < piece.span.end;
    if (!straddles && piece.history == unexceptional(piece.span.first)) continue;
    if (!kept.empty() && kept.back().span.end == piece.span.first &&
        kept.back().history == piece.history) {
      kept.back().span.end = piece.span.end;
    } else {
      kept.push_back(piece);
    }
  }
  const auto begin = runs_.begin() + static_cast<std::ptrdiff_t>(from);
  const auto end = runs_.begin() + static_cast<std::ptrdiff_t>(to);
  runs_.insert(runs_.erase(begin, end), kept.begin(), kept.end());
}

void Account::settle(Position end, Fate fate, LossCause cause) {
  TH_CHECK(end >= settled_);
  if (end == settled_) return;
  const Span span{settled_, end};
  fates_[fate] += span.count();
  std::vector<HistoryRun> pieces;
  const std::size_t from = first_run_ending_after(span.first);
  std::size_t to = from;
  while (to < runs_.size() && runs_[to].span.first < span.end) ++to;
  const HistoryRun last = from < to ? runs_[to - 1] : HistoryRun{};
  const auto entered = [&](Span part, RecordHistory history) {
    history.fate = fate;
    history.cause = history.effects == 0 ? cause : LossCause::none;
    return HistoryRun{part, history};
  };
  // The ordinary case first: a batch that was delivered once and had one effect needs no run any
  // more.
  if (to == from + 1 && last.span == span) {
    const HistoryRun done = entered(span, last.history);
    settled_ = end;
    if (done.history == unexceptional(span.first)) {
      runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(from));
    } else {
      runs_[from] = done;
    }
    return;
  }
  if (from < to && runs_[from].span.first < span.first) {
    pieces.push_back({{runs_[from].span.first, span.first}, runs_[from].history});
  }
  for_each(span, [&](Span part, const RecordHistory& history) {
    pieces.push_back(entered(part, history));
  });
  settled_ = end;
  if (from < to && last.span.end > span.end) {
    pieces.push_back({{span.end, last.span.end}, last.history});
  }
  put_back(pieces, from, to);
}

}  // namespace trimhorizon
