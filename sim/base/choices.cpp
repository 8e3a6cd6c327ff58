#include "sim/base/choices.hpp"

#include <fmt/format.h>

#include "sim/base/check.hpp"

namespace trimhorizon {

std::uint32_t Choices::pick(const Question& question) {
  TH_CHECK(question.arity >= 1 && asks(question.site));
  const std::uint32_t chosen = answer(question);
  TH_CHECK(chosen < question.arity);
  rolling_ = rolling_after(question, chosen);
  ++asked_;
  return chosen;
}

std::uint64_t Choices::rolling_after(const Question& question, std::uint32_t chosen) const {
  return mix64(rolling_ ^ mix64(question.ordinal + (std::uint64_t{question.site} << 56)) ^
               (std::uint64_t{question.entity} << 32 | question.arity)) +
         chosen;
}

std::uint32_t SeededChoices::answer(const Question& q) {
  if (q.weight.parts_per_billion == 0) return 0;
  const std::uint64_t bits =
      draw_bits(seed_ ^ (std::uint64_t{q.site} << 40), q.entity, Purpose::probability, q.ordinal);
  if (!bits_hit(bits, q.weight)) return 0;
  if (q.arity <= 2) return q.arity - 1;
  return 1 + static_cast<std::uint32_t>(bits_below(mix64(bits), q.arity - 1));
}

std::uint32_t RecordingChoices::answer(const Question& q) {
  const std::uint32_t chosen = source_.pick(q);
  if (chosen != 0) {
    decisions_.push_back(
        {asked(), q.site, q.entity, q.ordinal, q.arity, chosen, source_.rolling()});
  }
  return chosen;
}

std::uint32_t ScriptedChoices::answer(const Question& q) {
  if (next_ == decisions_.size() || decisions_[next_].index != asked()) return 0;
  const Decision& want = decisions_[next_];
  if (want.site != q.site || want.entity != q.entity || want.ordinal != q.ordinal ||
      want.arity != q.arity) {
    throw DriftError(
        fmt::format("question {}: expected site {} of entity {} (ordinal {}, {} answers), "
                    "got site {} of entity {} (ordinal {}, {} answers)",
                    asked(), want.site, want.entity, want.ordinal, want.arity, q.site, q.entity,
                    q.ordinal, q.arity));
  }
  ++next_;
  return want.answer;
}

void ScriptedChoices::check_used_up() const {
  if (next_ == decisions_.size()) return;
  throw DriftError(
      fmt::format("the run asked {} questions, decision {} of the list is for "
                  "question {}",
                  asked(), next_ + 1, decisions_[next_].index));
}

std::uint32_t OdometerChoices::answer(const Question& q) {
  if (at_ == answers_.size()) {
    answers_.push_back(0);
    arities_.push_back(q.arity);
  }
  TH_CHECK(arities_[at_] == q.arity);
  return answers_[at_++];
}

bool OdometerChoices::next() {
  at_ = 0;
  while (!answers_.empty() && answers_.back() + 1 == arities_.back()) {
    answers_.pop_back();
    arities_.pop_back();
  }
  if (answers_.empty()) return false;
  ++answers_.back();
  return true;
}

}  // namespace trimhorizon
