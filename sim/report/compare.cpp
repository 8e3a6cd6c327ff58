// Compares two results row by row, as text and as JSON, for `trimhorizon diff`.
#include "sim/report/compare.hpp"
#include "sim/metrics/metrics.hpp"

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/faults/cause.hpp"
#include "sim/report/json.hpp"
#include "sim/report/text_judgement.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

std::string change_text(std::uint64_t a, std::uint64_t b) {
  if (a == b) return "";
  return b > a ? "+" + count_text(b - a) : "-" + count_text(a - b);
}

class Rows {
 public:
  explicit Rows(std::vector<ComparedRow>& rows, std::string prefix)
      : rows_(rows), prefix_(std::move(prefix)) {}

  void count(std::string_view name, std::uint64_t a, std::uint64_t b) {
    add(name, count_text(a), count_text(b), std::to_string(a), std::to_string(b));
    rows_.back().change = change_text(a, b);
  }
  void text(std::string_view name, const std::string& a, const std::string& b) {
    add(name, a, b, json_string(a), json_string(b));
  }
  void duration(std::string_view name, std::optional<Duration> a, std::optional<Duration> b) {
    const auto shown = [](std::optional<Duration> d) { return d ? duration_text(*d) : "-"; };
    const auto json = [](std::optional<Duration> d) {
      return d ? json_string(duration_text(*d)) : std::string("null");
    };
    add(name, shown(a), shown(b), json(a), json(b));
  }
  void changed(std::string_view name, std::uint64_t a, std::uint64_t b) {
    if (a != b) count(name, a, b);
  }
  void changed(std::string_view name, const std::string& a, const std::string& b) {
    if (a != b) text(name, a, b);
  }
  // Rows for every name that has a count on either side.
  template <class Enum>
  void counts(const std::string& group, const Counts<Enum>& a, const Counts<Enum>& b) {
    for (const Enum each : all_of<Enum>) {
      if (a[each] + b[each] > 0)
        count(group + "." + std::string(trimhorizon::name(each)), a[each], b[each]);
    }
  }

 private:
  void add(std::string_view name, std::string a, std::string b, std::string a_json,
           std::string b_json) {
    rows_.push_back({prefix_ + std::string(name), std::string(name), std::move(a), std::move(b), "",
                     std::move(a_json), std::move(b_json)});
  }

  std::vector<ComparedRow>& rows_;
  std::string prefix_;
};

// The entry of that name, or an empty one.
template <class Entry>
const Entry& named(const std::vector<Entry>& entries, const std::string& name) {
  static const Entry none;
  for (const Entry& each : entries) {
    if (each.name == name) return each;
  }
  return none;
}

// There are many metrics: show only those that differ and have no row of their own.
void compare_metrics(Rows& add, const ConsumerResult& a, const ConsumerResult& b) {
  for (const Metric& left : a.metrics) {
    const auto right = std::find_if(b.metrics.begin(), b.metrics.end(),
                                    [&](const Metric& each) { return each.id == left.id; });
    if (right == b.metrics.end() || left.id == MetricId::Invocations) continue;
    const std::string row = "metrics." + std::string(left.info().name);
    add.changed(row, left.counter, right->counter);
    if (!left.samples || !right->samples) continue;
    if (left.samples->count() == 0 || right->samples->count() == 0) continue;
    for (const Statistic each : {Statistic::p50, Statistic::p99}) {
      const Duration x = microseconds(value_of(*left.samples, each));
      const Duration y = microseconds(value_of(*right->samples, each));
      if (x != y) add.duration(row + "." + std::string(name(each)), x, y);
    }
  }
}

void compare_mapping(std::vector<ComparedRow>& rows, const std::string& name,
                     const ConsumerResult& a, const ConsumerResult& b) {
  Rows add(rows, "mappings." + name + ".");
  add.count("invocations", a.invocations, b.invocations);
  add.count("deliveries", a.deliveries, b.deliveries);
  add.count("effects", a.effects, b.effects);
  add.counts("fates", a.fates, b.fates);
  add.count("duplicates", a.duplicates, b.duplicates);
  add.counts("duplicates_by_cause", a.duplicates_by_cause, b.duplicates_by_cause);
  add.count("lost", a.lost, b.lost);
  add.counts("lost_by_cause", a.lost_by_cause, b.lost_by_cause);
  add.duration("max_iterator_age", a.max_iterator_age, b.max_iterator_age);
  compare_metrics(add, a, b);
}

