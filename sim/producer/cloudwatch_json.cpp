// An export as the CLI writes it: MetricDataResults of get-metric-data, Datapoints of
// get-metric-statistics.
#include <array>
#include <map>
#include <variant>

#include <fmt/format.h>

#include "sim/base/json.hpp"
#include "sim/base/text.hpp"
#include "sim/producer/cloudwatch_series.hpp"

namespace trimhorizon {
namespace {

// Where the keys and the plain values of a valid JSON text stand. It goes through the text as the
// parser did.
class JsonPlaces {
 public:
  JsonPlaces(std::string_view text, const Json& root) : text_(text) { walk(root); }
  // Of a plain value, or of a key by the address of its name. The first key of a container.
  std::size_t of(const void* thing) const {
    const auto found = places_.find(thing);
    return found == places_.end() ? 0 : found->second;
  }

 private:
  std::size_t next() {
    constexpr std::string_view between = " \t\r\n{}[],:";
    at_ = std::min(text_.find_first_not_of(between, at_), text_.size());
    const std::size_t start = at_;
    if (start < text_.size() && text_[start] == '"') {
      for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) at_ += text_[at_] == '\\' ? 1 : 0;
      ++at_;
    } else {
      at_ = std::min(text_.find_first_of(between, start), text_.size());
    }
    return start;
  }
  void walk(const Json& json) {
    if (const Json::Object* object = json.object()) {
      for (const auto& [name, value] : *object) {
        places_[&name] = next();
        walk(value);
      }
    } else if (const Json::Array* array = json.array()) {
      for (const Json& item : *array) walk(item);
    } else {
      places_[&json] = next();
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::map<const void*, std::size_t> places_;
};

class JsonExport {
 public:
  JsonExport(std::string_view text, const Json& root) : places_(text, root) { read(root); }
  ExportTable take() { return std::move(table_); }

 private:
  void mistake(std::size_t offset, std::string message, std::string suggestion = {}) {
    table_.mistakes.push_back({offset, std::move(message), std::move(suggestion)});
  }
  static std::string text_of(const Json& of, std::string_view name) {
    const Json* member = of.find(name);
    return member && member->string() ? *member->string() : "";
  }
  std::size_t place_of(const Json& of, std::string_view name) const {
    const Json* member = of.find(name);
    return member ? places_.of(member) : place_of_key(of, "");
  }
  // Of this key; of the first one when there is none of the name.
  std::size_t place_of_key(const Json& of, std::string_view name) const {
    const Json::Object* object = of.object();
    if (!object || object->empty()) return 0;
    for (const auto& [key, value] : *object) {
      if (key == name) return places_.of(&key);
    }
    return places_.of(&object->front().first);
  }

  void read(const Json& root) {
    if (const Json::Array* several = root.array()) {  // `jq -s .` of several answers
      for (const Json& each : *several) read(each);
    } else if (const Json* results = root.find("MetricDataResults"); results && results->array()) {
      for (const Json& each : *results->array()) read_result(each);
      if (root.find("NextToken") && !table_.series.empty()) table_.series.back().is_partial = true;
    } else if (const Json* points = root.find("Datapoints"); points && points->array()) {
      read_statistics(root, *points->array());
    }
  }

  // The answer of get-metric-data. The CLI joins its pages: the same id may come several times.
  void read_result(const Json& result) {
    ExportSeries found;
    const std::string id = text_of(result, "Id");
    found.label = text_of(result, "Label");
    found.names = found.label + "\n" + id + "\n";
    found.statistic = statistic_in(found.label);
    if (found.label.empty()) found.label = id;
    found.offset = place_of(result, result.find("Label") ? "Label" : "Id");
    ExportSeries* series = nullptr;
    for (ExportSeries& each : table_.series) {
      if (each.names == found.names) series = &each;
    }
    if (!series) series = &table_.series.emplace_back(std::move(found));
    const std::string status = text_of(result, "StatusCode");
    series->is_partial = status == "PartialData";
    if (!status.empty() && status != "PartialData" && status != "Complete") {
      return mistake(place_of(result, "StatusCode"),
                     fmt::format("CloudWatch answered {}: these are not all points", status),
                     "export it again");
    }
    const Json* times = result.find("Timestamps");
    const Json* values = result.find("Values");
    if (!times || !times->array() || !values || !values->array() ||
        times->array()->size() != values->array()->size()) {
      return mistake(place_of_key(result, "Values"),
                     "Timestamps and Values must be two lists of the same length");
    }
    for (std::size_t i = 0; i < times->array()->size(); ++i) {
      add_point(*series, (*times->array())[i], (*values->array())[i]);
    }
  }

  // The answer of get-metric-statistics: each statistic is a series.
  void read_statistics(const Json& root, const Json::Array& points) {
    constexpr std::array<std::string_view, 5> statistics = {"Sum", "Average", "SampleCount",
                                                            "Minimum", "Maximum"};
    for (const std::string_view statistic : statistics) {
      ExportSeries series;
      series.label = text_of(root, "Label");
      series.names = series.label + "\n";
      series.statistic = statistic;
      series.offset = place_of(root, "Label");
      for (const Json& point : points) {
        const Json* value = point.find(statistic);
        const Json* time = point.find("Timestamp");
        if (!value) continue;
        if (series.points.empty() && statistic != "Sum") {
          series.offset = place_of_key(point, statistic);
        }
        if (time) add_point(series, *time, *value);
      }
      const bool is_idle = points.empty() && statistic == "Sum";
      if (!series.points.empty() || is_idle) table_.series.push_back(std::move(series));
    }
  }

  void add_point(ExportSeries& series, const Json& time, const Json& value) {
    if (!table_.mistakes.empty()) return;  // the next points would repeat it
    std::optional<std::int64_t> at_ms;
    if (time.string()) at_ms = export_time_ms(*time.string());
    if (time.number()) {  // of older versions of the CLI: seconds since 1970
      const std::string_view text = *time.number();
      at_ms = number_in<std::int64_t>(text.substr(0, text.find('.')));
      if (at_ms && (*at_ms < 0 || *at_ms >= std::int64_t{1} << 40)) at_ms.reset();
      if (at_ms) *at_ms *= 1000;
    }
    if (!at_ms) {
      return mistake(places_.of(&time), "this is not a time as CloudWatch writes it",
                     "write \"2026-10-01T10:05:00Z\"");
    }
    if (!value.number()) return mistake(places_.of(&value), "a value must be a number");
    series.points.push_back({*at_ms, places_.of(&time), *value.number(), places_.of(&value)});
  }

  JsonPlaces places_;
  ExportTable table_;
};

// The place in "line 1, column 5: ..."; columns of the parser count bytes.
std::size_t offset_in_message(std::string_view text, std::string_view message) {
  const auto number_after = [&](std::string_view word) {
    const std::size_t at = message.find(word);
    if (at == message.npos) return std::size_t{1};
    const std::string_view rest = message.substr(at + word.size());
    return number_in<std::size_t>(rest.substr(0, rest.find_first_not_of("0123456789"))).value_or(1);
  };
  std::size_t start = 0;
  for (std::size_t line = number_after("line "); line > 1; --line) {
    start = std::min(text.find('\n', start), text.size() - 1) + 1;
  }
  return std::min(start + std::max<std::size_t>(number_after("column "), 1) - 1, text.size());
}

}  // namespace

ExportTable read_export_json(std::string_view text) {
  const std::variant<Json, std::string> parsed = parse_json(text);
  if (const Json* root = std::get_if<Json>(&parsed)) return JsonExport(text, *root).take();
  ExportTable broken;
  broken.mistakes.push_back({offset_in_message(text, std::get<std::string>(parsed)),
                             "the JSON of this export cannot be read from here on",
                             "is the file whole? Two answers in one file need `jq -s .`"});
  return broken;
}

}  // namespace trimhorizon
