// The bytes of a file before they are YAML.
#include "sim/yaml/source_text.hpp"

#include "tests/support/catch.hpp"
#include "tests/yaml/parsed.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;
using namespace trimhorizon::tests;

namespace {

std::string wrong(std::string_view text) {
  Mistakes mistakes("t", text);
  const bool fine = is_readable_text(text, mistakes);
  CHECK(fine != mistakes.any());
  return first_mistake(mistakes).value_or("");
}

}  // namespace

TEST_CASE("a file is UTF-8 without control characters") {
  CHECK(wrong("a: \xc3\xa4\t\r\n") == "");
  CHECK(wrong("a: \xff") == "1:4 the byte 0xff is not UTF-8");
  CHECK(wrong("a: \x07") == "1:4 the control character 0x07 is not allowed here");
  CHECK(wrong("\xff\xfe") == "1:1 the file is in UTF-16");
  CHECK(wrong(std::string(text_bytes_max + 1, 'x')) == "1:1 the file is longer than 8 MiB");
}

TEST_CASE("a file in UTF-32 is not said to be in UTF-16") {
  using std::string_literals::operator""s;
  CHECK(wrong("\xff\xfe\0\0a\0\0\0"s) == "1:1 the file is in UTF-32");
  CHECK(wrong("\0\0\xfe\xff\0\0\0a"s) == "1:1 the file is in UTF-32");
  CHECK(wrong("a\0\0\0:\0\0\0"s) == "1:1 the file is in UTF-32");
  CHECK(wrong("\0\0\0a\0\0\0:"s) == "1:1 the file is in UTF-32");
  CHECK(wrong("\xfe\xff\0a"s) == "1:1 the file is in UTF-16");
  CHECK(wrong("a\0:\0"s) == "1:1 the file is in UTF-16");
  CHECK(wrong("\0a\0:"s) == "1:1 the file is in UTF-16");
  CHECK(wrong("ab\0\0"s) == "1:3 the control character 0x00 is not allowed here");
}

TEST_CASE("a byte order mark does not belong to the text") {
  CHECK(without_bom("\xef\xbb\xbfx") == "x");
  CHECK(without_bom("x") == "x");
}
