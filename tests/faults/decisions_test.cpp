// Tokens that replay runs, and what happens when the run is another one.
#include "sim/faults/decisions.hpp"

#include "sim/base/base64.hpp"
#include "sim/base/hash.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/given.hpp"
#include "tests/support/rapidcheck.hpp"
#include "tests/support/recording_choices.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

const SiteSet open = set_of({Site::function_error, Site::trim});

Question error_at(std::uint64_t ordinal, std::uint32_t arity = 2) {
  return {number(Site::function_error), 3, ordinal, arity, {}};
}
Question trim_at(std::uint64_t ordinal) { return {number(Site::trim), 0, ordinal, 2, {}}; }

std::vector<Question> questions() { return {error_at(0), trim_at(0), error_at(1, 4), trim_at(1)}; }

// A run that asks four questions and gets 2 at the third.
DecisionList recorded() {
  LooseChoices loose({{0, number(Site::function_error), 3, 1, 4, 2, 0}}, open);
  RecordingChoices recording(loose);
  for (const Question& each : questions()) recording.pick(each);
  return {open, recording.decisions(), true, 4, recording.rolling()};
}

std::string error_of(std::string_view token) {
  try {
    parse_token(token);
  } catch (const TokenError& error) {
    return error.what();
  }
  return "none";
}

// A token of these bytes, whose checksum is right.
std::string token_of(std::string bytes) {
  Digest digest;
  digest.add_text(bytes);
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(digest.low() >> (8 * i));
  return "th1:" + base64_encode(bytes).substr(0, (bytes.size() * 4 + 2) / 3);
}

