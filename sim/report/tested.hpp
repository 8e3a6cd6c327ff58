// What `test` prints about many scenarios: held, violated, undecided or not run. As text, as JSON,
// and as JUnit XML for build servers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/run/judgement.hpp"

namespace trimhorizon {

struct TestedRun {
  std::string variant;  // empty: the base
  Verdict verdict = Verdict::holds;
  std::vector<JudgedExpectation> failed;       // violated or undecided
  std::vector<std::string> broken_invariants;  // name and first violation
  std::string replay;
};

struct TestedFile {
  std::string file;
  std::string title;
  std::string error;            // why it was not run; empty when it was
  bool is_bug = false;          // `error` is a bug in trimhorizon
  std::vector<TestedRun> runs;  // the base first

  Verdict verdict() const;  // the worst of its runs
};

struct TestedCounts {
  std::uint64_t held = 0;
  std::uint64_t violated = 0;
  std::uint64_t undecided = 0;
  std::uint64_t errors = 0;
};
TestedCounts count_tested(const std::vector<TestedFile>& files);

// 70 for a bug in trimhorizon, else 2 if a file was not run, else 1 violated, 3 undecided or 0.
int exit_code(const std::vector<TestedFile>& files);

std::string tested_text(const std::vector<TestedFile>& files, bool colour);
std::string tested_json(const std::vector<TestedFile>& files);
std::string tested_junit(const std::vector<TestedFile>& files);

}  // namespace trimhorizon
