// YAML as a tree with places, within budgets.
#include "sim/yaml/tree.hpp"

#include "sim/yaml/write.hpp"
#include "tests/support/catch.hpp"
#include "tests/yaml/parsed.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;
using namespace trimhorizon::tests;

namespace {

constexpr Budget small{1'000, 10, 10'000};

// The tree on one line, or what is wrong with the text.
std::string tree(const std::string& text, const Budget& budget = small) {
  Mistakes mistakes("t", text);
  const std::optional<Node> node = parse_yaml(text, budget, mistakes);
  return first_mistake(mistakes).value_or(node ? on_one_line(*node) : "");
}

}  // namespace

TEST_CASE("keys and values have their places, in bytes") {
  const std::string text = "\xc3\xa4: 1\nb:\n  c: {d: [x, 'y']}\n  e:\nf: |\n  z\n";
  const Node root = parsed(text);
  CHECK(root.keys[0].at.offset == 0);
  CHECK(root.items[0].at.offset == 4);
  CHECK(root.keys[1].at.offset == text.find("b:"));
  CHECK(root.items[1].at.offset == text.find("b:"));  // a block is pointed at by its key
  CHECK(root.items[1].items[0].at.offset == text.find("{d"));
  CHECK(root.items[1].items[0].items[0].items[1].at.offset == text.find("'y'"));
  CHECK(root.items[1].items[1].at.offset == text.find("e:"));  // nothing: its key too
  CHECK(root.items[2].at.offset == text.find("|"));
}

TEST_CASE("ends are where something may be missing") {
  const auto end = [](const std::string& text) {
    const Node root = parsed(text);
    return text.substr(0, end_of(root.items[0], text).offset);
  };
  CHECK(end("a: {b: 1, c: 'x' }\n") == "a: {b: 1, c: 'x' ");
  CHECK(end("a: {}") == "a: {");
  CHECK(end("a: { # x }\n  }\n") == "a: { # x }\n  ");
  CHECK(end("a: {b: [1, {c: 2}]}") == "a: {b: [1, {c: 2}]");
  CHECK(end("a:\n  b: 'it''s'  # why\nc: 1") == "a:\n  b: 'it''s'");
  CHECK(end("a:\n  b: {c: 1}\n") == "a:\n  b: {c: 1}");
  CHECK(end("a:\n  b:\n\n") == "a:\n  b");
  CHECK(end("a:\n  b: |\n    text\n\n     more # text\n\n") ==
        "a:\n  b: |\n    text\n\n     more # text");
  CHECK(end("a: {b: &x [1], c: *x  }") == "a: {b: &x [1], c: *x  ");
  CHECK(end("a:\n  b: \"x\\\"y\"\n") == "a:\n  b: \"x\\\"y\"");
}

TEST_CASE("a null keeps the word that stands there") {
  const std::string text = "a: null\nb: ~\nc:\nnull: Null\nd: [NULL, , nullx]\ne: {f: , null: 1}\n";
  const Node root = parsed(text);
  CHECK(root.items[0].text == "null");
  CHECK(root.items[0].is_nothing());
  CHECK(root.items[1].text == "~");
  CHECK(root.items[2].text.empty());
  CHECK(root.keys[3].text == "null");
  CHECK(root.keys[3].is_scalar());
  CHECK(root.items[3].text == "Null");
  CHECK(root.items[4].items[0].text == "NULL");
  CHECK(root.items[4].items[2].text == "nullx");
  CHECK(root.items[5].items[0].text.empty());
}

TEST_CASE("quotes and tags are told") {
  const Node root = parsed("[a, 'b', \"c\", !Ref d, !!str e, !!int 3, !Ref 'f']");
  CHECK_FALSE(root.items[0].in_quotes);
  CHECK(root.items[1].in_quotes);
  CHECK(root.items[2].in_quotes);
  CHECK(root.items[3].tag == "!Ref");
  CHECK(root.items[3].text == "d");
  CHECK(root.items[4].in_quotes);
  CHECK(root.items[4].tag.empty());
  CHECK_FALSE(root.items[5].in_quotes);
  CHECK(root.items[6].tag == "!Ref");
}

TEST_CASE("DEL between quotes is YAML and JSON, elsewhere it is not") {
  CHECK(parsed("a: \"x\x7fy\"\n").items[0].text == "x\x7fy");
  CHECK(parsed("'x\x7f': 1\n").keys[0].text == "x\x7f");
  CHECK(tree("a: x\x7fy\n") == "1:5 the control character 0x7f is not allowed here");
  CHECK(tree("a: |\n  x\x7f\n") == "2:4 the control character 0x7f is not allowed here");
  CHECK(tree("x\x7f: 1\n") == "1:2 the control character 0x7f is not allowed here");
}

