#include "sim/kinesis/subscription.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "sim/base/draws.hpp"
#include "sim/kinesis/consumers.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

// One shard with one subscriber, and a clock. Event i of `take_until` is told as
// "time in seconds[records]".
struct PushedShard {
  Shard shard;
  FanOut fan_out;
  Instant now{0};
  std::int64_t record_bytes = 1'000;
  Position trim_horizon = 0;
  Duration delay;
  std::optional<Continuation> seen;
  bool ended = false;  // without an error

  ShardAt view() const { return {shard, {0}, now, trim_horizon, {.delay = {delay, {}}}}; }
  void put(int records = 1) {
    for (int i = 0; i < records; ++i) {
      shard.log.append({now, RecordId::of({0}, shard.log.end()), {0}});
    }
  }
  void close(Instant at) {
    shard.closes = at;
    shard.children = {ShardId{7}, ShardId{8}};
  }
  std::string subscribe_at(Duration at, const StartOfReading& start) {
    now = Instant{0} + at;
    const auto answer = subscribe(fan_out, start, view());
    if (const auto* refusal = std::get_if<ApiRefusal>(&answer)) {
      return std::string(name(refusal->error));
    }
    return std::get<Subscribed>(answer).took_over ? "took over" : "ok";
  }
  StartOfReading start_of(const IteratorRequest& request) const {
    const auto answer = get_shard_iterator(request, view(), TrimmedPosition::start_at_horizon);
    if (const auto* refusal = std::get_if<ApiRefusal>(&answer)) return *refusal;
    return std::get<ShardIterator>(answer);
  }
  StartOfReading resumed(Resume how, TrimmedPosition trimmed = {}) const {
    return resume(seen, how, view(), trimmed);
  }
  Instant next_at() const { return next_event_at(fan_out, view()); }
  // The next event; nullopt when the subscription ends.
  std::optional<FanOutEvent> take() {
    now = next_at();
    const auto event =
        next_event(fan_out, view(), [this](const StoredRecord&) { return record_bytes; });
    ended = !event.has_value();
    if (event) seen = event->continuation;
    return event;
  }
  std::vector<FanOutEvent> take_until(Duration until) {
    std::vector<FanOutEvent> events;
    while (next_at() <= Instant{0} + until) {
      if (const auto event = take()) events.push_back(*event);
    }
    now = Instant{0} + until;
    return events;
  }
  std::string told_until(Duration until) {
    std::string out;
    while (next_at() <= Instant{0} + until) {
      const auto event = take();
      out += std::to_string(now.us / 1'000) + "ms";
      out += !event                 ? " end "
             : !event->continuation ? " finished "
                                    : "[" + std::to_string(event->records.first) + "-" +
                                          std::to_string(event->records.end) + "] ";
    }
    now = Instant{0} + until;
    return out;
  }
};

PushedShard subscribed(int records, std::int64_t record_bytes = 1'000) {
  PushedShard pushed;
  pushed.record_bytes = record_bytes;
  pushed.put(records);
  REQUIRE(pushed.subscribe_at({}, ShardIterator{}) == "ok");
  return pushed;
}

}  // namespace

TEST_CASE("an idle shard: an event at once, then every 5 s, a plain end after 300 s [KDS-EFO-02]") {
  PushedShard idle = subscribed(0);
  int events = 0;
  while (idle.fan_out.open) {
    const auto event = idle.take();
    if (!event) break;
    CHECK(idle.now == Instant{0} + seconds(5 * events));
    CHECK(event->records.empty());
    CHECK(event->continuation.has_value());  // KDS-EFO-10
    CHECK(event->millis_behind_latest == 0);
    ++events;
  }
  CHECK(events == 60);
  CHECK(idle.now == Instant{0} + seconds(300));
  CHECK(idle.ended);
  CHECK(idle.next_at() == end_of_time);
}

