// Hostile files, and files of nothing but mistakes.
#include "sim/yaml/source_text.hpp"
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("hostile files are refused within their budgets") {
  const std::string head = "trimhorizon: 1\nstreams: {s: {}}\n";
  using std::string_literals::operator""s;
  CHECK(said_about("") == "0:0 the file is empty (begin with trimhorizon: 1)");
  CHECK(said_about("# nothing\n") == "1:1 the file is empty (begin with trimhorizon: 1)");
  CHECK(said_about("- a\n") == "1:1 a scenario must be a mapping `key: value`, not a list");
  CHECK(said_about(head + "# " + std::string(reader::text_bytes_max, 'x')) ==
        "1:1 the file is longer than 8 MiB (use a producer with `rate` instead of writing every "
        "record)");
  CHECK(said_about("trimhorizon: 1\0\n"s) ==
        "1:15 the control character 0x00 is not allowed here (remove it; in quotes you can write "
        "it as an escape)");
  CHECK(said_about(head + "title: \xc3\xa4 \xff\n") ==
        "3:10 the byte 0xff is not UTF-8 (save the file as UTF-8)");
  CHECK(said_about("\xff\xfet\0"s) == "1:1 the file is in UTF-16 (save it as UTF-8)");
  CHECK(said_about("\xef\xbb\xbf" + head).empty());
  CHECK(said_about("\xef\xbb\xbf" + head + "titel: x\n") ==
        "3:1 unknown key `titel` (did you mean `title`?)");
  for (const std::string& part : {"["s, "{a: "s, "- "s, "? "s, "!x "s, "'"s, "\""s, "%"s, ":"s,
                                  "&a "s, "*a "s, "|\n "s, "\t"s, "{"s, "a\n"s, ", "s, "]"s}) {
    std::string text;
    while (text.size() < 200'000) text += part;
    INFO(part);
    CHECK_FALSE(said_about(text).empty());
    CHECK_FALSE(said_about("trimhorizon: 1\nstreams: " + text).empty());
  }
}

TEST_CASE("a hundred mistakes are shown, the others counted") {
  std::string text = "trimhorizon: 1\nstreams: {s: {}}\n";
  for (int i = 0; i < 250; ++i) text += "key" + std::to_string(i) + ": 1\n";
  try {
    read(text);
    FAIL("it was read");
  } catch (const ScenarioError& error) {
    REQUIRE(error.diagnostics().size() == 101);
    CHECK(error.diagnostics().back().message == "and 150 more mistakes");
    CHECK(error.diagnostics().back().line == 103);
  }
}

TEST_CASE("no text made of YAML's marks crashes the reader") {
  trimhorizon::testing::check_property("any text", [] {
    static const std::vector<std::string> parts = {"a",
                                                   ": ",
                                                   "\n",
                                                   "  ",
                                                   "- ",
                                                   "{",
                                                   "}",
                                                   "[",
                                                   "]",
                                                   ",",
                                                   "'",
                                                   "\"",
                                                   "&x",
                                                   "*x",
                                                   "!Ref ",
                                                   "#",
                                                   "|",
                                                   ">",
                                                   "---\n",
                                                   "\t",
                                                   "<<",
                                                   "null",
                                                   "~",
                                                   "1s",
                                                   "%",
                                                   "?",
                                                   "\\",
                                                   "streams",
                                                   "trimhorizon: 1\n",
                                                   "put",
                                                   "at",
                                                   "expect",
                                                   "set",
                                                   "variants"};
    const auto picks = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::inRange<std::size_t>(0, parts.size()));
    std::string text = "trimhorizon: 1\nstreams:\n  s: ";
    for (const std::size_t pick : picks) text += parts[pick];
    said_about(text);
  });
}
