// Judges expectations about streams, about what the API answered, and about instants of the run.
#pragma once

#include "sim/experiment/judging.hpp"

namespace trimhorizon {

void judge_shards(JudgedExpectation& out, const Expectation& expected, const Result& result);
void judge_across(JudgedExpectation& out, const Expectation& expected, const Result& result);
void judge_user_records(JudgedExpectation& out, const Expectation& expected, const Result& result);
void judge_api_errors(JudgedExpectation& out, const Expectation& expected, const Result& result);

void judge_first_delivery(JudgedExpectation& out, const Expectation& expected,
                          const Result& result);
void judge_caught_up(JudgedExpectation& out, const Expectation& expected, const Result& result);

// `backlog` and `iterator_age` of a check, and its `metrics` over a part of the run.
void judge_backlog(JudgedExpectation& out, const Expectation& expected, const Result& result);
void judge_oldest(JudgedExpectation& out, const Expectation& expected, const Result& result);
void judge_metric_of_part(JudgedExpectation& out, const Expectation& expected,
                          const Result& result);

// The stream with this name; null when there is none.
const StreamResult* stream_of(const std::vector<StreamResult>& streams, std::string_view name);

}  // namespace trimhorizon
