#include "sim/producer/aggregate.hpp"

#include <map>

#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using trimhorizon::testing::check_property;

namespace {

std::string from_hex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  }
  return bytes;
}

// What the Python package aws_kinesis_agg 1.2.3 made of these five user records; it read them back.
const std::vector<UserRecord> five = {
    {"a1", "12345678901234567890", "first"},
    {"b", {}, ""},
    {"a1", {}, std::string("third\x00\xff", 7)},
    {"c", "0", std::string(200, 'x')},
    {"b", "0", "5"},
};
std::string bytes_of_five() {
  return from_hex(
             "f3899ac20a0261310a01620a0163121431323334353637383930313233343536373839301201301a0b"
             "080010001a0566697273741a0408011a001a0b08001a07746869726400ff1acf01080210011ac801") +
         std::string(200, 'x') + from_hex("1a07080110011a0135d76e04e14dfefdc0acd5fe9d54c05f23");
}

AggregateSize size_of(const std::vector<UserRecord>& records) {
  std::map<std::string, KeyId> ids;
  AggregateSize size;
  for (const UserRecord& record : records) {
    const auto next = static_cast<std::uint32_t>(1000 - ids.size());
    const KeyId id = ids.emplace(record.key, KeyId{next}).first->second;
    size.add(id, std::ssize(record.key),
             record.explicit_hash_key ? parse_hash_key(*record.explicit_hash_key) : std::nullopt,
             std::ssize(record.data));
  }
  return size;
}

rc::Gen<UserRecord> any_user_record() {
  return rc::gen::exec([] {
    UserRecord record;
    // Few keys, so that some are equal; sometimes a long one.
    const int key = *rc::gen::inRange(0, 300);
    record.key = std::string(key % 20 == 0 ? 200 : 1, 'k') + std::to_string(key);
    if (*rc::gen::inRange(0, 3) == 0) {
      const auto high = *rc::gen::arbitrary<std::uint64_t>();
      record.explicit_hash_key = to_decimal(static_cast<HashKey>(high) << *rc::gen::inRange(0, 65));
    }
    record.data = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    if (*rc::gen::inRange(0, 10) == 0) record.data.resize(*rc::gen::element(127, 128, 20'000));
    return record;
  });
}

}  // namespace

TEST_CASE("an aggregate has the bytes that other libraries write [KDS-PRD-19]") {
  CHECK(write_aggregate(five) == bytes_of_five());
  CHECK(read_aggregate(bytes_of_five()) == five);
}

TEST_CASE("bytes that begin like an aggregate but are none are ordinary data [KDS-PRD-22]") {
  const std::string whole = bytes_of_five();
  CHECK_FALSE(read_aggregate(""));
  CHECK_FALSE(read_aggregate("plain"));
  CHECK_FALSE(read_aggregate(aggregate_magic));
  CHECK_FALSE(read_aggregate(aggregate_magic.substr(0, 3)));
  CHECK_FALSE(read_aggregate(std::string(aggregate_magic) + std::string(16, '\0')));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    CHECK_FALSE(read_aggregate(damaged));
  }
  for (std::size_t i = 0; i < whole.size(); ++i) CHECK_FALSE(read_aggregate(whole.substr(0, i)));
  CHECK_FALSE(read_aggregate(whole + "x"));
}

TEST_CASE("a message that is no AggregatedRecord is ordinary data, whatever its digest says") {
  const auto with_digest = [](const std::string& message) {
    const HashKey digest = hash_of_partition_key(message);
    std::string bytes = std::string(aggregate_magic) + message;
    for (int shift = 120; shift >= 0; shift -= 8) bytes += static_cast<char>(digest >> shift);
    return bytes;
  };
  // One record with key 0 and data x, without and with its table.
  CHECK_FALSE(read_aggregate(with_digest(from_hex("1a0508001a0178"))));
  CHECK(read_aggregate(with_digest(from_hex("0a016b1a0508001a0178"))) ==
        std::vector<UserRecord>{{"k", {}, "x"}});
  CHECK_FALSE(read_aggregate(with_digest(from_hex("0a016b1a03"))));                // too short
  CHECK_FALSE(read_aggregate(with_digest(from_hex("0a016b1a020800"))));            // no data
  CHECK_FALSE(read_aggregate(with_digest(from_hex("0a016b1a070800100f1a0178"))));  // no such hash
  CHECK_FALSE(read_aggregate(with_digest(from_hex("0bff"))));                      // no wire type
  CHECK_FALSE(read_aggregate(with_digest(std::string(11, '\xff'))));
  // Tags, and fields that nobody knows, are passed over.
  CHECK(read_aggregate(with_digest(from_hex("0a016b1a0a08001a017822030a01742a0178"
                                            "3801410102030405060708"))) ==
        std::vector<UserRecord>{{"k", {}, "x"}});
}

TEST_CASE("any aggregate survives being written and read, and its size is known before") {
  check_property(
      "aggregates go round",
      [] {
        const auto count = *rc::gen::inRange(0, 200);
        const auto records = *rc::gen::container<std::vector<UserRecord>>(
            static_cast<std::size_t>(count), any_user_record());
        const std::string bytes = write_aggregate(records);
        RC_ASSERT(read_aggregate(records.empty() ? std::string() : bytes) ==
                  (records.empty() ? std::nullopt : std::optional(records)));
        const AggregateSize size = size_of(records);
        RC_ASSERT(size.records() == std::ssize(records));
        if (records.size() > 1) RC_ASSERT(size.bytes() == std::ssize(bytes));
        if (records.size() == 1) RC_ASSERT(size.bytes() == std::ssize(records[0].data));
      },
      20);
}

TEST_CASE("a user record goes to the shard of its explicit hash key or of its key [KDS-SHD-02]") {
  CHECK(UserRecord{"k", {}, ""}.hash_key() == hash_of_partition_key("k"));
  CHECK(UserRecord{"k", "7", ""}.hash_key() == HashKey{7});
  CHECK_FALSE(UserRecord{"k", "07", ""}.hash_key());
}