// What the stream refused, and what was stored again.
void compare_stream(std::vector<ComparedRow>& rows, const std::string& name, const StreamResult& a,
                    const StreamResult& b) {
  Rows add(rows, "");
  const std::string group = "streams." + name + ".";
  for (const StreamMetricId id : {StreamMetricId::WriteThrottled, StreamMetricId::ReadThrottled,
                                  StreamMetricId::PutRecordsFailed}) {
    const auto value = [&](const StreamResult& of) {
      std::uint64_t sum = 0;
      for (const StreamMetric& each : of.metrics) sum += each.id == id ? each.counter : 0;
      return sum;
    };
    const std::uint64_t one = value(a);
    const std::uint64_t other = value(b);
    if (one + other > 0) {
      add.count(group + std::string(trimhorizon::name(id)), one, other);
    }
  }
  if (a.stored_again + b.stored_again > 0) {
    add.count(group + "stored_again", a.stored_again, b.stored_again);
  }
}

// The number of messages, and the fields of the first message that differs.
void compare_destination(Rows& add, const std::string& name, const DestinationResult& a,
                         const DestinationResult& b) {
  const std::string row = "destinations." + name;
  add.count(row, a.messages.size() + a.left_out, b.messages.size() + b.left_out);
  const std::size_t both = std::min(a.messages.size(), b.messages.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (a.messages[i].json.text() == b.messages[i].json.text()) continue;
    const std::string one = row + "[" + std::to_string(i) + "].";
    add.changed(one + "condition", a.messages[i].condition, b.messages[i].condition);
    add.changed(one + "approximateInvokeCount", a.messages[i].approximate_invoke_count,
                b.messages[i].approximate_invoke_count);
    add.changed(one + "batchSize", a.messages[i].batch_size, b.messages[i].batch_size);
    add.changed(one + "shardId", a.messages[i].shard_id, b.messages[i].shard_id);
    add.changed(one + "functionError", a.messages[i].function_error.value_or("null"),
                b.messages[i].function_error.value_or("null"));
    return;
  }
}

// Names of both sides, the first side's order first.
template <class Entry>
std::vector<std::string> names_of_both(const std::vector<Entry>& a, const std::vector<Entry>& b) {
  std::vector<std::string> names;
  for (const std::vector<Entry>* side : {&a, &b}) {
    for (const Entry& each : *side) {
      if (std::find(names.begin(), names.end(), each.name) == names.end()) {
        names.push_back(each.name);
      }
    }
  }
  return names;
}

std::string side_name(const ReportRun& run) { return cut_middle(clean(run.name), page_width - 8); }

struct CompareWidths {
  std::size_t name = 14;
  std::size_t a = 1;
  std::size_t b = 1;
};

CompareWidths widths_of(const std::vector<ComparedRow>& rows) {
  CompareWidths widths;
  for (const ComparedRow& row : rows) {
    widths.name = std::max(widths.name, display_width(row.words));
    widths.a = std::max(widths.a, display_width(row.a));
    widths.b = std::max(widths.b, display_width(row.b));
  }
  widths.name = std::min<std::size_t>(widths.name, 44);
  return widths;
}

void add_row(Page& page, const ComparedRow& row, const CompareWidths& widths) {
  std::string line = std::string(row.differs() ? "  * " : "    ") +
                     pad_right(cut(row.words, widths.name), widths.name) + "  " +
                     pad_left(row.a, widths.a) + "  " + pad_left(row.b, widths.b);
  if (!row.change.empty()) line += "  " + page.paint(Paint::faint, row.change);
  page.line(line);
}

// "mappings.NAME.words": the name is what lies between; empty for the whole run.
std::string group_of(const ComparedRow& row) {
  const std::string_view start = "mappings.";
  if (row.name.compare(0, start.size(), start) != 0) return "";
  return row.name.substr(start.size(), row.name.size() - start.size() - row.words.size() - 1);
}

}  // namespace

