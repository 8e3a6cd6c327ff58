// Results built by hand, so that reports are tested without the engine.
#pragma once

#include <string>

#include "sim/report/page.hpp"
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

inline Instant at_ms(std::int64_t ms) { return Instant{ms * 1000}; }
inline Instant at_s(std::int64_t s) { return Instant{s * 1'000'000}; }

// What `add` puts on a page.
template <class Add>
std::string written(Add add) {
  Page page{"", Painter(false)};
  add(page);
  return page.text;
}

}  // namespace trimhorizon::samples
