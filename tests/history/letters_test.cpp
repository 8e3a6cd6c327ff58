// What failure destinations have received, and when two messages are one. ESM-BIS-10.
#include "sim/history/letters.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// Ten records, one a second; the mapping splits.
struct Post {
  explicit Post(const char* consolidate = "never") {
    Story ten = story().bisect().destination().assume("consolidate_failures", consolidate);
    for (int i = 0; i < 10; ++i) ten.records(1, seconds(i));
    told = ten.tell();
    letters.emplace(*told.world().plan);
  }
  void send(Span span, std::uint32_t invocations = 1, bool taken = true,
            LossCause why = LossCause::retries) {
    MessageSent sent;
    sent.reader = ReaderId{0};
    sent.what = {Batch::whole({0}, span), why, invocations, true, {calls += 1}};
    sent.to = DestinationId{0};
    sent.taken = taken;
    letters->on(sent, told.world());
  }
  const std::vector<Message>& messages() const { return letters->messages({0}); }

  Told told;
  std::optional<Letters> letters;
  std::uint64_t calls = 0;
};

}  // namespace

TEST_CASE("a message keeps when its records arrived, and the call that was the last") {
  Post post;
  post.send({2, 5}, 4);
  REQUIRE(post.messages().size() == 1);
  const Message& message = post.messages()[0];
  CHECK(message.first.arrival == Instant{0} + seconds(2));
  CHECK(message.last.arrival == Instant{0} + seconds(4));
  CHECK(message.what.request == InvocationNumber{1});
  CHECK(message.what.attempts == 4);
  CHECK(message.at == post.told.world().now);
}

TEST_CASE("a message that is not taken was never there [ESM-DST-07]") {
  Post post;
  post.send({0, 2}, 1, false);
  CHECK(post.messages().empty());
  CHECK(post.letters->left_out({0}) == 0);
  CHECK(*post.letters == Letters(*post.told.world().plan));
}

TEST_CASE("parts of a split batch have messages of their own, but meet the question") {
  Post post;
  post.send({0, 2});
  CHECK_FALSE(post.letters->met().has(Assumption::consolidate_failures));
  post.send({2, 4});
  CHECK(post.messages().size() == 2);
  CHECK(post.letters->met().has(Assumption::consolidate_failures));
}

TEST_CASE("or they share one, that grows with each part [ESM-BIS-10]") {
  Post post("until_next_success");
  post.send({0, 2}, 3);
  post.send({2, 3}, 5);
  post.send({3, 6}, 1);
  REQUIRE(post.messages().size() == 1);
  const Message& message = post.messages()[0];
  CHECK(message.what.batch == Batch::whole({0}, {0, 6}));
  CHECK(message.what.attempts == 5);
  CHECK(message.first.arrival == Instant{0});
  CHECK(message.last.arrival == Instant{0} + seconds(5));
  CHECK(message.what.request == InvocationNumber{3});
  post.send({7, 8});  // a success lies between
  CHECK(post.messages().size() == 2);
  post.send({8, 9}, 1, true, LossCause::age);  // another reason
  CHECK(post.messages().size() == 3);
}

TEST_CASE("of more than ten thousand messages the first are kept, the others counted") {
  Post post;
  for (std::size_t i = 0; i < max_messages + 3; ++i) post.send({i % 2 * 5, i % 2 * 5 + 1});
  CHECK(post.messages().size() == max_messages);
  CHECK(post.letters->left_out({0}) == 3);
  CHECK(post.messages().back().what.request.value == max_messages);
}
