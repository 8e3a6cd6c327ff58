#include "sim/experiment/judging.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/format.hpp"

namespace trimhorizon {
namespace {

bool is_so(__int128 actual_thousandths, const Comparison& wanted) {
  const __int128 value = wanted.value_thousandths;
  switch (wanted.op) {
    case Comparison::Op::equal: return actual_thousandths == value;
    case Comparison::Op::not_equal: return actual_thousandths != value;
    case Comparison::Op::less: return actual_thousandths < value;
    case Comparison::Op::at_most: return actual_thousandths <= value;
    case Comparison::Op::greater: return actual_thousandths > value;
    case Comparison::Op::at_least: return actual_thousandths >= value;
  }
  return false;
}

// What the comparison says of every value that is larger than the wanted one.
bool holds_above(const Comparison& wanted) {
  return is_so(static_cast<__int128>(wanted.value_thousandths) + 1, wanted);
}

}  // namespace

std::string wanted_text(const std::vector<Comparison>& wanted) {
  std::string text;
  for (const Comparison& each : wanted) {
    if (!text.empty()) text += " and ";
    const bool has_operator =
        !each.text.empty() && std::string_view("=!<>").find(each.text[0]) != std::string_view::npos;
    text += has_operator ? each.text : "== " + each.text;
  }
  return text;
}

std::string number_of(std::size_t n, std::string_view singular) {
  return fmt::format("{} {}{}", n, singular, n == 1 ? "" : "s");
}

void judge_thousandths(JudgedExpectation& out, __int128 actual, const Expectation& expected) {
  const bool all = std::all_of(expected.wanted.begin(), expected.wanted.end(),
                               [&](const Comparison& each) { return is_so(actual, each); });
  out.verdict = all ? Verdict::holds : Verdict::violated;
}

void judge_count(JudgedExpectation& out, std::uint64_t actual, const Expectation& expected) {
  out.actual = std::to_string(actual);
  out.actual_number = static_cast<std::int64_t>(actual);
  judge_thousandths(out, static_cast<__int128>(actual) * 1000, expected);
}

void judge_duration(JudgedExpectation& out, Duration actual, const Expectation& expected) {
  out.actual = duration_text(actual);
  judge_thousandths(out, static_cast<__int128>(actual.us) * 1000, expected);
}

void judge_not_yet(JudgedExpectation& out, Instant end, bool never, const Expectation& expected,
                   const std::string& why) {
  out.why = why;
  out.actual = "not until " + duration_text(end - Instant{0});
  const __int128 so_far = static_cast<__int128>(end.us) * 1000;
  for (const Comparison& each : expected.wanted) {
    const bool is_known = never || each.value_thousandths <= so_far;
    const Verdict verdict = !is_known           ? Verdict::undecided
                            : holds_above(each) ? Verdict::holds
                                                : Verdict::violated;
    out.verdict = worse(out.verdict, verdict);
  }
  if (out.verdict == Verdict::holds) out.why.clear();
}

std::string in_brackets(const std::vector<std::string>& list) {
  return fmt::format("[{}]", fmt::join(list, ", "));
}

void undecided(JudgedExpectation& out, std::string why) {
  out.actual = "never occurred";
  out.verdict = Verdict::undecided;
  out.why = std::move(why);
}

void violated(JudgedExpectation& out, std::string why) {
  out.verdict = Verdict::violated;
  out.why = std::move(why);
}

void Difference::note(std::string_view field, const std::string& is, const std::string& want) {
  first_ = fmt::format("{} is {}, wanted {}", field, is, want);
}

std::vector<const ConsumerResult*> consumers_of(const Result& result, std::string_view scope) {
  std::vector<const ConsumerResult*> found;
  for (const ConsumerResult& each : result.consumers) {
    if (scope.empty() || each.name == scope) found.push_back(&each);
  }
  if (!found.empty()) return found;
  for (const ConsumerResult& each : result.consumers) {
    if (each.function == scope) found.push_back(&each);
  }
  return found;
}

}  // namespace trimhorizon
