// Reads `checks`: what is expected at an instant of the run, or of a part of it.
#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/metrics/catalogue.hpp"
#include "sim/metrics/stream_catalogue.hpp"
#include "sim/scenario/coming.hpp"
#include "sim/scenario/expect.hpp"

namespace trimhorizon::reader {
namespace {

// The time of a check: an instant, or a part of the run.
struct TimeOfCheck {
  std::optional<Instant> at;
  std::optional<Instant> from;
  std::optional<Instant> until;
};

const Block& check_block() {
  static const Block table =
      until_modelled({"check",
                      {
                          key("at", duration("s"), into(&TimeOfCheck::at),
                              "An instant: after everything that happens at it.")
                              .such_as("9m"),
                          key("from", duration("s"), into(&TimeOfCheck::from),
                              "Where a part of the run begins; default: at its beginning.")
                              .such_as("1m"),
                          key("until", duration("s"), into(&TimeOfCheck::until),
                              "Where it ends; that instant is not in it. Default: at `duration`.")
                              .such_as("2m"),
                          expected_shards(),
                          expected_then(ExpectKind::backlog),
                          expected_then(ExpectKind::iterator_age),
                          expected_counters(),
                      }});
  return table;
}

// The time, or nothing after a mistake.
std::optional<CheckTime> time_of(Context& context, const Given& given) {
  TimeOfCheck time;
  given.fill(time);
  const bool is_part = given.has("from") || given.has("until");
  if (given.has("at") && is_part) {
    context.error(given.place_of("at"), "a check is at an instant, or of a part of the run",
                  "write `at`, or `from` and `until`");
    return std::nullopt;
  }
  if (time.at) {
    context.warn_if_never(*time.at, given.place_of("at"));
    return CheckTime{*time.at, std::nullopt};
  }
  if (!is_part) {
    if (given.is_absent("at") && given.is_absent("from") && given.is_absent("until")) {
      context.error(given.place(), "this check has no time",
                    "write at: 9m, or from: 1m and until: 2m");
    }
    return std::nullopt;
  }
  const CheckTime part{time.from.value_or(Instant{0}),
                       time.until.value_or(Instant{0} + context.out.duration)};
  if (part.from >= *part.until && !given.is_wrong("from") && !given.is_wrong("until")) {
    context.error(given.place_of(given.has("until") ? "until" : "from"),
                  "this part of the run ends before it begins");
    return std::nullopt;
  }
  return part;
}

std::string time_words(const CheckTime& time) {
  const std::string from = duration_text(time.from - Instant{0});
  if (!time.until) return "at " + from;
  return fmt::format("from {} to {}", from, duration_text(*time.until - Instant{0}));
}

bool sums_up(const Expectation& metric) {
  if (const auto of_stream = stream_metric_named(metric.subject)) {
    return of_stream->metric().shape == MetricShape::counter;
  }
  const auto asked = metric_named(metric.subject);
  return asked && is_sum_of_events(asked->metric());
}

// Metrics are counted over a part of the run; everything else is the state at an instant.
void check_kind(Context& context, const Given& given, const CheckTime& time) {
  for (const Node& key : given.node().keys) {
    const bool is_metrics = key.text == "metrics";
    const bool is_state =
        key.text == "shards" || key.text == "backlog" || key.text == "iterator_age";
    if (is_state && time.until) {
      context.error(key.at, fmt::format("{} is about an instant of the run", key.text),
                    "write at: 9m");
    } else if (is_metrics && !time.until) {
      context.error(key.at, "metrics are counted over a part of the run",
                    "write from: 1m and until: 2m");
    }
  }
}

void read_check(Context& context, const Node& node, const Block& table) {
  const Given given(context, node, table, "{at: 9m, backlog: {m: 0}}");
  if (!node.is_mapping()) return;
  const std::optional<CheckTime> time = time_of(context, given);
  const std::size_t before = context.out.expect.size();
  bool checks_any = false;
  for (const Node& key : node.keys) {
    const Key* row = table.find(key.text);
    if (!row || row->filling.fills != type_of<Scenario>()) continue;
    checks_any = true;
    given.read(row->name, context.out);
  }
  if (!time) return context.out.expect.resize(before);
  check_kind(context, given, *time);
  if (!checks_any) {
    context.error(given.place(), "this check checks nothing",
                  "write what is expected: backlog: {m: \"< 1000\"}");
  }
  for (std::size_t i = before; i < context.out.expect.size(); ++i) {
    Expectation& out = context.out.expect[i];
    if (out.kind == ExpectKind::metrics && time->until && !sums_up(out)) {
      context.error(node.at,
                    fmt::format("{} cannot be checked over a part of the run", out.subject),
                    "only counters of events can, such as Invocations");
    }
    out.name += " " + time_words(*time);
    out.check = time;
  }
}

void read_checks(Context& context, const Value& value, Scenario&) {
  if (!is_list_of(context, value)) return;
  for (const Node& each : value.node.items) {
    read_check(context, each, *value.form.items.front().block);
  }
}

}  // namespace

Key expected_checks() {
  return key("checks", list(block(check_block)), read_by(read_checks),
             "What is expected before the run ends: at an instant, or of a part of the run.")
      .such_as(R"([{at: 9m, backlog: {billing-orders: "< 1000"}}])");
}

}  // namespace trimhorizon::reader
