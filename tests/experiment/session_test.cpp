#include "sim/experiment/session.hpp"

#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

std::shared_ptr<const Scenario> two_shards() {
  return std::make_shared<const Scenario>(read_scenario(R"(trimhorizon: 1
streams:
  orders: {ShardCount: 2}
producers:
  shop: {stream: orders, ids: r, rate: 10/s, records: 40}
functions:
  billing: {duration: 70ms, fail: [{probability: 20%}]}
event_source_mappings:
  billing-orders:
    EventSourceArn: orders
    FunctionName: billing
    StartingPosition: TRIM_HORIZON
    BatchSize: 4
    MaximumRetryAttempts: 3
)",
                                                        "shop.yaml"));
}

TimelineAction crash(const Session& session, int shard) {
  return read_action(session.scenario(), {},
                     "{at: 0s, crash_poller: {mapping: billing-orders, shard: shardId-00000000000" +
                         std::to_string(shard) + "}}");
}

}  // namespace

TEST_CASE("a fork at any moment comes to the same end") {
  const std::string whole = run_scenario(two_shards()).result.trace_digest;
  Session session(two_shards(), {}, {});
  int moments = 0;
  do {
    const std::unique_ptr<Session> fork = session.fork();
    CHECK(fork->world() == session.world());
    fork->run();
    REQUIRE(fork->trace_digest() == whole);
    ++moments;
  } while (session.step());
  CHECK(moments > 50);
  CHECK(session.trace_digest() == whole);
}

TEST_CASE("a session that was stopped, disturbed and forked has the result of its recipe") {
  Session session(two_shards(), 3, {});
  session.run_until(Instant{0} + milliseconds(2512));
  session.inject(crash(session, 0));
  session.run_until(Instant{0} + milliseconds(2600));
  const std::unique_ptr<Session> fork = session.fork();
  fork->step();
  fork->inject(crash(*fork, 1));
  const ScenarioRun early = fork->result();
  CHECK(early.result.ended == RunEnd::running);
  CHECK(early.result.simulated == fork->world().now - Instant{0});
  fork->run();
  CHECK(fork->result().result.trace_digest == fork->trace_digest());
  CHECK(fork->recipe().injections.size() == 2);
}

TEST_CASE("what is injected after everything has happened still happens") {
  Session session(two_shards(), {}, {});
  session.run();
  CHECK(session.ended() == RunEnd::drained);
  session.inject(crash(session, 0));
  session.run();
  CHECK(session.world().readers[0].incarnation == 1);
  CHECK(session.result().result.trace_digest == session.trace_digest());
}

TEST_CASE("idle readers have gone on when something is injected long after the last record") {
  Session session(two_shards(), {}, {});
  session.run_until(Instant{0} + minutes(5));
  CHECK(session.ended() == RunEnd::drained);
  CHECK(session.result().result.ended == RunEnd::drained);
  session.inject(crash(session, 0));
  session.inject(crash(session, 1));
  const std::unique_ptr<Session> fork = session.fork();
  session.run();
  fork->run();
  CHECK(session.world().now >= Instant{0} + minutes(5));
  CHECK(session.world() == fork->world());
  CHECK(session.result().result.trace_digest == session.trace_digest());
}

TEST_CASE("a step that a function ends in the middle happens wholly or not at all") {
  const auto plain = [](const HandlerCall&) { return HandlerAnswer{}; };
  Session undisturbed(two_shards(), {}, {{"billing", plain}});
  undisturbed.run();
  int calls = 0;
  Session session(two_shards(), {}, {{"billing", [&](const HandlerCall&) -> HandlerAnswer {
                                        if (++calls % 2 == 0) throw std::runtime_error("stop");
                                        return {};
                                      }}});
  int stops = 0;
  while (session.ended() == RunEnd::running) {
    const std::unique_ptr<Session> before = session.fork();
    try {
      session.step();
    } catch (const std::runtime_error& error) {
      REQUIRE(std::string(error.what()) == "stop");
      REQUIRE(session.world() == before->world());
      REQUIRE(session.trace_digest() == before->trace_digest());
      REQUIRE(session.ended() == RunEnd::running);
      ++stops;
    }
  }
  CHECK(stops > 5);
  CHECK(session.trace_digest() == undisturbed.trace_digest());
  CHECK(session.result().result.trace_digest == session.trace_digest());
}