std::vector<ComparedRow> compare(const Result& a, const Result& b) {
  std::vector<ComparedRow> rows;
  Rows add(rows, "");
  add.count("records.produced", a.produced, b.produced);
  add.count("records.never_accepted", a.never_accepted, b.never_accepted);
  add.count("records.stored", a.stored, b.stored);
  for (const std::string& name : names_of_both(a.destinations, b.destinations)) {
    compare_destination(add, name, named(a.destinations, name), named(b.destinations, name));
  }
  add.text("ended", std::string(name(a.ended)), std::string(name(b.ended)));
  add.duration("simulated", a.simulated, b.simulated);
  for (const std::string& name : names_of_both(a.streams, b.streams)) {
    compare_stream(rows, name, named(a.streams, name), named(b.streams, name));
  }
  for (const std::string& name : names_of_both(a.consumers, b.consumers)) {
    compare_mapping(rows, name, named(a.consumers, name), named(b.consumers, name));
  }
  return rows;
}

std::string compare_text(const ReportRun& a, const ReportRun& b, const CompareOptions& options) {
  Page page{"", Painter(options.colour)};
  const std::vector<ComparedRow> rows = compare(*a.result, *b.result);
  const auto different = static_cast<std::uint64_t>(std::count_if(
      rows.begin(), rows.end(), [](const ComparedRow& row) { return row.differs(); }));
  page.line(page.paint(Paint::strong, cut(clean(a.scenario->title), page_width)));
  page.item("  A  ", side_name(a));
  page.item("  B  ", side_name(b));
  page.line();
  const bool same = a.result->trace_digest == b.result->trace_digest;
  const std::string_view none =
      same ? "No difference: both runs took the same course."
           : "No difference in these figures, though the runs took another course.";
  page.line(different == 0 ? std::string(none)
                           : counted(different, "row") + (different == 1 ? " differs" : " differ") +
                                 " (marked *).");
  const CompareWidths widths = widths_of(rows);
  page.line();
  page.line(page.paint(Paint::strong, pad_right("The whole run", widths.name + 4)) + "  " +
            pad_left("A", widths.a) + "  " + pad_left("B", widths.b));
  std::string group;
  for (const ComparedRow& row : rows) {
    if (group_of(row) != group) page.heading(cut_middle(clean(group_of(row)), page_width));
    group = group_of(row);
    add_row(page, row, widths);
  }
  for (const ReportRun* side : {&a, &b}) {
    if (side->judgement->verdict == Verdict::holds) continue;
    page.heading("Broken in " + side_name(*side));
    add_failures(page, *side);
  }
  const AssumptionsMet met{a.result->assumptions_met.bits | b.result->assumptions_met.bits};
  std::vector<std::string> names;
  for (const Assumption each : all_of<Assumption>) {
    if (met.has(each)) names.emplace_back(name(each));
  }
  if (different > 0 && !names.empty()) {
    page.line();
    page.text += paragraph("Assumptions behind these numbers: " + listed(names) +
                               ". `run` shows what their other values change.",
                           0);
  }
  page.line();
  page.line("replay: " + options.replay);
  return page.text;
}

std::string compare_json(const ReportRun& a, const ReportRun& b, const CompareOptions& options) {
  std::string out;
  JsonWriter json(out, 1);
  const auto side = [&](std::string_view key, const ReportRun& run) {
    json.object(key, [&] {
      json.member("name", run.name);
      json.key("result");
      write_run(json, run, false);
    });
  };
  json.object([&] {
    json.member("schema_version", 1);
    json.member("edition", a.result->edition);
    side("a", a);
    side("b", b);
    json.list("differences", [&] {
      for (const ComparedRow& row : compare(*a.result, *b.result)) {
        if (!row.differs()) continue;
        json.object([&] {
          json.member("name", row.name);
          json.key("a");
          json.raw(row.a_json);
          json.key("b");
          json.raw(row.b_json);
        });
      }
    });
    json.member("replay", options.replay);
  });
  return out + "\n";
}

}  // namespace trimhorizon
