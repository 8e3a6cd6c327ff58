// Characters that JSON writes as two escapes.
#include "sim/yaml/surrogates.hpp"

#include "tests/support/catch.hpp"
#include "tests/yaml/parsed.hpp"

using namespace trimhorizon::reader;
using trimhorizon::tests::first_mistake;
using trimhorizon::tests::parsed;

namespace {

std::string refused(const std::string& text) {
  Mistakes mistakes("t", text);
  parse_yaml(text, {}, mistakes);
  return first_mistake(mistakes).value_or("");
}

}  // namespace

TEST_CASE("a surrogate pair between double quotes is one character, as in JSON") {
  const std::string fish = "\xf0\x9f\x90\x9f";
  CHECK(parsed(R"({"a": "x\ud83d\udc1fy"})").find("a")->text == "x" + fish + "y");
  CHECK(parsed(R"({"\uD83D\uDC1F": 1})").keys[0].text == fish);
  CHECK(parsed(R"(["\ud83d\udc1f\uD83d\uDc1F"])").items[0].text == fish + fish);
  CHECK(parsed(R"(["\udbff\udfff\ud800\udc00"])").items[0].text ==
        "\xf4\x8f\xbf\xbf\xf0\x90\x80\x80");
}

TEST_CASE("outside of double quotes, its escapes are letters like any others") {
  for (const std::string text : {R"(a\uD83d\udC1F)", R"(\\ud83d\udc1f)"}) {
    CHECK(parsed("['" + text + "']").items[0].text == text);
    CHECK(parsed("- " + text + "\n").items[0].text == text);
    CHECK(parsed("- |\n  " + text + "\n").items[0].text == text + "\n");
  }
  CHECK(parsed(R"(["\\ud83d \\udc1f"])").items[0].text == R"(\ud83d \udc1f)");
}

TEST_CASE("a pair moves no place") {
  const Node root = parsed("\"\\ud83d\\udc1f\": \"\\ud83d\\udc1f\" # \\ud83d\\udc1f\nb: 1\n");
  CHECK(root.items[0].at.offset == 16);
  CHECK(root.keys[1].at.offset == 46);
}

TEST_CASE("half of a pair is no character, and the message says what to write") {
  const std::string message = "this escape is no character, or only half of one";
  for (const char* half : {R"("\ud83d")", R"("\udc1f\ud83d")", R"("\ud83d \udc1f")",
                           R"("\\\ud83d")", R"("\ud83d\u0041")"}) {
    CHECK(refused(half).ends_with(message));
  }
  // Characters of the last plane could be mistaken for a hidden pair.
  CHECK(refused("\"\xf4\x80\x80\x80 \\ud83d\\udc1f\"").ends_with(message));
  CHECK_FALSE(has_surrogate_pairs(R"("\U00100000 \ud83d\udc1f")"));
}
