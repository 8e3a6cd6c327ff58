#include "sim/kinesis/iterator.hpp"

#include <vector>

#include "sim/kinesis/limits.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kinesis_oracle.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// A shard as a list of arrivals in wall milliseconds; record i is "r<i>".
struct ToldShard {
  std::vector<std::int64_t> arrivals_ms;
  std::int64_t created_s = 1'700'002'163;
  Position trim_horizon = 0;
  std::int64_t now_ms = 0;
  std::int64_t record_bytes = 1'000;
  Duration delay;
  std::optional<std::int64_t> closes_ms;  // with the children 7 and 8
  std::optional<TimestampSkew> skew;

  Shard shard() const {
    Shard made;
    for (std::uint32_t i = 0; i < arrivals_ms.size(); ++i) {
      made.log.append({clock().at(arrivals_ms[i]), RecordId::of({0}, i), {0}});
    }
    if (closes_ms) {
      made.closes = clock().at(*closes_ms);
      made.children = {ShardId{7}, ShardId{8}};
    }
    return made;
  }
  WallClock clock() const { return {created_s * 1000}; }
  Instant now() const { return clock().at(now_ms); }
  ShardAt view(const Shard& made) const { return {made, clock(), now(), trim_horizon, delay}; }
  std::string sequence(Position p) const {
    return sequence_number_text({created_s, sequence_index(p), arrivals_ms[p] / 1000, 0});
  }
  auto iterator(const IteratorRequest& request,
                TrimmedPosition trimmed = TrimmedPosition::start_at_horizon) const {
    const Shard made = shard();
    return get_shard_iterator(request, view(made), trimmed, skew);
  }
  ShardIterator good_iterator(const IteratorRequest& request,
                              TrimmedPosition trimmed = TrimmedPosition::start_at_horizon) const {
    const auto answer = iterator(request, trimmed);
    REQUIRE(std::holds_alternative<ShardIterator>(answer));
    return std::get<ShardIterator>(answer);
  }
  auto read(const ShardIterator& it, std::int64_t limit = 10'000) const {
    const Shard made = shard();
    return get_records(it, view(made), limit, [&](const StoredRecord&) { return record_bytes; });
  }
  ReadResult good_read(const ShardIterator& it, std::int64_t limit = 10'000) const {
    const auto answer = read(it, limit);
    REQUIRE(std::holds_alternative<ReadResult>(answer));
    return std::get<ReadResult>(answer);
  }
};

// The shard of the oracle: five records, a second apart; asked a second after the last.
ToldShard oracle_shard() {
  const Json& iterators = at(kinesis_oracle(), "iterators");
  ToldShard shard;
  shard.created_s = number_of(at(iterators, "created_s"));
  for (const Json& ms : list_at(iterators, "arrival_ms")) {
    shard.arrivals_ms.push_back(std::stoll(*ms.number()));
  }
  shard.now_ms = shard.arrivals_ms.back() + 1000;
  return shard;
}

std::vector<std::string> names(Span records) {
  std::vector<std::string> texts;
  for (Position p = records.first; p < records.end; ++p) texts.push_back("r" + std::to_string(p));
  return texts;
}

IteratorType type_of(const std::string& name) {
  if (name == "AT_SEQUENCE_NUMBER") return IteratorType::at_sequence_number;
  if (name == "AFTER_SEQUENCE_NUMBER") return IteratorType::after_sequence_number;
  if (name == "TRIM_HORIZON") return IteratorType::trim_horizon;
  if (name == "LATEST") return IteratorType::latest;
  REQUIRE(name == "AT_TIMESTAMP");
  return IteratorType::at_timestamp;
}

