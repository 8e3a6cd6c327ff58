#include <algorithm>

#include "sim/report/text_judgement.hpp"
#include "tests/report/samples.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/text.hpp"

using namespace trimhorizon;
using samples::written;
using trimhorizon::testing::contains;

namespace {

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

JudgedExpectation judged(std::string name, std::string wanted, std::string actual,
                         Verdict verdict = Verdict::holds, std::string why = "") {
  return {std::move(name), std::move(wanted), std::move(actual), {}, verdict, std::move(why)};
}

std::string expectations(std::vector<JudgedExpectation> all) {
  return written([&](Page& page) { add_expectations(page, {Verdict::holds, std::move(all)}); });
}

}  // namespace

TEST_CASE("each verdict has its own sign") {
  CHECK(sign_of(Verdict::holds) == "✓");
  CHECK(sign_of(Verdict::violated) == "✗");
  CHECK(sign_of(Verdict::undecided) == "?");
  CHECK(mark(Verdict::violated, Painter(true)) != mark(Verdict::violated, Painter(false)));
}

TEST_CASE("wanted and found stand in columns, `always` and `sometimes` on one line each") {
  CHECK(expectations({}) == "");
  const std::string text =
      expectations({judged("lost", "== 0", "0"), judged("fates.m.processed", ">= 1 and <= 9", "5"),
                    judged("always.conservation", "holds", "holds"),
                    judged("always.key_order", "holds", "holds"),
                    judged("sometimes.retry", "occurs", "occurred")});
  CHECK(contains(text, "  ✓ lost               == 0           0\n"));
  CHECK(contains(text, "  ✓ fates.m.processed  >= 1 and <= 9  5\n"));
  CHECK(lines_of(text) == 6);  // a blank, the head, two rows, two groups
}

TEST_CASE("of a group only what holds is folded; a name that only begins so is not a group") {
  const std::string text =
      expectations({judged("always.conservation", "holds", "holds"),
                    judged("always.key_order", "holds", "broken", Verdict::violated, "twice"),
                    judged("alwaysness", "== 1", "1")});
  CHECK(contains(text, "✗ always.key_order"));
  CHECK(contains(text, "      twice\n"));
  CHECK(contains(text, "✓ alwaysness"));
}

TEST_CASE("values too long for the columns stand beneath each other when they do not hold") {
  const std::string text =
      expectations({judged("destinations.dlq", std::string(40, 'w'), std::string(60, 'f'),
                           Verdict::violated, "they differ")});
  CHECK(contains(text, "  ✗ destinations.dlq\n"));
  CHECK(contains(text, "  wanted  " + std::string(40, 'w') + "\n"));
  CHECK(contains(text, "  found   " + std::string(60, 'f') + "\n"));
}

TEST_CASE("failures are what does not hold, and broken invariants; nothing else") {
  samples::Sample sample = samples::partial_response();
  const auto failures = [&] {
    return written([&](Page& page) { add_failures(page, sample.view()); });
  };
  CHECK(failures() == "");
  sample.judgement.expectations[0].verdict = Verdict::undecided;
  sample.result.invariants[1].violations = 2;
  CHECK(contains(failures(), "? lost"));
  CHECK(contains(failures(), "✗ " + std::string(name(sample.result.invariants[1].invariant))));
  CHECK_FALSE(contains(failures(), "✓"));
}

TEST_CASE("invariants are one line with all their checks, or each broken one") {
  samples::Sample sample = samples::partial_response();
  const auto invariants = [&] {
    return written([&](Page& page) { add_invariants(page, sample.result); });
  };
  CHECK(contains(invariants(), "all 9"));
  CHECK(contains(invariants(), "23 checks"));
  CHECK(lines_of(invariants()) == 2);
  sample.result.invariants[0].violations = 1;
  CHECK(contains(invariants(), "1 of 9"));
  CHECK(contains(invariants(), std::string(name(sample.result.invariants[0].invariant))));
  CHECK_FALSE(contains(invariants(), std::string(name(sample.result.invariants[1].invariant))));
  sample.result.invariants.clear();
  CHECK(invariants() == "");
}

TEST_CASE("only assumptions that the run met are said, and which of them were set") {
  samples::Sample sample = samples::partial_response();
  const auto assumptions = [&] {
    return written([&](Page& page) { add_assumptions(page, sample.view()); });
  };
  CHECK(contains(assumptions(), "partial_progress = resets_retries"));
  CHECK_FALSE(contains(assumptions(), "(set)"));
  CHECK_FALSE(contains(assumptions(), "odd_split"));
  sample.scenario.assumptions.partial_progress = assume::partial_progress::keeps_retries;
  CHECK(contains(assumptions(), "partial_progress = keeps_retries (set)"));
  sample.result.assumptions_met = {};
  CHECK(assumptions() == "");
}

TEST_CASE("the numbers under other values of the switches stand under the assumptions") {
  const samples::Sample sample = samples::partial_response();
  ReportRun run = sample.view();
  const auto assumptions = [&] { return written([&](Page& page) { add_assumptions(page, run); }); };
  CHECK(contains(assumptions(), "\n  Their other values were not tried: the run is too long,"));
  run.ranges = {true, 5, {}};
  CHECK(
      contains(assumptions(),
               "\n  Their other values that were tried (5 runs) change none of these: lost, work\n"
               "  done twice, given up, expired, invocations, largest iterator age.\n"));
  run.ranges.numbers = {{"lost", 0, 0, 1'000, {"split"}},
                        {"given_up", 4, 1, 9, {"split", "partial_progress"}},
                        {"duplicates", 3, 2, 3, {"retry_backoff"}},
                        {"invocations", 6, 4, 6, {"split"}}};
  CHECK(contains(assumptions(),
                 "\n  Under their other values that were tried (5 runs):\n"
                 "    lost 0 to 1,000 instead of 0: split\n"
                 "    given up 1 to 9 instead of 4: split and partial_progress\n"
                 "    work done twice 2 to 3 instead of 3: retry_backoff\n"
                 "    invocations 4 to 6 instead of 6: split\n"));
}

TEST_CASE("a value whose run was stopped is named as not known") {
  const samples::Sample sample = samples::partial_response();
  ReportRun run = sample.view();
  run.ranges = {true, 5, {}, {"retry_backoff = none"}};
  const std::string text = written([&](Page& page) { add_assumptions(page, run); });
  CHECK(
      contains(text,
               "\n  It is not known what retry_backoff = none changes: that run grew too long and\n"
               "  was stopped.\n"));
}
