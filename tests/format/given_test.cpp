// A mapping of the file against its block.
#include "sim/format/given.hpp"

#include "tests/format/toy.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("every key is known, stands once, and is there if it must be") {
  CHECK(wrong("litres: 3") == "unknown key `litres` (did you mean `Litres`?)");
  CHECK(wrong("temperature: high") == "unknown key `temperature` (did you mean `heat`?)");
  CHECK(wrong("size: 3B") == "unknown key `size` (`size` is a key of a cup)");
  CHECK(wrong("{heat: low, heat: high}") ==
        "`heat` appears twice (the first one is in line 1: remove one of them)");
  CHECK(wrong("cups: [{size: 3B}]") == "`owner` is missing in this cup (for example owner: …)");
  CHECK(wrong("cups: [{ownr: ann}]") == "unknown key `ownr` in a cup (did you mean `owner`?)");
  CHECK(wrong("[a]") == "a kettle must be a mapping `key: value`, not a list");
  CHECK(wrong("cups: [ann]") ==
        "a cup must be a mapping `key: value`, not `ann` (write {owner: ann})");
  CHECK(wrong("cups: ann") == "cups must be a list, not `ann` (write [{owner: ann}])");
  CHECK(wrong("cups: {owner: ann}") ==
        "cups must be a list, not a mapping (write [{…}], with brackets around it)");
}

TEST_CASE("the reader of a block checks what several keys must agree on") {
  CHECK(wrong("{Litres: 1, cups: [{owner: ann, size: 1001B}]}") ==
        "the cups hold more than the kettle");
  CHECK(wrong("{Litres: 2, cups: [{owner: ann, size: 1001B}]}") == "");
}

TEST_CASE("a key in another spelling, or cut short, is led to the key that is meant") {
  CHECK(wrong("lit_res: 3") == "unknown key `lit_res` (did you mean `Litres`?)");
  CHECK(wrong("Temp-Erature: low") == "unknown key `Temp-Erature` (did you mean `heat`?)");
  CHECK(wrong("whist: true") == "unknown key `whist` (did you mean `Whistles`?)");
  CHECK(wrong("factorInPercent: 3") == "unknown key `factorInPercent` (did you mean `factor`?)");
}

TEST_CASE("a key that is not modelled is never unknown, wherever it stands") {
  CHECK(wrong("timer: 1") == "`timer` is not modelled yet (leave it out)");
  CHECK(wrong("cups: [{owner: ann, Timer: 1}]") == "`Timer` is not modelled yet (leave it out)");
  CHECK(wrong("Timr: 1") == "`Timr` (`Timer`) is not modelled yet (leave it out)");
}

TEST_CASE("the keys of a template stand one level too low, which is one mistake") {
  CHECK(wrong("cups: [{Type: Cup, Properties: {owner: ann}}]") ==
        "a scenario has no `Properties`, as templates have (write them directly as keys of the "
        "cup)");
}

TEST_CASE("a key in the singular or plural comes before words of other tools and other blocks") {
  CHECK(wrong("cup: []") == "unknown key `cup` (did you mean `cups`?)");
  CHECK(wrong("cups: [{owners: ann}]") == "unknown key `owners` in a cup (did you mean `owner`?)");
  CHECK(wrong("cups: [{owner: ann, sizes: 3B}]") ==
        "unknown key `sizes` in a cup (did you mean `size`?)");
  CHECK(wrong("heats: low") == "unknown key `heats` (did you mean `heat`?)");
}

TEST_CASE("a key that means nothing stands for one that is missing: one mistake") {
  CHECK(wrong("cups: [{zork: ann}]") == "unknown key `zork` in a cup (a cup needs `owner`)");
  CHECK(wrong("cups: [{heat: ann}]") ==
        "unknown key `heat` in a cup (`heat` is a key of a kettle; a cup needs `owner`)");
  CHECK(wrong("cups: [{owner: ann, zork: 1}]") == "unknown key `zork` in a cup");
}

TEST_CASE("what must be a mapping says how such a value looks") {
  CHECK(wrong("lamp: 5") ==
        "a lamp must be a mapping `key: value`, not `5` (for example {watts: 5})");
  CHECK(wrong("lamp: {bulb: 5}") == "unknown key `bulb` in a lamp");
  CHECK(wrong("lid: wood") ==
        "lid must be `glass` or `steel`, not `wood` (for example lid: steel)");
}
