#include "sim/explore/branching.hpp"

#include "sim/base/check.hpp"

namespace trimhorizon {

std::uint32_t BranchChoices::answer(const Question& q) {
  const std::uint32_t cost = info(static_cast<Site>(q.site)).cost;
  if (at_ == answers_.size()) {
    answers_.push_back(0);
    arities_.push_back(spent_ + cost <= budget_ ? q.arity : 1);
    costs_.push_back(cost);
  }
  const std::uint32_t chosen = answers_[at_++];
  if (chosen != 0) {
    spent_ += cost;
    sites_taken_.add(static_cast<Site>(q.site));
  }
  return chosen;
}

bool BranchChoices::next() {
  while (!answers_.empty() && answers_.back() + 1 >= arities_.back()) {
    answers_.pop_back();
    arities_.pop_back();
    costs_.pop_back();
  }
  if (answers_.empty()) return false;
  ++answers_.back();
  return true;
}

}  // namespace trimhorizon
