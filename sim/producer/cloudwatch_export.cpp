// From the series of an export to the traffic of one stream: which series is meant, what its
// statistic says, how long a period is, and what a missing point means.
#include "sim/producer/cloudwatch_export.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/text.hpp"

namespace trimhorizon {
namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::string_view too_much = "is more than any stream takes";
constexpr std::string_view both_metrics[] = {"IncomingRecords", "IncomingBytes"};

constexpr bool is_of_name(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         c == '.';
}

// "Incoming records" and "incoming_records" are IncomingRecords.
bool names_metric(std::string_view text, std::string_view metric) {
  std::string letters;
  for (const char c : text) {
    if (c == ' ' || c == '_' || c == '-') continue;
    letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  std::string wanted(metric);
  for (char& c : wanted) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return letters.find(wanted) != letters.npos;
}

// A math expression may name both; it is neither.
bool is_of_metric(const ExportSeries& series, std::string_view metric) {
  const std::string_view other = both_metrics[metric == both_metrics[0] ? 1 : 0];
  const bool of_label = names_metric(series.label, metric);
  if (of_label || names_metric(series.label, other)) {
    return of_label && !names_metric(series.label, other);
  }
  return names_metric(series.names, metric) && !names_metric(series.names, other);
}

// Is this a whole word of what the file says of the series?
bool names_stream(const ExportSeries& series, std::string_view stream) {
  const std::string_view text = series.names;
  for (std::size_t at = text.find(stream); at != text.npos; at = text.find(stream, at + 1)) {
    const std::size_t end = at + stream.size();
    const bool begins = at == 0 || !is_of_name(text[at - 1]);
    if (begins && (end == text.size() || !is_of_name(text[end]))) return true;
  }
  return false;
}

bool is_sum(const ExportSeries& series) {
  return series.statistic.size() == 3 && names_metric(series.statistic, "sum");
}

std::string labels_of(const std::vector<const ExportSeries*>& several) {
  constexpr std::size_t listed_max = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(several.size(), listed_max); ++i) {
    text += fmt::format("{}`{}`", i == 0 ? "" : ", ", several[i]->label);
  }
  return several.size() > listed_max ? text + ", ..." : text;
}

// A whole number that is at least 0, or what is wrong with it.
using Count = std::variant<std::int64_t, ExportNote>;

Count fraction_at(const ExportPoint& point) {
  return ExportNote{point.value_offset,
                    fmt::format("`{}` is not a whole number, so it is not a Sum", point.value),
                    "export the statistic Sum: Average is the mean of one call, which is no rate"};
}

// Takes "1,234", "1234.0" and "1.2E3" too.
Count count_in(const ExportPoint& point) {
  const auto wrong = [&](std::string_view what) {
    return ExportNote{point.value_offset, fmt::format("`{}` {}", point.value, what)};
  };
  std::string text = point.value;
  if (text.starts_with('+')) text.erase(0, 1);
  if (text.starts_with('-')) return wrong("is negative");
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  std::string exponent_text = e < text.size() ? text.substr(e + 1) : "0";
  if (exponent_text.starts_with('+')) exponent_text.erase(0, 1);
  const std::optional<int> exponent = number_in<int>(exponent_text);
  std::string digits = text.substr(0, e);
  const std::size_t dot = std::min(digits.find('.'), digits.size());
  for (std::size_t comma = digits.find(','); comma != digits.npos; comma = digits.find(',')) {
    const std::size_t group = std::min(digits.find_first_of(",.", comma + 1), digits.size());
    if (comma == 0 || comma > dot || group - comma != 4) return wrong("is not a number");
    digits.erase(comma, 1);
  }
  const std::size_t point_at = std::min(digits.find('.'), digits.size());
  std::int64_t after = static_cast<std::int64_t>(digits.size() - point_at);
  after = after > 0 ? after - 1 : 0;
  if (point_at < digits.size()) digits.erase(point_at, 1);
  const bool are_digits = !digits.empty() && std::all_of(digits.begin(), digits.end(), is_digit);
  if (!are_digits || !exponent || *exponent > 100 || *exponent < -100) {
    return wrong("is not a number");
  }
  std::int64_t shift = *exponent - after;
  for (; shift < 0 && digits.ends_with('0'); ++shift) digits.pop_back();
  if (shift < 0 && digits.find_first_not_of('0') != digits.npos) return fraction_at(point);
  if (shift > 0) digits.append(static_cast<std::size_t>(shift), '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return std::int64_t{0};
  if (digits.size() > 15) return wrong(too_much);
  return number_in<std::int64_t>(digits).value_or(0);
}

// Reads the export in the order of its questions; the first mistake ends it.
class ExportReader {
 public:
  ExportReader(std::string_view text, std::string_view stream) : text_(text), stream_(stream) {}

  CloudwatchExport read() {
    if (read_table() && choose_series() && read_values() && find_period()) fill();
    return std::move(out_);
  }

 private:
  bool wrong(std::size_t offset, std::string message, std::string suggestion = {}) {
    out_.mistakes.push_back({offset, std::move(message), std::move(suggestion)});
    return false;
  }

  bool read_table() {
    constexpr std::string_view bom = "\xef\xbb\xbf";
    const std::size_t skipped = text_.starts_with(bom) ? bom.size() : 0;
    const std::size_t begin = text_.find_first_not_of(" \t\r\n", skipped);
    if (begin == text_.npos) {
      return wrong(0, "the export is empty", "export IncomingRecords and IncomingBytes as Sum");
    }
    // Blanks instead of the mark: all places stay.
    std::string text(text_);
    for (std::size_t i = 0; i < skipped; ++i) text[i] = ' ';
    table_ =
        text[begin] == '{' || text[begin] == '[' ? read_export_json(text) : read_export_csv(text);
    out_.mistakes = std::move(table_.mistakes);
    if (!out_.mistakes.empty()) return false;
    if (!table_.series.empty()) return true;
    return wrong(begin, "this is not an export of CloudWatch",
                 "write the path of a CSV of the console, or of the JSON of `aws cloudwatch "
                 "get-metric-data` or `get-metric-statistics`");
  }

  // The series of a metric; null when there is none. False after a mistake.
  bool choose(std::string_view metric, const ExportSeries*& chosen) {
    std::vector<const ExportSeries*> all;
    for (const ExportSeries& series : table_.series) {
      const bool of_stream = stream_.empty() || names_stream(series, stream_);
      if (of_stream && is_of_metric(series, metric)) all.push_back(&series);
    }
    if (all.empty()) return true;
    std::vector<const ExportSeries*> sums = all;
    std::erase_if(sums, [](const ExportSeries* series) { return !is_sum(*series); });
    if (sums.empty()) {
      sums = all;
      std::erase_if(sums, [](const ExportSeries* series) { return !series->statistic.empty(); });
    }
    if (TH_RULE(only_a_sum_is_a_rate, sums.empty(), false)) {
      return wrong(all.front()->offset,
                   fmt::format("{} of {} is about single calls of PutRecord and PutRecords, so it "
                               "is no rate",
                               all.front()->statistic, metric),
                   "export the statistic Sum");
    }
    if (sums.empty()) sums = all;
    if (sums.size() > 1) {
      return wrong(
          sums[1]->offset,
          fmt::format("there are {} series of {}: {}", sums.size(), metric, labels_of(sums)),
          stream_.empty() ? "say which one is meant, by a word of its label: {cloudwatch: "
                            "…, stream: orders}"
                          : "export one Sum of each metric of the stream");
    }
    chosen = sums.front();
    if (chosen->statistic.empty()) is_statistic_said_ = false;
    return true;
  }

  bool choose_series() {
    if (!choose(both_metrics[0], records_) || !choose(both_metrics[1], bytes_)) return false;
    std::vector<const ExportSeries*> all;
    for (const ExportSeries& series : table_.series) all.push_back(&series);
    if (!records_ && !bytes_) {
      const std::string of = stream_.empty() ? "" : fmt::format(" of `{}`", stream_);
      return wrong(
          table_.series.front().offset,
          fmt::format("there is no IncomingRecords or IncomingBytes{}, only {}", of,
                      labels_of(all)),
          stream_.empty()
              ? "export one of them, with the name of the metric in its label"
              : "`stream` is a word of the label; leave it out when the export has one stream");
    }
    const ExportSeries& first = records_ ? *records_ : *bytes_;
    if (!is_statistic_said_) {
      out_.warnings.push_back({first.offset,
                               "the export does not say its statistic: it is read "
                               "as Sum"});
    }
    for (const ExportSeries* each : {records_, bytes_}) {
      if (!each || !each->is_partial) continue;
      out_.warnings.push_back(
          {each->offset, "CloudWatch answered with a part of the points only (PartialData)"});
      break;
    }
    out_.has_records = records_ != nullptr;
    out_.has_bytes = bytes_ != nullptr;
    return true;
  }

  bool read_points(const ExportSeries* series, std::int64_t ExportPeriod::*member) {
    if (!series) return true;
    std::map<std::int64_t, const ExportPoint*> seen;
    std::int64_t sum = 0;  // of numbers below 10^15, so it cannot overflow before it is too much
    for (const ExportPoint& point : series->points) {
      if (!seen.emplace(point.at_ms, &point).second) {
        return wrong(point.at_offset, "this time appears twice",
                     "each period has one point; clocks that are set back repeat an hour: export "
                     "the times in UTC");
      }
      Count count = count_in(point);
      if (ExportNote* note = std::get_if<ExportNote>(&count)) {
        out_.mistakes.push_back(std::move(*note));
        return false;
      }
      sum += std::get<std::int64_t>(count);
      if (sum > 1'000'000'000'000'000'000) {
        return wrong(point.value_offset, fmt::format("the sum up to here {}", too_much));
      }
      by_time_[point.at_ms].*member = std::get<std::int64_t>(count);
      places_.emplace(point.at_ms, point.at_offset);
    }
    return true;
  }

  bool read_values() {
    if (!read_points(records_, &ExportPeriod::records)) return false;
    if (!read_points(bytes_, &ExportPeriod::bytes)) return false;
    if (!by_time_.empty()) return true;
    return wrong((records_ ? records_ : bytes_)->offset, "the export has no points",
                 "the stream had no traffic, or the times are not those of its traffic");
  }

  // Points stand whole periods apart: the greatest common distance is the period.
  bool find_period() {
    const std::int64_t first = by_time_.begin()->first;
    const std::int64_t last = by_time_.rbegin()->first;
    std::int64_t common = 0;
    for (const auto& [at, period] : by_time_) {
      if ((at - first) % minute_ms != 0) {
        return wrong(places_.at(at), "this is not whole minutes after the first time",
                     "CloudWatch has one point a minute of a stream, or fewer: 60 or 300 seconds "
                     "apart");
      }
      common = std::gcd(common, at - first);
    }
    const std::int64_t said = table_.period_s.value_or(0) * 1000;
    if (said > 0 && said % minute_ms == 0 && common % said == 0) common = said;
    if (common == 0) {
      common = minute_ms;
      out_.warnings.push_back(
          {places_.at(first), "the export has one point: its period is taken to be a minute"});
    }
    if (last - first > export_days_max * 24 * 60 * minute_ms) {
      return wrong(places_.at(last),
                   fmt::format("this is more than {} days after the first time", export_days_max),
                   "CloudWatch keeps no points that long");
    }
    out_.start_ms = first;
    out_.period = milliseconds(common);
    return true;
  }

  void fill() {
    const std::int64_t step = out_.period.us / 1000;
    const std::int64_t last = by_time_.rbegin()->first;
    out_.periods.resize(static_cast<std::size_t>((last - out_.start_ms) / step + 1));
    for (const auto& [at, period] : by_time_) {
      out_.periods[static_cast<std::size_t>((at - out_.start_ms) / step)] = period;
    }
    const std::size_t missing = out_.periods.size() - by_time_.size();
    if (missing == 0) return;
    out_.warnings.push_back(
        {places_.at(out_.start_ms),
         fmt::format("{} of {} periods of {} have no point: CloudWatch has none without traffic, "
                     "so they count as 0",
                     missing, out_.periods.size(), friendly_duration(out_.period))});
  }

  std::string_view text_;
  std::string_view stream_;
  ExportTable table_;
  const ExportSeries* records_ = nullptr;
  const ExportSeries* bytes_ = nullptr;
  bool is_statistic_said_ = true;
  std::map<std::int64_t, ExportPeriod> by_time_;
  std::map<std::int64_t, std::size_t> places_;
  CloudwatchExport out_;
};

}  // namespace

CloudwatchExport read_cloudwatch_export(std::string_view text, std::string_view stream) {
  return ExportReader(text, stream).read();
}

}  // namespace trimhorizon