TEST_CASE("an unknown tag of YAML is kept, so that it is not ignored") {
  const Node root = parsed("[!!foo a, !!binary YQ==, !!str b, !!int 3, !!set {c: }]");
  CHECK(root.items[0].tag == "!!foo");
  CHECK(root.items[1].tag == "!!binary");
  CHECK(root.items[2].tag.empty());
  CHECK(root.items[3].tag.empty());
  CHECK(root.items[4].tag == "!!set");
}

TEST_CASE("an alias is a copy that stands where the alias stands") {
  const std::string text = "a: &x {b: [1, 2]}\nc: *x\nd: *x\n";
  const Node root = parsed(text);
  CHECK(on_one_line(root) == "{a: {b: [1, 2]}, c: {b: [1, 2]}, d: {b: [1, 2]}}");
  CHECK(root.items[1].at.offset == text.find("*x"));
  CHECK(root.items[1].items[0].at.offset == text.find("[1"));
}

TEST_CASE("what is not one YAML document") {
  CHECK(tree("a: &x [*x]\n") == "1:8 this alias is inside the value that it names");
  CHECK(tree("a: *x\n") == "1:4 there is no anchor with this name above");
  CHECK(tree("a: 1\n---\nb: 1\n") ==
        "2:1 a second document begins here; a scenario file has only one");
  CHECK(tree("a: {<<: {b: 1}}\n") == "1:5 `<<` (merge keys) is not supported");
  CHECK(tree("? [a]\n: b\n") == "1:3 a key must be a word, not a list or a mapping");
  CHECK(tree("a: 'b\n") == "1:4 this quote is never closed");
  CHECK(tree("a: \"b\\\"\n") == "1:4 this quote is never closed");
  CHECK(tree("a: !Ref 'b\n") == "1:9 this quote is never closed");
  CHECK(tree("a: b: c\n") == "1:5 a second `: ` in this line, or a line that is indented too far");
  CHECK(tree("a:\n\tb: c\n") == "2:1 YAML does not allow tabs in the indentation");
  CHECK(tree("a: [1, 2\nb: 3\n") == "2:2 the list is not closed, or a comma is missing");
  CHECK(tree("a: {b: 1\n") == "2:1 the mapping is not closed, or a comma is missing");
  CHECK(tree("a: 1\n]\n") == "2:1 no bracket is open here");
  CHECK(tree("a: \"\\q\"\n") == "1:7 YAML does not have this escape");
}

TEST_CASE("what is YAML after all") {
  CHECK(tree("") == "null");
  CHECK(tree("---\n") == "null");
  CHECK(tree("--- {a: 1}\n...\n") == "{a: 1}");
  CHECK(tree("a: 'x\n  y'\n") == "{a: x y}");
  CHECK(tree("'a': '<<'\n'<<': 1\n") == "{a: <<, <<: 1}");
  CHECK(tree("a: 1\r\nb: 2\r\n") == "{a: 1, b: 2}");
}

TEST_CASE("budgets bound nodes, depth and copies") {
  CHECK(tree("[[[[[[[[[[1]]]]]]]]]]") == "[[[[[[[[[[1]]]]]]]]]]");
  CHECK(tree("[[[[[[[[[[[1]]]]]]]]]]]") == "1:11 nested more than 10 levels deep");
  const std::string too_large =
      "the file is too large: it has more than 1000 values, copies of aliases included";
  std::string many = "[";
  for (int i = 0; i < 1'000; ++i) many += "1,";
  CHECK(tree(many + "]") == "1:2000 " + too_large);
  std::string laughs = "a: &a [1,1,1,1,1,1,1,1,1,1]\n";
  for (const std::string_view name : {"b", "c", "d", "e", "f"}) {
    const char before = static_cast<char>(name[0] - 1);
    laughs += std::string(name) + ": &" + std::string(name) + " [";
    for (int i = 0; i < 10; ++i) laughs += std::string("*") + before + ",";
    laughs += "]\n";
  }
  CHECK(tree(laughs) == "3:26 " + too_large);
  const std::string long_text(3'000, 'x');
  CHECK(tree("a: &a " + long_text + "\nb: [*a, *a]\n").starts_with("{a: xxx"));
  CHECK(tree("a: &a " + long_text + "\nb: [*a, *a, *a, *a]\n") == "2:13 " + too_large);
}

TEST_CASE("a key gets the name that it means, unless that name is there already") {
  const std::string text = "{a: {bb: 1}, c: [{bb: 2, b: 3}]}";
  Node root = parsed(text);
  const Mark first{0, static_cast<std::uint32_t>(text.find("bb"))};
  const Mark second{0, static_cast<std::uint32_t>(text.rfind("bb"))};
  rename_keys(root, {{first, "b", {}, {}}, {second, "b", {}, {}}});
  CHECK(on_one_line(root) == "{a: {b: 1}, c: [{bb: 2, b: 3}]}");
}
