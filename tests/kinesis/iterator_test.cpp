#include "sim/kinesis/iterator.hpp"

#include "tests/kinesis/told_shard.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

IteratorType type_of(const std::string& name) {
  if (name == "AT_SEQUENCE_NUMBER") return IteratorType::at_sequence_number;
  if (name == "AFTER_SEQUENCE_NUMBER") return IteratorType::after_sequence_number;
  if (name == "TRIM_HORIZON") return IteratorType::trim_horizon;
  if (name == "LATEST") return IteratorType::latest;
  REQUIRE(name == "AT_TIMESTAMP");
  return IteratorType::at_timestamp;
}

// "r2" is the second record's number or arrival; the emulator counts its indexes without gaps, so
// the numbers are ours.
IteratorRequest request_of(const Json& scene, const ToldShard& shard) {
  IteratorRequest request;
  request.type = type_of(text_at(scene, "type"));
  if (const Json* sequence = scene.find("sequence")) {
    const std::string name = text_of(*sequence);
    request.starting_sequence_number =
        name == "garbage"       ? "garbage"
        : name == "shard_start" ? text_at(at(kinesis_oracle(), "iterators"), "stream_start")
                                : shard.sequence(std::stoul(name.substr(1)));
  }
  if (const Json* timestamp = scene.find("timestamp")) {
    const std::string name = text_of(*timestamp);
    request.timestamp_ms = name == "before_stream" ? shard.arrivals_ms[0] - 3'600'000
                                                   : shard.arrivals_ms[std::stoul(name.substr(1))];
  }
  return request;
}

}  // namespace

TEST_CASE("iterators read what the emulators read [KDS-ITR-01] [KDS-ITR-06] [KDS-ITR-13]") {
  const ToldShard shard = oracle_shard();
  int compared = 0;
  for (const Json& scene : list_at(at(kinesis_oracle(), "iterators"), "cases")) {
    if (!scene.find("type") || text_at(scene, "type") == "LATEST") continue;  // told below
    INFO(text_at(scene, "name"));
    ++compared;
    const auto answer = shard.iterator(request_of(scene, shard));
    if (scene.find("error")) {
      CHECK(error_of(answer) == text_at(scene, "error"));
      continue;
    }
    REQUIRE(std::holds_alternative<ShardIterator>(answer));
    const ReadResult first = shard.good_read(std::get<ShardIterator>(answer));
    CHECK(names(first.records) == texts_of(at(scene, "records")));
    CHECK(first.millis_behind_latest == number_of(at(scene, "millis_behind")));
    CHECK(names(shard.good_read(*first.next).records) == texts_of(at(scene, "records_next")));
  }
  CHECK(compared == 12);
}

TEST_CASE("LATEST sees a put of the same millisecond but none before it [KDS-ITR-05]") {
  ToldShard shard = oracle_shard();
  shard.arrivals_ms.push_back(shard.now_ms);  // r5
  const ShardIterator latest = shard.good_iterator(of_type(IteratorType::latest));
  shard.arrivals_ms.push_back(shard.now_ms);  // r6
  CHECK(names(shard.good_read(latest).records) ==
        texts_of(at(oracle_scene("latest_then_put_same_ms"), "records")));
}

TEST_CASE("an iterator is valid for 300,000 ms and not one longer [KDS-ITR-02] [KDS-ITR-03]") {
  ToldShard shard = oracle_shard();
  shard.arrivals_ms.insert(shard.arrivals_ms.end(), 2, shard.now_ms);
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  const Json& scene = oracle_scene("expiry_at_300000ms");
  shard.now_ms += 300'000;
  CHECK(error_of(shard.read(horizon)) == text_at(scene, "result"));
  CHECK(names(shard.good_read(horizon).records) == texts_of(at(scene, "records")));
  shard.now_ms += 1;
  CHECK(error_of(shard.read(horizon)) == "ExpiredIteratorException");
}

