// `explore` from a scenario to a report: the search, its counterexamples, and notes on what was not
// looked at, so that a verdict does not claim too much.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/diagnostic.hpp"
#include "sim/experiment/session.hpp"
#include "sim/explore/counterexample.hpp"
#include "sim/faults/assumptions.hpp"
#include "sim/faults/cause.hpp"
#include "sim/run/judgement.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

// The user's own functions, to be called while exploring.
struct OwnHandlers {
  std::vector<OwnFunction> functions;
  std::function<void()> forget;        // resets the memory of all of them
  std::vector<std::string> forgetful;  // names of those for which that is possible
  std::string how_to_forget;           // what the user can do about the others
};

struct ExploreRequest {
  std::optional<std::uint64_t> seed;    // instead of the file's
  std::optional<std::uint32_t> faults;  // instead of the file's
  double seconds = 0;                   // 0: no limit
  std::uint64_t states = 0;             // 0: no limit
  std::uint64_t random = 0;             // so many random runs instead of a search
  bool assumptions = false;             // repeat under each alternative of the switches met
  std::uint32_t threads = 0;            // 0: all cores
  std::function<void(std::uint32_t layer, std::uint64_t states)> progress;
  std::function<void()> poll_progress;  // called often; may throw to stop
  const OwnHandlers* own = nullptr;     // one thread then
};

struct OutcomeRow {
  std::uint64_t stored = 0;
  std::vector<std::pair<std::string, std::uint32_t>> effects;  // every record, zeros included
  std::vector<std::string> discarded;
  std::vector<std::string> lost;
  std::uint32_t minimum_faults = 0;
};

// What becomes of the verdict under another value of a switch.
struct SweptAssumption {
  std::string name;
  std::string value;
  std::string verdict;                   // its words
  std::vector<std::string> differences;  // "no_loss: 1 fault instead of 2"

  bool matters() const { return !differences.empty(); }
};

struct ExploreReport {
  std::string file;
  std::string title;
  std::uint64_t seed = 1;
  Verdict verdict = Verdict::holds;  // undecided: not every schedule was looked at
  std::string verdict_words;         // "HOLDS for all schedules with at most 2 faults"
  std::uint32_t faults = 0;
  int complete_through = -1;
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  bool exact = true;
  double collision_bound = 0;  // beyond exact: at most this probability of a wrong merge
  SiteSet sites;
  SiteSet taken;
  bool any_batch_size = false;
  std::uint64_t records = 0;  // of generated traffic that are explored at most
  std::string first_records;  // "explored on its first 6 records of 720,000; …"; empty: on all
  std::vector<std::string> properties;  // that were judged, invariants last
  EnumSet<Situation> situations;
  AssumptionsMet met;
  Assumptions assumptions;
  std::vector<std::string> notes;         // what the verdict does not say, for this scenario
  std::vector<std::string> common_notes;  // and what no verdict says
  std::vector<OutcomeRow> outcomes;
  bool effects_saturated = false;  // some count is "15 or more"
  std::vector<FoundViolation> violations;
  std::vector<FoundViolation> loops;      // runs that never end, if quiescence is not asked for
  std::uint64_t random_runs = 0;          // 0: it was a search
  std::uint64_t random_without_rest = 0;  // of them, that did not end
  std::uint64_t ledger_runs = 0;          // repeated with the ledger, for the invariants about it
  std::vector<SweptAssumption> swept;     // --assumptions
  bool was_swept = false;
  bool own_handlers = false;  // some functions are the user's
  bool whole_runs = false;    // `states` are runs from their beginning
};

// The explorer cannot take this scenario; the hint says what to change.
class ExploreError : public HintedError {
 public:
  using HintedError::HintedError;
};

// Throws ExploreError, and SessionError for a name that no function has.
ExploreReport explore_scenario(const Scenario& scenario, const ExploreRequest& request = {});

// Is it an invariant that only the runs repeated with the ledger can judge?
bool is_ledger_promise(std::string_view property);

// One search without the sweep over assumptions, with these functions or the modelled ones (null).
// With functions of the user it throws DependsOnMore and MemoryNotFresh, which
// explore_with_handlers() handles.
ExploreReport explore_once(const Scenario& scenario, const ExploreRequest& request,
                           Handlers* handlers, FreshHandlers* fresh);

}  // namespace trimhorizon