TEST_CASE("a run that a function ends stands where the event before it left it") {
  int calls = 0;
  Session session(two_shards(), {}, {{"billing", [&](const HandlerCall&) -> HandlerAnswer {
                                        if (++calls == 4) throw std::runtime_error("stop");
                                        return {};
                                      }}});
  session.run_until(Instant{0} + milliseconds(450));
  session.inject(crash(session, 0));
  CHECK_THROWS_WITH(session.run(), "stop");
  CHECK(session.ended() == RunEnd::running);
  CHECK(calls == 4);
  CHECK(session.result().result.ended == RunEnd::running);
  session.run();
  CHECK(session.ended() == RunEnd::drained);
  CHECK(session.result().result.trace_digest == session.trace_digest());
}

TEST_CASE("what is due after `duration` does not end the run before") {
  Session session(two_shards(), {}, {});
  session.run_until(Instant{0});
  session.inject(read_action(session.scenario(), {},
                             "{at: 0s, UpdateEventSourceMapping: "
                             "{name: billing-orders, Enabled: false}}"));
  session.run_until(Instant{0} + seconds(10));  // next: retention, a day later
  CHECK(session.world().now == Instant{0} + seconds(10));
  CHECK(session.ended() == RunEnd::running);
  session.run_until(Instant{0} + minutes(60));
  CHECK(session.ended() == RunEnd::duration);
}

TEST_CASE("a fork that is given a function keeps what was modelled before") {
  Session session(two_shards(), {}, {});
  session.run_until(Instant{0} + seconds(2));
  const std::uint64_t before = session.world().last_call.value;
  int calls = 0;
  const std::unique_ptr<Session> fork = session.fork({{"billing", [&](const HandlerCall& call) {
                                                         CHECK(call.number.value > before);
                                                         if (++calls == 2) {
                                                           throw std::runtime_error("stop");
                                                         }
                                                         return HandlerAnswer{};
                                                       }}});
  CHECK_THROWS_WITH(fork->run(), "stop");
  fork->run();
  CHECK(calls > 5);
  CHECK(fork->result().result.trace_digest == fork->trace_digest());
}

TEST_CASE("time that is waited for passes although nothing is left to happen") {
  Session session(two_shards(), {}, {});
  session.run();
  const Duration simulated = session.world().now - Instant{0};
  session.run_until(Instant{0} + minutes(30));
  CHECK(session.world().now == Instant{0} + minutes(30));
  CHECK(session.fork()->world().now == Instant{0} + minutes(30));
  CHECK(session.result().result.simulated == simulated);
  session.run_until(Instant{0} + minutes(90));
  CHECK(session.world().now == Instant{0} + minutes(60));
  session.inject(crash(session, 0));
  session.run();
  CHECK(session.result().result.trace_digest == session.trace_digest());
}

TEST_CASE("of a run that has not ended, what does not hold yet is undecided") {
  Scenario scenario = *two_shards();
  std::string text = scenario.source_text + "expect: {never_accepted: 1, fates: {processed: 40}}\n";
  Session session(std::make_shared<const Scenario>(read_scenario(text, "shop.yaml")), {}, {});
  session.run_until(Instant{0} + seconds(1));
  CHECK(session.result().judgement.verdict == Verdict::undecided);
  CHECK(session.result().judgement.expectations[0].why == "the run has not ended");
  session.run();
  CHECK(session.result().judgement.verdict == Verdict::violated);
}

TEST_CASE("mistyped names are said with what was meant") {
  const OwnFunction mistyped{"biling", [](const HandlerCall&) { return HandlerAnswer{}; }};
  CHECK_THROWS_WITH(Session(two_shards(), {}, {mistyped}),
                    "there is no function `biling` in shop.yaml; did you mean `billing`?");
}

}  // namespace trimhorizon::testing
