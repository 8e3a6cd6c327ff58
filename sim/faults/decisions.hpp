// Decisions as a line of text that replays a run: `th1:` and base64 of the sites that were open,
// every answer that was not 0, and hashes of all questions on the way.
//
// Always:
//  1. parse_token(to_token(list)) == list; a damaged token is refused with a reason, never guessed.
//  2. A replay that asks anything else than the recorded run is a DriftError that says what was
//     expected and what came, never a silent fallback.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/choices.hpp"
#include "sim/faults/site.hpp"

namespace trimhorizon {

struct DecisionList {
  SiteSet open;                     // sites that are asked
  std::vector<Decision> decisions;  // ascending `index`
  bool to_rest = false;             // the run was recorded until nothing was left to happen
  std::uint64_t questions = 0;      // of that whole run
  std::uint64_t rolling = 0;        // hash of them all

  friend bool operator==(const DecisionList&, const DecisionList&) = default;
};

class TokenError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string to_token(const DecisionList& list);
DecisionList parse_token(std::string_view token);  // throws TokenError

// "function_error of entity 0, number 2, 4 answers"
std::string question_text(const Question& question);

// Replays a list: 0 everywhere but where the list says otherwise; throws DriftError where a
// question or the hash of those before differs from what was recorded.
class ReplayChoices : public Choices {
 public:
  explicit ReplayChoices(DecisionList list) : Choices(list.open.bits), list_(std::move(list)) {}

  const DecisionList& list() const { return list_; }
  bool used_up() const { return next_ == list_.decisions.size(); }
  // At the end of the run; `at_rest`: nothing was left to happen. Throws DriftError.
  void check_end(bool at_rest) const;
  // The run is disturbed on purpose: its end will be another.
  void forget_end() { list_.to_rest = false; }

 protected:
  std::uint32_t answer(const Question& question) override;

 private:
  std::string same_so_far() const;

  DecisionList list_;
  std::size_t next_ = 0;
};

// Applies decisions to a run that may ask other questions: each at the first question of its site,
// entity and ordinal, where that still has the answer. For counterfactuals and for shrinking.
class LooseChoices : public Choices {
 public:
  LooseChoices(std::vector<Decision> decisions, SiteSet open)
      : Choices(open.bits), decisions_(std::move(decisions)), used_(decisions_.size()) {}

 protected:
  std::uint32_t answer(const Question& question) override;

 private:
  std::vector<Decision> decisions_;
  std::vector<bool> used_;
};

// Every question of a run and its answer, to name the first difference of two runs.
struct AskedQuestion {
  Question question;
  std::uint32_t answer = 0;

  friend bool operator==(const AskedQuestion&, const AskedQuestion&) = default;
};

// Passes questions on and keeps them all.
class LoggingChoices : public Choices {
 public:
  LoggingChoices(const LoggingChoices&) = delete;
  explicit LoggingChoices(Choices& source) : Choices(source.open_sites()), source_(source) {}
  const std::vector<AskedQuestion>& log() const { return log_; }

 protected:
  std::uint32_t answer(const Question& question) override;

 private:
  Choices& source_;
  std::vector<AskedQuestion> log_;
};

// Empty when equal, else the first difference: "question 7: trim of …, 2 answers: 0 | …".
std::string first_difference(const std::vector<AskedQuestion>& a,
                             const std::vector<AskedQuestion>& b);

}  // namespace trimhorizon
