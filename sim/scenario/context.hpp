// What reading a scenario carries along: where mistakes go, what has been read, who is called what.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/fields.hpp"
#include "sim/scenario/record_ids.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon::reader {

// The things of one kind by name; their numbers are places in the scenario's table.
class Directory {
 public:
  void add(const std::string& name) { numbers_.emplace(name, numbers_.size()); }
  std::optional<std::uint32_t> find(std::string_view name) const;
  std::size_t size() const { return numbers_.size(); }
  std::vector<std::string_view> names() const;

 private:
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
};

// Of explicit records, over the base and all variants.
inline constexpr std::size_t explicit_bytes_max = std::size_t{256} << 20;

struct Context {
  Mistakes& mistakes;
  Scenario& out;
  std::size_t& explicit_bytes;

  Directory streams = {};
  Directory producers = {};
  Directory functions = {};
  Directory mappings = {};
  Directory destinations = {};
  RecordIds ids = {};
  std::set<std::string, std::less<>> keys = {};  // partition keys of explicit puts
  std::vector<KeySettings> generated_keys = {};
  bool reshards = false;  // the timeline would, so more shards may come

  Fields fields(const Node& node, const Block& block) {
    return Fields(mistakes, node, block, out.not_modelled);
  }
  // The number of the thing that is named: plainly, by `!Ref`, `!GetAtt name.Arn`, or an ARN.
  std::optional<std::uint32_t> thing(const Node& node, Thing kind, std::string_view key);
  std::optional<std::uint32_t> thing(const Fields& fields, std::string_view key, Thing kind);
  // The id of a record. One that nobody makes is a warning, or, when it is not even named as a
  // producer names its records and it `must_fit`, a mistake.
  std::optional<std::string> record(const Node& node, std::string_view key, bool must_fit);
  const Directory& directory(Thing kind) const;
  // Accepted without meaning here; each is named once.
  void not_modelled(std::string what);
  void warn(Mark place, std::string_view message);
  // The run ends before.
  void warn_if_never(Instant at, Mark place);
};

// Parts of the file, in the order in which they refer to each other.
void read_head(Context& context, const Fields& root);
void read_streams(Context& context, const Fields& root);
void read_producers(Context& context, const Fields& root);
void read_functions(Context& context, const Fields& root);
void read_destinations(Context& context, const Fields& root);
void read_mappings(Context& context, const Fields& root);
void read_timeline(Context& context, const Fields& root);
void read_assumptions(Context& context, const Fields& root);
void read_explore(Context& context, const Fields& root);
void read_expect(Context& context, const Fields& root);

// Names and mappings of a `named` key that are in order.
struct NamedNode {
  const Node* name;
  const Node* value;
};
std::vector<NamedNode> named_nodes(Context& context, const Fields& fields, std::string_view key);

// Does the stream have this shard?
void check_shard(Context& context, StreamId stream, std::uint32_t shard, const Node& node);

// AWS's own property for the name: it may repeat the name the thing has here, nothing else.
void check_own_name(Context& context, const Fields& fields, std::string_view key,
                    std::string_view name);

}  // namespace trimhorizon::reader