TEST_CASE("a subscription gives at 299.999 s, and neither at 300 s nor at 300.001 s [KDS-EFO-02]") {
  for (const auto& [ms, told] : {std::pair{299'999, "299999ms[0-1] 300000ms end "},
                                 {300'000, "300000ms end "},
                                 {300'001, "300000ms end "}}) {
    PushedShard pushed = subscribed(0);
    pushed.take_until(milliseconds(299'998));
    pushed.now = Instant{0} + milliseconds(std::min(ms, 300'000));
    if (ms <= 300'000) pushed.put();
    CHECK(pushed.told_until(milliseconds(300'001)) == told);
  }
}

TEST_CASE("an empty event comes 5 s after the last event of either kind [KDS-EFO-10]") {
  PushedShard pushed = subscribed(0);
  CHECK(pushed.told_until(seconds(7)) == "0ms[0-0] 5000ms[0-0] ");
  pushed.put(2);
  CHECK(pushed.told_until(seconds(17)) == "7000ms[0-2] 12000ms[2-2] 17000ms[2-2] ");
}

TEST_CASE("records come at once, or after the latency of fan-out [KDS-ITR-15]") {
  PushedShard pushed = subscribed(0);
  pushed.delay = fan_out_latency;
  pushed.take_until(seconds(1));
  pushed.put();
  CHECK(pushed.told_until(seconds(2)) == "1070ms[0-1] ");
  // An empty event may come while a record is on its way.
  pushed.take_until(milliseconds(6'050));
  pushed.put();
  CHECK(pushed.told_until(milliseconds(6'200)) == "6070ms[1-1] 6120ms[1-2] ");
}

TEST_CASE("a second call within 5 s is refused, from then on it takes over [KDS-EFO-03]") {
  PushedShard pushed = subscribed(3);
  pushed.take_until(seconds(1));
  const FanOut before = pushed.fan_out;
  CHECK(pushed.subscribe_at(microseconds(4'999'999), ShardIterator{}) == "ResourceInUseException");
  // A refused call costs the holder nothing (KDS-EFO-10).
  CHECK(pushed.fan_out == before);
  CHECK(pushed.subscribe_at(seconds(5), ShardIterator{}) == "took over");
  CHECK(pushed.told_until(seconds(5)) == "5000ms[0-3] ");
  // The five seconds count from the last successful call.
  CHECK(pushed.subscribe_at(seconds(9), ShardIterator{}) == "ResourceInUseException");
  CHECK(pushed.subscribe_at(seconds(10), ShardIterator{}) == "took over");
}

TEST_CASE("a start that is refused costs the holder nothing [KDS-EFO-10]") {
  PushedShard pushed = subscribed(1);
  const FanOut before = pushed.fan_out;
  const IteratorRequest future{IteratorType::at_timestamp, std::nullopt, 3'600'000};
  CHECK(pushed.subscribe_at(seconds(60), pushed.start_of(future)) == "InvalidArgumentException");
  CHECK(pushed.fan_out == before);
}

TEST_CASE("a subscription that has ended is not taken over, but keeps the 5 s [KDS-EFO-03]") {
  PushedShard pushed = subscribed(0);
  pushed.take_until(seconds(300));
  CHECK(pushed.subscribe_at(seconds(300), ShardIterator{}) == "ok");
  pushed.close(pushed.now + seconds(1));
  CHECK(pushed.told_until(seconds(301)) == "300000ms[0-0] 301000ms finished ");
  CHECK(pushed.subscribe_at(seconds(304), ShardIterator{}) == "ResourceInUseException");
  CHECK(pushed.subscribe_at(seconds(305), ShardIterator{}) == "ok");
}

TEST_CASE("a subscription starts at all five positions [KDS-EFO-06]") {
  PushedShard pushed;
  for (int second = 0; second < 5; ++second) {
    pushed.now = Instant{0} + seconds(second);
    pushed.put();
  }
  pushed.now = Instant{0} + seconds(10);
  pushed.trim_horizon = 1;
  const auto number = [](Position p) {
    return sequence_number_text({0, sequence_index(p), static_cast<std::int64_t>(p), 0});
  };
  const auto first_of = [&](const IteratorRequest& request) {
    PushedShard copy = pushed;
    REQUIRE(copy.subscribe_at(seconds(10), copy.start_of(request)) == "ok");
    return copy.take()->records.first;
  };
  CHECK(first_of({IteratorType::trim_horizon, {}, {}}) == 1);
  CHECK(first_of({IteratorType::latest, {}, {}}) == 5);
  CHECK(first_of({IteratorType::at_sequence_number, number(2), {}}) == 2);
  CHECK(first_of({IteratorType::after_sequence_number, number(2), {}}) == 3);
  CHECK(first_of({IteratorType::at_timestamp, {}, 2'500}) == 3);
  // Older than the horizon is the horizon.
  CHECK(first_of({IteratorType::at_timestamp, {}, 0}) == 1);
}

TEST_CASE("the end of a closed shard: children, no number, no records [KDS-EFO-05] [CON-13]") {
  PushedShard pushed = subscribed(2);
  pushed.close(Instant{0} + seconds(3));
  const auto first = pushed.take();
  REQUIRE(first->continuation.has_value());
  CHECK(first->children == std::array<ShardId, 2>{});
  const auto end = pushed.take();
  CHECK(pushed.now == Instant{0} + seconds(3));
  CHECK(end->records.empty());
  CHECK(end->continuation == std::nullopt);
  CHECK(end->children == std::array{ShardId{7}, ShardId{8}});
  CHECK(end->millis_behind_latest > 0);
  CHECK_FALSE(pushed.fan_out.open.has_value());
  CHECK_FALSE(pushed.ended);
}

TEST_CASE("a closed shard with a backlog ends after its last record [KDS-EFO-05] [KDS-RSH-07]") {
  PushedShard pushed = subscribed(13, 640 * kib);
  pushed.close(Instant{0});
  pushed.now = Instant{0} + seconds(90);
  REQUIRE(pushed.subscribe_at(seconds(90), ShardIterator{}) == "took over");
  CHECK(pushed.take()->records == Span{0, 12});
  CHECK(pushed.take()->records == Span{12, 13});
  CHECK(pushed.take()->millis_behind_latest == 90'000);
}

TEST_CASE("LATEST on a closed shard gives the end event at once [KDS-EFO-11]") {
  PushedShard pushed;
  pushed.put(3);
  pushed.close(pushed.now + seconds(1));
  pushed.now = Instant{0} + seconds(60);
  const StartOfReading latest = pushed.start_of({IteratorType::latest, {}, {}});
  REQUIRE(pushed.subscribe_at(seconds(60), latest) == "ok");
  CHECK(pushed.told_until(seconds(60)) == "60000ms finished ");
}

TEST_CASE("without a continuation number a subscription is refused for ever [KDS-EFO-11]") {
  PushedShard pushed = subscribed(0);
  pushed.close(pushed.now + seconds(1));
  pushed.take_until(seconds(1));
  CHECK(pushed.seen == std::nullopt);
  for (const int minute : {1, 2, 60, 24 * 60}) {
    for (const Resume how : {Resume::after, Resume::at}) {
      CHECK(pushed.subscribe_at(minutes(minute), pushed.resumed(how)) ==
            "InvalidArgumentException");
    }
  }
}

TEST_CASE("three renewals: no duplicate with AFTER, three with AT [KDS-EFO-04]") {
  for (const auto& [how, duplicates] : {std::pair{Resume::after, 0}, {Resume::at, 3}}) {
    PushedShard pushed = subscribed(1);
    std::vector<int> times(1'400);
    const auto take_all = [&](Duration until) {
      for (const FanOutEvent& event : pushed.take_until(until)) {
        for (Position p = event.records.first; p < event.records.end; ++p) ++times[p];
      }
    };
    int renewals = 0;
    for (int second = 1; second < 1'150; ++second) {
      take_all(seconds(second));
      if (!pushed.fan_out.open) {
        ++renewals;
        REQUIRE(pushed.subscribe_at(seconds(second), pushed.resumed(how)) == "ok");
      }
      pushed.put();
    }
    take_all(seconds(1'150));
    CHECK(renewals == 3);
    CHECK(pushed.shard.log.end() == 1'150);
    int twice = 0;
    for (Position p = 0; p < pushed.shard.log.end(); ++p) {
      REQUIRE(times[p] >= 1);
      twice += times[p] - 1;
    }
    CHECK(twice == duplicates);
  }
}

TEST_CASE("AT repeats the last record even when empty events came after it [KDS-EFO-04]") {
  PushedShard pushed = subscribed(2);
  pushed.take_until(seconds(300));
  REQUIRE(pushed.seen == Continuation{2, true});
  PushedShard right = pushed;
  REQUIRE(pushed.subscribe_at(seconds(300), pushed.resumed(Resume::at)) == "ok");
  CHECK(pushed.take()->records == Span{1, 2});
  REQUIRE(right.subscribe_at(seconds(300), right.resumed(Resume::after)) == "ok");
  CHECK(right.take()->records == Span{2, 2});
  // A subscription that gave no record names none.
  right.take_until(seconds(600));
  CHECK(right.seen == Continuation{2, false});
  REQUIRE(right.subscribe_at(seconds(600), right.resumed(Resume::at)) == "ok");
  CHECK(right.take()->records == Span{2, 2});
}

TEST_CASE("resuming from the checkpoint repeats, from the last number seen it loses [KDS-EFO-07]") {
  PushedShard pushed = subscribed(10);
  pushed.take();
  // All ten are in flight; the consumer has worked on four of them when it starts again.
  const Continuation checkpoint{4, true};
  PushedShard loses = pushed;
  pushed.seen = checkpoint;
  REQUIRE(pushed.subscribe_at(seconds(5), pushed.resumed(Resume::after)) == "took over");
  CHECK(pushed.take()->records == Span{4, 10});
  REQUIRE(loses.subscribe_at(seconds(5), loses.resumed(Resume::after)) == "took over");
  CHECK(loses.take()->records.empty());
}

TEST_CASE("a resume from a trimmed number follows the switch [KDS-ITR-08] [KDS-ITR-16]") {
  PushedShard pushed = subscribed(10);
  pushed.seen = Continuation{3, true};
  pushed.now = Instant{0} + seconds(60);
  pushed.trim_horizon = 5;
  PushedShard walks = pushed;
  const auto refused = pushed.resumed(Resume::after, TrimmedPosition::error);
  CHECK(std::get<ApiRefusal>(refused).reason == ApiReason::sequence_number_trimmed);
  REQUIRE(pushed.subscribe_at(seconds(60), pushed.resumed(Resume::after)) == "took over");
  CHECK(pushed.take()->records == Span{5, 10});
  const auto walk = walks.resumed(Resume::after, TrimmedPosition::walk_from_horizon);
  REQUIRE(walks.subscribe_at(seconds(60), walk) == "took over");
  for (int event = 0; event < 60; ++event) {
    const auto empty = walks.take();
    REQUIRE(empty.has_value());
    CHECK(empty->records.empty());
    CHECK(empty->millis_behind_latest == 86'400'000);
  }
  CHECK_FALSE(walks.take().has_value());
}

TEST_CASE("a walk on a finished shard gets no end event before its end [KDS-ITR-08]") {
  PushedShard pushed;
  pushed.put(3);
  pushed.trim_horizon = 3;
  pushed.close(Instant{0} + seconds(1));
  const ShardIterator walk{1, Instant{0}, Instant{0} + seconds(61)};
  REQUIRE(pushed.subscribe_at(seconds(57), walk) == "ok");
  CHECK(pushed.told_until(seconds(70)) == "57000ms[1-1] 61000ms finished ");
}

TEST_CASE("a subscriber whom retention overtook goes on at the horizon [KDS-ITR-16]") {
  PushedShard pushed = subscribed(4);
  pushed.trim_horizon = 3;
  CHECK(pushed.take()->records == Span{3, 4});
}

TEST_CASE("an open subscription outlives its consumer; the next one is refused [KDS-EFO-12]") {
  StreamConsumers consumers;
  const ConsumerName billing{1};
  register_stream_consumer(consumers, billing, Instant{0} - minutes(1));
  PushedShard pushed = subscribed(0);
  deregister_stream_consumer(consumers, billing, Instant{0});
  pushed.take_until(milliseconds(4'900));
  REQUIRE(
      std::holds_alternative<ApiRefusal>(describe_stream_consumer(consumers, billing, pushed.now)));
  pushed.put();
  CHECK(pushed.take()->records == Span{0, 1});
  CHECK(refuse_subscriber(consumers, billing, Instant{0} - minutes(1), pushed.now) ==
        ApiRefusal{ApiError::ResourceNotFoundException, ApiReason::no_such_consumer});
}

TEST_CASE("one event is filled greedily to 7.5 MiB, as recorded [KDS-EFO-13]") {
  for (const auto& [bytes, records] : {std::pair{640 * kib, 12}, {900 * kib, 8}, {499'900, 15}}) {
    PushedShard pushed = subscribed(40, bytes);
    const auto event = pushed.take();
    CHECK(event->records.count() == static_cast<std::uint64_t>(records));
    CHECK(event->bytes == bytes * records);
  }
  // 12 records of 640 KiB are 7.5 MiB to the byte; one more byte in each, and 11 fit.
  CHECK(subscribed(40, 640 * kib + 1).take()->records.count() == 11);
  // A record that is larger than an event comes alone (KDS-SHD-17).
  CHECK(subscribed(40, 10 * mib).take()->records.count() == 1);
}

TEST_CASE("MillisBehindLatest of an event is that of a read [KDS-ITR-13]") {
  PushedShard pushed;
  pushed.record_bytes = 640 * kib;
  pushed.put(13);
  REQUIRE(pushed.subscribe_at(seconds(86), ShardIterator{}) == "ok");
  CHECK(pushed.take()->millis_behind_latest == 86'000);
  // The newest record is 86 s old, and the event reaches it.
  CHECK(pushed.take()->millis_behind_latest == 0);
}

TEST_CASE("12 MiB come at once, then 2 MiB a second with debt [KDS-LIM-14]") {
  PushedShard pushed = subscribed(200, mib / 2);
  CHECK(pushed.take()->records == Span{0, 15});   // 7.5 MiB
  CHECK(pushed.take()->records == Span{15, 30});  // 4.5 MiB were left; 3 MiB of debt
  CHECK(pushed.now == Instant{0});
  CHECK(pushed.take()->records == Span{30, 45});
  CHECK(pushed.now == Instant{0} + milliseconds(1'500) + microseconds(1));
  // From now on 7.5 MiB every 3.75 s; nothing else comes while records wait.
  CHECK(pushed.take()->records == Span{45, 60});
  CHECK(pushed.now == Instant{0} + milliseconds(5'250) + microseconds(1));
}

TEST_CASE("a backlog against its recording: 30 MiB in 9.0 s, then 2 MiB a second [KDS-LIM-14]") {
  PushedShard pushed = subscribed(2'000, mib / 2);
  const auto mib_until = [&](Duration until) {
    std::int64_t bytes = 0;
    for (const FanOutEvent& event : pushed.take_until(until)) bytes += event.bytes;
    return static_cast<double>(bytes) / static_cast<double>(mib);
  };
  // Recorded: 30 MiB in the first 9.0 s. Ours: the same, and the fifth event a microsecond later.
  CHECK(mib_until(seconds(9)) == 30.0);
  // Recorded: then 11.1 s of silence. Ours: an event of 7.5 MiB every 3.75 s, three in that time.
  CHECK(mib_until(milliseconds(20'100)) == 22.5);
  // Recorded: then on average 2 MiB a second. Ours: the same, within one event.
  const double later = mib_until(milliseconds(120'100));
  CHECK(later > 2 * 100 - 7.5);
  CHECK(later < 2 * 100 + 7.5);
}

TEST_CASE("no record makes a silence that a reader takes for a dead connection [KDS-EFO-10]") {
  PushedShard pushed = subscribed(30, 10 * mib);  // the largest records that Kinesis takes
  Instant last = pushed.now;
  while (pushed.take()) {
    CHECK(pushed.now - last < silence_of_a_dead_connection);
    last = pushed.now;
  }
}

TEST_CASE("the bucket outlives the subscription, and each consumer has its own [KDS-LIM-14]") {
  PushedShard pushed = subscribed(100, mib / 2);
  pushed.take_until(microseconds(0));  // 15 MiB: 3 MiB of debt
  pushed.now = Instant{0} + seconds(5);
  // 22.5 MiB are given at 1.5 s. At 5 s only 0.5 MiB of debt is left.
  pushed.take_until(seconds(5));
  PushedShard other = pushed;
  REQUIRE(pushed.subscribe_at(seconds(5), ShardIterator{}) == "took over");
  CHECK(pushed.next_at() == Instant{0} + milliseconds(5'250) + microseconds(1));
  other.fan_out = FanOut{};
  REQUIRE(other.subscribe_at(seconds(5), ShardIterator{}) == "ok");
  CHECK(other.next_at() == other.now);
}

TEST_CASE("drawn subscriptions that resume AFTER give every record once, in order [KDS-EFO-04]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    std::uint64_t drawn = 0;
    const auto below = [&](std::uint64_t n) {
      return static_cast<std::int64_t>(
          bits_below(draw_bits(seed, 0, Purpose::probability, ++drawn), n));
    };
    PushedShard pushed;
    pushed.delay = milliseconds(70 * below(2));
    pushed.record_bytes = std::array{std::int64_t{1'000}, 600 * kib, 10 * mib}[below(3)];
    REQUIRE(pushed.subscribe_at({}, ShardIterator{}) == "ok");
    Position expected = 0;
    std::uint64_t events = 0;
    const auto take_all = [&](Duration until) {
      while (pushed.next_at() <= Instant{0} + until) {
        const Instant before = pushed.now;
        const auto event = pushed.take();
        REQUIRE(before <= pushed.now);
        if (!event) {
          REQUIRE(pushed.subscribe_at(pushed.now - Instant{0}, pushed.resumed(Resume::after)) ==
                  "ok");
          continue;
        }
        ++events;
        REQUIRE(event->records.first == expected);
        expected = event->records.end;
        if (!event->continuation) return;
      }
      pushed.now = Instant{0} + until;
    };
    for (int step = 0; step < 60; ++step) {
      take_all((pushed.now - Instant{0}) + milliseconds(below(20'000)));
      pushed.put(static_cast<int>(below(4)));
    }
    pushed.close(pushed.now + milliseconds(1));
    take_all(hours(2));
    CHECK(expected == pushed.shard.log.end());
    CHECK_FALSE(pushed.fan_out.open.has_value());
    // An event holds a record, or is one of those of every 5 s or of a renewal, or the end.
    const auto seconds_gone = static_cast<std::uint64_t>((pushed.now - Instant{0}).us / 1'000'000);
    CHECK(events <= expected + seconds_gone / 5 + seconds_gone / 300 + 2);
  }
}

TEST_CASE("without limits the whole backlog comes at once") {
  PushedShard pushed = subscribed(100, mib / 2);
  pushed.fan_out.limited = false;
  CHECK(pushed.take_until({}).size() == 7);  // 100 records, 15 in an event; no empty one
  CHECK(pushed.fan_out.open->next == 100);
}

}  // namespace trimhorizon::testing
