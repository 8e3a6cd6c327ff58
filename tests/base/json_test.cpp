#include "sim/base/json.hpp"
#include <algorithm>

#include "sim/base/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_text.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using trimhorizon::testing::to_text;

namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

Json parsed(std::string_view text) {
  auto result = parse_json(text);
  if (const auto* error = std::get_if<std::string>(&result)) FAIL(*error);
  return std::get<Json>(std::move(result));
}

std::string error_of(std::string_view text) {
  const auto result = parse_json(text);
  const auto* error = std::get_if<std::string>(&result);
  return error ? *error : "no error";
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

void write_sample(JsonWriter& json) {
  json.begin_object();
  json.member("verdict", "holds");
  json.key("numbers");
  json.begin_array();
  json.value(-1);
  json.value(UINT64_MAX);
  json.value(INT64_MIN);
  json.end_array();
  json.member("empty", Json{Json::Object{}});
  json.key("nothing");
  json.null();
  json.member("yes", true);
  json.key("as_is");
  json.raw("1.50");
  json.end_object();
}

}  // namespace

TEST_CASE("JSON is written on one line without blanks") {
  std::string out;
  JsonWriter json(out);
  write_sample(json);
  CHECK(json.complete());
  CHECK(out == R"({"verdict":"holds","numbers":[-1,18446744073709551615,-9223372036854775808],)"
               R"("empty":{},"nothing":null,"yes":true,"as_is":1.50})");
}

TEST_CASE("JSON is written indented when asked") {
  std::string out;
  JsonWriter json(out, 2);
  write_sample(json);
  CHECK(out == R"({
  "verdict": "holds",
  "numbers": [
    -1,
    18446744073709551615,
    -9223372036854775808
  ],
  "empty": {},
  "nothing": null,
  "yes": true,
  "as_is": 1.50
})");
}

TEST_CASE("a writer used in the wrong order is a bug of ours") {
  std::string out;
  JsonWriter json(out);
  CHECK_THROWS_AS(json.key("a"), InternalError);
  json.begin_object();
  CHECK_THROWS_AS(json.value(1), InternalError);
  CHECK_THROWS_AS(json.end_array(), InternalError);
  json.key("a");
  CHECK_THROWS_AS(json.end_object(), InternalError);
}

TEST_CASE("text is escaped where JSON or a terminal demands it and nowhere else") {
  CHECK(quoted("") == R"("")");
  CHECK(quoted("a \"b\" \\ c/d") == R"("a \"b\" \\ c/d")");
  CHECK(quoted("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(quoted(std::string_view("\0\x01\x1f\x7f", 4)) == "\"\\u0000\\u0001\\u001f\\u007f\"");
  CHECK(quoted("größe 鍵 🙂") == "\"größe 鍵 🙂\"");
}

TEST_CASE("broken UTF-8 becomes the replacement character") {
  const std::string bad = "\xef\xbf\xbd";
  CHECK(quoted("a\xff"
               "b") == "\"a" + bad + "b\"");
  CHECK(quoted("\xc3") == "\"" + bad + "\"");
  CHECK(quoted("\xe9\x8d") == "\"" + bad + "\"");
  CHECK(quoted("\xc0\xaf") == "\"" + bad + bad + "\"");                      // overlong
  CHECK(quoted("\xed\xa0\x80") == "\"" + bad + bad + bad + "\"");            // a surrogate
  CHECK(quoted("\xf4\x90\x80\x80") == "\"" + bad + bad + bad + bad + "\"");  // above U+10FFFF
  CHECK(quoted("\xe9\"") == "\"" + bad + "\\\"\"");  // the quote is not swallowed
}

TEST_CASE("parsed JSON keeps order, duplicates and the text of its numbers") {
  const Json json = parsed(R"( {"b": [1, -2, 1.50, 1E3, 340282366920938463463374607431768211455],
                                "a": {"x": null, "y": true}, "b": "again"} )");
  CHECK(to_text(json) == R"({"b":[1,-2,1.50,1E3,340282366920938463463374607431768211455],)"
                         R"("a":{"x":null,"y":true},"b":"again"})");
  REQUIRE(json.find("b"));
  CHECK(*json.find("b")->string() == "again");
  REQUIRE(json.find("a"));
  CHECK(json.find("a")->find("x")->is_null());
  CHECK(*json.find("a")->find("y")->boolean());
  CHECK(json.find("c") == nullptr);
  CHECK(json.find("a")->find("y")->find("z") == nullptr);
  CHECK(*json.object()->front().second.array()->front().number() == "1");
}

TEST_CASE("a single value of each kind is a document") {
  CHECK(parsed("null") == Json{nullptr});
  CHECK(parsed("false") == Json{false});
  CHECK(parsed("12") == Json{Json::Number{"12"}});
  CHECK(parsed("\"\\u00e9\\n\"") == Json{std::string("é\n")});
  CHECK(parsed("[]") == Json{Json::Array{}});
  CHECK(parsed("{}") == Json{Json::Object{}});
  CHECK(parsed("[]") != parsed("{}"));
}

TEST_CASE("what is not JSON is an error with its place") {
  CHECK_THAT(error_of(""), Catch::Matchers::StartsWith("line 1, column 1: "));
  CHECK_THAT(error_of("{\"a\": 1,\n \"b\" 2}"), Catch::Matchers::StartsWith("line 2, column 6: "));
  CHECK(error_of("[1] x") != "no error");
  CHECK(error_of("{'a': 1}") != "no error");
  CHECK(error_of("[01]") != "no error");
  CHECK(error_of("\"\xff\"") != "no error");
  CHECK(error_of("NaN") != "no error");
  CHECK(error_of("[1,]") != "no error");
}

TEST_CASE("nesting beyond 64 levels is an error, however deep it goes") {
  CHECK(to_text(parsed(nested(64))) == nested(64));
  CHECK(error_of(nested(65)) == "nested deeper than 64 levels");
  CHECK(error_of(nested(1'000'000)) == "nested deeper than 64 levels");
}

TEST_CASE("any text survives being written and read again") {
  testing::check_property("text goes round", [](const std::string& ascii) {
    std::string text = ascii;
    for (char& c : text) c = static_cast<char>(c & 0x7f);
    text += "ü鍵🙂";
    const Json json{Json::Array{Json{text}, Json{Json::Object{{text, Json{true}}}}}};
    RC_ASSERT(parsed(to_text(json)) == json);
  });
}

TEST_CASE("a long text goes to a sink in parts, which together are the same text") {
  const auto write = [](JsonWriter& json) {
    json.list([&] {
      for (int i = 0; i < 20'000; ++i) json.object([&] { json.member("number", i); });
    });
  };
  std::string whole;
  JsonWriter plain(whole, 1);
  write(plain);
  std::string parts;
  std::string left;
  std::size_t longest = 0;
  JsonWriter in_parts(left, 1, [&](std::string_view part) {
    longest = std::max(longest, part.size());
    parts += part;
  });
  write(in_parts);
  CHECK(parts + left == whole);
  CHECK(longest < whole.size() / 4);
}
