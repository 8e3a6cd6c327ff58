#include "sim/scenario/variants.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

namespace trimhorizon::reader {
namespace {

// The most nodes and bytes that all copies of a file may have together.
constexpr std::size_t variant_nodes_max = 4'000'000;
constexpr std::size_t variant_bytes_max = std::size_t{256} << 20;

Node without_variants(const Node& root) {
  Node base = root;
  while (base.find("variants")) base.erase("variants");
  return base;
}

// Adds items to a list of `always` or `sometimes`. An empty list removes all.
void add_items(Node& inherited, const Node& more) {
  if (!inherited.is_list() || !more.is_list() || more.items.empty()) {
    inherited = more;
    return;
  }
  for (const Node& item : more.items) {
    const bool there = std::any_of(inherited.items.begin(), inherited.items.end(),
                                   [&](const Node& each) { return each.text == item.text; });
    if (!there || !item.is_scalar()) inherited.items.push_back(item);
  }
}

// The expectations of the variant replace those of the base, key by key; `{}` removes one.
void replace_expectations(Node& root, const Node& name, const Node& expect) {
  Node* base = &root.value_of(scalar_node("expect", name.at));
  const auto removes = [](const Node& value) { return value.is_mapping() && value.items.empty(); };
  if (!base->is_mapping() || !expect.is_mapping()) {
    const bool is_known = base->is_mapping() || base->is_nothing();
    if (!expect.is_nothing()) *base = expect;
    for (std::size_t i = 0; i < expect.keys.size() && !is_known; ++i) {
      if (removes(expect.items[i])) base->erase(expect.keys[i].text);
    }
    return;
  }
  for (std::size_t i = 0; i < expect.keys.size(); ++i) {
    const Node& key = expect.keys[i];
    const Node& value = expect.items[i];
    Node* old = base->find(key.text);
    if (old && removes(value)) {
      base->erase(key.text);
    } else if (old && (key.text == "always" || key.text == "sometimes")) {
      add_items(*old, value);
    } else {
      base->value_of(key) = value;
      for (Node& each : base->keys) {
        if (each.text == key.text) each = key;
      }
    }
  }
}

// All variants have the same traffic, so that they can be compared.
bool may_be_touched(Mistakes& mistakes, const Node& path, const Path& full) {
  static constexpr std::array<std::string_view, 7> traffic = {"put",      "rate", "records", "for",
                                                              "arrivals", "keys", "size"};
  if (full[0] == "seed") {
    mistakes.error(path.at, "a variant cannot change the seed: all variants have the same traffic",
                   "use --seed for another run");
    return false;
  }
  if (full[0] != "producers") return true;
  const bool whole = full.size() < 3;
  const bool put = whole || std::find(traffic.begin(), traffic.end(), full[2]) != traffic.end();
  if (put) {
    mistakes.error(path.at,
                   fmt::format("a variant cannot change {}: all variants have the same traffic",
                               whole ? "a whole producer" : quoted(full[2])),
                   "write another scenario, or use --set");
  }
  return !put;
}

bool begins_with(const Path& path, const Path& begin) {
  return path.size() >= begin.size() && std::equal(begin.begin(), begin.end(), path.begin());
}

std::optional<Path> apply_set(Pass& pass, Node& root, const Node& path, const Node& value) {
  std::optional<Path> full =
      find_path(pass.mistakes, scenario_block(), root, path, pass.budget, &scenario_format());
  if (!full || !may_be_touched(pass.mistakes, path, *full)) return std::nullopt;
  put_value(root, *full, path, value);
  return full;
}

// Whoever writes `--set` wants just this value, whatever the file says: it is put once more where a
// setting of the variant has changed it.
void put_command_line(Pass& pass, Node& root, const Node& key, const Path& path,
                      AppliedSets& applied) {
  for (const CommandLineSet& each : pass.command_line) {
    if (!begins_with(each.path, path) && !begins_with(path, each.path)) continue;
    if (!can_put_value(root, each.path)) {
      pass.mistakes.error(each.key.at,
                          fmt::format("{} cannot be set: a variant sets {} to something else",
                                      quoted(each.key.text), quoted(key.text)),
                          fmt::format("set {} as a whole", quoted(joined(path))));
      continue;
    }
    put_value(root, each.path, each.key, each.value);
    applied.overruled.push_back({key.at, fmt::format("--set {} replaces {} of this variant",
                                                     quoted(each.key.text), quoted(key.text))});
  }
}

bool bearable(const Node& base, const Node& variants, Mistakes& mistakes) {
  const std::size_t count = variants.keys.size();
  const std::size_t bytes = mistakes.source(0).size();
  const bool fine =
      count * count_nodes(base) <= variant_nodes_max && count * bytes <= variant_bytes_max;
  if (!fine) {
    mistakes.error(variants.at,
                   fmt::format("{} variants are too many for a file of this size", count),
                   "use a producer with `rate` instead of writing every record");
  }
  return fine;
}

void check_name_of_variant(Mistakes& mistakes, const Node& name) {
  const bool is_base = name.text == "base";
  if (!is_base && name.text.find('=') == std::string::npos) return;
  mistakes.error(
      name.at, fmt::format("a variant cannot be called {}", quoted(name.text)),
      is_base ? "that is what `diff` calls the file itself" : "`diff` would read it as a setting");
}

// The title of a variant. Without it, the title of the base holds, or the one that is set.
struct OwnTitle {
  std::optional<std::string> title;
};

bool sets_title(const Pass& pass) {
  return std::any_of(pass.command_line.begin(), pass.command_line.end(),
                     [](const CommandLineSet& each) { return each.path == Path{"title"}; });
}

void read_variant(Context& context, const Node& name, const Node& node, Node tree) {
  Mistakes& mistakes = context.mistakes;
  const Given given(context, node, variant_block());
  if (!node.is_mapping() && !node.is_nothing()) return;
  VariantEntry entry{name.text};
  if (const Node* sets = given.find("set")) {
    AppliedSets applied = apply_sets(context.pass, tree, *sets);
    entry.sets = std::move(applied.names);
    for (const Overruled& each : applied.overruled) context.warn(each.at, each.what);
  }
  if (const Node* expect = given.find("expect")) {
    Given(context, *expect, expect_block());
    replace_expectations(tree, name, *expect);
  }
  OwnTitle own;
  given.fill(own);
  mistakes.enter_variant(name.text, name.at, end_of(node, context.pass.text));
  context.pass.changes.push_back("variant " + name.text);
  Scenario scenario = read_tree(tree, context.pass);
  context.pass.changes.pop_back();
  mistakes.leave_variant();
  if (own.title && !sets_title(context.pass)) scenario.title = *own.title;
  entry.scenario = std::make_shared<const Scenario>(std::move(scenario));
  context.out.variants.push_back(std::move(entry));
}

void apply_override(Pass& pass, Node& root, const Override& change) {
  const std::uint32_t source = pass.mistakes.keep_source("--set", change.path + "=" + change.value);
  if (!is_readable_text(pass.mistakes.source(source), pass.mistakes, source)) return;
  const Node path = scalar_node(change.path, {source, 0});
  const auto offset = static_cast<std::uint32_t>(change.path.size() + 1);
  std::optional<Node> value = parse_yaml(change.value, {}, pass.mistakes, source, offset);
  if (!value) return;
  const auto full =
      find_path(pass.mistakes, scenario_block(), root, path, pass.budget, &scenario_format());
  if (!full) return;
  put_value(root, *full, path, *value);
  pass.command_line.push_back({path, *full, *std::move(value)});
}

}  // namespace

const Block& variant_block() {
  static const Block table{
      "variant",
      {
          key("title", text(0, 10'000), into(&OwnTitle::title),
              "What is different in this variant.")
              .such_as("Ten retries"),
          key("set", map({simple(Kind::any)}), {},
              "What to change: a path, or a unique end of one, and its new value; "
              "`--set` wins over it.")
              .such_as("{MaximumRetryAttempts: 10, BatchSize: 1}"),
          key("expect", block(expect_block), {},
              "Replaces the same keys of the base; `always` and `sometimes` are added to those of "
              "the base.")
              .such_as("{lost: 0}"),
      }};
  return table;
}

void read_variants(Context& context, const Value& value, Scenario&) {
  if (value.node.is_nothing()) return;
  const Node stripped = without_variants(context.root);
  if (!bearable(stripped, value.node, context.mistakes)) return;
  // Mistakes in the keys of the file itself are reported once. Only the count of the mistakes that
  // are not shown counts them again, when there are more than 10,000.
  Given(context, context.root, scenario_block());
  for (const auto& [name, node] : named_nodes(context, value)) {
    check_name_of_variant(context.mistakes, *name);
    read_variant(context, *name, *node, stripped);
  }
}

void apply_overrides(Pass& pass, Node& root, const std::vector<Override>& changes) {
  for (const Override& each : changes) {
    apply_override(pass, root, each);
    pass.changes.push_back(each.path + "=" + each.value);
  }
}

AppliedSets apply_sets(Pass& pass, Node& root, const Node& sets) {
  AppliedSets applied;
  if (!sets.is_mapping() && !sets.is_nothing()) {
    pass.mistakes.error(
        sets.at, fmt::format("set must be a mapping from paths to values, not {}", describe(sets)),
        "write set: {BatchSize: 10}");
    return applied;
  }
  std::set<Path> done;
  for (const auto& [key, value] : entries_of(pass.mistakes, sets)) {
    auto path = apply_set(pass, root, key, value);
    if (!path) continue;
    // A later setting of the same path, or of a part above it, undoes an earlier one.
    const auto undone = done.lower_bound(*path);
    if (undone != done.end() && begins_with(*undone, *path)) {
      pass.mistakes.error(
          key.at,
          fmt::format("{} overwrites {} of this set", quoted(key.text), quoted(joined(*undone))),
          "remove one of them");
    }
    put_command_line(pass, root, key, *path, applied);
    done.insert(*std::move(path));
    applied.names.push_back(key.text);
  }
  return applied;
}

Scenario read_tree(const Node& root, Pass& pass) {
  Scenario out;
  out.file = std::string(pass.file);
  out.source_text = std::string(pass.text);
  out.changes = pass.changes;
  Context context(pass, root, out);
  Given(context, root, scenario_block()).read_into(out);
  out.attached = pass.files.attached();
  return out;
}

}  // namespace trimhorizon::reader