TEST_CASE("an iterator may be used again and reads the same [KDS-ITR-02]") {
  const ToldShard shard = oracle_shard();
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  CHECK(shard.good_read(horizon, 2).records == Span{0, 2});
  CHECK(shard.good_read(horizon, 2).records == Span{0, 2});
}

TEST_CASE("after expiry a consumer goes on after its last number [KDS-ITR-04]") {
  ToldShard shard = oracle_shard();
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  const ReadResult first = shard.good_read(horizon, 2);
  shard.now_ms += 400'000;
  CHECK(error_of(shard.read(*first.next)) == "ExpiredIteratorException");
  const ShardIterator again = shard.good_iterator(after_number(shard.sequence(1)));
  CHECK(names(shard.good_read(again).records) == std::vector<std::string>{"r2", "r3", "r4"});
}

TEST_CASE("an iterator that was never given out is an invalid argument") {
  const ToldShard shard = oracle_shard();
  const std::string wanted = text_at(oracle_scene("garbage_iterator"), "result");
  CHECK(error_of(shard.read(ShardIterator{6, shard.now()})) == wanted);
  CHECK(error_of(shard.read(ShardIterator{0, shard.now() + milliseconds(1)})) == wanted);
}

TEST_CASE("AT is inclusive and AFTER exclusive [KDS-ITR-01]") {
  const ToldShard shard = oracle_shard();
  CHECK(shard.good_iterator(at_number(shard.sequence(2))).position == 2);
  CHECK(shard.good_iterator(after_number(shard.sequence(2))).position == 3);
  CHECK(shard.good_iterator(after_number(shard.sequence(4))).position == 5);
  const std::string start = text_at(at(kinesis_oracle(), "iterators"), "stream_start");
  CHECK(shard.good_iterator(at_number(start)).position == 0);
}

TEST_CASE("AT_TIMESTAMP takes the next record, never the future [KDS-ITR-06] [KDS-ITR-07]") {
  const ToldShard shard = oracle_shard();
  CHECK(shard.good_iterator(at_ms(shard.arrivals_ms[2] + 1)).position == 3);
  CHECK(shard.good_iterator(at_ms(shard.arrivals_ms[4] + 1)).position == 5);
  CHECK(shard.good_iterator(at_ms(shard.now_ms)).position == 5);
  CHECK(error_of(shard.iterator(at_ms(shard.now_ms + 1))) == "InvalidArgumentException");
}

TEST_CASE("AT_TIMESTAMP with skewed timestamps takes the first in sequence order [KDS-SHD-15]") {
  ToldShard told = oracle_shard();
  told.times = {.skew = seconds(2), .seed = 3};
  const Shard shard = told.shard();
  const auto stamp_ms = [&](Position p) { return told.clock().ms(told.view(shard).timestamp(p)); };
  bool out_of_order = false;
  for (Position p = 1; p < 5; ++p) out_of_order = out_of_order || stamp_ms(p) < stamp_ms(p - 1);
  REQUIRE(out_of_order);
  for (const Position horizon : {0u, 2u}) {
    told.trim_horizon = horizon;
    for (std::int64_t ms = told.arrivals_ms[0] - 3'000; ms <= told.now_ms; ms += 250) {
      Position wanted = horizon;
      while (wanted < 5 && stamp_ms(wanted) < ms) ++wanted;
      CAPTURE(horizon, ms);
      CHECK(told.good_iterator(at_ms(ms)).position == wanted);
    }
  }
}

TEST_CASE("an argument that the type has no use for or lacks is refused") {
  const ToldShard shard = oracle_shard();
  const std::string number = shard.sequence(0);
  for (const IteratorRequest& request :
       {IteratorRequest{IteratorType::latest, number, std::nullopt},
        IteratorRequest{IteratorType::at_timestamp, number, shard.now_ms},
        of_type(IteratorType::at_sequence_number), of_type(IteratorType::after_sequence_number),
        of_type(IteratorType::at_timestamp)}) {
    CHECK(error_of(shard.iterator(request)) == "InvalidArgumentException");
  }
}

