// Results built by hand, so that reports are tested without the engine.
#pragma once

#include <string>

#include "sim/report/report.hpp"

namespace trimhorizon::samples {

struct Sample {
  Scenario scenario;
  Result result;
  Judgement judgement;

  ReportRun view(std::string name = "") const {
    return {std::move(name),
            &scenario,
            &result,
            &judgement,
            "00112233445566778899aabbccddeeff",
            "trimhorizon run " + scenario.file + " --seed 1"};
  }
};

// 050-partial-response-budget.yaml: six records, r5 fails, r0..r4 are processed.
Sample partial_response();

// 020-poison-pill-default.yaml, in round numbers: one shard is blocked until retention.
Sample poison_pill();

}  // namespace trimhorizon::samples
