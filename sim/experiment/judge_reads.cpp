#include "sim/experiment/judge_reads.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace trimhorizon {
namespace {

void judge_same(JudgedExpectation& out, const std::string& wanted, const std::string& actual) {
  out.wanted = wanted;
  out.actual = actual;
  out.verdict = wanted == actual ? Verdict::holds : Verdict::violated;
}

}  // namespace

void judge_read(JudgedExpectation& out, const Expectation& expected, const Result& result) {
  const auto found = std::find_if(result.reads.begin(), result.reads.end(),
                                  [&](const auto& each) { return each.name == expected.scope; });
  const bool is_error = expected.subject == "error";
  const std::string none = "null";
  const std::string wanted_error = expected.ids.empty() ? none : expected.ids.front();
  if (found == result.reads.end()) {
    if (expected.wanted.empty()) {
      out.wanted = is_error ? wanted_error : in_brackets(expected.ids);
    }
    return undecided(out, fmt::format("the run ended before the read {}", expected.scope));
  }
  const std::string error = found->error ? std::string(name(*found->error)) : none;
  if (is_error) return judge_same(out, wanted_error, error);
  if (found->error) {
    if (expected.wanted.empty()) out.wanted = in_brackets(expected.ids);
    out.actual = error;
    return violated(out, fmt::format("the read was refused: {}", sentence(found->reason)));
  }
  if (expected.subject == "MillisBehindLatest") {
    return judge_duration(out, milliseconds(found->millis_behind_latest), expected);
  }
  const bool records = expected.subject == "records";
  judge_same(out, in_brackets(expected.ids),
             in_brackets(records ? found->records : found->children));
}

}  // namespace trimhorizon
