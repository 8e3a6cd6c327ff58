#include "sim/base/medium.hpp"

#include <set>

#include "sim/base/json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/hostile.hpp"

using namespace trimhorizon;
using trimhorizon::testing::broken_texts;
using trimhorizon::testing::harm_in;
using trimhorizon::testing::Hostile;
using trimhorizon::testing::hostile_texts;

namespace {

std::vector<Hostile> all_texts() {
  std::vector<Hostile> all = hostile_texts();
  for (Hostile& each : broken_texts()) all.push_back(std::move(each));
  return all;
}

// What an XML parser makes of content without tags.
std::string unescaped(std::string_view xml) {
  std::string out;
  while (!xml.empty()) {
    const std::size_t at = xml.find('&');
    out += xml.substr(0, at);
    if (at == std::string_view::npos) break;
    xml.remove_prefix(at);
    const std::string name(xml.substr(1, xml.find(';') - 1));
    xml.remove_prefix(name.size() + 2);
    if (name == "amp") out += '&';
    if (name == "lt") out += '<';
    if (name == "gt") out += '>';
    if (name == "quot") out += '"';
    if (name[0] != '#') continue;
    const auto c = static_cast<std::uint32_t>(std::stoul(name.substr(1)));
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xc0 | (c >> 6));
      out += static_cast<char>(0x80 | (c & 0x3f));
    } else {
      out += static_cast<char>(0xe0 | (c >> 12));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
      out += static_cast<char>(0x80 | (c & 0x3f));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("no medium gets a character that harms its reader") {
  for (const auto& [kind, text] : all_texts()) {
    INFO(kind);
    CHECK(harm_in(for_terminal(text)) == "");
    CHECK(for_terminal(text).find('\n') == std::string::npos);
    CHECK(harm_in(for_terminal_lines(text)) == "");
    CHECK(harm_in(for_xml(text)) == "");
    CHECK(for_xml(text).find_first_of("<>\"\n") == std::string::npos);
    CHECK(harm_in(for_shell(text)) == "");
    CHECK(harm_in(json_string(text)) == "");
  }
}

TEST_CASE("JSON and XML give every text back, but for what XML cannot hold") {
  const std::set<std::string> not_in_xml = {"control characters", "U+FFFE and U+FFFF",
                                            "ANSI escapes"};
  for (const auto& [kind, text] : hostile_texts()) {
    INFO(kind);
    const auto read = parse_json(json_string(text));
    REQUIRE(std::holds_alternative<Json>(read));
    CHECK(*std::get<Json>(read).string() == text);
    CHECK((unescaped(for_xml(text)) == text) == !not_in_xml.contains(kind));
  }
}

TEST_CASE("what a terminal may show is shown as it is") {
  CHECK(for_terminal("caf\xc3\xa9 \xe6\x97\xa5") == "caf\xc3\xa9 \xe6\x97\xa5");
  CHECK(for_terminal("a\r\n\tb") == "a   b");
  CHECK(for_terminal("a\x1b[1mb") == "a\xef\xbf\xbd[1mb");
  CHECK(for_terminal_lines("a\x07\n\nb\n") == "a\xef\xbf\xbd\n\nb\n");
  CHECK(for_terminal_lines("") == "");
}

TEST_CASE("a word of a shell is quoted only when a shell would read it otherwise") {
  CHECK(for_shell("scenarios/a-b_1.yaml") == "scenarios/a-b_1.yaml");
  CHECK(for_shell("p=20%") == "p=20%");
  CHECK(for_shell("a b") == "'a b'");
  CHECK(for_shell("it's") == "'it'\\''s'");
  CHECK(for_shell("") == "''");
  CHECK(for_shell("A=[1,2]") == "'A=[1,2]'");
  CHECK(for_shell("~") == "'~'");
  CHECK(for_shell("a\x1b'\\\xff") == "$'a\\033\\'\\\\\\377'");
}
