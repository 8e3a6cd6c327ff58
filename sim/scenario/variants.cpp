#include "sim/scenario/variants.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace trimhorizon::reader {
namespace {

// What the copies of a large file may come to, in values and in bytes.
constexpr std::size_t variant_nodes_max = 4'000'000;
constexpr std::size_t variant_bytes_max = std::size_t{256} << 20;

// The base without variants; its end stays where it was, for messages about it.
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

// Lists of `always` and `sometimes` grow; an empty list empties them.
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

// Rule 10: the variant's expectations replace the base's key by key; `{}` takes one away.
void replace_expectations(Node& root, const Node& key, const Node& expect) {
  Node* base = root.find("expect");
  if (!base) {
    root.keys.push_back(key);
    root.keys.back().text = "expect";
    root.items.emplace_back();
    base = &root.items.back();
  }
  if (!base->is_mapping() || !expect.is_mapping()) {
    if (!expect.is_nothing()) *base = expect;
    return;
  }
  for (std::size_t i = 0; i < expect.keys.size(); ++i) {
    const std::string& name = expect.keys[i].text;
    Node* value = base->find(name);
    const bool emptied = expect.items[i].is_mapping() && expect.items[i].items.empty();
    if (value && emptied) {
      const auto place = value - base->items.data();
      base->keys.erase(base->keys.begin() + place);
      base->items.erase(base->items.begin() + place);
    } else if (!value) {
      base->keys.push_back(expect.keys[i]);
      base->items.push_back(expect.items[i]);
    } else if (name == "always" || name == "sometimes") {
      add_items(*value, expect.items[i]);
    } else {
      *value = expect.items[i];
      for (Node& old : base->keys) {
        if (old.text == name) old = expect.keys[i];
      }
    }
  }
}

void apply_sets(Mistakes& mistakes, Node& root, const Node& sets, PathBudget& budget) {
  if (!sets.is_mapping() && !sets.is_nothing()) {
    mistakes.error(
        sets.at, fmt::format("set must be a mapping from paths to values, not {}", describe(sets)),
        "write set: {BatchSize: 10}");
    return;
  }
  std::vector<Path> done;
  for (std::size_t i = 0; i < sets.keys.size(); ++i) {
    if (sets.find(sets.keys[i].text) != &sets.items[i]) {
      mistakes.error(sets.keys[i].at,
                     fmt::format("{} stands here a second time", quoted(sets.keys[i].text)),
                     "take one of them away");
      continue;
    }
    const Node& key = sets.keys[i];
    auto path = set_value(mistakes, root, key, sets.items[i], MayTouch::same_traffic, budget);
    if (!path) continue;
    // This one, or what it is a part of, undoes an earlier one.
    const auto undone = std::find_if(done.begin(), done.end(), [&](const Path& each) {
      return each.size() >= path->size() && std::equal(path->begin(), path->end(), each.begin());
    });
    if (undone != done.end()) {
      mistakes.error(
          key.at,
          fmt::format("{} overwrites {} of this set", quoted(key.text), quoted(joined(*undone))),
          "take one of them away");
    }
    done.push_back(*std::move(path));
  }
}

bool bearable(const Node& base, const Node& variants, Mistakes& mistakes) {
  const std::size_t count = variants.keys.size();
  const std::size_t bytes = mistakes.source(0).size();
  const bool fine =
      count * count_nodes(base) <= variant_nodes_max && count * bytes <= variant_bytes_max;
  if (!fine) {
    mistakes.error(variants.at, fmt::format("{} variants of a file this large are too many", count),
                   "let a producer with `rate` make the traffic instead of writing it out");
  }
  return fine;
}

void check_name_of_variant(Mistakes& mistakes, const Node& name) {
  const bool is_base = name.text == "base";
  if (!is_base && name.text.find('=') == std::string::npos) return;
  mistakes.error(
      name.at, fmt::format("a variant cannot be called {}", quoted(name.text)),
      is_base ? "that is what `diff` calls the file itself" : "`diff` would take it for a setting");
}

}  // namespace

void read_variants(const Node& root, Scenario& base, Mistakes& mistakes, PathBudget& budget,
                   std::size_t& explicit_bytes) {
  const Node* variants = root.find("variants");
  if (!variants) return;
  const Node stripped = without_variants(root, mistakes.source(0));
  if (!bearable(stripped, *variants, mistakes)) return;

  Scenario unused;
  Context context{mistakes, unused, explicit_bytes};
  // The root's own mistakes were reported when the base was read.
  const Fields fields = context.fields(root, scenario_block());
  for (const auto& [name, node] : named_nodes(context, fields, "variants")) {
    check_name_of_variant(mistakes, *name);
    const Fields variant = context.fields(*node, variant_block());
    if (!node->is_mapping() && !node->is_nothing()) continue;
    Node tree = stripped;
    if (const Node* sets = variant.find("set")) apply_sets(mistakes, tree, *sets, budget);
    if (const Node* expect = variant.find("expect")) {
      context.fields(*expect, expect_block());
      replace_expectations(tree, *name, *expect);
    }
    const std::optional<std::string> title = variant.text("title");
    mistakes.enter_variant(name->text, name->at, end_of(*node, mistakes.source(0)));
    auto scenario = std::make_shared<Scenario>(read_tree(tree, mistakes, explicit_bytes));
    mistakes.leave_variant();
    scenario->file = base.file;
    scenario->source_text = base.source_text;
    if (title) scenario->title = *title;
    base.variants.push_back({name->text, std::move(scenario)});
  }
}

}  // namespace trimhorizon::reader
