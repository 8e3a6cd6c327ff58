#include "sim/experiment/judge_reads.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

Result two_reads() {
  Result result;
  ReadRow probe;
  probe.name = "probe";
  probe.records = {"r0", "r1"};
  probe.millis_behind_latest = 61'000;
  ReadRow old;
  old.name = "old";
  old.error = ApiError::ExpiredIteratorException;
  old.reason = ApiReason::iterator_too_old;
  result.reads = {probe, old};
  return result;
}

std::string judged(std::string name, std::string field, std::vector<std::string> ids,
                   std::vector<Comparison> wanted = {}) {
  Expectation expected;
  expected.kind = ExpectKind::reads;
  expected.scope = std::move(name);
  expected.subject = std::move(field);
  expected.ids = std::move(ids);
  expected.wanted = std::move(wanted);
  JudgedExpectation out;
  judge_read(out, expected, two_reads());
  const std::string verdict = out.verdict == Verdict::holds      ? "holds"
                              : out.verdict == Verdict::violated ? "violated"
                                                                 : "undecided";
  return verdict + " " + out.wanted + " / " + out.actual;
}

}  // namespace

TEST_CASE("the records of a read are judged in their order") {
  CHECK(judged("probe", "records", {"r0", "r1"}) == "holds [r0, r1] / [r0, r1]");
  CHECK(judged("probe", "records", {"r1", "r0"}) == "violated [r1, r0] / [r0, r1]");
  CHECK(judged("probe", "ChildShards", {}) == "holds [] / []");
}

TEST_CASE("the error of a read is judged, and null wants none") {
  CHECK(judged("probe", "error", {}) == "holds null / null");
  CHECK(judged("old", "error", {}) == "violated null / ExpiredIteratorException");
  CHECK(judged("old", "error", {"ExpiredIteratorException"}) ==
        "holds ExpiredIteratorException / ExpiredIteratorException");
  CHECK(judged("probe", "error", {"ExpiredIteratorException"}) ==
        "violated ExpiredIteratorException / null");
}

TEST_CASE("a refused read has no records to compare, and a read that did not come is open") {
  CHECK(judged("old", "records", {"r0"}) == "violated [r0] / ExpiredIteratorException");
  CHECK(judged("later", "records", {"r0"}).starts_with("undecided [r0]"));
}

TEST_CASE("MillisBehindLatest is compared as a duration") {
  const Comparison above{Comparison::Op::greater, 60'000'000'000, true, "> 60s"};
  CHECK(judged("probe", "MillisBehindLatest", {}, {above}).starts_with("holds"));
  CHECK(judged("old", "MillisBehindLatest", {}, {above}).starts_with("violated"));
}
