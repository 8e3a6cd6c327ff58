#include "sim/base/named_enum.hpp"

#include "tests/support/catch.hpp"

namespace trimhorizon {

#define TH_FRUIT(X)                \
  X(apple, "grows on a tree", 3)   \
  X(pear, "is shaped like a lamp") \
  X(plum, "has a stone")
TH_NAMED_ENUM(Fruit, TH_FRUIT)
TH_ENUM_SENTENCES(Fruit, TH_FRUIT)

#define TH_BITS_8(X, n) X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7)
#define TH_FORTY(X) TH_BITS_8(X, a) TH_BITS_8(X, b) TH_BITS_8(X, c) TH_BITS_8(X, d) TH_BITS_8(X, e)
TH_NAMED_ENUM(Forty, TH_FORTY)

enum class Unnamed : std::uint8_t { a, b };

}  // namespace trimhorizon

using namespace trimhorizon;

TEST_CASE("one list gives the members, their number, their names and their sentences") {
  CHECK(count_of<Fruit> == 3);
  CHECK(index_of(Fruit::plum) == 2);
  CHECK(name(Fruit::apple) == "apple");
  CHECK(name(Fruit::plum) == "plum");
  CHECK(sentence(Fruit::apple) == "grows on a tree");
  CHECK(sentence(Fruit::pear) == "is shaped like a lamp");
  CHECK(all_of<Fruit> == std::array{Fruit::apple, Fruit::pear, Fruit::plum});
  static_assert(NamedEnum<Fruit> && !NamedEnum<Unnamed>);
}

TEST_CASE("a member is found by its whole name only") {
  for (const Fruit each : all_of<Fruit>) CHECK(member_named<Fruit>(name(each)) == each);
  for (const char* text : {"", "app", "apples", "Apple", " apple"}) {
    CHECK_FALSE(member_named<Fruit>(text));
  }
}

TEST_CASE("each member has a value of its own, and counts add up") {
  Counts<Fruit> counts;
  CHECK(sum_of<Fruit>(counts) == 0);
  counts[Fruit::apple] = 2;
  counts[Fruit::plum] = 5;
  CHECK(counts[Fruit::pear] == 0);
  CHECK(sum_of<Fruit>(counts) == 7);
  CHECK(counts != Counts<Fruit>{});
}

TEST_CASE("a set holds what was added and not removed") {
  EnumSet<Fruit> set;
  set.add(Fruit::plum);
  set.add(Fruit::plum);
  set.add(Fruit::apple);
  CHECK(names_in(set) == std::vector<std::string>{"apple", "plum"});  // in the order of the list
  set.remove(Fruit::pear);
  set.remove(Fruit::apple);
  CHECK(names_in(set) == std::vector<std::string>{"plum"});
  CHECK(EnumSet<Fruit>::all().without(set) == EnumSet<Fruit>{0b011});
  CHECK(set.without(EnumSet<Fruit>::all()) == EnumSet<Fruit>{});
  CHECK((set |= EnumSet<Fruit>{0b001}) == EnumSet<Fruit>{0b101});
}

TEST_CASE("a set of more than 32 members keeps them apart") {
  CHECK(sizeof(EnumSet<Fruit>::Bits) == 4);
  EnumSet<Forty> set;
  set.add(Forty::e7);
  CHECK(set.has(Forty::e7));
  CHECK_FALSE(set.has(Forty::a7));
  CHECK(set.bits == std::uint64_t{1} << 39);
  CHECK(names_in(EnumSet<Forty>::all()).size() == 40);
  set.remove(Forty::e7);
  CHECK(set.bits == 0);
}
