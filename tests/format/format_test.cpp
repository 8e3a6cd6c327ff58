#include "sim/format/format.hpp"

#include "sim/format/value.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;

namespace {

struct Thing {
  std::int64_t size = 1;
  std::int64_t weight = 1;
};

const Block& leaf_block() {
  static const Block table{
      "leaf",
      {key("size", integer(0, 9), into(&Thing::size), "How big."),
       key("weight", integer(0, 9), into(&Thing::weight), "How heavy."), ignored({"Tags"})}};
  return table;
}

const Block& branch_block() {
  static const Block table{
      "branch",
      {key("size", integer(0, 9), into(&Thing::size), "How big."),
       key("leaves", list(block(leaf_block)), {}, "Its leaves."),
       key("named", {simple(Kind::nothing), named(leaf_block, "[a-z]+")}, {}, "More of them."),
       not_modelled({"bark"})}};
  return table;
}

const Block& tree_block() {
  static const Block table{
      "tree",
      {key("branches", map({block(branch_block)}), {}, "Its branches."),
       key("height", integer(0, 9), {}, "How high."), not_modelled({"weight"})}};
  return table;
}

const Format& tree_format() {
  static const Format format(tree_block(),
                             {{"size", {"width", "length"}, "leaf"}, {"height", {"altitude"}}});
  return format;
}

}  // namespace

TEST_CASE("every block that can be reached is there once, a parent before its children") {
  CHECK(&tree_format().root() == &tree_block());
  CHECK(tree_format().blocks() ==
        std::vector<const Block*>{&tree_block(), &branch_block(), &leaf_block()});
}

TEST_CASE("a key without meaning is known from whatever block it is of") {
  CHECK(tree_format().is_ignored_somewhere("Tags"));
  CHECK_FALSE(tree_format().is_ignored_somewhere("bark"));  // not modelled is another thing
  CHECK_FALSE(tree_format().is_ignored_somewhere("size"));
  CHECK_FALSE(tree_format().is_ignored_somewhere("tags"));
}

TEST_CASE("a key has a home when one block alone reads it") {
  CHECK(tree_format().home_of("leaves").block == &branch_block());
  CHECK(tree_format().home_of("LEAVES").key->name == "leaves");   // in any spelling
  CHECK(tree_format().home_of("size").block == nullptr);          // two of them read it
  CHECK(tree_format().home_of("weight").block == &leaf_block());  // the other does not read it
  CHECK(tree_format().home_of("bark").block == nullptr);
  CHECK(tree_format().home_of("Tags").block == nullptr);
  CHECK(tree_format().home_of("nowhere").block == nullptr);
}

TEST_CASE("the words of others lead to ours, each of them and only they") {
  REQUIRE(tree_format().meaning_of("length", tree_format().root()));
  CHECK(tree_format().meaning_of("length", tree_format().root())->ours == "size");
  CHECK(tree_format().meaning_of("length", tree_format().root())->home == "leaf");
  CHECK(tree_format().meaning_of("altitude", tree_format().root())->ours == "height");
  CHECK(tree_format().meaning_of("size", tree_format().root()) == nullptr);
  CHECK(tree_format().meaning_of("", tree_format().root()) == nullptr);
}