template <class Answer>
std::string error_of(const Answer& answer) {
  const auto* refusal = std::get_if<ApiRefusal>(&answer);
  return refusal ? std::string(name(refusal->error)) : "ok";
}
template <class Answer>
std::string reason_of(const Answer& answer) {
  const auto* refusal = std::get_if<ApiRefusal>(&answer);
  return refusal ? std::string(name(refusal->reason)) : "ok";
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

const Json& oracle_scene(const std::string& name) {
  for (const Json& scene : list_at(at(kinesis_oracle(), "iterators"), "cases")) {
    if (text_at(scene, "name") == name) return scene;
  }
  FAIL("no scene " << name);
  return kinesis_oracle();
}

IteratorRequest of_type(IteratorType type) { return {type, std::nullopt, std::nullopt}; }
IteratorRequest at_ms(std::int64_t ms) { return {IteratorType::at_timestamp, std::nullopt, ms}; }
IteratorRequest at_number(std::string text) {
  return {IteratorType::at_sequence_number, std::move(text), std::nullopt};
}
IteratorRequest after_number(std::string text) {
  return {IteratorType::after_sequence_number, std::move(text), std::nullopt};
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

TEST_CASE("a limit is from 1 to 10,000 records and an upper bound [KDS-ITR-14]") {
  const ToldShard shard = oracle_shard();
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  CHECK(error_of(shard.read(horizon, 0)) == text_at(oracle_scene("limit_0"), "result"));
  CHECK(error_of(shard.read(horizon, -1)) == "ValidationException");
  CHECK(error_of(shard.read(horizon, 10'001)) == text_at(oracle_scene("limit_10001"), "result"));
  CHECK(names(shard.good_read(horizon, 1).records) == std::vector<std::string>{"r0"});
  CHECK(shard.good_read(horizon, 10'000).records.count() == 5);
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
  ToldShard shard = oracle_shard();
  // The timestamp of r1 is two seconds late, that of r3 two seconds early: 0 3 2 1 4.
  const auto skew = [](const StoredRecord& record) {
    if (record.record.number() == 1) return seconds(2);
    return record.record.number() == 3 ? Duration{} - seconds(2) : Duration{};
  };
  shard.skew = TimestampSkew{seconds(2), skew};
  const auto position_at = [&](std::int64_t after_first_ms) {
    return shard.good_iterator(at_ms(shard.arrivals_ms[0] + after_first_ms)).position;
  };
  CHECK(position_at(0) == 0);
  CHECK(position_at(1) == 1);
  CHECK(position_at(3'000) == 1);
  CHECK(position_at(3'001) == 4);
  CHECK(position_at(4'001) == 5);
  shard.trim_horizon = 2;
  CHECK(position_at(0) == 2);
  CHECK(position_at(2'001) == 4);
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

TEST_CASE("a reader whom retention overtook goes on at the horizon [KDS-ITR-16]") {
  ToldShard shard = oracle_shard();
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  shard.trim_horizon = 2;
  CHECK(shard.good_read(horizon, 2).records == Span{2, 4});
  shard.trim_horizon = 5;
  CHECK(shard.good_read(horizon).records.empty());
}

TEST_CASE("a reader is as far behind as the last record that it got is old [KDS-ITR-13]") {
  const ToldShard shard = oracle_shard();
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  const ReadResult two = shard.good_read(horizon, 2);
  // r1 is four seconds old: three records came after it, and then a second without any.
  CHECK(two.millis_behind_latest == 4'000);
  CHECK(two.millis_behind_latest == shard.now_ms - shard.arrivals_ms[1]);
  CHECK(shard.good_read(*two.next, 1).millis_behind_latest == 3'000);
}

TEST_CASE("a reader at the tip is not behind, however old the newest record is [KDS-ITR-13]") {
  ToldShard shard = oracle_shard();
  shard.now_ms += 86'000;
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  const ReadResult all = shard.good_read(horizon);
  CHECK(names(all.records) == std::vector<std::string>{"r0", "r1", "r2", "r3", "r4"});
  CHECK(all.millis_behind_latest == 0);
  // After the newest record there is none, and the reader is at the tip.
  const ReadResult none = shard.good_read(*all.next, 1);
  CHECK(none.records.empty());
  CHECK(none.millis_behind_latest == 0);
  CHECK(none.next->issued == shard.now());
}

TEST_CASE("a read that its limit ended at the newest record does not know the tip [KDS-ITR-13]") {
  ToldShard shard = oracle_shard();
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  CHECK(shard.good_read(horizon, 5).millis_behind_latest == 1'000);
  CHECK(shard.good_read(horizon, 6).millis_behind_latest == 0);
  // It says whole seconds, and grows with the clock.
  shard.now_ms += 999;
  CHECK(shard.good_read(horizon, 5).millis_behind_latest == 1'000);
  shard.now_ms += 1;
  CHECK(shard.good_read(horizon, 5).millis_behind_latest == 2'000);
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

TEST_CASE("a read returns at most 10 MiB, but at least one record [KDS-LIM-05] [KDS-ITR-14]") {
  ToldShard shard = oracle_shard();
  const ShardIterator horizon{0, shard.now()};
  shard.record_bytes = 5 * mib;
  CHECK(shard.good_read(horizon).records == Span{0, 2});
  CHECK(shard.good_read(horizon).bytes == 10 * mib);
  shard.record_bytes = 5 * mib + 1;
  CHECK(shard.good_read(horizon).records == Span{0, 1});
  shard.record_bytes = 10 * mib + 1;
  CHECK(shard.good_read(horizon).records == Span{0, 1});
  CHECK(shard.good_read(ShardIterator{1, shard.now()}).records == Span{1, 2});
}

TEST_CASE("a read that 10 MiB ended at the newest record does not know the tip [KDS-ITR-13]") {
  ToldShard shard = oracle_shard();
  shard.record_bytes = 2 * mib;
  CHECK(shard.good_read(ShardIterator{0, shard.now()}).records == Span{0, 5});
  CHECK(shard.good_read(ShardIterator{0, shard.now()}).millis_behind_latest == 1'000);
  CHECK(shard.good_read(ShardIterator{1, shard.now()}).millis_behind_latest == 0);
}

TEST_CASE("after a read of 10 MiB the shard refuses reads for five seconds [KDS-LIM-06]") {
  ToldShard shard = oracle_shard();
  shard.record_bytes = 2 * mib;
  const ReadResult all = shard.good_read(ShardIterator{0, shard.now()});
  ShardLimits limits;
  REQUIRE(admit_read(limits, ReadThrottle::debt, shard.now()) == ReadRefusal::none);
  count_read(limits, ReadThrottle::debt, all.bytes, shard.now());
  ShardLimits later = limits;
  CHECK(admit_read(limits, ReadThrottle::debt, shard.now() + microseconds(4'999'999)) ==
        ReadRefusal::bytes);
  CHECK(admit_read(later, ReadThrottle::debt, shard.now() + seconds(5)) == ReadRefusal::none);
}

TEST_CASE("the end of a closed shard: no next iterator and its children [KDS-ITR-11, KDS-ITR-12]") {
  ToldShard shard = oracle_shard();
  const std::array<ShardId, 2> none{};
  shard.closes_ms = shard.now_ms + 1;
  // Still open: a read to the tip goes on.
  const ReadResult open = shard.good_read(ShardIterator{0, shard.now()});
  CHECK(open.next == ShardIterator{5, shard.now()});
  CHECK(open.children == none);
  shard.now_ms += 1;
  const ReadResult part = shard.good_read(ShardIterator{0, shard.now()}, 4);
  CHECK(part.next == ShardIterator{4, shard.now()});
  CHECK(part.children == none);
  const ReadResult last = shard.good_read(*part.next);
  CHECK(last.records == Span{4, 5});
  CHECK(last.next == std::nullopt);
  CHECK(last.children == std::array{ShardId{7}, ShardId{8}});
  CHECK(last.millis_behind_latest == 0);
  // A read that its limit ended there does not know that it is the last one.
  const ReadResult full = shard.good_read(*part.next, 1);
  REQUIRE(full.next.has_value());
  CHECK(full.children == none);
  CHECK(shard.good_read(*full.next, 1).next == std::nullopt);
}

TEST_CASE("an iterator on a finished shard: the answer is the last one at once [KDS-ITR-09]") {
  ToldShard shard = oracle_shard();
  shard.closes_ms = shard.now_ms;
  for (const ShardIterator& it : {shard.good_iterator(of_type(IteratorType::latest)),
                                  shard.good_iterator(after_number(shard.sequence(4)))}) {
    const ReadResult end = shard.good_read(it);
    CHECK(end.records.empty());
    CHECK(end.next == std::nullopt);
    CHECK(end.children == std::array{ShardId{7}, ShardId{8}});
  }
}

TEST_CASE("children begin after their parent: who waits for the end keeps the order [KDS-RSH-07]") {
  ToldShard parent = oracle_shard();
  parent.closes_ms = parent.now_ms;
  std::uint64_t read = 0;
  std::optional<ShardIterator> next = parent.good_iterator(of_type(IteratorType::trim_horizon));
  while (next) {
    const ReadResult one = parent.good_read(*next, 2);
    read += one.records.count();
    // The children are named only when every record of the parent was returned.
    CHECK(one.children[0].valid() == (read == 5));
    next = one.next;
  }
  CHECK(read == 5);
}

TEST_CASE("a record is readable its delay after it arrived, and the tip agrees [KDS-ITR-15]") {
  ToldShard shard = oracle_shard();  // r4 arrived a second ago, r3 two seconds ago
  shard.delay = milliseconds(1'001);
  CHECK(shard.good_iterator(of_type(IteratorType::latest)).position == 4);
  const ReadResult seen = shard.good_read(ShardIterator{0, shard.now()});
  CHECK(seen.records == Span{0, 4});
  CHECK(seen.millis_behind_latest == 0);
  CHECK(shard.good_read(*seen.next).records.empty());
  // Its producer knows its number, and may begin after it.
  CHECK(shard.good_iterator(after_number(shard.sequence(4))).position == 5);
  const ReadResult unseen = shard.good_read(ShardIterator{5, shard.now()});
  CHECK(unseen.records.empty());
  CHECK(unseen.millis_behind_latest == 0);
  shard.now_ms += 1;
  CHECK(shard.good_iterator(of_type(IteratorType::latest)).position == 5);
  CHECK(shard.good_read(*seen.next).records == Span{4, 5});
}

TEST_CASE("a closed shard is read to its end only when its last record is readable [KDS-ITR-15]") {
  ToldShard shard = oracle_shard();
  shard.closes_ms = shard.now_ms;
  shard.delay = milliseconds(1'001);
  const ReadResult seen = shard.good_read(ShardIterator{0, shard.now()});
  CHECK(seen.records == Span{0, 4});
  REQUIRE(seen.next.has_value());
  shard.now_ms += 1;
  CHECK(shard.good_read(*seen.next).next == std::nullopt);
}

TEST_CASE("a walk from a trimmed number is empty for 15 minutes [KDS-ITR-08] [CON-29]") {
  ToldShard shard = oracle_shard();
  shard.trim_horizon = 2;
  ShardIterator it =
      shard.good_iterator(at_number(shard.sequence(1)), TrimmedPosition::walk_from_horizon);
  const auto expect_empty = [&] {
    const ReadResult empty = shard.good_read(it);
    CHECK(empty.records.empty());
    CHECK(empty.millis_behind_latest == 86'400'000);
    REQUIRE(empty.next.has_value());
    it = *empty.next;
  };
  for (int minute = 0; minute < 15; ++minute) {
    expect_empty();
    shard.now_ms += 60'000;
  }
  shard.now_ms -= 1;
  expect_empty();
  shard.now_ms += 1;
  shard.trim_horizon = 3;  // the horizon moved meanwhile
  CHECK(shard.good_read(it).records == Span{3, 5});
  // A number that is still there does not walk.
  const ShardIterator kept =
      shard.good_iterator(at_number(shard.sequence(3)), TrimmedPosition::walk_from_horizon);
  CHECK(shard.good_read(kept).records == Span{3, 5});
}
