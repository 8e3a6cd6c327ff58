// Looking at the text of a YAML file itself.
#include "sim/yaml/syntax.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon::reader;

using Words = std::vector<std::string>;

TEST_CASE("values are apart by the commas that stand outside of brackets, braces and quotes") {
  CHECK(split_flow_values("1,10,100") == Words{"1", "10", "100"});
  CHECK(split_flow_values("[],[a, b]") == Words{"[]", "[a, b]"});
  CHECK(split_flow_values("{a: 1, b: [2, 3]},x") == Words{"{a: 1, b: [2, 3]}", "x"});
  CHECK(split_flow_values("\"a,b\",'c,''d,'") == Words{"\"a,b\"", "'c,''d,'"});
  CHECK(split_flow_values("\"a\\\",b\",c") == Words{"\"a\\\",b\"", "c"});
  CHECK(split_flow_values("it's,that's") == Words{"it's", "that's"});
  CHECK(split_flow_values("1,") == Words{"1", ""});
  CHECK(split_flow_values("[1,2") == Words{"[1,2"});
}

TEST_CASE("the end of a scalar is told whatever stands around it") {
  const auto scalar = [](std::string_view text, std::string_view value, bool in_quotes) {
    return text.substr(0, end_of_scalar(text, 0, value, in_quotes));
  };
  CHECK(scalar("abc, d", "abc", false) == "abc");
  CHECK(scalar("'it''s' # why", "it's", true) == "'it''s'");
  CHECK(scalar("\"a\\\"b\"]", "a\"b", true) == "\"a\\\"b\"");
  CHECK(scalar("'open\nnext", "open next", true) == "'open");
  CHECK(scalar("|\n  a\n  b\nc: 1", "a\nb\n", true) == "|\n  a\n  b");
}

TEST_CASE("a null is the word that stands there, unless that is a key") {
  CHECK(null_word_at("~, a", 0, true) == "~");
  CHECK(null_word_at("null", 0, true) == "null");
  CHECK(null_word_at("nullx", 0, true) == "");
  CHECK(null_word_at("null: 1", 0, true) == "");
  CHECK(null_word_at("null: 1", 0, false) == "null");
}

TEST_CASE("a bracket that is never closed is found, quotes and all") {
  CHECK(is_never_closed("[1, {a: 2}", 0));
  CHECK(is_never_closed("['x]", 0));
  CHECK_FALSE(is_never_closed("[1, ']', {a: \"}\"}]", 0));
  CHECK_FALSE(is_never_closed("a", 0));
}

TEST_CASE("what the parser says is said in other words, or as it is") {
  CHECK(explain_syntax_error("illegal map value", "a: b: c", 4).message ==
        "a second `: ` in this line, or a line that is indented too far");
  CHECK(explain_syntax_error("illegal map value", "\ta: b", 3).message ==
        "YAML does not allow tabs in the indentation");
  CHECK(explain_syntax_error("something new", "a", 0).message == "this is not YAML: something new");
}

TEST_CASE("where nothing is wrong with a line, the mistake is in the line above") {
  const auto said = [](const std::string& text) {
    const auto at = static_cast<std::uint32_t>(text.rfind(": "));
    const SyntaxError error = explain_syntax_error("illegal map value", text, at);
    return std::to_string(error.at) + " " + error.message + " (" + error.suggestion + ")";
  };
  CHECK(said("a: 1\nBatchSize:50\n\n  # why\nb: 2") ==
        "14 a space is missing after this `:` (write BatchSize: 50)");
  CHECK(said("m:\n a: 1\n  b: 2") ==
        "4 the next line is indented deeper, but this key has a value already (align both with "
        "their neighbours)");
  CHECK(said("a: b: c").starts_with("4 a second `: ` in this line"));
}
