// A tree as text again: as JSON, on one line, as compact YAML.
#include "sim/yaml/write.hpp"

#include "tests/support/catch.hpp"
#include "tests/yaml/parsed.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;
using namespace trimhorizon::tests;

namespace {

std::string as_json(const std::string& text) {
  Mistakes mistakes("t", text);
  const std::string json = json_of(mistakes, parsed(text));
  return first_mistake(mistakes).value_or(json);
}

}  // namespace

TEST_CASE("a plain scalar is the JSON that it reads as, a quoted one is a string") {
  CHECK(as_json("{a: 1.50, b: '1', c: true, d: yes, e: ~, f: 1_0}") ==
        R"({"a":1.50,"b":"1","c":true,"d":"yes","e":null,"f":"1_0"})");
  CHECK(as_json("[[], {}, '', x y]") == R"([[],{},"","x y"])");
}

TEST_CASE("JSON has neither tags nor a key twice") {
  CHECK(as_json("a: !Ref b\n") == "1:9 the tag `!Ref` is not allowed here");
  CHECK(as_json("{a: 1, a: 2}") == "1:8 `a` appears twice");
}

TEST_CASE("a value on one line stands as it was written, but for quotes") {
  CHECK(on_one_line(parsed("a:\n  - b: 'c'\n  - ~\n  - null\n")) == "{a: [{b: c}, null, null]}");
}

TEST_CASE("compact YAML says the same, on one line as far as it goes") {
  const auto again = [](const std::string& text) { return yaml_of(parsed(text)); };
  CHECK(again("a:\n  b:\n    - 1\n    - '1'\nc: # nothing\n") == "a: {b: [1, \"1\"]}\nc: null\n");
  CHECK(again("a: ~\nb: !Ref c\nd: -1\ne: '- x'\n") == "a: ~\nb: !Ref c\nd: -1\ne: \"- x\"\n");
  const std::string word(60, 'x');
  CHECK(again("a: {b: " + word + ", c: " + word + "}") ==
        "a:\n  b: " + word + "\n  c: " + word + "\n");
}

TEST_CASE("numbers of JSON") {
  for (const std::string_view text : {"0", "-0", "1.5", "1e9", "-12.50E-3", "120"}) {
    CHECK(is_json_number(text));
  }
  for (const std::string_view text : {"", "-", "01", "1.", ".5", "1e", "+1", "0x1", "1_0", "nan"}) {
    CHECK_FALSE(is_json_number(text));
  }
}
