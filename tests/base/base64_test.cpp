#include "sim/base/base64.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;

TEST_CASE("base64 of the vectors of RFC 4648") {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [bytes, text] : vectors) {
    CHECK(base64_encode(bytes) == text);
    CHECK(base64_decode(text) == std::string(bytes));
    CHECK(base64_size(std::string_view(bytes).size()) == std::string_view(text).size());
  }
}

TEST_CASE("base64 that nobody would have written is refused") {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg==Zg==", "Zh==", "Zm9=", "====", "=",
                           "Z===", "Zm9v\n", "Zm 9", "Zm9-", "Zm=v"}) {
    INFO(text);
    CHECK_FALSE(base64_decode(text));
  }
}

TEST_CASE("any bytes survive base64") {
  testing::check_property("bytes go round", [](const std::string& bytes) {
    RC_ASSERT(base64_decode(base64_encode(bytes)) == bytes);
  });
}
