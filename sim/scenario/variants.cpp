#include "sim/scenario/variants.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trimhorizon::reader {
namespace {

// The most nodes and bytes that all copies of a file may have together.
constexpr std::size_t variant_nodes_max = 4'000'000;
constexpr std::size_t variant_bytes_max = std::size_t{256} << 20;

// The base without its variants. It keeps its end, for messages about that place.
Node without_variants(const Node& root, std::string_view source_text) {
  Node base = root;
  for (std::size_t i = 0; i < base.keys.size(); ++i) {
    if (base.keys[i].text != "variants") continue;
    Node nothing;
    nothing.at = end_of(root, source_text);
    base.items[i] = std::move(nothing);
  }
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
  if (!base->is_mapping() || !expect.is_mapping()) {
    if (!expect.is_nothing()) *base = expect;
    return;
  }
  for (std::size_t i = 0; i < expect.keys.size(); ++i) {
    const Node& key = expect.keys[i];
    const Node& value = expect.items[i];
    Node* old = base->find(key.text);
    const bool emptied = value.is_mapping() && value.items.empty();
    if (old && emptied) {
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

// Applies the settings. Returns their paths, as the variant writes them.
std::vector<std::string> apply_sets(Pass& pass, Node& root, const Node& sets) {
  std::vector<std::string> names;
  if (!sets.is_mapping() && !sets.is_nothing()) {
    pass.mistakes.error(
        sets.at, fmt::format("set must be a mapping from paths to values, not {}", describe(sets)),
        "write set: {BatchSize: 10}");
    return names;
  }
  std::vector<Path> done;
  for (const auto& [key, value] : entries_of(pass.mistakes, sets)) {
    auto path = set_in_variant(pass, root, key, value);
    if (!path) continue;
    // A later setting of the same path, or of a part above it, undoes an earlier one.
    const auto undone = std::find_if(done.begin(), done.end(), [&](const Path& each) {
      return each.size() >= path->size() && std::equal(path->begin(), path->end(), each.begin());
    });
    if (undone != done.end()) {
      pass.mistakes.error(
          key.at,
          fmt::format("{} overwrites {} of this set", quoted(key.text), quoted(joined(*undone))),
          "remove one of them");
    }
    done.push_back(*std::move(path));
    names.push_back(key.text);
  }
  return names;
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

void read_variant(Context& context, const Node& name, const Node& node, Node tree) {
  Mistakes& mistakes = context.mistakes;
  const Given given(context, node, variant_block());
  if (!node.is_mapping() && !node.is_nothing()) return;
  VariantEntry entry{name.text};
  if (const Node* sets = given.find("set")) entry.sets = apply_sets(context.pass, tree, *sets);
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
  if (own.title) scenario.title = *own.title;
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
  const auto full = find_path(pass.mistakes, scenario_block(), root, path, pass.budget);
  if (full) put_value(root, *full, path, *std::move(value));
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
              "What to change: a path, or a unique end of one, and its new value.")
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
  const Node stripped = without_variants(context.root, context.pass.text);
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

std::optional<Path> set_in_variant(Pass& pass, Node& root, const Node& path, const Node& value) {
  std::optional<Path> full = find_path(pass.mistakes, scenario_block(), root, path, pass.budget);
  if (!full || !may_be_touched(pass.mistakes, path, *full)) return std::nullopt;
  put_value(root, *full, path, value);
  return full;
}

Scenario read_tree(const Node& root, Pass& pass) {
  Scenario out;
  out.file = std::string(pass.file);
  out.source_text = std::string(pass.text);
  out.changes = pass.changes;
  Context context(pass, root, out);
  Given(context, root, scenario_block()).read_into(out);
  return out;
}

}  // namespace trimhorizon::reader
