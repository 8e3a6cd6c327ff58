// What a function of the user's own says, read and judged, without a run behind it.
#include "sim/handlers/handler_reply.hpp"

#include "sim/run/simulation.hpp"
#include "sim/world/names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_world.hpp"

namespace trimhorizon::testing {
namespace {

using Offsets = std::vector<std::uint32_t>;

// Six records that are stored, and the call that hands them over.
struct Stage {
  explicit Stage(const std::string& function = "duration: 1s\n") {
    SmallWorld small;
    small.producer = "put: [{at: 0s, records: [{}, {}, {}, {}, {}, {}]}]\n";
    small.function = function;  // Timeout is 3
    simulation = std::make_unique<Simulation>(small.plan());
    simulation->run();
  }
  const World& world() const { return simulation->world(); }
  Batch batch() const { return Batch::whole({0}, {0, 6}); }
  HandlerCall call() const {
    return {world(), {0}, batch(), {1}, {1}, 0, Instant{0}, seconds(3), 0, false, false};
  }
  InvocationRequest request() const {
    InvocationRequest request;
    request.batch = batch();
    request.mapping = MappingId{0};
    request.number = {1};
    return request;
  }
  std::string number_of(Position p) const { return sequence_number_of(world(), {0}, p); }
  std::string report(const std::vector<std::string>& ids) const {
    std::string items;
    for (const std::string& id : ids) {
      items += (items.empty() ? "" : ",") + ("{\"itemIdentifier\":\"" + id + "\"}");
    }
    return "{\"batchItemFailures\":[" + items + "]}";
  }
  HandlerReply said(const std::string& response) const {
    HandlerAnswer answer;
    answer.response = response;
    return read_reply(call(), answer);
  }
  Outcome judged(const HandlerReply& reply, const OwnInvocation& own) const {
    return judge_reply(request(), world(), own, reply);
  }
  Outcome judged(const HandlerReply& reply) const { return judged(reply, {batch(), nullptr, {}}); }

