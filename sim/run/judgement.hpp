// The judgement of a run: each expectation with the wanted and the actual value. Plain values:
// experiment/judge makes them, reports print them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/named_enum.hpp"

namespace trimhorizon {

#define TH_VERDICTS(X) X(holds) X(violated) X(undecided)
TH_NAMED_ENUM(Verdict, TH_VERDICTS)

struct JudgedExpectation {
  std::string name;                           // as in the file: "fates.billing-orders.processed"
  std::string wanted;                         // "== 0", ">= 1 and <= 16", "r5"
  std::string actual;                         // text; "4.1s", "12", "none"
  std::optional<std::int64_t> actual_number;  // set when the actual value is a whole number
  Verdict verdict = Verdict::holds;
  std::string why;  // undecided: what never occurred; violated: the difference, or empty
};

struct Judgement {
  Verdict verdict = Verdict::holds;  // the worst of them (see worse())
  std::vector<JudgedExpectation> expectations;
};

// The exit code of the program: 0 holds, 1 violated, 3 undecided.
constexpr int exit_code(Verdict verdict) {
  return verdict == Verdict::holds ? 0 : verdict == Verdict::violated ? 1 : 3;
}

// The worse of two: violated is worse than undecided, and undecided is worse than holds.
constexpr Verdict worse(Verdict a, Verdict b) {
  if (a == Verdict::violated || b == Verdict::violated) return Verdict::violated;
  return a == Verdict::undecided ? a : b;
}

}  // namespace trimhorizon
