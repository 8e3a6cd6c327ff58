#include "sim/base/utf8.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("code points are counted, broken ones as one each") {
  CHECK(count_code_points("") == 0);
  CHECK(count_code_points("größe") == 5);
  CHECK(count_code_points("鍵🙂") == 2);
  CHECK(count_code_points("a\xff\xffz") == 4);
  CHECK(is_valid_utf8("größe 鍵🙂"));
  CHECK_FALSE(is_valid_utf8("\xed\xa0\x80"));
  CHECK_FALSE(is_valid_utf8("\xf0\x9f\x99"));
  CHECK(decode_utf8("🙂", 0).value == 0x1f642);
}

TEST_CASE("wide characters take two columns of a terminal and accents none") {
  CHECK(terminal_width('a') == 1);
  CHECK(terminal_width(U'é') == 1);
  CHECK(terminal_width(U'鍵') == 2);
  CHECK(terminal_width(U'🙂') == 2);
  CHECK(terminal_width(0x301) == 0);
}

TEST_CASE("the first and the last code point of each length are read") {
  const auto read = [](std::string_view text) {
    const CodePoint point = decode_utf8(text, 0);
    CHECK(point.valid);
    CHECK(point.bytes == text.size());
    return static_cast<std::uint32_t>(point.value);
  };
  CHECK(read(std::string_view("\0", 1)) == 0);
  CHECK(read("\x7f") == 0x7f);
  CHECK(read("\xc2\x80") == 0x80);
  CHECK(read("\xdf\xbf") == 0x7ff);
  CHECK(read("\xe0\xa0\x80") == 0x800);
  CHECK(read("\xed\x9f\xbf") == 0xd7ff);
  CHECK(read("\xee\x80\x80") == 0xe000);
  CHECK(read("\xef\xbf\xbf") == 0xffff);
  CHECK(read("\xf0\x90\x80\x80") == 0x10000);
  CHECK(read("\xf4\x8f\xbf\xbf") == 0x10ffff);
}

TEST_CASE("overlong forms, surrogates and values above U+10FFFF are broken after one byte") {
  for (const char* text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                           "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    const CodePoint point = decode_utf8(text, 0);
    CHECK_FALSE(point.valid);
    CHECK(point.bytes == 1);
    CHECK(static_cast<std::uint32_t>(point.value) == 0xfffd);
  }
}

TEST_CASE("of a sequence that breaks off, the part that was right is skipped") {
  CHECK(decode_utf8("\xe9\x8d", 0).bytes == 2);  // the text ends
  CHECK(decode_utf8(std::string_view("\xe9\x8d\xb5", 2), 0).bytes == 2);
  CHECK(decode_utf8("\xf0\x9f\x99z", 0).bytes == 3);  // another character begins
  CHECK(decode_utf8("\xf0\x9f\x99z", 3).value == U'z');
  CHECK(count_code_points("\xf0\x9f\x99z\xe9") == 3);
}

TEST_CASE("widths change at the ends of their blocks") {
  CHECK(terminal_width(0x2ff) == 1);
  CHECK(terminal_width(0x300) == 0);
  CHECK(terminal_width(0x36f) == 0);
  CHECK(terminal_width(0x370) == 1);
  CHECK(terminal_width(0x10ff) == 1);
  CHECK(terminal_width(0x1100) == 2);
  CHECK(terminal_width(0xd7a3) == 2);
  CHECK(terminal_width(0xff61) == 1);  // a half-width form
}
