// Keeps what another source of choices answered.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/choices.hpp"

namespace trimhorizon::testing {

// Passes on what another source answers and keeps the answers that were not 0.
class RecordingChoices : public Choices {
 public:
  RecordingChoices(const RecordingChoices&) = delete;
  explicit RecordingChoices(Choices& source) : Choices(source.open_sites()), source_(source) {}
  const std::vector<Decision>& decisions() const { return decisions_; }

 protected:
  std::uint32_t answer(const Question& q) override {
    const std::uint32_t chosen = source_.pick(q);
    if (chosen != 0) {
      decisions_.push_back(
          {asked(), q.site, q.entity, q.ordinal, q.arity, chosen, source_.rolling()});
    }
    return chosen;
  }

 private:
  Choices& source_;
  std::vector<Decision> decisions_;
};

}  // namespace trimhorizon::testing
