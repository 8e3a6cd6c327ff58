#include "sim/kinesis/sequence_number.hpp"

#include "sim/base/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kinesis_oracle.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

constexpr std::int64_t new_year_2026_s = 1'767'225'600;

SequenceFields fields_of(Position position, std::int64_t arrival_s) {
  return {new_year_2026_s, sequence_index(position), arrival_s, 0};
}

}  // namespace

TEST_CASE("the example of the AWS documentation is shard 6 at 1545084650 [KDS-SHD-09]") {
  const char* text = "49590338271490256608559692538361571095921575989136588898";
  const auto fields = parse_sequence_number(text);
  REQUIRE(fields);
  CHECK(fields->shard_number == 6);
  CHECK(fields->arrival_s == 1'545'084'650);
  CHECK(fields->shard_created_s == 1'542'776'258);
  CHECK(sequence_number_text(*fields) == text);
}

TEST_CASE("numbers that an emulator gave out are read and written as they stand [KDS-SHD-09]") {
  const Json& iterators = at(kinesis_oracle(), "iterators");
  const std::vector<std::string> sequences = texts_of(at(iterators, "sequences"));
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    const auto fields = parse_sequence_number(sequences[i]);
    REQUIRE(fields);
    CHECK(fields->index == i);
    CHECK(fields->shard_created_s == number_of(at(iterators, "created_s")));
    CHECK(fields->arrival_s == 1'700'002'166 + static_cast<std::int64_t>(i));
    CHECK(fields->shard_number == 0);
    CHECK(sequence_number_text(*fields) == sequences[i]);
  }
  const auto start = parse_sequence_number(text_at(iterators, "stream_start"));
  REQUIRE(start);
  CHECK(*start == SequenceFields{1'700'002'163, 0, 1'700'002'163, 0});
}

TEST_CASE("numbers of this century have 56 digits") {
  CHECK(sequence_number_text(fields_of(0, new_year_2026_s)).size() == 56);
  CHECK(sequence_number_text({4'102'444'799, UINT64_MAX, 4'102'444'799, UINT32_MAX}).size() == 56);
}

TEST_CASE("any fields survive being written and read [KDS-SHD-09]") {
  check_property("sequence numbers go round", [] {
    const auto second = rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 36);
    const SequenceFields fields{*second, *rc::gen::arbitrary<std::uint64_t>(), *second,
                                *rc::gen::arbitrary<std::uint32_t>()};
    RC_ASSERT(parse_sequence_number(sequence_number_text(fields)) == fields);
  });
}

TEST_CASE("what is not of the layout is not a sequence number [KDS-SHD-07] [KDS-SHD-09]") {
  const std::string good = "49590338271490256608559692538361571095921575989136588898";
  REQUIRE(parse_sequence_number(good));
  for (const std::string& text :
       {std::string(), std::string("0"), std::string("r0"), "0" + good, good + "0", "-" + good,
        good.substr(0, 55), "9" + good.substr(1), std::string("TRIM_HORIZON"),
        std::string("49590338271490256608559692538361571095921575989136588899"),  // tail is not 2
        std::string("49590338271490256608559692538361571095921575989136588914"),  // two shards
        std::string(129, '9'), std::string(130, '9')}) {
    INFO(text);
    CHECK_FALSE(parse_sequence_number(text));
  }
}

TEST_CASE("numbers of one shard rise with position and have gaps [KDS-SHD-07] [KDS-SHD-08]") {
  std::string last = sequence_number_text(fields_of(0, new_year_2026_s));
  for (Position p = 1; p < 2000; ++p) {
    // A later arrival, or the same: the index decides.
    const auto arrival_s = new_year_2026_s + static_cast<std::int64_t>(p / 50);
    const std::string next = sequence_number_text(fields_of(p, arrival_s));
    REQUIRE(compare_sequence_numbers(last, next) == -1);
    REQUIRE(sequence_index(p) - sequence_index(p - 1) == 7);
    last = next;
  }
}

TEST_CASE("a child's first number is above its parent's last [KDS-SHD-09]") {
  const SequenceFields parent_last{new_year_2026_s, UINT64_MAX, new_year_2026_s + 60, 15};
  const SequenceFields child_first{new_year_2026_s + 61, 1, new_year_2026_s + 61, 16};
  CHECK(compare_sequence_numbers(sequence_number_text(parent_last),
                                 sequence_number_text(child_first)) == -1);
}

TEST_CASE("sequence numbers compare as integers, not as text [KDS-SHD-07]") {
  CHECK(compare_sequence_numbers("9", "10") == -1);
  CHECK(compare_sequence_numbers("10", "9") == 1);
  CHECK(compare_sequence_numbers("10", "10") == 0);
  CHECK(compare_sequence_numbers("18446744073709551616", "18446744073709551615") == 1);
  CHECK(compare_sequence_numbers("0", "0") == 0);
  CHECK(compare_sequence_numbers("007", "7") == 0);
  CHECK_THROWS_AS(compare_sequence_numbers("", "1"), InternalError);
  CHECK_THROWS_AS(compare_sequence_numbers("1", "r0"), InternalError);
}

TEST_CASE("an index names a position, and numbers in a gap name none [KDS-SHD-08]") {
  for (const Position p : {Position{0}, Position{1}, Position{123'456'789}}) {
    CHECK(position_of_index(sequence_index(p)) == p);
    CHECK_FALSE(position_of_index(sequence_index(p) + 1));
  }
  CHECK_FALSE(position_of_index(0));
}

TEST_CASE("a shard id is shardId- and twelve digits [KDS-SHD-06]") {
  CHECK(shard_id_text(0) == "shardId-000000000000");
  CHECK(shard_id_text(6) == "shardId-000000000006");
  CHECK(parse_shard_id("shardId-000000000006") == 6u);
  CHECK(parse_shard_id(shard_id_text(UINT32_MAX)) == UINT32_MAX);
  for (const char* text : {"", "shardId-6", "shardId-0000000000006", "shardId-00000000000x",
                           "shardid-000000000006", "shardId-999999999999", "000000000006"}) {
    INFO(text);
    CHECK_FALSE(parse_shard_id(text));
  }
}
