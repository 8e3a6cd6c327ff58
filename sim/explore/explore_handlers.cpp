// Chooses how to explore with functions of the user: as tables if they always answer the same, run
// by run if they remember, else not at all.
#include "sim/explore/explore_handlers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/explore/fresh_search.hpp"
#include "sim/handlers/memo_handlers.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

void forget_all(const OwnHandlers& own) {
  if (own.forget) own.forget();
}

bool can_forget(const OwnHandlers& own, const std::string& function) {
  return std::find(own.forgetful.begin(), own.forgetful.end(), function) != own.forgetful.end();
}

ExploreReport explore_as_tables(const Scenario& scenario, const ExploreRequest& request,
                                MemoHandlers& memo) {
  place_functions(scenario, request.own->functions, memo);
  forget_all(*request.own);
  ExploreReport report = explore_once(scenario, request, &memo, nullptr);
  memo.ask_again();
  report.notes.push_back(
      fmt::format("your own function was called {} for {}, each batch at several times: its "
                  "answers were always the same, so they were used as a table",
                  counted(memo.calls(), "time"), counted(memo.batches(), "batch", "batches")));
  return report;
}

ExploreError does_not_forget(const ExploreRequest& request, const std::string& why,
                             const std::string& what) {
  return ExploreError(fmt::format("{}, and its memory stays between two runs: {}", why, what),
                      request.own->how_to_forget);
}

ExploreReport explore_run_by_run(const Scenario& scenario, const ExploreRequest& request,
                                 const std::string& why, bool remembers) {
  FreshHandlers fresh([&] { forget_all(*request.own); });
  place_functions(scenario, request.own->functions, fresh);
  ExploreReport report;
  try {
    report = explore_once(scenario, request, &fresh, &fresh);
  } catch (const MemoryNotFresh& error) {
    throw does_not_forget(request, why, error.what());
  }
  if (remembers) {
    report.notes.push_back("your function remembers between invocations: searched without merging");
  }
  report.notes.push_back(why);
  report.notes.push_back(
      "so no states were merged: every run started from the beginning, with "
      "fresh memory");
  if (!report.loops.empty() || report.outcomes.empty()) {
    report.notes.push_back(
        fmt::format("a run that came to the same state {} times counts as one that never ends; "
                    "what the function remembers is not part of that state",
                    same_state_max));
  }
  return report;
}

}  // namespace

ExploreReport explore_with_handlers(const Scenario& scenario, const ExploreRequest& request) {
  MemoHandlers memo;
  std::string why;
  bool remembers = false;
  try {
    return explore_as_tables(scenario, request, memo);
  } catch (const DependsOnMore& found) {
    why = found.what();
    remembers = found.remembers();
    const std::string& name = scenario.functions[found.function().value].name;
    if (remembers && !can_forget(*request.own, name)) {
      throw ExploreError(why, request.own->how_to_forget);
    }
  }
  // The calls so far started with fresh memory. If memory stays, it holds them from now on, at the
  // start of every run: comparing runs alone would not show it.
  forget_all(*request.own);
  if (!memo.comes_out_again()) {
    throw does_not_forget(request, why, "the same calls had other results");
  }
  return explore_run_by_run(scenario, request, why, remembers);
}

}  // namespace trimhorizon
