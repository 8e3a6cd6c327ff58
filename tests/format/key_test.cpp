// One row of a table says all: how a value is read, its bounds, its default, its member.
#include "sim/format/key.hpp"

#include "tests/format/toy.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;
using namespace trimhorizon::tests;

TEST_CASE("a key reads its value into the member that it names, by the type of the member") {
  const Kettle kettle =
      read_kettle(
          "{Litres: '4', Whistles: 'False', heat: high, boil: 1m30s, on: 5s, "
          "leak: 1%, factor: 2.25, colour: blue, age: 7, lid: steel, marks: [1, 3], "
          "cups: [{owner: ann}, {owner: bob, size: 1KiB}]}")
          .kettle;
  CHECK(kettle.litres == 4);
  CHECK_FALSE(kettle.whistles);
  CHECK(kettle.heat == Heat::high);
  CHECK(kettle.boil == seconds(90));
  CHECK(kettle.on == Instant{5'000'000});
  CHECK(kettle.leak == Probability{10'000'000});
  CHECK(kettle.factor_thousandths == 2'250);
  CHECK(kettle.colour == "blue");
  CHECK(kettle.age == 7);
  CHECK(kettle.lid.value() == "steel");
  CHECK(kettle.marks == std::vector<std::uint32_t>{1, 3});
  REQUIRE(kettle.cups.size() == 2);
  CHECK(kettle.cups[0].size_bytes == 250);
  CHECK(kettle.cups[1].owner == "bob");
  CHECK(kettle.total_bytes == 250 + 1'024);
}

TEST_CASE("a key that is not given leaves its member as a new struct has it") {
  const KettleRead empty = read_kettle("{}");
  CHECK(empty.mistakes == "");
  CHECK(empty.kettle.litres == 2);
  CHECK(empty.kettle.boil == minutes(3));
  CHECK_FALSE(empty.kettle.age);
  CHECK_FALSE(empty.kettle.lid);
  const Kettle without_lid = read_kettle("{lid: ~}").kettle;
  CHECK((without_lid.lid.has_value() && !without_lid.lid->has_value()));
}

TEST_CASE("the default that the table tells is the one of a new struct") {
  std::string told;
  for (const Key& each : kettle_block().keys) {
    if (!each.default_text().empty())
      told += std::string(each.name) + "=" + each.default_text() + " ";
  }
  CHECK(told == "Litres=2 Whistles=true heat=low boil=3m on=0s leak=0.5% factor=1.5 colour=red ");
}

TEST_CASE("a wrong value is reported, and leaves its member") {
  CHECK(wrong("Litres: 6") == "Litres must be from 1 to 5, not 6");
  CHECK(wrong("Litres: 1.5") == "Litres must be a whole number, not `1.5`");
  CHECK(wrong("age: '7'") ==
        "age must be a whole number, not a text in quotes (write `7` without quotes)");
  CHECK(wrong("heat: hot") == "heat must be `low` or `high`, not `hot`");
  CHECK(wrong("boil: 5") == "boil needs a unit: did you mean 5m?");
  CHECK(wrong("boil: []") == "boil must be a duration, not a list");
  CHECK(wrong("lid: [a]") == "lid must be `glass` or `steel`, not a list (for example lid: steel)");
  CHECK(wrong("marks: 3") == "marks must be a list, not `3` (write [3])");
  CHECK(wrong("marks: [9, x]") ==
        "marks must be from 1 to 5, not 9\nmarks must be a whole number, not `x`");
  const KettleRead both = read_kettle("{Litres: 6, age: 300}");
  CHECK(both.kettle.litres == 2);
  CHECK_FALSE(both.kettle.age);
}

TEST_CASE("a value that is not modelled yet is refused, a name without meaning is noted") {
  CHECK(wrong("Cordless: 'NO'") == "");
  CHECK(wrong("Cordless: 'YES'") == "Cordless YES is not modelled yet: only NO");
  CHECK(wrong("Timer: 1") == "`Timer` is not modelled yet (leave it out)");
  CHECK(read_kettle("{Brand: [x]}").not_modelled == std::vector<std::string>{"Brand"});
}
