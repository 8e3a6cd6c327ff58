// All ways through one step: counts through the answers to its questions, like an odometer, and
// never spends more faults than the budget.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/choices.hpp"
#include "sim/faults/site.hpp"

namespace trimhorizon {

class BranchChoices : public Choices {
 public:
  explicit BranchChoices(SiteSet open) : Choices(open.bits) {}

  // Starts with the branch in which every answer is 0, with `budget` faults to spend.
  void begin(std::uint32_t budget) {
    answers_.clear();
    arities_.clear();
    costs_.clear();
    rewind(budget);
  }
  // Goes back to the start of the same branch; the step is about to be taken (again).
  void rewind(std::uint32_t budget) {
    at_ = 0;
    budget_ = budget;
    spent_ = 0;
    sites_taken_ = {};
  }
  // The next branch in lexicographic order; false after the last.
  bool next();

  std::uint32_t spent() const { return spent_; }
  std::size_t questions() const { return at_; }
  SiteSet sites_taken() const { return sites_taken_; }
  const std::vector<std::uint32_t>& answers() const { return answers_; }

 protected:
  std::uint32_t answer(const Question& question) override;

 private:
  std::vector<std::uint32_t> answers_;
  std::vector<std::uint32_t> arities_;  // open answers: 1 where the budget is spent
  std::vector<std::uint32_t> costs_;
  std::size_t at_ = 0;
  std::uint32_t budget_ = 0;
  std::uint32_t spent_ = 0;
  SiteSet sites_taken_;
};

}  // namespace trimhorizon
