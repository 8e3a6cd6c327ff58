#include "sim/report/key_page.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "sim/base/diagnostic.hpp"
#include "sim/base/utf8.hpp"
#include "sim/scenario/tables.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "sim/yaml/mistakes.hpp"
#include "sim/yaml/tree.hpp"
#include "sim/yaml/write.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"

namespace trimhorizon::reader {
namespace {

std::string page_in_docs() { return tests::source_dir() + "/docs/keys.md"; }

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Node yaml_tree(const std::string& text) {
  Mistakes mistakes("t", text);
  return parse_yaml(text, {}, mistakes).value();
}

// The mistakes of a scenario, one a line; empty when it is read.
std::string mistakes_of(const std::string& text) {
  try {
    read_scenario(text, "t");
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "";
}

// Calls `visit` for every mapping of the tree that follows a block.
template <class Visit>
void visit_form(const Form& form, Node& node, const Visit& visit);

template <class Visit>
void visit_block(const Block& block, Node& node, const Visit& visit) {
  visit(block, node);
  for (const Key& key : block.keys) {
    Node* value = node.find(key.name);
    if (value != nullptr) visit_form(key.form_for(*value), *value, visit);
  }
}

template <class Visit>
void visit_form(const Form& form, Node& node, const Visit& visit) {
  if (form.kind == Kind::block) return visit_block(*form.block, node, visit);
  const bool lists = form.kind == Kind::list || form.kind == Kind::named || form.kind == Kind::map;
  if (!lists) return;
  for (Node& item : node.items) {
    if (form.kind == Kind::named) {
      visit_block(*form.block, item, visit);
    } else if (form.kind == Kind::list || form.items.size() == 1) {
      visit_form(form.items.front(), item, visit);
    }
  }
}

const std::string& example_file() {
  static const std::string text = text_of_file(tests::source_dir() + "/docs/example.yaml");
  return text;
}

// A file of the smallest kind, for the keys that hold all others.
const std::string small_file =
    "trimhorizon: 1\nstreams: {orders: {ShardCount: 1}}\nfunctions: {billing: {}}\n"
    "destinations: {dlq: {}}\nevent_source_mappings:\n"
    "  billing-orders: {EventSourceArn: orders, FunctionName: billing, StartingPosition: LATEST}\n"
    "decisions: {token: 'th1:AAAAXZW9dA', sites: []}\nvariants: {v: {}}\n";

bool is_of_decisions(const Block& block) { return block.noun == "`decisions`"; }

// It names another file, which an example of one file does not have; see traffic_test.cpp.
bool is_of_export(const Block& block) { return block.noun == "`rate` of an export"; }

// What the reader says of a file with the example of this key in each place of its block in turn:
// empty when one of them is right.
std::string trial_of(const std::string& file, const Block& block, const Key& key) {
  std::string said = "no such block in the file";
  std::size_t places = 1;
  for (std::size_t place = 0; place < places && !said.empty(); ++place) {
    Node root = yaml_tree(file);
    std::size_t at = 0;
    visit_block(scenario_block(), root, [&](const Block& each, Node& node) {
      if (&each != &block || at++ != place) return;
      const Node value = yaml_tree(key.example_text());
      if (Node* old = node.find(key.name)) {
        *old = value;
        return;
      }
      node.kind = Node::Kind::mapping;
      Node name;
      name.kind = Node::Kind::scalar;
      name.text = std::string(key.name);
      node.keys.push_back(name);
      node.items.push_back(value);
    });
    places = at;
    if (places == 0) break;
    said = mistakes_of(yaml_of(root));
  }
  return said;
}

}  // namespace

TEST_CASE("docs/keys.md is what the table of keys gives") {
  if (std::getenv("TH_ACCEPT")) std::ofstream(page_in_docs(), std::ios::binary) << key_page();
  const bool same = text_of_file(page_in_docs()) == key_page();
  INFO("TH_ACCEPT=1 writes " << page_in_docs());
  CHECK(same);
}

TEST_CASE("every key of the page has an example that the reader reads") {
  for (const Block* block : scenario_format().blocks()) {
    for (const Key& key : block->keys) {
      if (!key.is_ours_to_read()) continue;
      INFO(block->noun << " " << key.name << ": " << key.example_text());
      REQUIRE(key.example_text() != "");
      if (is_of_export(*block)) continue;
      // The keys that hold all others, and `set`, of which the end of a path must be unique.
      const bool needs_little =
          block == &scenario_block() || is_of_decisions(*block) || block == &variant_block();
      CHECK(trial_of(needs_little ? small_file : example_file(), *block, key) == "");
    }
  }
}

TEST_CASE("docs/example.yaml has every key of the table") {
  std::set<std::pair<const Block*, std::string_view>> missing;
  for (const Block* block : scenario_format().blocks()) {
    // The switches are a list of their own, in docs/keys.md; `explore --out` writes the decisions,
    // and a file with them does what they say.
    if (block == &assumptions_block() || is_of_decisions(*block)) continue;
    if (is_of_export(*block)) continue;
    for (const Key& key : block->keys) {
      if (key.is_ours_to_read() && key.name != "decisions") missing.emplace(block, key.name);
    }
  }
  Node root = yaml_tree(example_file());
  visit_block(scenario_block(), root, [&](const Block& block, Node& node) {
    for (const Node& key : node.keys) missing.erase({&block, key.text});
  });
  for (const auto& [block, key] : missing) {
    INFO(block->noun << " without " << key);
    CHECK(false);
  }
}

// Blocks of which a key that is left out asks nothing, and says nothing.
bool asks_when_written(const Block& block) {
  constexpr std::array expected = {"message",         "listed shard", "API error",
                                   "state of shards", "check",        "count across consumers",
                                   "answer of a read"};
  return &block == &expect_block() || &block == &scenario_block() || &block == &variant_block() ||
         is_of_decisions(block) ||
         std::find(expected.begin(), expected.end(), block.noun) != expected.end();
}

TEST_CASE("every key that may be left out says what holds then") {
  for (const Block* block : scenario_format().blocks()) {
    for (const Key& key : block->keys) {
      const bool needed = key.is_required || key.is_alternative;
      if (!key.is_ours_to_read() || needed || asks_when_written(*block)) continue;
      INFO(block->noun << " " << key.name);
      const bool said =
          key.text.find("efault") != key.text.npos || key.text.find("instead of") != key.text.npos;
      CHECK((said || !key.default_text().empty()));
    }
  }
}

TEST_CASE("the page of keys fits into a terminal, but for a link or a long example") {
  std::istringstream page(key_page());
  for (std::string line; std::getline(page, line);) {
    INFO(line);
    CHECK(display_width(line) <= page_width);
  }
}

}  // namespace trimhorizon::reader
