#include "sim/kinesis/hash_key.hpp"

#ifdef TH_HAVE_OPENSSL
#include <openssl/evp.h>
#endif

#include "sim/base/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kinesis_oracle.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

std::string hex(HashKey key) {
  std::string digits;
  for (int shift = 124; shift >= 0; shift -= 4) {
    digits += "0123456789abcdef"[static_cast<int>(key >> shift) & 15];
  }
  return digits;
}

}  // namespace

TEST_CASE("MD5 of the vectors of RFC 1321") {
  const std::pair<const char*, const char*> vectors[] = {
      {"", "d41d8cd98f00b204e9800998ecf8427e"},
      {"a", "0cc175b9c0f1b6a831c399e269772661"},
      {"abc", "900150983cd24fb0d6963f7d28e17f72"},
      {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
      {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
      {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
       "d174ab98d277d9f5a5611c2c9f419d9f"},
      {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
       "57edf4a22be3c955ac49da2e2107b67a"},
  };
  for (const auto& [text, digest] : vectors) CHECK(hex(hash_of_partition_key(text)) == digest);
}

#ifdef TH_HAVE_OPENSSL
TEST_CASE("MD5 agrees with OpenSSL for every length around its blocks") {
  std::string text;
  for (int length = 0; length <= 300; ++length) {
    unsigned char digest[16];
    REQUIRE(EVP_Digest(text.data(), text.size(), digest, nullptr, EVP_md5(), nullptr) == 1);
    HashKey wanted = 0;
    for (const unsigned char byte : digest) wanted = wanted << 8 | byte;
    REQUIRE(hash_of_partition_key(text) == wanted);
    text += static_cast<char>(length * 37 + 11);
  }
}
#endif

TEST_CASE("a partition key is routed by its MD5 as a big-endian number [KDS-SHD-01]") {
  const auto routed = [](const char* key) { return to_decimal(hash_of_partition_key(key)); };
  CHECK(routed("1") == "261578874264819908609102035485573088411");
  CHECK(routed("test") == "12707736894140473154801792860916528374");
  CHECK(routed("partitionKey-0") == "283893945402358862714065952676399797471");
}

TEST_CASE("keys hash as the emulators hash them [KDS-SHD-01]") {
  for (const Json& key : list_at(kinesis_oracle(), "keys")) {
    const std::string bytes = bytes_from_hex(text_of(key.array()->at(0)));
    CHECK(to_decimal(hash_of_partition_key(bytes)) == text_of(key.array()->at(1)));
  }
}

TEST_CASE("a new stream has the ranges that the emulators give it [KDS-SHD-04]") {
  const Json& oracle = at(kinesis_oracle(), "hash_ranges");
  REQUIRE(oracle.object()->size() == 6);
  for (const auto& [count, wanted] : *oracle.object()) {
    const auto ranges = initial_hash_ranges(static_cast<std::uint32_t>(std::stoul(count)));
    REQUIRE(ranges.size() == wanted.array()->size());
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      CHECK(to_decimal(ranges[i].first) == text_of(wanted.array()->at(i).array()->at(0)));
      CHECK(to_decimal(ranges[i].last) == text_of(wanted.array()->at(i).array()->at(1)));
    }
  }
}

TEST_CASE("three shards begin at thirds, the last takes the remainder [KDS-SHD-04]") {
  const auto ranges = initial_hash_ranges(3);
  CHECK(to_decimal(ranges[1].first) == "113427455640312821154458202477256070485");
  CHECK(to_decimal(ranges[2].first) == "226854911280625642308916404954512140970");
  CHECK(ranges[2].last == last_hash_key);
}

TEST_CASE("the ranges of any new stream cover every key once [KDS-SHD-04] [KDS-SHD-05]") {
  for (const std::uint32_t count : {1u, 2u, 7u, 10u, 64u, 1000u, 65'536u, 65'537u}) {
    const auto ranges = initial_hash_ranges(count);
    REQUIRE(ranges.size() == count);
    CHECK(ranges.front().first == 0);
    CHECK(ranges.back().last == last_hash_key);
    const HashKey width = ranges.front().last - ranges.front().first + 1;
    for (std::uint32_t i = 0; i + 1 < count; ++i) {
      REQUIRE(ranges[i].last + 1 == ranges[i + 1].first);
      if (count > 1) REQUIRE(ranges[i].last - ranges[i].first + 1 == width);
    }
  }
  CHECK_THROWS_AS(initial_hash_ranges(0), InternalError);
}

TEST_CASE("an explicit hash key is a decimal below 2^128 without leading zeros [KDS-SHD-02]") {
  CHECK(parse_hash_key("0") == HashKey{0});
  CHECK(parse_hash_key("10") == HashKey{10});
  CHECK(parse_hash_key("340282366920938463463374607431768211455") == last_hash_key);
  for (const char* text :
       {"", "00", "01", "-1", "+1", " 1", "1 ", "1e3", "0x1", "1_000",
        "340282366920938463463374607431768211456", "999999999999999999999999999999999999999",
        "1000000000000000000000000000000000000000"}) {
    INFO(text);
    CHECK_FALSE(parse_hash_key(text));
  }
}

TEST_CASE("any hash key survives being written and read [KDS-SHD-02]") {
  check_property("hash keys go round", [](std::uint64_t high, std::uint64_t low) {
    const HashKey key = static_cast<HashKey>(high) << 64 | low;
    RC_ASSERT(parse_hash_key(to_decimal(key)) == key);
  });
}
