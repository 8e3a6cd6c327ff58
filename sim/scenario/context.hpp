// What the readers of a scenario share: what has been read so far, and the names of all things.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/format/given.hpp"
#include "sim/format/path.hpp"
#include "sim/scenario/other_files.hpp"
#include "sim/scenario/record_ids.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/tables.hpp"

namespace trimhorizon::reader {

// All things of one kind, by name. Their numbers are indexes into the scenario's tables.
struct Directory {
  std::string_view noun;  // "stream"
  std::string_view key;   // the key of the file that lists them: `streams`
  // Services whose ARNs can name one; a destination has exactly one.
  std::vector<std::string_view> services;
  std::map<std::string, std::uint32_t, std::less<>> numbers = {};

  // Gives the name the next number.
  void add(const std::string& name) { numbers.emplace(name, numbers.size()); }
  std::optional<std::uint32_t> find(std::string_view name) const;
  std::size_t size() const { return numbers.size(); }
  std::vector<std::string_view> names() const;
};

// The most bytes of data in explicit records, over the base and all variants.
inline constexpr std::size_t explicit_bytes_max = std::size_t{256} << 20;

// A value that the command line has put into the tree.
struct CommandLineSet {
  Node key;  // the path as it was written, with its place
  Path path;
  Node value;
};

// What the base and all variants of one file share.
struct Pass {
  Mistakes& mistakes;
  std::string_view file;
  std::string_view text;
  PathBudget budget = {};
  std::vector<std::string> changes = {};  // of the text, so far
  std::size_t explicit_bytes = 0;         // data of explicit records so far
  std::vector<CommandLineSet> command_line = {};
  bool with_coming = false;  // see Notes
  OtherFiles files = {};
};

struct Context : Notes {
  Pass& pass;
  const Node& root;
  Scenario& out;

  Directory streams{"stream", "streams", {"kinesis"}};
  Directory stream_consumers{"stream consumer", "stream_consumers", {"kinesis"}};
  Directory producers{"producer", "producers", {}};
  Directory functions{"function", "functions", {"lambda"}};
  Directory mappings{"event source mapping", "event_source_mappings", {}};
  Directory destinations{"destination", "destinations", {"sqs", "sns", "s3"}};
  RecordIds ids = {};
  std::set<std::string, std::less<>> keys = {};  // partition keys of explicit puts
  std::vector<KeySettings> generated_keys = {};
  std::size_t reshards = 0;  // what changes shards during a run: then more of them may come

  Context(Pass& whole, const Node& tree, Scenario& scenario)
      : Notes{whole.mistakes, scenario_format(), scenario.not_modelled, scenario.warnings,
              whole.with_coming},
        pass(whole),
        root(tree),
        out(scenario) {}

  const Directory& directory(StreamId) const { return streams; }
  const Directory& directory(StreamConsumerId) const { return stream_consumers; }
  const Directory& directory(ProducerId) const { return producers; }
  const Directory& directory(FunctionId) const { return functions; }
  const Directory& directory(MappingId) const { return mappings; }
  const Directory& directory(DestinationId) const { return destinations; }

  // Is the value at this path of the file wrong, or what should contain it? Then what depends on it
  // is not judged.
  bool is_wrong(std::initializer_list<std::string_view> path) const;
  // The number of the thing that this node names: by its name, an ARN, or a reference of a template
  // in any of its forms. nullopt after a mistake.
  std::optional<std::uint32_t> number_of(const Directory& things, const Node& node,
                                         std::string_view name);
  // The id of a record. An id that no producer makes is a warning. When it does not even look like
  // the ids of a producer, and `must_fit`, it is a mistake.
  std::optional<std::string> record(const Node& node, std::string_view name, bool must_fit);
  std::vector<std::string> records(const Value& value, bool must_fit);  // a list of them
  // Warns when the run ends before this time.
  void warn_if_never(Instant at, Mark place);
};

// Reads a member that is an id: the value is the name of a thing of that kind.
template <class Tag>
bool read_value(Notes& notes, const Value& value, Id<Tag>& out) {
  Context& context = static_cast<Context&>(notes);
  const auto number = context.number_of(context.directory(out), value.node, value.name);
  if (number) out = Id<Tag>{*number};
  return number.has_value();
}

// A name and its mapping, under a `named` key, without mistakes.
struct NamedNode {
  const Node* name;
  const Node* value;
};
std::vector<NamedNode> named_nodes(Context& context, const Value& value);

// Reads all of them, each with its block.
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

// The AWS property for the name may only repeat the name that the thing has in this file.
void check_own_name(Context& context, const Value& value, const Directory& things,
                    const std::string& name);
template <class Entry>
void read_own_name(Context& context, const Value& value, Entry& entry) {
  constexpr bool is_stream = std::is_same_v<Entry, StreamEntry>;
  check_own_name(context, value, is_stream ? context.streams : context.functions, entry.name);
}

// Is it known already that the part of the file that lists these things cannot be read?
bool were_reported(const Context& context, const Directory& things);
// Reports a name that none of these things has; all uses of a name are one mistake. `metrics`: it
// may be a function too.
void report_unknown(Context& context, const Directory& things, const Node& node,
                    std::string_view name, bool metrics = false);

// The reference of a template that this node is, in the form `!Ref name` or `!GetAtt
// name.Attribute`; any other node stays.
Node reference_in(const Node& node);
// The parts of an ARN of a consumer with enhanced fan-out.
struct ConsumerArn {
  std::string_view stream;
  std::string_view consumer;
};
std::optional<ConsumerArn> consumer_arn(std::string_view text);

// Is it not known how many shards the stream has?
bool are_shards_unknown(const Context& context, const StreamEntry& stream);
// Reports a mistake when the stream has no such shard.
void check_shard(Context& context, StreamId stream, std::uint32_t shard, const Node& node);

// The rows of these actions of the API, for an entry of the timeline or of `explore.reshards`.
Rows timeline_calls();
Rows explored_calls();
// How many things of the scenario may change shards during a run.
std::size_t count_reshards(const Context& context);
// Gives names to the consumers that the timeline registers: mappings may name them.
void add_later_consumers(Context& context);
// A mapping reads a stream, or a consumer of one with enhanced fan-out.
void read_event_source(Context& context, const Value& value, MappingEntry& entry);
// The one alternative of the block that is given; null after a mistake. `what`: "timeline entry".
const Key* alternative_of(Context& context, const Given& given, const Block& block,
                          std::string_view what);

// These read the parts of the file.
void read_streams(Context& context, const Value& value, Scenario& out);
void read_stream_consumers(Context& context, const Value& value, Scenario& out);
void read_autoscalers(Context& context, const Value& value, Scenario& out);
void read_producers(Context& context, const Value& value, Scenario& out);
void read_functions(Context& context, const Value& value, Scenario& out);
void read_destinations(Context& context, const Value& value, Scenario& out);
void read_mappings(Context& context, const Value& value, Scenario& out);
void read_timeline(Context& context, const Value& value, Scenario& out);
void read_expect(Context& context, const Value& value, Scenario& out);
void read_variants(Context& context, const Value& value, Scenario& out);

}  // namespace trimhorizon::reader
