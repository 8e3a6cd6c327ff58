// Every combination of answers that costs at most `budget` faults, run after run, like an odometer:
// the questions are whatever the run asks.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/choices.hpp"
#include "sim/faults/site.hpp"

namespace trimhorizon::testing {

class FewFaults : public Choices {
 public:
  FewFaults(SiteSet open, std::uint32_t budget)
      : Choices(open.bits), budget_(budget), left_(budget) {}

  std::uint32_t spent() const { return budget_ - left_; }
  // Moves to the next combination; false after the last.
  bool next() {
    at_ = 0;
    left_ = budget_;
    while (!answers_.empty() && answers_.back() + 1 == arities_.back()) {
      answers_.pop_back();
      arities_.pop_back();
    }
    if (answers_.empty()) return false;
    answers_.back() += 1;
    return true;
  }

 protected:
  std::uint32_t answer(const Question& question) override {
    const std::uint32_t cost = info(static_cast<Site>(question.site)).cost;
    if (at_ == answers_.size()) {
      answers_.push_back(0);
      arities_.push_back(cost > left_ ? 1 : question.arity);
    }
    const std::uint32_t chosen = answers_[at_++];
    if (chosen != 0) left_ -= cost;
    return chosen;
  }

 private:
  std::uint32_t budget_;
  std::uint32_t left_;
  std::size_t at_ = 0;
  std::vector<std::uint32_t> answers_;
  std::vector<std::uint32_t> arities_;
};

}  // namespace trimhorizon::testing
