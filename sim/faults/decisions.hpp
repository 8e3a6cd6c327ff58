// The decisions of a run as one line of text, which replays the run: `th1:` and, in base64, the
// sites that were open, each answer that was not 0, and hashes of all questions on the way.
//
// Always:
//  1. parse_token(to_token(list)) == list. A damaged token is refused with a reason; nothing in it
//     is guessed.
//  2. When a replay asks another question than the recorded run, it throws a DriftError that names
//     the expected and the actual question. It never continues silently.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/choices.hpp"
#include "sim/faults/origin.hpp"
#include "sim/faults/site.hpp"

namespace trimhorizon {

struct DecisionList {
  SiteSet open;                     // the sites that are asked
  std::vector<Decision> decisions;  // by ascending `index`
  bool to_rest = false;             // the run was recorded until no event was left
  std::uint64_t questions = 0;      // how many questions that whole run asked; if to_rest
  std::uint64_t rolling = 0;        // the hash of all of them; if to_rest
  std::optional<Origin> origin;     // what was run; tokens of version 0.1.0 may be without it

  friend bool operator==(const DecisionList&, const DecisionList&) = default;
};

// A text that is not a token, or a damaged one.
class TokenError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string to_token(const DecisionList& list);
// Throws TokenError; reads at most 100,000 decisions.
DecisionList parse_token(std::string_view token);

// For example "function_error of entity 0, number 2, 4 answers".
std::string question_text(const Question& question);

// Replays a list: answers 0 except where the list says otherwise. Throws DriftError when a
// question, or the hash of the questions before it, differs from what was recorded.
class ReplayChoices : public Choices {
 public:
  explicit ReplayChoices(DecisionList list) : Choices(list.open.bits), list_(std::move(list)) {}

  const DecisionList& list() const { return list_; }
  bool used_up() const { return next_ == list_.decisions.size(); }
  // To call at the end of the run. `at_rest`: no event was left. Throws DriftError when the run did
  // not end like the recorded one.
  void check_end(bool at_rest) const;
  // The user changes the run on purpose, so it may end in another way.
  void forget_end() { list_.to_rest = false; }

 protected:
  std::uint32_t answer(const Question& question) override;

 private:
  std::string same_so_far() const;

  DecisionList list_;
  std::size_t next_ = 0;
};

// Applies decisions to a run that may ask other questions. Each decision answers the first question
// with its site, entity and ordinal, if that question has such an answer. For runs with a changed
// scenario, and to make a list shorter.
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

// A question of a run and its answer. Two lists of them show the first difference of two runs.
struct AskedQuestion {
  Question question;
  std::uint32_t answer = 0;

  friend bool operator==(const AskedQuestion&, const AskedQuestion&) = default;
};

// Asks another source, and keeps all questions and answers. The source must outlive this.
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

// Empty when both are equal; otherwise the first difference, on three lines: the number of the
// question, the expected and the actual question with their answers.
std::string first_difference(const std::vector<AskedQuestion>& a,
                             const std::vector<AskedQuestion>& b);

}  // namespace trimhorizon
