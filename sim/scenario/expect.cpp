// Reads expectations: the table of their keys, in the order of the file.
#include "sim/scenario/expect.hpp"

#include <fmt/format.h>

#include "sim/history/invariants.hpp"
#include "sim/scenario/bare_reads.hpp"
#include "sim/scenario/coming.hpp"
#include "sim/scenario/names.hpp"

namespace trimhorizon::reader {
namespace {

template <ExpectKind kind>
void read_names(Context& context, const Value& value, Scenario& scenario) {
  if (!is_list_of(context, value)) return;
  for (const Node& name : value.node.items) {
    if (!word_value(context, {name, value.form.items.front(), value.name})) continue;
    Expectation out = expectation(context, kind, fmt::format("{}.{}", value.name, name.text), name);
    out.subject = name.text;
    scenario.expect.push_back(std::move(out));
  }
}

Rows expected_names() {
  using enum ExpectKind;
  return std::vector<Key>{
      key("always", list(word(names_list<Invariant>())), read_by(read_names<always>),
          "Invariants that must hold; every run checks all of them anyway.")
          .such_as("[key_order]"),
      key("sometimes", list(word(names_list<Situation>())), read_by(read_names<sometimes>),
          "Situations that must have occurred.")
          .such_as("[retry, timeout]"),
  };
}

}  // namespace

Form count() { return simple(Kind::count); }
Form moment() { return simple(Kind::time_span); }

Expectation expectation(const Context& context, ExpectKind kind, std::string name,
                        const Node& key) {
  const LineColumn place = context.mistakes.line_column(key.at);
  Expectation out;
  out.kind = kind;
  out.name = std::move(name);
  out.line = place.line;
  out.column = place.column;
  return out;
}

// Adds what is wanted: `3`, "<= 10", or [">= 1", "<= 16"].
void add_wanted(Context& context, const Value& value, Expectation out) {
  read_value(context, value, out.wanted);
  for (const Comparison& each : out.wanted) {
    out.wanted_text += (out.wanted_text.empty() ? "" : ", ") + each.text;
  }
  context.out.expect.push_back(std::move(out));
}

// An expectation without an entry would always hold, so it is a mistake.
bool checks_something(Context& context, const Node& table, std::string_view name) {
  if (!table.is_nothing() && (!table.is_mapping() || !table.items.empty())) return true;
  if (!table.merged) {
    context.error(table.at, fmt::format("{} checks nothing", name),
                  "write what is expected, or remove the key");
  }
  return false;
}

bool is_mapping_of(Context& context, const Node& node, std::string_view name,
                   std::string_view example) {
  if (node.is_mapping() || node.is_nothing()) return true;
  context.error(node.at, fmt::format("{} must be a mapping, not {}", name, describe(node)),
                fmt::format("write {}", example));
  return false;
}

std::vector<OfStream> by_stream(Context& context, const Value& value, std::string_view example) {
  std::vector<OfStream> all;
  if (!is_mapping_of(context, value.node, value.name, example)) return all;
  if (!checks_something(context, value.node, value.name)) return all;
  for (const auto& [key, item] : entries_of(context.mistakes, value.node)) {
    const auto stream = context.number_of(context.streams, key, value.name);
    if (!stream) continue;
    std::string name = fmt::format("{}.{}", value.name, key.text);
    if (!checks_something(context, item, name)) continue;
    all.push_back({key, item, StreamId{*stream}, std::move(name)});
  }
  return all;
}

const Block& expect_block() {
  static const Block table = until_modelled(
      {"`expect`",
       {
           expected_totals(),
           expected_tables(),
           expected_metrics(),
           expected_messages(),
           expected_streams(),
           expected_reads(),
           expected_checks(),
           expected_names(),
           not_modelled({"alarms"}, "metrics: {IteratorAge.max: \"<= 1h\"} comes closest"),
           not_modelled({"cost"}, "`invocations` and metrics: {Duration.avg: …} are what costs"),
           not_modelled({"owners"}, "no KCL workers are modelled; a mapping reads every shard"),
       }});
  return table;
}

// Reads them in the order of the file, which is also the order of reports.
void read_expect(Context& context, const Value& value, Scenario& out) {
  const Given given(context, value.node, expect_block());
  const Node& node = value.node;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Key* key = expect_block().find(node.keys[i].text);
    if (!key || !is_read(context, *key)) continue;
    const bool is_first_one = node.find(key->name) == &node.items[i];
    if (is_first_one) given.read(key->name, out);
  }
}

}  // namespace trimhorizon::reader
