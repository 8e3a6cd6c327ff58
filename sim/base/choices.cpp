#include "sim/base/choices.hpp"

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

}  // namespace trimhorizon
