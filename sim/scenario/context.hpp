// What reading a scenario carries along: what has been read, who is called what.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/format/given.hpp"
#include "sim/format/path.hpp"
#include "sim/scenario/record_ids.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/tables.hpp"

namespace trimhorizon::reader {

// The things of one kind by name; their numbers are places in the scenario's table.
struct Directory {
  std::string_view noun;                   // "stream"
  std::string_view key;                    // they stand under `streams`
  std::vector<std::string_view> services;  // whose ARNs name one; a destination has one of them
  std::map<std::string, std::uint32_t, std::less<>> numbers = {};

  void add(const std::string& name) { numbers.emplace(name, numbers.size()); }
  std::optional<std::uint32_t> find(std::string_view name) const;
  std::size_t size() const { return numbers.size(); }
  std::vector<std::string_view> names() const;
};

// Of explicit records, over the base and all variants.
inline constexpr std::size_t explicit_bytes_max = std::size_t{256} << 20;

// What the base and the variants of one file have in common.
struct Pass {
  Mistakes& mistakes;
  std::string_view file;
  std::string_view text;
  PathBudget budget = {};
  std::size_t explicit_bytes = 0;
};

struct Context : Notes {
  Pass& pass;
  const Node& root;
  Scenario& out;

  Directory streams{"stream", "streams", {"kinesis"}};
  Directory producers{"producer", "producers", {}};
  Directory functions{"function", "functions", {"lambda"}};
  Directory mappings{"event source mapping", "event_source_mappings", {}};
  Directory destinations{"destination", "destinations", {"sqs", "sns", "s3"}};
  RecordIds ids = {};
  std::set<std::string, std::less<>> keys = {};  // partition keys of explicit puts
  std::vector<KeySettings> generated_keys = {};
  bool reshards = false;  // the timeline would, so more shards may come

  Context(Pass& whole, const Node& tree, Scenario& scenario)
      : Notes{whole.mistakes, scenario_format(), scenario.not_modelled, scenario.warnings},
        pass(whole),
        root(tree),
        out(scenario) {}

  const Directory& directory(StreamId) const { return streams; }
  const Directory& directory(ProducerId) const { return producers; }
  const Directory& directory(FunctionId) const { return functions; }
  const Directory& directory(MappingId) const { return mappings; }
  const Directory& directory(DestinationId) const { return destinations; }

  // The number of the thing that is named: plainly, by `!Ref`, `!GetAtt name.Arn`, or an ARN.
  std::optional<std::uint32_t> number_of(const Directory& things, const Node& node,
                                         std::string_view name);
  // The id of a record. One that nobody makes is a warning, or, when it is not even named as a
  // producer names its records and it `must_fit`, a mistake.
  std::optional<std::string> record(const Node& node, std::string_view name, bool must_fit);
  std::vector<std::string> records(const Value& value, bool must_fit);  // a list of them
  // The run ends before.
  void warn_if_never(Instant at, Mark place);
};

// A member that is an id takes the name of a thing of its kind.
template <class Tag>
bool read_value(Notes& notes, const Value& value, Id<Tag>& out) {
  Context& context = static_cast<Context&>(notes);
  const auto number = context.number_of(context.directory(out), value.node, value.name);
  if (number) out = Id<Tag>{*number};
  return number.has_value();
}

// Names and mappings of a `named` key that are in order.
struct NamedNode {
  const Node* name;
  const Node* value;
};
std::vector<NamedNode> named_nodes(Context& context, const Value& value);

// Reads all of them, each by its block.
template <class Entry>
void read_entries(Context& context, const Value& value, Directory& things,
                  std::vector<Entry>& entries) {
  for (const auto& [name, node] : named_nodes(context, value)) {
    Entry entry{name->text};
    things.add(entry.name);
    Given(context, *node, *value.form.block).read_into(entry);
    entries.push_back(std::move(entry));
  }
}

// AWS's own property for the name: it may repeat the name the thing has here, nothing else.
void check_own_name(Context& context, const Value& value, const std::string& name);
template <class Entry>
void read_own_name(Context& context, const Value& value, Entry& entry) {
  check_own_name(context, value, entry.name);
}

// Does the stream have this shard?
void check_shard(Context& context, StreamId stream, std::uint32_t shard, const Node& node);

// Parts of the file.
void read_streams(Context& context, const Value& value, Scenario& out);
void read_producers(Context& context, const Value& value, Scenario& out);
void read_functions(Context& context, const Value& value, Scenario& out);
void read_destinations(Context& context, const Value& value, Scenario& out);
void read_mappings(Context& context, const Value& value, Scenario& out);
void read_timeline(Context& context, const Value& value, Scenario& out);
void read_expect(Context& context, const Value& value, Scenario& out);
void read_variants(Context& context, const Value& value, Scenario& out);

}  // namespace trimhorizon::reader