  std::unique_ptr<Simulation> simulation;
};

Offsets effects_of(const Outcome& outcome) {
  Offsets offsets;
  for (std::uint32_t i = 0; i < 6; ++i) {
    if (has_effect(outcome, i)) offsets.push_back(i);
  }
  return offsets;
}

const Offsets all{0, 1, 2, 3, 4, 5};

}  // namespace

TEST_CASE("identifiers become offsets, ascending and each once [ESM-PBR-12]") {
  const Stage stage;
  const HandlerReply reply =
      stage.said(stage.report({stage.number_of(4), stage.number_of(1), stage.number_of(4)}));
  CHECK(reply.answer.named == Offsets{1, 4});
  CHECK(reply.answer.kind == Answer::Kind::report);
  CHECK(reply.answer.lowest == 1);
  CHECK(reply.answer.any_invalid);  // named twice
  CHECK_FALSE(stage.said(stage.report({stage.number_of(4)})).answer.any_invalid);
}

TEST_CASE("what names no record of the batch is invalid, the file format's word too [ESM-PBR-03]") {
  const Stage stage;
  for (const std::string id : {"", "123", "$sequence[0]"}) {
    const HandlerReply reply = stage.said(stage.report({id}));
    CHECK(reply.answer.any_invalid);
    CHECK_FALSE(reply.answer.any_valid);
    CHECK(reply.answer.named.empty());
  }
  CHECK(stage.said("{NaN").answer.kind == Answer::Kind::malformed);
  CHECK(stage.said("null").answer.kind == Answer::Kind::success);
}

TEST_CASE("an answer that is JSON but no object is told from a malformed one [ESM-PBR-14]") {
  const Stage stage;
  for (const char* text : {"\"done\"", "7", "true", "[1]"}) {
    HandlerAnswer answer;
    answer.response = text;
    answer.reports_effects = true;
    answer.effects = {0};
    const HandlerReply reply = read_reply(stage.call(), answer);
    CHECK(reply.answer.kind == Answer::Kind::no_object);
    CHECK(stage.judged(reply).swallowed);
    CHECK(effects_of(stage.judged(reply)) == Offsets{0});
  }
}

TEST_CASE("an answer of the largest size is read, one byte more is not [ESM-RTY-09]") {
  const Stage stage;
  const auto of_size = [](std::size_t bytes) { return '"' + std::string(bytes - 2, 'x') + '"'; };
  CHECK_FALSE(stage.said(of_size(response_bytes_max)).too_large);
  const HandlerReply large = stage.said(of_size(response_bytes_max + 1));
  CHECK(large.too_large);
  CHECK(stage.judged(large).end == InvocationEnd::error);
  CHECK(effects_of(stage.judged(large)).empty());
}

TEST_CASE("an exception is not looked into for an answer, what it reported stays") {
  const Stage stage;
  HandlerAnswer raised;
  raised.end = InvocationEnd::error;
  raised.response = "{NaN";
  raised.effects = {3, 0, 3};
  const HandlerReply reply = read_reply(stage.call(), raised);
  CHECK(reply.answer == Answer{});
  CHECK(reply.effects == Offsets{0, 3});
  CHECK(stage.judged(reply).end == InvocationEnd::error);
  CHECK(effects_of(stage.judged(reply)) == Offsets{0, 3});
}

TEST_CASE("without a report of effects all worked but what the answer names") {
  const Stage stage;
  CHECK(effects_of(stage.judged(stage.said("null"))) == all);
  const Outcome partial = stage.judged(stage.said(stage.report({stage.number_of(2)})));
  CHECK(effects_of(partial) == Offsets{0, 1, 3, 4, 5});
  CHECK_FALSE(partial.swallowed);
}

TEST_CASE("a success that says it left a record out swallows it") {
  const Stage stage;
  HandlerAnswer answer;
  answer.response = "null";
  answer.reports_effects = true;
  answer.effects = {5, 0};
  const Outcome outcome = stage.judged(read_reply(stage.call(), answer));
  CHECK(effects_of(outcome) == Offsets{0, 5});
  CHECK(outcome.swallowed);
  answer.effects = all;
  CHECK_FALSE(stage.judged(read_reply(stage.call(), answer)).swallowed);
}

TEST_CASE("sleep is added to the duration, and at the timeout it is still a success") {
  const Stage stage;
  HandlerReply reply = stage.said("null");
  reply.slept = seconds(2);
  CHECK(stage.judged(reply).end == InvocationEnd::returned);
  CHECK(stage.judged(reply).duration == seconds(3));
  reply.slept = seconds(3);  // floor(6 * 3 s / 4 s) records
  const Outcome late = stage.judged(reply);
  CHECK(late.end == InvocationEnd::timeout);
  CHECK(late.duration == seconds(3));
  CHECK(effects_of(late) == Offsets{0, 1, 2, 3});
  CHECK_FALSE(late.swallowed);
}

TEST_CASE("under a fault what the function did stays and what it said does not count") {
  const Stage stage;
  const OwnInvocation fault{stage.batch().head(2), nullptr, 2};
  CHECK_FALSE(fault.answer_counts());
  const Outcome outcome = stage.judged(stage.said("null"), fault);
  CHECK(outcome.end == InvocationEnd::error);
  CHECK(effects_of(outcome) == Offsets{0, 1});
  CHECK_FALSE(outcome.swallowed);
  HandlerReply left_out = stage.said("null");
  left_out.reports_effects = true;
  CHECK(stage.judged(left_out).swallowed);
  CHECK_FALSE(stage.judged(left_out, {stage.batch(), nullptr, 6}).swallowed);
  FailRule rule;
  rule.as = FailAs::timeout;
  const Outcome timed_out = stage.judged(stage.said("{NaN"), {stage.batch().head(0), &rule, {}});
  CHECK(timed_out.end == InvocationEnd::timeout);
  CHECK(timed_out.duration == seconds(3));
  CHECK(timed_out.answer == Answer{});
  CHECK(effects_of(timed_out).empty());
}

TEST_CASE("an entry of `fail` says which records the function is still given") {
  const auto given = [](const std::string& fail) {
    const Stage stage("fail: [" + fail + "]\n");
    SeededChoices choices(1, 0);
    return ask_own_invocation(stage.request(), stage.world(), choices);
  };
  CHECK(given("{after: none}").given.count == 0);
  CHECK(given("{after: all}").given.count == 6);
  CHECK(given("{after: some}").given.count <= 6);
  CHECK_FALSE(given("{after: all}").answer_counts());
  CHECK(given("{records: [r0]}").given.count == 6);  // an entry for records does not hold
  CHECK(given("{records: [r0]}").answer_counts());
}

}  // namespace trimhorizon::testing
