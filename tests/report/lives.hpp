// Lives of records built by hand, for the story's tests.
#pragma once

#include "sim/history/life.hpp"

namespace trimhorizon::samples {

// r5 of 050-partial-response-budget.yaml: it fails in every invocation and is given up.
RecordLife given_up();

// A poison record under the default settings: thousands of attempts, then retention.
RecordLife until_retention();

// A record that was done twice because a batch was split.
RecordLife done_twice();

}  // namespace trimhorizon::samples
