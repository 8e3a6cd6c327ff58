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
  CHECK(wrong("cups: [{size: 3B}]") == "`owner` is missing in this cup");
  CHECK(wrong("cups: [{ownr: ann}]") == "unknown key `ownr` in a cup (did you mean `owner`?)");
  CHECK(wrong("[a]") == "a kettle must be a mapping `key: value`, not a list");
  CHECK(wrong("cups: [ann]") == "a cup must be a mapping `key: value`, not `ann`");
}

TEST_CASE("the reader of a block checks what several keys must agree on") {
  CHECK(wrong("{Litres: 1, cups: [{owner: ann, size: 1001B}]}") ==
        "the cups hold more than the kettle");
  CHECK(wrong("{Litres: 2, cups: [{owner: ann, size: 1001B}]}") == "");
}
