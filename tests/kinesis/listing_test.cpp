#include "sim/kinesis/listing.hpp"

#include "tests/kinesis/some_stream.hpp"
#include "tests/support/kinesis_oracle.hpp"

namespace trimhorizon::testing {
namespace {

using Numbers = SomeStream::Numbers;

ShardFilter filter(ShardFilterType type) { return {type, std::nullopt, std::nullopt}; }
ShardFilter filter(ShardFilterType type, Instant t) { return {type, t, std::nullopt}; }

std::optional<ApiReason> reason_of(const std::variant<ShardRows, ApiRefusal>& answer) {
  const ApiRefusal* refusal = std::get_if<ApiRefusal>(&answer);
  if (!refusal) return std::nullopt;
  CHECK(refusal->error == ApiError::InvalidArgumentException);
  return refusal->reason;
}

void put(SomeStream& stream, std::uint32_t number, Instant arrival) {
  stream.shard(number).log.append({arrival, RecordId{1}, KeyId{0}});
}

}  // namespace

TEST_CASE("a listing of AWS after a split and a merge, to the digit [KDS-SHD-09] [KDS-SHD-10]") {
  const Json& recorded = at(kinesis_oracle(), "recorded_listing");
  const auto second_at = [&](const char* name) { return second(number_of(at(recorded, name))); };
  SomeStream stream(1);
  stream.clock.epoch_ms = std::int64_t{number_of(at(recorded, "created_s"))} * 1'000;
  stream.split(second_at("split_at_s") - seconds(25), 0,
               hash_key_of(at(recorded, "split_new_starting_hash_key")));
  stream.merge(second_at("merge_at_s") - seconds(25), 1, 2);

  // The numbers are there as soon as the shards are listed, 21 s before the cut.
  const Instant listed = second_at("merge_at_s") - seconds(21);
  const auto answer = list_shards(stream.at(listed));
  const ShardRows& rows = std::get<ShardRows>(answer);
  const Json::Array& wanted = list_at(recorded, "shards");
  REQUIRE(rows.size() == wanted.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Json::Array& row = *wanted[i].array();  // id, parents, range, sequence numbers
    const auto text = [](const Json& json) { return json.is_null() ? "" : text_of(json); };
    const auto id = [](const std::optional<std::uint32_t>& number) {
      return number ? shard_id_text(*number) : "";
    };
    CHECK(shard_id_text(rows[i].number) == text(row[0]));
    CHECK(id(rows[i].parent) == text(row[1]));
    CHECK(id(rows[i].adjacent_parent) == text(row[2]));
    CHECK(hash_key_range_texts(rows[i]) == std::pair(text(row[3]), text(row[4])));
    CHECK(sequence_number_text(rows[i].starting) == text(row[5]));
    CHECK((rows[i].ending ? sequence_number_text(*rows[i].ending) : "") == text(row[6]));
  }
}

TEST_CASE("without a filter all shards within retention are listed [KDS-RSH-10]") {
  SomeStream stream(2);
  stream.split(second(0), 0);
  CHECK(stream.listed(second(3)) == Numbers{0, 1});
  CHECK(stream.listed(second(4)) == Numbers{0, 1, 2, 3});
  CHECK(stream.listed(second(4), filter(ShardFilterType::FROM_TRIM_HORIZON)) ==
        Numbers{0, 1, 2, 3});
}

TEST_CASE("AT_LATEST: parents until their cut, and children from their listing on [KDS-RSH-10]") {
  SomeStream stream(2);
  stream.split(second(0), 0);
  const ShardFilter latest = filter(ShardFilterType::AT_LATEST);
  CHECK(stream.listed(second(3), latest) == Numbers{0, 1});
  CHECK(stream.listed(second(10), latest) == Numbers{0, 1, 2, 3});
  CHECK(stream.listed(second(25), latest) == Numbers{1, 2, 3});
}

TEST_CASE("AT_TRIM_HORIZON: the shards that were open where records begin [KDS-RSH-10]") {
  SomeStream stream(2);
  stream.split(second(0), 0);
  const ShardFilter horizon = filter(ShardFilterType::AT_TRIM_HORIZON);
  CHECK(stream.listed(second(60), horizon) == Numbers{0, 1});
  CHECK(stream.listed(second(25) + hours(24), horizon) == Numbers{0, 1, 2, 3});
  CHECK(stream.listed(second(26) + hours(24), horizon) == Numbers{1, 2, 3});
}

TEST_CASE("AT_TRIM_HORIZON covers all keys even if a parent expired soon after its cut") {
  SomeStream stream(1);
  put(stream, 0, second(0));
  const Instant split = second(0) + hours(23);
  stream.split(split, 0);
  const Instant now = second(1) + hours(24);  // its only record is too old, the cut is not
  CHECK(shard_state(stream.at(now), 0) == ShardState::expired);
  CHECK(stream.listed(now) == Numbers{1, 2});
  CHECK(stream.listed(now, filter(ShardFilterType::AT_TRIM_HORIZON)) == Numbers{1, 2});
}

TEST_CASE("AT_TIMESTAMP and FROM_TIMESTAMP [KDS-RSH-10]") {
  SomeStream stream(2);
  stream.split(second(100), 0);
  const Instant now = second(200);
  const auto at_time = [&](Instant t) {
    return stream.listed(now, filter(ShardFilterType::AT_TIMESTAMP, t));
  };
  const auto from_time = [&](Instant t) {
    return stream.listed(now, filter(ShardFilterType::FROM_TIMESTAMP, t));
  };
  CHECK(at_time(second(124)) == Numbers{0, 1});
  CHECK(at_time(second(125)) == Numbers{0, 1, 2, 3});
  CHECK(at_time(second(126)) == Numbers{1, 2, 3});
  CHECK(from_time(second(125)) == Numbers{0, 1, 2, 3});
  CHECK(from_time(second(126)) == Numbers{1, 2, 3});
}

TEST_CASE("a timestamp in the future or before the horizon is refused, so is none [KDS-RSH-10]") {
  SomeStream stream(1);
  const Instant now = Instant{0} + hours(30);
  for (const auto type : {ShardFilterType::AT_TIMESTAMP, ShardFilterType::FROM_TIMESTAMP}) {
    const auto ask = [&](Instant t) {
      return reason_of(list_shards(stream.at(now), filter(type, t)));
    };
    CHECK(ask(now + microseconds(1)) == ApiReason::timestamp_out_of_bounds);
    CHECK_FALSE(ask(now));
    CHECK_FALSE(ask(now - hours(24)));
    CHECK(ask(now - hours(24) - microseconds(1)) == ApiReason::timestamp_out_of_bounds);
    CHECK(reason_of(list_shards(stream.at(now), filter(type))) ==
          ApiReason::timestamp_out_of_bounds);
  }
}

TEST_CASE("AFTER_SHARD_ID needs an id, and lists those with higher numbers [KDS-RSH-10]") {
  SomeStream stream(4);
  CHECK(reason_of(list_shards(stream.at(second(0)), filter(ShardFilterType::AFTER_SHARD_ID))) ==
        ApiReason::shard_id_missing);
  CHECK(stream.listed(second(0), {ShardFilterType::AFTER_SHARD_ID, std::nullopt, 1u}) ==
        Numbers{2, 3});
  CHECK(stream.listed(second(0), {ShardFilterType::AFTER_SHARD_ID, std::nullopt, 9u}).empty());
}

TEST_CASE("a closed shard expires when its newest record is too old [KDS-RSH-05] [KDS-SHD-13]") {
  SomeStream stream(2);
  put(stream, 0, second(10));
  put(stream, 0, second(20));
  stream.split(second(0), 0);  // cut at 25
  const auto state = [&](Instant now) { return shard_state(stream.at(now), 0); };
  CHECK(state(second(24)) == ShardState::open);
  CHECK(state(second(25)) == ShardState::closed);
  CHECK(shard_state(stream.at(second(24)), 2) == ShardState::not_open_yet);
  CHECK(state(second(20) + hours(24)) == ShardState::closed);
  CHECK(state(second(20) + hours(24) + microseconds(1)) == ShardState::expired);
  CHECK(stream.listed(second(21) + hours(24)) == Numbers{1, 2, 3});
  CHECK(shard_state(stream.at(second(21) + hours(24)), 1) == ShardState::open);  // empty, but open

  SomeStream empty(2);
  empty.split(second(0), 0);
  CHECK(empty.listed(second(25) + hours(24)) == Numbers{0, 1, 2, 3});
  CHECK(empty.listed(second(26) + hours(24)) == Numbers{1, 2, 3});
}

TEST_CASE("the summary tells the open shards as listed [KDS-SHD-10] [KDS-SHD-18]") {
  SomeStream stream(2);
  CHECK(describe_stream_summary(stream.at(second(0)), 3) ==
        StreamSummary{StreamStatus::ACTIVE, StreamMode::PROVISIONED, 2, 24, 3});
  stream.split(second(0), 0);
  CHECK(describe_stream_summary(stream.at(second(3)), 0) ==
        StreamSummary{StreamStatus::UPDATING, StreamMode::PROVISIONED, 2, 24, 0});
  CHECK(describe_stream_summary(stream.at(second(4)), 0) ==
        StreamSummary{StreamStatus::ACTIVE, StreamMode::PROVISIONED, 3, 24, 0});
}

}  // namespace trimhorizon::testing
