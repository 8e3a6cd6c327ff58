#include "sim/base/hash.hpp"

#include <bit>
#include <set>

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

std::string hex_of_text(const char* text) {
  Digest digest;
  digest.add_text(text);
  return digest.hex();
}

}  // namespace

TEST_CASE("a digest is the same on every machine") {
  CHECK(Digest().hex() == "b15a5d81eca6068c8cb9463e7cde12e7");
  Digest digest;
  digest.add(1);
  digest.add_text("shop");
  CHECK(digest.hex() == "4b4de56ef20b51c25e7b91c93c9c1651");
}

TEST_CASE("a digest depends on order, number and place of its words") {
  std::set<std::string> seen;
  const auto fresh = [&](std::initializer_list<std::uint64_t> words) {
    Digest digest;
    for (const std::uint64_t word : words) digest.add(word);
    return seen.insert(digest.hex()).second;
  };
  CHECK(fresh({}));
  CHECK(fresh({0}));
  CHECK(fresh({0, 0}));
  CHECK(fresh({1, 2}));
  CHECK(fresh({2, 1}));
  CHECK(fresh({3}));
}

TEST_CASE("texts in a digest do not run into each other") {
  Digest ab_c;
  ab_c.add_text("ab");
  ab_c.add_text("c");
  Digest a_bc;
  a_bc.add_text("a");
  a_bc.add_text("bc");
  CHECK(ab_c != a_bc);
  CHECK(hex_of_text("") != Digest().hex());
  CHECK(hex_of_text("12345678") != hex_of_text("123456789"));
  CHECK(hex_of_text("\xff") != hex_of_text("\x7f"));
}

TEST_CASE("one changed input bit changes about half of the mixed bits") {
  for (int bit = 0; bit < 64; ++bit) {
    int changed = 0;
    for (std::uint64_t x = 1; x <= 200; ++x) {
      changed += std::popcount(mix64(x) ^ mix64(x ^ (std::uint64_t{1} << bit)));
    }
    CHECK(changed > 200 * 28);
    CHECK(changed < 200 * 36);
  }
}
