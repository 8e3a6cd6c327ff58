// What the readers of `expect:` share. The rows of its table are in the files that also have their
// readers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/context.hpp"

namespace trimhorizon::reader {

Form count();   // a comparison with a number, or a list of them
Form moment();  // a comparison with an instant of the run, or a list of them

// An expectation with this name, at the place of its key.
Expectation expectation(const Context& context, ExpectKind kind, std::string name, const Node& key);
// Adds what is wanted: `3`, "<= 10", or [">= 1", "<= 16"].
void add_wanted(Context& context, const Value& value, Expectation out);
// An expectation without an entry would always hold, so it is a mistake.
bool checks_something(Context& context, const Node& table, std::string_view name);
// Reports a value that is no mapping.
bool is_mapping_of(Context& context, const Node& node, std::string_view name,
                   std::string_view example);

// Each stream that a key of this value names, with its own value.
struct OfStream {
  const Node& key;
  const Node& value;
  StreamId stream;
  std::string name;  // shards.orders
};
std::vector<OfStream> by_stream(Context& context, const Value& value, std::string_view example);

Rows expected_totals();              // lost, duplicates, invocations, caught_up, …
Rows expected_tables();              // deliveries, fates, metrics, …
Rows expected_messages();            // destinations
Rows expected_streams();             // shards, across, user_records, api_errors
Key expected_shards();               // shards
Key expected_metrics();              // metrics
Key expected_counters();             // metrics, over a part of the run
Key expected_then(ExpectKind kind);  // backlog, iterator_age: of an instant
Key expected_checks();               // checks

}  // namespace trimhorizon::reader