std::string drift_of(ReplayChoices& replay, const std::vector<Question>& asked, bool at_rest) {
  try {
    for (const Question& each : asked) replay.pick(each);
    replay.check_end(at_rest);
  } catch (const DriftError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a token is read back as the list it was made of") {
  CHECK(parse_token(to_token(recorded())) == recorded());
  CHECK(parse_token(to_token({})) == DecisionList{});
  check_property("tokens go round", [] {
    DecisionList list;
    list.open = open;
    list.to_rest = *rc::gen::arbitrary<bool>();
    if (list.to_rest) {
      list.questions = *rc::gen::arbitrary<std::uint64_t>();
      list.rolling = *rc::gen::arbitrary<std::uint64_t>();
    }
    std::uint64_t index = *rc::gen::inRange<std::uint64_t>(0, 300);
    for (int n = *rc::gen::inRange(0, 5); n > 0; --n) {
      Decision d;
      d.index = index;
      index += *rc::gen::inRange<std::uint64_t>(1, 300);
      d.site = *rc::gen::element(number(Site::function_error), number(Site::trim));
      d.entity = *rc::gen::arbitrary<std::uint32_t>();
      d.ordinal = *rc::gen::arbitrary<std::uint64_t>();
      d.arity = *rc::gen::inRange<std::uint32_t>(2, 500);
      d.answer = *rc::gen::inRange<std::uint32_t>(1, d.arity);
      d.rolling = *rc::gen::arbitrary<std::uint64_t>();
      list.decisions.push_back(d);
    }
    RC_ASSERT(parse_token(to_token(list)) == list);
  });
}

TEST_CASE("a token is the same text for ever, or old tokens could not be read") {
  DecisionList list{set_of({Site::function_error}), {}, true, 300, 0x0123456789abcdef};
  list.decisions.push_back({130, number(Site::function_error), 1, 2, 4, 3, 0xff});
  const auto bytes = base64_decode(to_token(list).substr(4) + "=");
  REQUIRE(bytes);
  constexpr char wanted[] =
      "\x01\x01\x82\x01\x00\x01\x02\x04\x03\xff\0\0\0\0\0\0\0"
      "\x01\xac\x02\xef\xcd\xab\x89\x67\x45\x23\x01";
  CHECK(bytes->substr(0, bytes->size() - 4) == std::string_view(wanted, sizeof wanted - 1));
}

TEST_CASE("any damage to a token is noticed") {
  const std::string token = to_token(recorded());
  for (std::size_t i = 4; i < token.size(); ++i) {
    std::string damaged = token;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    CHECK_THAT(error_of(damaged), ContainsSubstring("damaged"));
    CHECK_THAT(error_of(token.substr(0, i)), ContainsSubstring("damaged"));
  }
  CHECK_THAT(error_of(token + "A"), ContainsSubstring("damaged"));
}

TEST_CASE("what is not a token of this program is refused with its reason") {
  CHECK(error_of("") == "a token of decisions begins with th1:, and this text does not");
  CHECK(error_of("AAAA") == "a token of decisions begins with th1:, and this text does not");
  CHECK(error_of("th2:AAAA") == "the token has version th2; this program reads th1");
  CHECK(error_of("th1:") == "the token is damaged: it ends too early");
  CHECK(error_of("th1:!!!!") == "the token is damaged: the part after th1: is not base64");
  CHECK(error_of(std::string(4'000'001, 'A')) == "the token is too long");
}

TEST_CASE("a whole token that says what cannot be is refused") {
  DecisionList list = recorded();
  list.decisions[0].site = count_of<Site>;
  CHECK(error_of(to_token(list)) ==
        "decision 1 of the token: there is no site " + std::to_string(count_of<Site>));
  list.decisions[0].site = number(Site::timeout);
  CHECK(error_of(to_token(list)) ==
        "decision 1 of the token: timeout is not one of its open sites");
  list = recorded();
  list.decisions[0].answer = 0;
  CHECK(error_of(to_token(list)) ==
        "decision 1 of the token: answer 0 is not allowed: the question has 4 answers");
  list.decisions[0].answer = 4;
  CHECK(error_of(to_token(list)) ==
        "decision 1 of the token: answer 4 is not allowed: the question has 4 answers");
  list = recorded();
  list.open.bits = 1u << count_of<Site>;
  CHECK(error_of(to_token(list)) == "the token names an unknown site");
}

TEST_CASE("bytes that go on after the end, stop before it or have no end are damage") {
  const std::string nothing("\0\0\0", 3);  // no sites, no decisions, not to rest
  CHECK(parse_token(token_of(nothing)) == DecisionList{});
  CHECK(error_of(token_of(nothing + "x")) ==
        "the token is damaged: there is more text after its end");
  CHECK(error_of(token_of(nothing.substr(1))) == "the token is damaged: it ends too early");
  CHECK(error_of(token_of(std::string(11, '\xff'))) ==
        "the token is damaged: a number is too long");
  CHECK(error_of(token_of(std::string("\0\xff\xff\x7f", 4))) == "the token has too many decisions");
}

TEST_CASE("a replay gives the recorded answers and ends where the recording did") {
  ReplayChoices replay(recorded());
  CHECK(replay.pick(error_at(0)) == 0);
  CHECK(replay.pick(trim_at(0)) == 0);
  CHECK_FALSE(replay.used_up());
  CHECK(replay.pick(error_at(1, 4)) == 2);
  CHECK(replay.used_up());
  CHECK(replay.pick(trim_at(1)) == 0);
  CHECK_NOTHROW(replay.check_end(true));
  CHECK_THROWS_AS(replay.check_end(false), DriftError);
}

TEST_CASE("another question at a decision is a drift that names both") {
  ReplayChoices replay(recorded());
  CHECK(drift_of(replay, {error_at(0), trim_at(0), error_at(1, 3)}, true) ==
        "decision 1 at question 3\n"
        "  expected: function_error of entity 3, number 1, 4 answers\n"
        "  got:      function_error of entity 3, number 1, 3 answers");
}

TEST_CASE("another question before a decision, or a missing one, is a drift too") {
  ReplayChoices before(recorded());
  CHECK_THAT(drift_of(before, {error_at(0), trim_at(9), error_at(1, 4)}, true),
             ContainsSubstring("the question is the same, but an earlier one was not"));
  ReplayChoices early(recorded());
  CHECK_THAT(drift_of(early, {error_at(0)}, true),
             ContainsSubstring("the run has ended\n  expected: decision 1 at question 3"));
}

TEST_CASE("another question after the last decision is a drift, unless the run is disturbed") {
  const std::vector<Question> other = {error_at(0), trim_at(0), error_at(1, 4), trim_at(9)};
  ReplayChoices replay(recorded());
  CHECK_THAT(drift_of(replay, other, true), ContainsSubstring("after question 3 (decision 1)"));
  std::vector<Question> more = questions();
  more.push_back(trim_at(2));
  ReplayChoices longer(recorded());
  CHECK_THAT(drift_of(longer, more, true),
             ContainsSubstring("nothing left to do after 5 questions"));
  ReplayChoices disturbed(recorded());
  disturbed.forget_end();
  CHECK(drift_of(disturbed, other, true) == "none");
}

TEST_CASE("loose decisions are applied once, wherever their question comes") {
  LooseChoices loose({{0, number(Site::trim), 0, 5, 2, 1, 0}}, open);
  CHECK(loose.pick(error_at(5)) == 0);
  CHECK(loose.pick(trim_at(4)) == 0);
  CHECK(loose.pick(trim_at(5)) == 1);
  CHECK(loose.pick(trim_at(5)) == 0);
}

TEST_CASE("a loose decision whose answer the question no longer has is the ordinary course") {
  LooseChoices loose({{0, number(Site::function_error), 3, 1, 4, 2, 0}}, open);
  CHECK(loose.pick(error_at(1, 2)) == 0);
}

TEST_CASE("the first difference of two runs is told by question and answer") {
  const auto logged = [](const std::vector<Question>& asked, std::vector<Decision> decisions) {
    LooseChoices loose(std::move(decisions), open);
    LoggingChoices logging(loose);
    for (const Question& each : asked) logging.pick(each);
    CHECK(logging.rolling() == loose.rolling());
    return logging.log();
  };
  const auto plain = logged(questions(), {});
  CHECK(first_difference(plain, logged(questions(), {})).empty());
  CHECK(first_difference(plain, logged(questions(), {{0, number(Site::trim), 0, 0, 2, 1, 0}})) ==
        "question 2\n"
        "  expected: trim of entity 0, number 0, 2 answers: answer 0\n"
        "  got:      trim of entity 0, number 0, 2 answers: answer 1");
  CHECK(first_difference(plain, logged({error_at(0)}, {})) ==
        "question 2\n"
        "  expected: trim of entity 0, number 0, 2 answers: answer 0\n"
        "  got:      no question");
}