TEST_CASE("a number of another shard or one never given out is refused [KDS-ITR-08]") {
  const ToldShard shard = oracle_shard();
  const std::int64_t created = shard.created_s;
  for (const SequenceFields& fields :
       {SequenceFields{created, 1, 1'700'002'166, 1},                     // another shard
        SequenceFields{created + 1, 1, 1'700'002'166, 0},                 // of another stream
        SequenceFields{created, 2, 1'700'002'166, 0},                     // in a gap
        SequenceFields{created, sequence_index(5), 1'700'002'171, 0}}) {  // not put yet
    CHECK(error_of(shard.iterator(at_number(sequence_number_text(fields)))) ==
          "InvalidArgumentException");
  }
}

TEST_CASE("the number of a trimmed record starts at the horizon, or is refused [KDS-ITR-08]") {
  ToldShard shard = oracle_shard();
  shard.trim_horizon = 3;
  CHECK(shard.good_iterator(at_number(shard.sequence(1))).position == 3);
  CHECK(shard.good_iterator(after_number(shard.sequence(2))).position == 3);
  CHECK(shard.good_iterator(of_type(IteratorType::trim_horizon)).position == 3);
  CHECK(shard.good_iterator(at_ms(shard.arrivals_ms[0])).position == 3);
  CHECK(error_of(shard.iterator(at_number(shard.sequence(1)), TrimmedPosition::error)) ==
        "InvalidArgumentException");
  CHECK(error_of(shard.iterator(at_number(shard.sequence(3)), TrimmedPosition::error)) == "ok");
}

TEST_CASE("an empty shard gives every type but numbers an iterator") {
  ToldShard shard;
  shard.now_ms = 1'700'002'200'000;
  for (const IteratorRequest& request : {of_type(IteratorType::trim_horizon),
                                         of_type(IteratorType::latest), at_ms(1'700'002'000'000)}) {
    CHECK(shard.good_read(shard.good_iterator(request)).records.empty());
  }
}

TEST_CASE("a refused call says why") {
  ToldShard shard = oracle_shard();
  const std::string number = shard.sequence(0);
  CHECK(reason_of(shard.iterator(of_type(IteratorType::after_sequence_number))) ==
        "sequence_number_missing");
  CHECK(reason_of(shard.iterator({IteratorType::latest, number, std::nullopt})) ==
        "sequence_number_not_wanted");
  CHECK(reason_of(shard.iterator(at_number("garbage"))) == "no_such_sequence_number");
  CHECK(reason_of(shard.iterator(of_type(IteratorType::at_timestamp))) == "timestamp_missing");
  CHECK(reason_of(shard.iterator(at_ms(shard.now_ms + 1))) == "timestamp_in_the_future");
  CHECK(reason_of(shard.read(ShardIterator{6, shard.now()})) == "no_such_iterator");
  CHECK(reason_of(shard.read(ShardIterator{0, shard.now()}, 0)) == "limit_out_of_bounds");
  CHECK(reason_of(shard.read(ShardIterator{0, shard.now() - seconds(301)})) == "iterator_too_old");
  shard.trim_horizon = 1;
  CHECK(reason_of(shard.iterator(at_number(number), TrimmedPosition::error)) ==
        "sequence_number_trimmed");
}

TEST_CASE("an iterator is used at 299.999 s, 300 s and 300.001 s [KDS-ITR-03]") {
  ToldShard shard = oracle_shard();
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  const std::int64_t issued_ms = shard.now_ms;
  for (const auto& [age_ms, result] :
       {std::pair{299'999, "ok"}, {300'000, "ok"}, {300'001, "ExpiredIteratorException"}}) {
    shard.now_ms = issued_ms + age_ms;
    CHECK(error_of(shard.read(horizon)) == result);
  }
}
