// The parts of a judgement that the judges of all kinds of expectations share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/format/comparison.hpp"
#include "sim/history/result.hpp"
#include "sim/run/judgement.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

// `0` in the file becomes "== 0"; "<= 10" stays as it is; several are joined by "and".
std::string wanted_text(const std::vector<Comparison>& wanted);

// "1 shard", "3 shards".
std::string number_of(std::size_t n, std::string_view singular);

// "[r0, r1]"
std::string in_brackets(const std::vector<std::string>& list);

// These compare a value with all that is wanted. The second is in thousandths of a count or of a
// microsecond.
void judge_count(JudgedExpectation& out, std::uint64_t actual, const Expectation& expected);
void judge_thousandths(JudgedExpectation& out, __int128 actual, const Expectation& expected);
void judge_duration(JudgedExpectation& out, Duration actual, const Expectation& expected);
// An instant that has not come until `end`. It is later than that, so "< 30m" is violated if the
// run went that far, and undecided otherwise. `never`: nothing is left that could bring it.
void judge_not_yet(JudgedExpectation& out, Instant end, bool never, const Expectation& expected,
                   const std::string& why);

void undecided(JudgedExpectation& out, std::string why);
void violated(JudgedExpectation& out, std::string why);

// Compares a field if it is named, and keeps the first one that differs: "error is …, wanted …".
class Difference {
 public:
  template <class Is, class Want>
  void check(std::string_view field, const Is& is, const std::optional<Want>& want) {
    if (!first_.empty() || !want || *want == is) return;
    note(field, text_of(is), text_of(*want));
  }
  // Empty when all named fields fit.
  const std::string& text() const { return first_; }

 private:
  static std::string text_of(const std::string& text) { return text; }
  static std::string text_of(std::int64_t number) { return std::to_string(number); }
  static std::string text_of(const std::optional<std::string>& text) {
    return text.value_or("null");
  }
  template <class T>
  static std::string text_of(const std::vector<T>& list) {
    std::string all;
    for (const T& each : list) all += (all.empty() ? "" : ", ") + text_of(each);
    return "[" + all + "]";
  }
  void note(std::string_view field, const std::string& is, const std::string& want);
  std::string first_;
};

// The consumers an expectation is about: the named one, those of the named function, or all.
std::vector<const ConsumerResult*> consumers_of(const Result& result, std::string_view scope);

// The metric over all these owners of metrics: counters are added, a maximum is the largest of all.
// Nothing if none counts it.
template <class Owner, class MetricEnum>
std::optional<MetricValue<MetricEnum>> total_of(const std::vector<const Owner*>& owners,
                                                MetricEnum id) {
  std::optional<MetricValue<MetricEnum>> total;
  for (const Owner* owner : owners) {
    for (const MetricValue<MetricEnum>& metric : owner->metrics) {
      if (metric.id != id) continue;
      if (!total) total = MetricValue<MetricEnum>{id, 0, std::nullopt};
      const bool is_maximum = metric.info().shape == MetricShape::maximum;
      total->counter =
          is_maximum ? std::max(total->counter, metric.counter) : total->counter + metric.counter;
      if (!metric.samples) continue;
      if (!total->samples) total->samples.emplace();
      total->samples->merge(*metric.samples);
    }
  }
  return total;
}

}  // namespace trimhorizon
