#include "sim/handlers/memo_handlers.hpp"

#include <map>
#include <set>

#include "sim/history/result_builder.hpp"
#include "sim/run/simulation.hpp"
#include "sim/world/aws_event.hpp"
#include "tests/handlers/answers.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

std::string id_of(const HandlerCall& call, Position p) {
  return call.world.plan->record_id(call.world.shard(call.records.shard).log.record(p));
}

// What a run with this table behind the function came to; the second time nothing is called.
Result run_as_table(const SmallWorld& world, MemoHandlers& memo) {
  Simulation simulation(world.plan(), memo);
  simulation.run();
  return build_result(simulation, {.rows = true});
}

struct Noticed {
  bool remembers = false;
  std::string words;
};

Noticed noticed(const HandlerFunction& function, bool until_asked_again = false) {
  MemoHandlers memo;
  memo.answer_with({0}, function);
  try {
    run_as_table(six_records(), memo);
    CHECK(until_asked_again);
    memo.ask_again();
  } catch (const DependsOnMore& found) {
    return {found.remembers(), found.what()};
  }
  FAIL("nothing was noticed");
  return {};
}

}  // namespace

TEST_CASE("a function of its event is called twice for each batch, then never again") {
  int calls = 0;
  MemoHandlers memo;
  memo.answer_with({0}, [&](const HandlerCall&) {
    calls += 1;
    return says("null");
  });
  CHECK(run_as_table(six_records(), memo).consumers[0].effects == 6);
  CHECK(calls == 4);
  CHECK(run_as_table(six_records(), memo).consumers[0].effects == 6);
  CHECK(calls == 4);
  memo.ask_again();
  CHECK(calls == 6);
  CHECK(memo.batches() == 2);
  CHECK(memo.calls() == 6);
}

TEST_CASE("the first three attempts of a batch are tried, those after them are known") {
  int calls = 0;
  MemoHandlers memo;
  memo.answer_with({0}, [&](const HandlerCall& call) {
    if (id_of(call, call.records.first()) == "r0") calls += 1;
    HandlerAnswer answer = says("null");
    if (id_of(call, call.records.first()) == "r0") answer.end = InvocationEnd::error;
    return answer;
  });
  SmallWorld world = six_records();
  world.mapping = "BatchSize: 3\nMaximumRetryAttempts: 9\n";
  CHECK(run_as_table(world, memo).consumers[0].invocations == 11);
  CHECK(calls == 2 * static_cast<int>(attempts_told_apart));
}

TEST_CASE("two calls for a batch differ in all that is not its records") {
  std::vector<std::string> events;
  std::set<std::uint64_t> numbers;
  std::set<std::int64_t> times;
  MemoHandlers memo;
  memo.answer_with({0}, [&](const HandlerCall& call) {
    events.push_back(invocation_event_json(call.world, call.records));
    numbers.insert(call.number.value);
    times.insert(call.starts.us);
    CHECK(call.records.count == 3);
    CHECK(call.alone);
    return says("null");
  });
  run_as_table(six_records(), memo);
  CHECK(numbers.size() == 4);
  CHECK(times.size() == 2);
  REQUIRE(events.size() == 4);
  CHECK(events[0] != events[1]);
  for (const char* key : {"sequenceNumber", "approximateArrivalTimestamp"}) {
    const auto value = [&](const std::string& event) {
      const std::size_t at = event.find(key);
      return event.substr(at, event.find(',', at) - at);
    };
    CHECK(value(events[0]) != value(events[1]));
  }
}

TEST_CASE("a function that remembers what it has done is noticed, with what differed") {
  std::set<std::string> done;
  const Noticed found = noticed([&](const HandlerCall& call) {
    HandlerAnswer answer = says("null");
    answer.reports_effects = true;
    for (Position p = call.records.first(); p < call.records.span.end; ++p) {
      if (!done.insert(id_of(call, p)).second) continue;
      answer.effects.push_back(static_cast<std::uint32_t>(p - call.records.first()));
    }
    return answer;
  });
  CHECK(found.remembers);
  CHECK(found.words ==
        "the handler of billing gave another result when it received r0, r1 and r2 again: its "
        "effects: r0, r1 and r2, then none; it depends on what it remembers");
}

TEST_CASE("of a large batch the first and the last record are named") {
  MemoHandlers memo;
  memo.answer_with({0}, [](const HandlerCall& call) {
    HandlerAnswer answer = says("null");
    answer.slept = microseconds(call.starts.us / 1'000'000);
    return answer;
  });
  SmallWorld world;
  world.producer = "rate: 1000/s\nrecords: 9\n";
  world.mapping = "BatchSize: 9\ncreated: 1s\n";
  try {
    run_as_table(world, memo);
    FAIL("nothing was noticed");
  } catch (const DependsOnMore& found) {
    CHECK(std::string(found.what()).find("received r0 … r8 (9 records) again: the time") !=
          std::string::npos);
  }
}

TEST_CASE("a function that looks at the clock, the ages or the request is noticed") {
  const Noticed clock = noticed([](const HandlerCall& call) {
    HandlerAnswer answer = says("null");
    if (call.starts.us > hours(24).us) answer.end = InvocationEnd::error;
    return answer;
  });
  CHECK_FALSE(clock.remembers);
  CHECK(clock.words ==
        "the handler of billing gave another result when it received r0, r1 and r2 again: its end: "
        "returned, then an error; it depends on the time, the request or chance");
  const Noticed request = noticed([](const HandlerCall& call) {
    HandlerAnswer answer = says("null");
    answer.slept = milliseconds(static_cast<std::int64_t>(call.number.value));
    return answer;
  });
  CHECK_FALSE(request.remembers);
  CHECK(request.words.find("the time that it slept: ") != std::string::npos);
}

TEST_CASE("a function that fails at its third attempt is noticed there") {
  std::map<std::string, int> times;
  const Noticed found = noticed([&](const HandlerCall& call) {
    HandlerAnswer answer = says("null");
    const int nth = ++times[id_of(call, call.records.first())];
    if (nth <= 2) answer.end = InvocationEnd::error;
    return answer;
  });
  CHECK(found.remembers);
  CHECK(found.words.find("again after another attempt: its end: an error, then returned") !=
        std::string::npos);
}

TEST_CASE("a function that remembers other batches is noticed when they come in another order") {
  std::map<std::uint32_t, std::set<std::string>> seen;  // by environment
  const Noticed found = noticed(
      [&](const HandlerCall& call) {
        HandlerAnswer answer = says("null");
        auto& here = seen[call.environment];
        if (call.cold) here.clear();
        here.insert(id_of(call, call.records.first()));
        if (id_of(call, call.records.first()) == "r3" && !here.contains("r0")) {
          answer.end = InvocationEnd::error;
        }
        return answer;
      },
      true);
  CHECK(found.remembers);
  CHECK(found.words.find("the batches in another order") != std::string::npos);
}

TEST_CASE("identifiers are compared as records, not as the sequence numbers of an occasion") {
  MemoHandlers memo;
  memo.answer_with({0}, [](const HandlerCall& call) {
    const std::string event = invocation_event_json(call.world, call.records);
    const std::string key = "\"sequenceNumber\":\"";
    const std::size_t at = event.find(key) + key.size();
    return says(R"({"batchItemFailures": [{"itemIdentifier": ")" +
                event.substr(at, event.find('"', at) - at) + "\"}]}");
  });
  SmallWorld world = six_records();
  world.mapping += "FunctionResponseTypes: [ReportBatchItemFailures]\n";
  CHECK(run_as_table(world, memo).consumers[0].effects > 0);
}

}  // namespace trimhorizon::testing
